#include "workflows/reputations.h"

#include <arpa/inet.h>

#include "workflows/audit.h"
#include "workflows/service.h"

const struct shape reputation_ask_shape = SHAPE(reputation_ask,
    FIELD(reputation_ask, tenant_id, "With whose sources", .required = true),
    FIELD(reputation_ask, kind, "Of what", .of = &reputation_thing_domain, .required = true),
    FIELD(reputation_ask, value, "A hash, a public address, or a domain name", .max = 253, .required = true));
const struct shape reputation_asked_shape = SHAPE(reputation_asked,
    FIELD(reputation_asked, sources, "So many sources are asked now; others have answered already"));

/* The SHA-256 of the file that is made to be found. */
#define EICAR "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"

const struct problem reputation_source_off = {
    409, "reputation-source-off",
    { "The service is switched off: switch it on first.", "このサービスは無効です。有効にしてください。" } };

static const struct shape logged = SHAPE(reputation_source,
    FIELD(reputation_source, name, ""), FIELD(reputation_source, url, ""), FIELD(reputation_source, enabled, ""),
    FIELD(reputation_source, per_minute, ""), FIELD(reputation_source, per_day, ""));

struct str
reputation_key_context(struct arena *a, struct uuid id)
{
    return str_printf(a, "reputation_source.key " STR_FMT, STR_ARG(uuid_format(a, id)));
}

static bool
record(struct scope *s, const char *action, const struct reputation_source *before,
       const struct reputation_source *after)
{
    const struct reputation_source *one = after ? after : before;
    return audit_record(s, &(struct deed){
        .tenant_id = one->tenant_id, .action = action, .noun = "reputation_source", .object_id = one->id,
        .object_name = one->name, .change = shape_difference(s->arena, &logged, before, after) });
}

/* A key goes over the wire with each question. */
static bool
check_url(struct scope *s, struct str url)
{
    bool https_only = str_starts(s->service->public_url, STR("https:"));
    return str_starts(url, STR("https://")) || (!https_only && str_starts(url, STR("http://")))
        || fail_field(s, "/url", FAULT_BAD_URL, "https://");
}

static struct bytes
seal(struct scope *s, struct uuid id, struct str key)
{
    return secret_seal(s->arena, &s->service->key, reputation_key_context(s->arena, id), str_trim(key));
}

bool
reputation_source_create(struct scope *s, const struct reputation_source_write *in, struct reputation_source *out)
{
    struct reputation_source_write row = *in;
    row.id = uuid_new(s->now);
    row.at = s->now;
    if (!principal_sees(s->who, row.tenant_id))
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    row.key_sealed = seal(s, row.id, in->api_key);
    return check_url(s, in->url)
        && db_run(s, &reputation_source_insert, &row, NULL)
        && db_one(s, &reputation_source_by_id, &(struct id_args){ row.id }, out)
        && record(s, "reputation_source.created", NULL, out);
}

bool
reputation_source_change(struct scope *s, const struct reputation_source_write *in, struct reputation_source *out)
{
    struct reputation_source before;
    struct reputation_source_write row = *in;
    struct id_args changed;
    row.at = s->now;
    if (in->api_key.len)
        row.key_sealed = seal(s, row.id, in->api_key);
    return check_url(s, in->url)
        && db_one(s, &reputation_source_by_id, &(struct id_args){ row.id }, &before)
        && db_update(s, &reputation_source_update, &row, &changed, &reputation_source_by_id, row.id)
        && (!in->api_key.len || db_run(s, &reputation_source_rekey, &row, NULL))
        && db_one(s, &reputation_source_by_id, &(struct id_args){ row.id }, out)
        && record(s, "reputation_source.updated", &before, out);
}

bool
reputation_source_remove(struct scope *s, struct uuid id)
{
    struct reputation_source before;
    return db_one(s, &reputation_source_by_id, &(struct id_args){ id }, &before)
        && db_run(s, &reputation_source_delete, &(struct id_args){ id }, NULL)
        && record(s, "reputation_source.deleted", &before, NULL);
}

bool
reputation_source_test(struct scope *s, struct uuid id, struct reputation_source *out)
{
    struct rows begun;
    const struct reputation_try args = { id, THING_HASH, STR(EICAR), s->now };
    if (!db_one(s, &reputation_source_by_id, &(struct id_args){ id }, out))
        return false;
    if (!out->enabled)
        return fail(s, &reputation_source_off, STR_FMT, STR_ARG(out->name));
    return db_list(s, &reputation_begin_try, &args, &begun)
        && (!begun.count || job_add(s, &reputation_ask_job, out->tenant_id, begun.items, s->now, STR_NONE))
        && record(s, "reputation_source.tested", out, out);
}

/* ---- links ---- */

static const struct shape link_logged = SHAPE(reputation_link,
    FIELD(reputation_link, name, ""), FIELD(reputation_link, kind, "", .of = &reputation_thing_domain),
    FIELD(reputation_link, url, ""));

static bool
record_link(struct scope *s, const char *action, const struct reputation_link *before,
            const struct reputation_link *after)
{
    const struct reputation_link *one = after ? after : before;
    return audit_record(s, &(struct deed){
        .tenant_id = one->tenant_id, .action = action, .noun = "reputation_link", .object_id = one->id,
        .object_name = one->name, .change = shape_difference(s->arena, &link_logged, before, after) });
}

static bool
check_link(struct scope *s, struct str url)
{
    if (!str_starts(url, STR("https://")))
        return fail_field(s, "/url", FAULT_BAD_URL, "https://");
    return str_contains(url, STR("{value}"))
        || fail_field(s, "/url", FAULT_BAD_FORMAT, "https://example.com/{value}");
}

/* Customers see the provider's links, and leave them as they are. */
static bool
own_link(struct scope *s, struct uuid id, struct reputation_link *out)
{
    return db_one(s, &reputation_link_by_id, &(struct id_args){ id }, out)
        && (principal_sees(s->who, out->tenant_id) || fail(s, &problem_forbidden, "the provider's links"));
}

bool
reputation_link_create(struct scope *s, const struct reputation_link_write *in, struct reputation_link *out)
{
    struct reputation_link_write row = *in;
    row.id = uuid_new(s->now);
    row.at = s->now;
    if (!principal_sees(s->who, row.tenant_id))
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    return check_link(s, in->url)
        && db_run(s, &reputation_link_insert, &row, NULL)
        && db_one(s, &reputation_link_by_id, &(struct id_args){ row.id }, out)
        && record_link(s, "reputation_link.created", NULL, out);
}

bool
reputation_link_change(struct scope *s, const struct reputation_link_write *in, struct reputation_link *out)
{
    struct reputation_link before;
    struct reputation_link_write row = *in;
    struct id_args changed;
    row.at = s->now;
    return check_link(s, in->url)
        && own_link(s, row.id, &before)
        && db_update(s, &reputation_link_update, &row, &changed, &reputation_link_by_id, row.id)
        && db_one(s, &reputation_link_by_id, &(struct id_args){ row.id }, out)
        && record_link(s, "reputation_link.updated", &before, out);
}

bool
reputation_link_remove(struct scope *s, struct uuid id)
{
    struct reputation_link before;
    return own_link(s, id, &before)
        && db_run(s, &reputation_link_delete, &(struct id_args){ id }, NULL)
        && record_link(s, "reputation_link.deleted", &before, NULL);
}

/* ---- who wants to know ---- */

static bool
is_hash(struct str v)
{
    for (size_t i = 0; i < v.len; i++)
        if (!((v.at[i] >= '0' && v.at[i] <= '9') || (v.at[i] >= 'a' && v.at[i] <= 'f')))
            return false;
    return v.len == 32 || v.len == 40 || v.len == 64;
}

/* Letters, digits, hyphens and dots, with a dot inside: nothing else reaches a path of somebody's API. */
static bool
is_domain(struct str v)
{
    bool dotted = false;
    for (size_t i = 0; i < v.len; i++) {
        char c = v.at[i];
        bool inside = i > 0 && i + 1 < v.len;
        dotted = dotted || (c == '.' && inside);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || ((c == '.' || c == '-' || c == '_') && inside)))
            return false;
    }
    return dotted && v.len >= 4 && !str_ends(v, STR(".local")) && !str_ends(v, STR(".internal"));
}

static bool
check_value(struct scope *s, enum reputation_thing kind, struct str value)
{
    unsigned char bytes[16];
    const char *c = str_c(s->arena, value);
    if (kind == THING_HASH)
        return is_hash(value) || fail_field(s, "/value", FAULT_BAD_FORMAT, "64 hexadecimal digits");
    if (kind == THING_DOMAIN)
        return is_domain(value) || fail_field(s, "/value", FAULT_BAD_FORMAT, "example.com");
    if (inet_pton(AF_INET, c, bytes) != 1 && inet_pton(AF_INET6, c, bytes) != 1)
        return fail_field(s, "/value", FAULT_BAD_FORMAT, "203.0.113.7");
    return fetch_reach_allows(NULL, value) || fail_field(s, "/value", FAULT_NOT_ALLOWED, NULL);
}

bool
reputation_ask(struct scope *s, const struct reputation_ask *in, struct reputation_asked *out)
{
    struct rows begun;
    const struct reputation_want want = { in->tenant_id, in->kind, str_lower(s->arena, str_trim(in->value)), s->now };
    if (!principal_sees(s->who, in->tenant_id))
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    if (!check_value(s, in->kind, want.value) || !db_list(s, &reputation_begin, &want, &begun))
        return false;
    for (size_t i = 0; i < begun.count; i++)
        if (!job_add(s, &reputation_ask_job, in->tenant_id, (const struct id_args *)begun.items + i, s->now, STR_NONE))
            return false;
    out->sources = (int64_t)begun.count;
    return !begun.count
        || audit_record(s, &(struct deed){ .tenant_id = in->tenant_id, .action = "reputation.asked",
                                           .noun = "reputation_answer", .object_name = want.value });
}
