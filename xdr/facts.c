#include "xdr/facts.h"

#include <ctype.h>

#include "xdr/engine_parts.h"
#include "xdr/fold.h"
#include "xdr/number.h"

/* What each fact is called by rules, in the order of enum fact. */
static const char *const fact_names[FACT_COUNT] = {
    [FACT_HOST] = "Computer",
    [FACT_CHANNEL] = "Channel",
    [FACT_AGENT] = "agent.type",
    [FACT_AGENT_VERSION] = "agent.version",
    [FACT_USER] = "User",
    [FACT_USER_DOMAIN] = "SubjectDomainName",
    [FACT_ECS_DOMAIN] = "user.domain",
    [FACT_IMAGE] = "Image",
    [FACT_COMMAND_LINE] = "CommandLine",
    [FACT_PROCESS_GUID] = "ProcessGuid",
    [FACT_PROCESS_ID] = "ProcessId",
    [FACT_NEW_PROCESS_ID] = "NewProcessId",
    [FACT_PARENT_GUID] = "ParentProcessGuid",
    [FACT_PARENT_ID] = "ParentProcessId",
    [FACT_PARENT_IMAGE] = "ParentImage",
    [FACT_PARENT_COMMAND_LINE] = "ParentCommandLine",
    [FACT_HASHES] = "Hashes",
    [FACT_ORIGINAL_NAME] = "OriginalFileName",
    [FACT_COMPANY] = "Company",
    [FACT_PRODUCT] = "Product",
    [FACT_DESCRIPTION] = "Description",
    [FACT_SIGNER] = "Signature",
    [FACT_SIGNED] = "Signed",
    [FACT_SOURCE_IP] = "SourceIp",
    [FACT_DESTINATION_IP] = "DestinationIp",
    [FACT_DESTINATION_HOST] = "DestinationHostname",
    [FACT_QUERY_NAME] = "QueryName",
    [FACT_TARGET_FILE] = "TargetFilename",
    [FACT_TARGET_OBJECT] = "TargetObject",
    [FACT_SCRIPT_TEXT] = "ScriptBlockText",
    [FACT_IMAGE_LOADED] = "ImageLoaded",
    [FACT_OWN_NAME] = "host.name",
    [FACT_OWN_HOSTNAME] = "host.hostname",
    [FACT_OWN_IP] = "host.ip",
    [FACT_OWN_OS_NAME] = "host.os.name",
    [FACT_OWN_OS_VERSION] = "host.os.version",
    [FACT_OWN_OS_BUILD] = "host.os.build",
    [FACT_OWN_OS_TYPE] = "host.os.type",
    [FACT_DEVICE_IP] = "device.ip",
    [FACT_DEVICE_INTERFACE_IP] = "device.network_interfaces.ip",
    [FACT_DEVICE_OS_NAME] = "device.os.name",
    [FACT_DEVICE_OS_VERSION] = "device.os.version",
    [FACT_DEVICE_OS_BUILD] = "device.os.build",
    [FACT_DEVICE_OS_TYPE] = "device.os.type",
};

void
engine_build_facts(struct engine *e)
{
    for (size_t i = 0; i < FACT_COUNT; i++)
        e->fact_fields[i] = engine_field(e, str_of(fact_names[i]));
}

static struct str
said(struct matcher *m, enum fact fact)
{
    const struct event_values *values = matcher_values(m, m->engine->fact_fields[fact]);
    return values->count ? values->items[0].text : STR_NONE;
}

/* Windows writes "-" where it has nothing to say. */
static struct str
meant(struct matcher *m, enum fact fact)
{
    struct str text = said(m, fact);
    return text.len == 0 || str_is(text, "-") ? STR_NONE : text;
}

static int64_t
number(struct matcher *m, enum fact fact)
{
    long double n;
    struct str text = said(m, fact);
    return text.len && number_of(text, &n) && n > 0 && n < 0x1p53L ? (int64_t)n : 0;
}

/* ---- what it is ---- */

static struct str
service_kind(struct matcher *m)
{
    static const char prefix[] = "service:";
    struct str service = m->origin.service;
    if (!service.len || service.len + sizeof prefix > sizeof m->kind)
        return STR("other");
    memcpy(m->kind, prefix, sizeof prefix - 1);
    memcpy(m->kind + sizeof prefix - 1, service.at, service.len);
    return (struct str){ m->kind, sizeof prefix - 1 + service.len };
}

static struct str
system_of(const struct origin *o)
{
    static const char *const systems[] = { "windows", "linux", "macos" };
    for (size_t i = 0; i < COUNT_OF(systems); i++)
        if (str_is(o->product, systems[i]))
            return str_of(systems[i]);
    return STR_NONE;
}

static void
read_origin(struct matcher *m, struct event_facts *out)
{
    const struct origin *o = &m->origin;
    out->kind = o->category_count ? o->categories[0] : service_kind(m);
    out->os = system_of(o);
    out->channel = said(m, FACT_CHANNEL);
    out->event_id = o->event_id > 0 ? o->event_id : 0;
    out->host = meant(m, FACT_HOST);
    out->agent = meant(m, FACT_AGENT);
    out->agent_version = out->agent.at ? meant(m, FACT_AGENT_VERSION) : STR_NONE;
    out->has_time = matcher_time(m, &out->time_ms);
}

/* ---- whom it is about ---- */

static struct str
joined_user(struct matcher *m, struct str domain, struct str name)
{
    if (!domain.at || domain.len + name.len + 1 > sizeof m->user || memchr(name.at, '\\', name.len))
        return name;
    memcpy(m->user, domain.at, domain.len);
    m->user[domain.len] = '\\';
    memcpy(m->user + domain.len + 1, name.at, name.len);
    return (struct str){ m->user, domain.len + 1 + name.len };
}

static void
read_process(struct matcher *m, struct event_facts *out)
{
    bool is_audit = m->origin.dialect == DIALECT_PROCESS_AUDIT;
    out->image = meant(m, FACT_IMAGE);
    out->command_line = meant(m, FACT_COMMAND_LINE);
    out->process_guid = meant(m, FACT_PROCESS_GUID);
    out->parent_guid = meant(m, FACT_PARENT_GUID);
    out->parent_image = meant(m, FACT_PARENT_IMAGE);
    out->parent_command_line = meant(m, FACT_PARENT_COMMAND_LINE);
    /* 4688 calls the process that starts another ProcessId. */
    out->process_id = number(m, is_audit ? FACT_NEW_PROCESS_ID : FACT_PROCESS_ID);
    out->parent_id = number(m, is_audit ? FACT_PROCESS_ID : FACT_PARENT_ID);
    struct str user = meant(m, FACT_USER);
    if (!user.at)
        return;
    struct str domain = m->origin.shape == SHAPE_ECS ? meant(m, FACT_ECS_DOMAIN)
                      : is_audit ? meant(m, FACT_USER_DOMAIN) : STR_NONE;
    out->user = joined_user(m, domain, user);
}

/* ---- which file ---- */

static bool
is_hash(struct str text, size_t digits)
{
    if (text.len != digits)
        return false;
    for (size_t i = 0; i < digits; i++)
        if (!isxdigit((unsigned char)text.at[i]))
            return false;
    return true;
}

static void
take_hash(struct str text, struct event_facts *out)
{
    if (is_hash(text, 64))
        out->sha256 = text;
    else if (is_hash(text, 40))
        out->sha1 = text;
    else if (is_hash(text, 32) && !out->md5.at)
        out->md5 = text;
}

/* "SHA1=...,MD5=...,SHA256=...,IMPHASH=...", or one value for each. An import hash is as long as an MD5. */
static void
read_hashes(struct matcher *m, struct event_facts *out)
{
    const struct event_values *values = matcher_values(m, m->engine->fact_fields[FACT_HASHES]);
    for (uint32_t i = 0; i < values->count; i++) {
        struct str rest = values->items[i].text, part, name;
        while (str_cut(&rest, ',', &part)) {
            struct str value = part;
            if (str_cut(&value, '=', &name) && value.at && !str_eq_nocase(str_trim(name), STR("IMPHASH")))
                take_hash(str_trim(value), out);
            else if (!value.at)
                take_hash(str_trim(part), out);
        }
    }
}

static void
read_file(struct matcher *m, struct event_facts *out)
{
    read_hashes(m, out);
    out->original_name = meant(m, FACT_ORIGINAL_NAME);
    out->company = meant(m, FACT_COMPANY);
    out->product = meant(m, FACT_PRODUCT);
    out->description = meant(m, FACT_DESCRIPTION);
    out->signer = meant(m, FACT_SIGNER);
    out->is_signed = meant(m, FACT_SIGNED);
    out->image_loaded = meant(m, FACT_IMAGE_LOADED);
}

/* Which of the facts an event of this kind can tell at all: most events are spared most of the questions. */
enum { TELLS_FILE = 1, TELLS_NETWORK = 2, TELLS_TARGET = 4, TELLS_SCRIPT = 8, TELLS_ALL = 15 };

static const struct {
    const char *kind;
    unsigned tells;
} kinds[] = {
    { "process_creation", TELLS_FILE },
    { "image_load", TELLS_FILE },
    { "driver_load", TELLS_FILE },
    { "process_access", 0 },
    { "process_termination", 0 },
    { "create_remote_thread", 0 },
    { "network_connection", TELLS_NETWORK },
    { "dns_query", TELLS_NETWORK },
    { "registry_add", TELLS_TARGET },
    { "registry_delete", TELLS_TARGET },
    { "registry_set", TELLS_TARGET },
    { "registry_event", TELLS_TARGET },
    { "registry_rename", TELLS_TARGET },
    { "file_event", TELLS_TARGET | TELLS_FILE },
    { "ps_script", TELLS_SCRIPT },
    { "ps_module", TELLS_SCRIPT },
    { "ps_classic_start", TELLS_SCRIPT },
};

static unsigned
told_by(const struct origin *o)
{
    for (size_t i = 0; o->category_count && i < COUNT_OF(kinds); i++)
        if (str_is(o->categories[0], kinds[i].kind))
            return kinds[i].tells;
    return TELLS_ALL;
}

void
facts_read(struct matcher *m, const char *problem, struct event_facts *out)
{
    *out = (struct event_facts){ .problem = problem, .told_by = m };
    if (problem)
        return;
    read_origin(m, out);
    read_process(m, out);
    unsigned tells = told_by(&m->origin);
    if (tells & TELLS_FILE)
        read_file(m, out);
    if (tells & TELLS_NETWORK) {
        out->source_ip = meant(m, FACT_SOURCE_IP);
        out->destination_ip = meant(m, FACT_DESTINATION_IP);
        out->destination_host = meant(m, FACT_DESTINATION_HOST);
        out->query_name = meant(m, FACT_QUERY_NAME);
    }
    if (tells & TELLS_TARGET) {
        out->target = meant(m, FACT_TARGET_FILE);
        if (!out->target.at)
            out->target = meant(m, FACT_TARGET_OBJECT);
    }
    if (tells & TELLS_SCRIPT)
        out->script_text = meant(m, FACT_SCRIPT_TEXT);
}

static bool
is_address(struct str host)
{
    bool digits = host.len > 0;
    for (size_t i = 0; i < host.len; i++)
        digits = digits && (isdigit((unsigned char)host.at[i]) || host.at[i] == '.');
    return digits || memchr(host.at, ':', host.len);
}

struct str
facts_host_key(struct str host, char *out)
{
    struct str name = str_trim(host);
    if (!name.len)
        return STR_NONE;
    const char *dot = is_address(name) ? NULL : memchr(name.at, '.', name.len);
    if (dot && dot > name.at)
        name.len = (size_t)(dot - name.at);
    name = str_head(name, FACTS_HOST_MAX);
    fold_into(out, name);
    return (struct str){ out, name.len };
}

/* ---- the computer itself ---- */

static bool
is_named(struct str name, struct str host)
{
    char one[FACTS_HOST_MAX + FOLD_SLACK], other[FACTS_HOST_MAX + FOLD_SLACK];
    struct str key = facts_host_key(name, one);
    return key.at && str_eq(key, facts_host_key(host, other));
}

static void
take_addresses(struct matcher *m, enum fact fact, struct computer_facts *out)
{
    const struct event_values *values = matcher_values(m, m->engine->fact_fields[fact]);
    for (uint32_t i = 0; i < values->count && out->address_count < COMPUTER_ADDRESSES_MAX; i++)
        out->addresses[out->address_count++] = values->items[i].text;
}

void
computer_facts_read(const struct event_facts *of, struct computer_facts *out)
{
    struct matcher *m = of->told_by;
    *out = (struct computer_facts){ .address_count = 0 };
    if (!m || of->problem || !of->host.at)
        return;
    bool device = m->origin.shape == SHAPE_OCSF; /* there the device is the event's computer */
    if (!device && !is_named(meant(m, FACT_OWN_NAME), of->host) && !is_named(meant(m, FACT_OWN_HOSTNAME), of->host))
        return;
    take_addresses(m, device ? FACT_DEVICE_IP : FACT_OWN_IP, out);
    if (device)
        take_addresses(m, FACT_DEVICE_INTERFACE_IP, out);
    out->os_name = meant(m, device ? FACT_DEVICE_OS_NAME : FACT_OWN_OS_NAME);
    out->os_version = meant(m, device ? FACT_DEVICE_OS_VERSION : FACT_OWN_OS_VERSION);
    out->os_build = meant(m, device ? FACT_DEVICE_OS_BUILD : FACT_OWN_OS_BUILD);
    out->os_type = meant(m, device ? FACT_DEVICE_OS_TYPE : FACT_OWN_OS_TYPE);
}
