#include "xdr/facts.h"

static void
read_text(struct matcher *m, const char *name, struct str *out)
{
    if (!out->at && !matcher_field(m, str_of(name), 0, out))
        *out = STR_NONE;
}

static struct str
hash_in(struct str hashes, struct str mark)
{
    struct str part;
    while (str_cut(&hashes, ',', &part))
        if (str_starts(part, mark))
            return str_skip(part, mark.len);
    return STR_NONE;
}

void
facts_read(struct matcher *m, struct event_facts *out)
{
    struct str number = STR_NONE, hashes = STR_NONE;
    *out = (struct event_facts){ .kind = STR("other") };
    out->has_time = matcher_time(m, &out->time_ms);
    read_text(m, "Computer", &out->host);
    read_text(m, "User", &out->user);
    read_text(m, "SubjectUserName", &out->user);
    read_text(m, "Image", &out->image);
    read_text(m, "ProcessGuid", &out->process_guid);
    read_text(m, "CommandLine", &out->command_line);
    read_text(m, "ParentProcessGuid", &out->parent_guid);
    read_text(m, "ParentImage", &out->parent_image);
    read_text(m, "OriginalFileName", &out->original_name);
    read_text(m, "DestinationIp", &out->destination_ip);
    read_text(m, "DestinationHostname", &out->destination_host);
    read_text(m, "QueryName", &out->query_name);
    read_text(m, "TargetFilename", &out->target);
    read_text(m, "TargetObject", &out->target);
    read_text(m, "PipeName", &out->target);
    read_text(m, "ImageLoaded", &out->target);
    read_text(m, "ScriptBlockText", &out->script_text);
    read_text(m, "Hashes", &hashes);
    out->sha256 = hash_in(hashes, STR("SHA256="));
    out->sha1 = hash_in(hashes, STR("SHA1="));
    out->md5 = hash_in(hashes, STR("MD5="));
    read_text(m, "ProcessId", &number);
    if (number.at && !str_int(number, &out->process_id))
        out->process_id = 0;
}
