/* route: where an event comes from, as far as it says, and so which lane it takes. */
#include "xdr/engine_parts.h"
#include "xdr/fold.h"

enum { NAME_BYTES_MAX = 200 };

static const struct event_value *
value_at(struct matcher *m, uint16_t slot)
{
    const struct event_values *values = event_values(m->event, slot);
    return values->count ? &values->items[0] : NULL;
}

/* The first value of what the event says of `place`; NULL when it says nothing. */
static const struct event_value *
said(struct matcher *m, enum origin_place place)
{
    for (size_t i = 0; i < ORIGIN_PATHS_MAX; i++) {
        uint16_t slot = m->engine->origin_slots[place][i];
        if (slot != SOURCE_NONE && event_has(m->event, slot))
            return value_at(m, slot);
    }
    return NULL;
}

/* Whether one of the values there is the word: joined records and some schemas have several. */
static bool
says(struct matcher *m, enum origin_place place, const char *word)
{
    for (size_t i = 0; i < ORIGIN_PATHS_MAX; i++) {
        uint16_t slot = m->engine->origin_slots[place][i];
        const struct event_values *values = slot == SOURCE_NONE ? &event_no_values : event_values(m->event, slot);
        for (uint32_t j = 0; j < values->count; j++)
            if (str_is(values->items[j].folded, word))
                return true;
    }
    return false;
}

static const struct event_value *
find_channel(struct matcher *m, enum shape *shape)
{
    for (size_t i = 0; i < taxonomy_mark_count && taxonomy_marks[i].mark == MARK_CHANNEL; i++)
        if (event_has(m->event, m->engine->mark_slots[i])) {
            *shape = taxonomy_marks[i].shape;
            return value_at(m, m->engine->mark_slots[i]);
        }
    return NULL;
}

static enum variant
variant_of(struct matcher *m)
{
    const struct event_values *type = matcher_values(m, m->engine->event_type_field);
    if (type->count == 0)
        return VARIANT_NONE;
    if (str_is(type->items[0].folded, "createkey"))
        return VARIANT_CREATE;
    return str_starts(type->items[0].folded, STR("delete")) ? VARIANT_DELETE : VARIANT_NONE;
}

static void
take_lane(struct matcher *m, struct lane_key *key)
{
    enum shape shape = m->origin.shape;
    m->origin = key->origin;
    m->origin.shape = shape;
    m->lane = engine_lane(m->engine, key);
    m->lane_is_exact = true;
}

/* An event of a Windows log. False when its name is unknown and nothing else looks like Windows. */
static bool
route_by_channel(struct matcher *m, const struct event_value *channel)
{
    const struct engine *e = m->engine;
    const struct event_values *ids = matcher_values(m, e->event_id_field);
    int64_t id = ANY_EVENT_ID;
    uint32_t number;
    bool known = name_index_find(e->channels, channel->folded, &number);
    if (ids->count > 1 || (!known && ids->count == 0))
        return false;
    if (ids->count == 1 && !str_int(ids->items[0].text, &id))
        id = ANY_EVENT_ID;
    enum variant variant = id == 12 ? variant_of(m) : VARIANT_NONE;
    struct lane_key *key = engine_lane_key(e, known ? number : e->other_channel, id, variant);
    if (!key)
        return false;
    take_lane(m, key);
    return true;
}

/* ---- events that say it in other words ---- */

static const struct {
    const char *class_uid, *activity_id, *category;
} ocsf_kinds[] = {
    { "1007", "1", "process_creation" },  { "1007", "2", "process_termination" },
    { "1007", "3", "process_access" },    { "1007", "4", "create_remote_thread" },
    { "1001", "1", "file_event" },        { "1001", "3", "file_change" },
    { "1001", "4", "file_delete" },       { "1001", "5", "file_rename" },
    { "1001", "2", "file_access" },       { "1001", "14", "file_access" },
    { "1002", "1", "driver_load" },       { "1005", "1", "image_load" },
    { "1009", "1", "ps_script" },         { "4001", "1", "network_connection" },
    { "4003", "1", "dns_query" },         { "4003", "6", "dns_query" },
    { "201001", "1", "registry_add" },    { "201001", "4", "registry_delete" },
    { "201001", "5", "registry_rename" }, { "201002", "2", "registry_set" },
    { "201002", "3", "registry_set" },    { "201002", "4", "registry_delete" },
};

static const struct {
    const char *ecs_category, *ecs_type, *category;
} ecs_kinds[] = {
    { "process", "start", "process_creation" },   { "process", "end", "process_termination" },
    { "file", "creation", "file_event" },         { "file", "deletion", "file_delete" },
    { "file", "change", "file_change" },          { "registry", "creation", "registry_add" },
    { "registry", "deletion", "registry_delete" }, { "registry", "change", "registry_set" },
    { "library", "start", "image_load" },         { "driver", "start", "driver_load" },
    { "network", "connection", "network_connection" }, { "network", "start", "network_connection" },
    { "file", "access", "file_access" },          { "malware", "info", "antivirus" },
};

/* What the schema's types do not tell apart, as Elastic's agents say it. */
static const struct {
    const char *ecs_category, *action, *category;
} ecs_actions[] = {
    { "file", "rename", "file_rename" },
    { "file", "truncate", "file_truncate" },
    { "network", "lookup_requested", "dns_query" },
    { "network", "lookup_result", "dns_query" },
};

static void
add_category(struct origin *o, const char *category)
{
    if (o->category_count < CATEGORIES_MAX)
        o->categories[o->category_count++] = str_of(category);
    o->category_open = false;
    if (strncmp(category, "registry_", strlen("registry_")) == 0 && o->category_count < CATEGORIES_MAX)
        o->categories[o->category_count++] = STR("registry_event");
}

static void
take_product(struct origin *o, const struct event_value *os)
{
    static const struct {
        const char *word, *product;
    } systems[] = { { "windows", "windows" }, { "linux", "linux" }, { "macos", "macos" }, { "darwin", "macos" },
                    { "debian", "linux" },    { "redhat", "linux" }, { "ubuntu", "linux" } };
    for (size_t i = 0; os && i < COUNT_OF(systems); i++)
        if (str_starts(os->folded, str_of(systems[i].word))) {
            o->product = str_of(systems[i].product);
            o->product_open = false;
            return;
        }
}

static bool
route_ocsf(struct matcher *m, struct origin *o)
{
    if (!said(m, SAYS_CLASS))
        return false;
    o->shape = SHAPE_OCSF;
    for (size_t i = 0; i < COUNT_OF(ocsf_kinds); i++)
        if (says(m, SAYS_CLASS, ocsf_kinds[i].class_uid) && says(m, SAYS_ACTIVITY, ocsf_kinds[i].activity_id))
            add_category(o, ocsf_kinds[i].category);
    const struct event_value *os = said(m, SAYS_DEVICE_OS);
    take_product(o, os ? os : said(m, SAYS_DEVICE_OS_NAME));
    return true;
}

static bool
route_ecs(struct matcher *m, struct origin *o)
{
    if (!said(m, SAYS_ECS_CATEGORY))
        return false;
    o->shape = SHAPE_ECS;
    for (size_t i = 0; i < COUNT_OF(ecs_kinds); i++)
        if (says(m, SAYS_ECS_CATEGORY, ecs_kinds[i].ecs_category) && says(m, SAYS_ECS_TYPE, ecs_kinds[i].ecs_type))
            add_category(o, ecs_kinds[i].category);
    for (size_t i = 0; i < COUNT_OF(ecs_actions); i++)
        if (says(m, SAYS_ECS_CATEGORY, ecs_actions[i].ecs_category)
            && says(m, SAYS_ECS_ACTION, ecs_actions[i].action))
            add_category(o, ecs_actions[i].category);
    take_product(o, said(m, SAYS_ECS_OS));
    return true;
}

static bool
route_auditd(struct matcher *m, struct origin *o)
{
    static const char *const types[] = { "syscall", "execve", "path", "cwd", "proctitle", "sockaddr", "user_cmd",
                                         "user_auth", "user_login", "add_user", "del_user", "user_chauthtok",
                                         "service_start", "service_stop", "cred_acq", "config_change", "tty" };
    static const char *const starts[] = { "59", "322", "execve", "execveat" };
    bool is_audit = false, is_start = false;
    for (size_t i = 0; i < COUNT_OF(types); i++)
        is_audit = is_audit || says(m, SAYS_AUDIT_TYPE, types[i]);
    for (size_t i = 0; i < COUNT_OF(starts); i++)
        is_start = is_start || says(m, SAYS_AUDIT_SYSCALL, starts[i]);
    if (!is_audit)
        return false;
    *o = (struct origin){ .product = STR("linux"), .service = STR("auditd"), .event_id = ANY_EVENT_ID };
    if (is_start && says(m, SAYS_AUDIT_TYPE, "syscall")) {
        add_category(o, "process_creation");
        o->dialect = DIALECT_AUDITD;
    }
    return true;
}

static bool
route_cloudtrail(struct matcher *m, struct origin *o)
{
    const struct event_value *source = said(m, SAYS_CLOUD_SOURCE);
    if (!source || !said(m, SAYS_CLOUD_NAME) || !str_ends(source->folded, STR(".amazonaws.com")))
        return false;
    *o = (struct origin){ .product = STR("aws"), .service = STR("cloudtrail"), .event_id = ANY_EVENT_ID };
    return true;
}

/* ---- events that name their log source themselves ---- */

static bool
append(char name[NAME_BYTES_MAX], size_t *len, const struct event_value *v)
{
    if (*len + 1 + (v ? v->folded.len : 0) > NAME_BYTES_MAX)
        return false;
    name[(*len)++] = '?';
    if (v)
        memcpy(name + *len, v->folded.at, v->folded.len);
    *len += v ? v->folded.len : 0;
    return true;
}

/* Whether the word is known as this part of a log source, to the tables or to some rule. */
static bool
is_known_hint(struct matcher *m, char kind, const struct event_value *v)
{
    char word[NAME_BYTES_MAX];
    uint32_t number;
    if (!v || v->folded.len + 2 > sizeof word)
        return false;
    word[0] = kind;
    word[1] = ':';
    memcpy(word + 2, v->folded.at, v->folded.len);
    return name_index_find(m->engine->words, (struct str){ word, v->folded.len + 2 }, &number);
}

static void
take_hint(const struct event_value *v, struct str *into, bool *open)
{
    *open = v == NULL;
    *into = v ? v->text : STR_NONE;
}

static struct lane_key *
lane_of_hints(struct matcher *m, const struct event_value *product, const struct event_value *category,
              const struct event_value *service)
{
    char name[NAME_BYTES_MAX];
    size_t len = 0;
    uint32_t number;
    bool fits = append(name, &len, product) && append(name, &len, category) && append(name, &len, service);
    if (!fits || !name_index_find(m->engine->words, (struct str){ name, len }, &number))
        return NULL;
    return engine_lane_key(m->engine, number, ANY_EVENT_ID, VARIANT_NONE);
}

static bool
route_by_hints(struct matcher *m, struct origin *o)
{
    const struct event_value *product = said(m, SAYS_PRODUCT), *category = said(m, SAYS_CATEGORY);
    const struct event_value *service = said(m, SAYS_SERVICE);
    /* Many events have a field of such a name; one known word makes all three what they seem. */
    if (!is_known_hint(m, 'p', product) && !is_known_hint(m, 'c', category) && !is_known_hint(m, 's', service))
        return false;
    take_hint(product, &o->product, &o->product_open);
    take_hint(service, &o->service, &o->service_open);
    take_hint(category, &o->categories[0], &o->category_open);
    o->category_count = category ? 1 : 0;
    m->origin = *o;
    struct lane_key *key = lane_of_hints(m, product, category, service);
    m->lane = engine_lane(m->engine, key ? key : m->engine->open_key);
    m->lane_is_exact = key != NULL;
    return true;
}

void
matcher_route(struct matcher *m)
{
    struct origin open = { .product_open = true, .category_open = true, .service_open = true,
                           .event_id = ANY_EVENT_ID };
    m->origin = open;
    m->lane_is_exact = false;
    const struct event_value *channel = find_channel(m, &m->origin.shape);
    if (channel && route_by_channel(m, channel))
        return;
    open.shape = m->origin.shape;
    if (route_by_hints(m, &open))
        return;
    bool known = route_ocsf(m, &open) || route_ecs(m, &open) || route_auditd(m, &open) || route_cloudtrail(m, &open);
    (void)known;
    m->origin = open;
    m->lane = engine_lane(m->engine, m->engine->open_key);
}
