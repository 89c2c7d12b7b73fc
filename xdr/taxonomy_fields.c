/* taxonomy_fields: where each shape and dialect keeps a field. */
#include "core/base/text.h"
#include "xdr/taxonomy.h"

/* What a dialect calls a field when the event has none of that name. */
static const struct {
    enum dialect dialect;
    const char *field, *called;
} dialect_names[] = {
    { DIALECT_PROCESS_AUDIT, "Image", "NewProcessName" },
    { DIALECT_PROCESS_AUDIT, "ParentImage", "ParentProcessName" },
    { DIALECT_PROCESS_AUDIT, "User", "SubjectUserName" },
    { DIALECT_PROCESS_AUDIT, "LogonId", "SubjectLogonId" },
    { DIALECT_PROCESS_AUDIT, "IntegrityLevel", "MandatoryLabel" },
    { DIALECT_DEFENDER, "Signature", "ThreatName" },
    { DIALECT_DEFENDER, "Filename", "Path" },
    { DIALECT_AUDITD, "Image", "exe" },
    { DIALECT_AUDITD, "CommandLine", "proctitle" },
    { DIALECT_AUDITD, "CurrentDirectory", "cwd" },
    { DIALECT_AUDITD, "ProcessId", "pid" },
    { DIALECT_AUDITD, "ParentProcessId", "ppid" },
    { DIALECT_AUDITD, "LogonId", "ses" },
    { DIALECT_AUDITD, "User", "UID" },
};

/* Schemas with names of their own: keys joined by /, alternatives by blanks. */
static const struct {
    const char *field, *ecs, *ocsf;
} schema_names[] = {
    { "EventID", "winlog/event_id event_id event/code", "metadata/event_code" },
    { "Channel", "winlog/channel log_name", "metadata/log_name" },
    { "Provider_Name", "winlog/provider_name source_name event/provider", "metadata/log_provider" },
    { "Computer", "winlog/computer_name computer_name host/name", "device/hostname" },
    { "ComputerName", "winlog/computer_name computer_name host/name", "device/hostname" },
    { "Image", "process/executable",
      "process/path process/file/path process/name actor/process/path actor/process/file/path" },
    { "CommandLine", "process/command_line", "process/cmd_line actor/process/cmd_line" },
    { "CurrentDirectory", "process/working_directory", "process/working_directory" },
    { "ProcessId", "process/pid", "process/pid actor/process/pid" },
    { "ProcessGuid", "process/entity_id", "process/uid actor/process/uid" },
    { "ParentImage", "process/parent/executable",
      "process/parent_process/path process/parent_process/file/path actor/process/path actor/process/file/path" },
    { "ParentCommandLine", "process/parent/command_line",
      "process/parent_process/cmd_line actor/process/cmd_line" },
    { "ParentProcessId", "process/parent/pid", "process/parent_process/pid actor/process/pid" },
    { "ParentProcessGuid", "process/parent/entity_id", "process/parent_process/uid" },
    { "ParentUser", "process/parent/user/name", "process/parent_process/user/name" },
    { "User", "user/name", "process/user/name actor/user/name actor/process/user/name" },
    { "LogonId", "winlog/logon/id", "process/session/uid actor/session/uid" },
    { "IntegrityLevel", "process/Ext/token/integrity_level_name", "process/integrity" },
    { "OriginalFileName", "process/pe/original_file_name file/pe/original_file_name dll/pe/original_file_name",
      "process/file/internal_name module/file/internal_name" },
    { "Company", "process/pe/company file/pe/company dll/pe/company", "process/file/company_name" },
    { "Product", "process/pe/product file/pe/product dll/pe/product", "process/file/product/name" },
    { "Description", "process/pe/description file/pe/description dll/pe/description", "process/file/desc" },
    { "FileVersion", "process/pe/file_version file/pe/file_version dll/pe/file_version", "process/file/version" },
    { "md5", "process/hash/md5 file/hash/md5 dll/hash/md5", "" },
    { "sha1", "process/hash/sha1 file/hash/sha1 dll/hash/sha1", "" },
    { "sha256", "process/hash/sha256 file/hash/sha256 dll/hash/sha256", "" },
    { "imphash", "process/pe/imphash file/pe/imphash dll/pe/imphash", "" },
    { "Imphash", "process/pe/imphash file/pe/imphash dll/pe/imphash", "" },
    { "Hashes", "", "process/file/hashes/value file/hashes/value module/file/hashes/value driver/file/hashes/value" },
    { "SourceIp", "source/ip", "src_endpoint/ip" },
    { "SourcePort", "source/port", "src_endpoint/port" },
    { "SourceHostname", "source/domain", "src_endpoint/hostname" },
    { "DestinationIp", "destination/ip", "dst_endpoint/ip" },
    { "DestinationPort", "destination/port", "dst_endpoint/port" },
    { "DestinationHostname", "destination/domain", "dst_endpoint/hostname" },
    { "Protocol", "network/transport", "connection_info/protocol_name" },
    { "TargetFilename", "file/path", "file_result/path file/path" },
    { "CreationUtcTime", "file/created", "file/created_time" },
    { "TargetObject", "registry/path", "reg_key/path reg_value/path" },
    { "Details", "registry/data/strings", "reg_value/data" },
    { "EventType", "event/action", "" },
    { "ImageLoaded", "dll/path file/path", "module/file/path driver/file/path" },
    { "Signed", "file/code_signature/signed file/code_signature/exists dll/code_signature/exists", "" },
    { "Signature", "file/code_signature/subject_name dll/code_signature/subject_name",
      "module/file/signature/certificate/subject driver/file/signature/certificate/subject" },
    { "SignatureStatus", "file/code_signature/status dll/code_signature/status",
      "module/file/signature/state driver/file/signature/state" },
    { "QueryName", "dns/question/name", "query/hostname" },
    { "QueryStatus", "sysmon/dns/status dns/response_code", "rcode" },
    { "QueryResults", "dns/answers/data dns/resolved_ip", "answers/rdata" },
    { "SourceImage", "process/executable", "actor/process/path actor/process/file/path" },
    { "SourceProcessId", "process/pid", "actor/process/pid" },
    { "TargetImage", "", "process/path process/file/path" },
    { "TargetProcessId", "", "process/pid" },
    { "StartAddress", "", "module/start_address" },
    { "StartModule", "", "module/file/path" },
    { "StartFunction", "", "module/function_name" },
    { "GrantedAccess", "", "requested_permissions actual_permissions" },
    { "PipeName", "file/name", "file/path" },
    { "ScriptBlockText", "powershell/file/script_block_text", "script/script_content/value script/script_content" },
    { "ScriptBlockId", "powershell/file/script_block_id", "script/uid" },
    { "Path", "file/path", "script/file/path" },
    { "Payload", "powershell/command/invocation_details", "script/script_content/value" },
    { "SubjectUserName", "user/name", "actor/user/name" },
    { "TargetUserName", "user/target/name user/name", "user/name" },
    { "IpAddress", "source/ip", "src_endpoint/ip" },
    { "IpPort", "source/port", "src_endpoint/port" },
    { "WorkstationName", "source/domain", "src_endpoint/name" },
    { "LogonType", "winlog/logon/type", "logon_type_id" },
    { "ServiceName", "service/name", "win_service/name service/name" },
};

/* Names that forwarders of flat events give the fields of the envelope. */
static const struct {
    const char *field, *called;
} flat_names[] = {
    { "Provider_Name", "SourceName" }, { "Provider_Name", "ProviderName" }, { "Provider_Name", "Provider" },
    { "Computer", "Hostname" },        { "Computer", "ComputerName" },      { "Computer", "host" },
    { "ComputerName", "Hostname" },    { "ComputerName", "Computer" },      { "EventID", "EventId" },
    { "EventID", "EventCode" },        { "Execution_ProcessID", "ExecutionProcessID" },
    { "Security_UserID", "UserID" },
};

struct places {
    struct arena *arena;
    struct place *items;
    size_t count;
};

static void
add_place(struct places *p, struct place place)
{
    if (p->count < PLACES_MAX && place.count)
        p->items[p->count++] = place;
}

struct place
place_of_path(struct arena *a, struct str path, char separator)
{
    struct place place = { .count = 0 };
    struct str rest = path, key;
    while (place.count < COUNT_OF(place.path) && str_cut(&rest, separator, &key))
        place.path[place.count++] = str_copy(a, key);
    if (rest.at) /* too deep for anybody */
        place.count = 0;
    return place;
}

static void
add_paths(struct places *p, const char *alternatives)
{
    struct str rest = str_of(alternatives), path;
    while (str_cut(&rest, ' ', &path))
        if (path.len)
            add_place(p, place_of_path(p->arena, path, '/'));
}

/* The ways to read "a.b.c" as keys: as few cuts as possible first. `bits` says at which dots to cut. */
static struct place
place_of_cuts(struct str name, unsigned bits)
{
    struct place place = { .count = 0 };
    size_t begin = 0, dot = 0;
    for (size_t i = 0; i < name.len && place.count + 1 < COUNT_OF(place.path); i++)
        if (name.at[i] == '.' && bits >> dot++ & 1) {
            place.path[place.count++] = str_head(str_skip(name, begin), i - begin);
            begin = i + 1;
        }
    place.path[place.count++] = str_skip(name, begin);
    return place;
}

static size_t
count_dots(struct str name)
{
    size_t dots = 0;
    for (size_t i = 0; i < name.len; i++)
        dots += name.at[i] == '.';
    return dots;
}

/* The key as it is, the path of keys at its dots, then keys that hold some of the dots themselves. */
static void
add_at_root(struct places *p, struct str name)
{
    enum { DOTS_TRIED = 3 };
    size_t dots = count_dots(name);
    unsigned all = dots <= DOTS_TRIED ? (1u << dots) - 1 : 0;
    add_place(p, (struct place){ { name }, 1 });
    if (dots)
        add_place(p, place_of_path(p->arena, name, '.'));
    for (unsigned bits = 1; bits < all; bits++)
        add_place(p, place_of_cuts(name, bits));
}

static void
add_below(struct places *p, const char *prefix, struct str name)
{
    struct place place = place_of_path(p->arena, str_of(prefix), '/');
    place.path[place.count++] = name;
    add_place(p, place);
}

/* "Provider_Name" is the attribute Name of the element Provider. */
static void
add_attribute(struct places *p, struct str name)
{
    struct str attribute = name, element;
    if (!str_cut(&attribute, '_', &element) || !attribute.at || !attribute.len || !element.len)
        return;
    struct str at_name = str_printf(p->arena, "@" STR_FMT, STR_ARG(attribute));
    add_place(p, (struct place){ { STR("Event"), STR("System"), element, STR("#attributes"), attribute }, 5 });
    add_place(p, (struct place){ { STR("System"), element, STR("#attributes"), attribute }, 4 });
    add_place(p, (struct place){ { STR("Event"), STR("System"), element, at_name }, 4 });
    add_place(p, (struct place){ { STR("Event"), STR("System"), element, attribute }, 4 });
    add_place(p, (struct place){ { STR("System"), element, attribute }, 3 });
}

static void
add_flat(struct places *p, struct str name)
{
    add_at_root(p, name);
    for (size_t i = 0; i < COUNT_OF(flat_names); i++)
        if (str_is(name, flat_names[i].field))
            add_place(p, (struct place){ { str_of(flat_names[i].called) }, 1 });
}

static void
add_evtx(struct places *p, struct str name)
{
    static const char *const sections[] = { "Event/EventData", "EventData", "Event/UserData/*", "UserData/*",
                                            "Event/System", "System" };
    for (size_t i = 0; i < COUNT_OF(sections); i++)
        add_below(p, sections[i], name);
    add_attribute(p, name);
    if (str_is(name, "ComputerName"))
        add_paths(p, "Event/System/Computer System/Computer");
    add_at_root(p, name);
}

static void
add_schema(struct places *p, struct str name, bool is_ecs)
{
    for (size_t i = 0; i < COUNT_OF(schema_names); i++)
        if (str_is(name, schema_names[i].field))
            add_paths(p, is_ecs ? schema_names[i].ecs : schema_names[i].ocsf);
}

/* The same paths as single keys with dots, which some forwarders make of them. */
static void
add_dotted(struct places *p, size_t first)
{
    for (size_t i = first, end = p->count; i < end; i++) {
        struct place *place = &p->items[i];
        struct text dotted = text_new(p->arena, 1000);
        for (size_t j = 0; j < place->count; j++)
            text_addf(&dotted, "%s" STR_FMT, j ? "." : "", STR_ARG(place->path[j]));
        if (place->count > 1)
            add_place(p, (struct place){ { text_str(&dotted) }, 1 });
    }
}

static void
add_ecs(struct places *p, struct str name)
{
    size_t first = p->count;
    add_below(p, "winlog/event_data", name);
    add_below(p, "event_data", name);
    add_below(p, "winlog/user_data", name);
    add_schema(p, name, true);
    add_dotted(p, first);
    add_at_root(p, name);
}

static void
add_ocsf(struct places *p, struct str name)
{
    add_schema(p, name, false);
    add_below(p, "unmapped", name);
    add_at_root(p, name);
}

bool
taxonomy_has_dialect_name(enum dialect dialect, struct str field)
{
    for (size_t i = 0; i < COUNT_OF(dialect_names); i++)
        if (dialect_names[i].dialect == dialect && str_is(field, dialect_names[i].field))
            return true;
    return false;
}

size_t
taxonomy_places(struct arena *a, enum shape shape, enum dialect dialect, struct str field,
                struct place out[PLACES_MAX])
{
    static void (*const adders[SHAPE_COUNT])(struct places *, struct str) = {
        [SHAPE_FLAT] = add_flat, [SHAPE_EVTX] = add_evtx, [SHAPE_ECS] = add_ecs, [SHAPE_OCSF] = add_ocsf,
    };
    struct places places = { a, out, 0 };
    adders[shape](&places, field);
    for (size_t i = 0; i < COUNT_OF(dialect_names); i++)
        if (dialect_names[i].dialect == dialect && str_is(field, dialect_names[i].field))
            adders[shape](&places, str_of(dialect_names[i].called));
    return places.count;
}

/* Words by which events that name their own log source are known, whatever rules are loaded. */
const char *const taxonomy_words[] = {
    "p:windows", "p:linux", "p:macos", "p:aws", "p:azure", "p:gcp", "p:m365", "p:okta", "p:github", "p:bitbucket",
    "p:kubernetes", "p:cisco", "p:fortigate", "p:fortios", "p:paloalto", "p:juniper", "p:huawei", "p:zeek",
    "p:opencanary",
    "p:rpc_firewall", "p:onelogin", "p:qualys", "p:jvm", "p:spring", "p:sql", "p:python", "p:velocity", "p:django",
    "p:nodejs", "p:ruby_on_rails", "p:openbsd", "p:freebsd",
    "c:process_creation", "c:process_termination", "c:process_access", "c:process_tampering", "c:network_connection",
    "c:dns_query", "c:dns", "c:file_event", "c:file_change", "c:file_rename", "c:file_delete", "c:file_access",
    "c:file_delete_detected", "c:file_block_executable", "c:file_block_shredding", "c:file_executable_detected",
    "c:registry_event", "c:registry_add", "c:registry_set", "c:registry_delete", "c:registry_rename", "c:image_load",
    "c:driver_load", "c:create_remote_thread", "c:create_stream_hash", "c:pipe_created", "c:raw_access_thread",
    "c:wmi_event", "c:ps_script", "c:ps_module", "c:ps_classic_start", "c:ps_classic_provider_start",
    "c:ps_classic_script", "c:clipboard_capture", "c:sysmon_status", "c:sysmon_error", "c:webserver", "c:proxy",
    "c:firewall", "c:antivirus", "c:database", "c:user_logon", "c:user_change", "c:service_event",
};
const size_t taxonomy_word_count = COUNT_OF(taxonomy_words);
