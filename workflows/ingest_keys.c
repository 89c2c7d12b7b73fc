#include "workflows/ingest_keys.h"

#include "core/base/crypto.h"
#include "workflows/audit.h"

enum { PREFIX_BYTES = 5, SECRET_BYTES = 24 };

static const struct shape logged = SHAPE(ingest_key,
    FIELD(ingest_key, name, ""), FIELD(ingest_key, kind, "", .of = &ingest_key_kind_domain),
    FIELD(ingest_key, host, ""), FIELD(ingest_key, prefix, ""),
    FIELD(ingest_key, events_per_second, "", .optional = true), FIELD(ingest_key, expires_at, ""),
    FIELD(ingest_key, revoked_at, ""));

static bool
record(struct scope *s, const char *action, const struct ingest_key *before, const struct ingest_key *after)
{
    return audit_record(s, &(struct deed){
        .tenant_id = after->tenant_id, .action = action, .noun = "ingest_key", .object_id = after->id,
        .object_name = after->name, .change = shape_difference(s->arena, &logged, before, after) });
}

/* Letters and digits only, so that a double click selects the whole key. */
static struct str
word(struct arena *a, size_t bytes)
{
    char *random = arena_alloc(a, bytes);
    random_bytes(random, bytes);
    return hex_of(a, (struct bytes){ { random, bytes } });
}

/* People of a customer need not say whose key it is. */
static struct uuid
tenant_of(const struct scope *s, struct uuid wanted)
{
    const struct principal *who = s->who;
    if (!uuid_is_none(wanted))
        return wanted;
    return who->side == SIDE_CUSTOMER ? who->tenant_id : who->acting_tenant_id;
}

static bool
check(struct scope *s, const struct ingest_key_write *in)
{
    bool names_host = str_trim(in->host).len > 0;
    if (uuid_is_none(in->tenant_id))
        return fail_field(s, "/tenant_id", FAULT_REQUIRED, NULL);
    if (!principal_sees(s->who, in->tenant_id))
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    if (in->kind == INGEST_KEY_HOST && !names_host)
        return fail_field(s, "/host", FAULT_REQUIRED, NULL);
    if (in->kind == INGEST_KEY_FORWARDER && names_host)
        return fail_field(s, "/host", FAULT_NOT_ALLOWED, NULL);
    return !in->expires_at.us || in->expires_at.us > s->now.us
        || fail_field(s, "/expires_at", FAULT_TOO_SMALL, NULL);
}

bool
ingest_key_create(struct scope *s, const struct ingest_key_write *in, struct ingest_key *out)
{
    struct ingest_key_write row = *in;
    row.tenant_id = tenant_of(s, in->tenant_id);
    if (!check(s, &row))
        return false;
    row.id = uuid_new(s->now);
    row.at = s->now;
    row.host = in->kind == INGEST_KEY_HOST ? str_trim(in->host) : STR_NONE;
    row.created_by_name = s->who->name;
    row.prefix = word(s->arena, PREFIX_BYTES);
    struct str key = str_printf(s->arena, "ygi_" STR_FMT "_" STR_FMT, STR_ARG(row.prefix),
                                STR_ARG(word(s->arena, SECRET_BYTES)));
    row.key_hash = sha256_of(s->arena, key);
    if (!db_run(s, &ingest_key_insert, &row, NULL) || !db_one(s, &ingest_key_by_id, &(struct id_args){ row.id }, out)
        || !record(s, "ingest_key.created", NULL, out))
        return false;
    out->secret = key;
    return true;
}

bool
ingest_key_end(struct scope *s, struct uuid id, struct ingest_key *out)
{
    struct ingest_key before;
    struct ingest_key_write args = { .id = id, .at = s->now };
    return db_one(s, &ingest_key_by_id, &(struct id_args){ id }, &before)
        && db_run(s, &ingest_key_revoke, &args, NULL)
        && db_one(s, &ingest_key_by_id, &(struct id_args){ id }, out)
        && record(s, "ingest_key.revoked", &before, out);
}
