#include "workflows/api_keys.h"

#include "core/base/crypto.h"
#include "model/person.h"
#include "model/principal.h"
#include "workflows/audit.h"
#include "workflows/guard.h"
#include "workflows/mail.h"
#include "workflows/mail_kinds.h"
#include "workflows/service.h"

enum { PREFIX_BYTES = 5, SECRET_BYTES = 32 };

static const struct shape logged = SHAPE(api_key,
    FIELD(api_key, name, ""), FIELD(api_key, prefix, ""), FIELD(api_key, scopes, ""),
    FIELD(api_key, expires_at, ""), FIELD(api_key, revoked_at, ""));

static bool
record(struct scope *s, const char *action, const struct api_key *before, const struct api_key *after)
{
    const struct api_key *key = after ? after : before;
    return audit_record(s, &(struct deed){
        .tenant_id = key->tenant_id, .action = action, .noun = "api_key", .object_id = key->id,
        .object_name = key->name, .change = shape_difference(s->arena, &logged, before, after) });
}

/* Scopes beyond the owner's rights would open nothing today and something after a promotion: refused. */
static bool
check_scopes(struct scope *s, struct strs scopes, struct strs owners)
{
    uint8_t levels[PERMISSION_FUNCTIONS_MAX] = { 0 };
    grants_to_levels(owners, levels);
    for (size_t i = 0; i < scopes.count; i++) {
        struct permission p;
        struct str place = str_printf(s->arena, "/scopes/%zu", i);
        if (!grant_parse(scopes.items[i], &p))
            note_violation(s, place, FAULT_BAD_FORMAT, STR("people:read"));
        else if (levels[p.function] < p.level)
            note_violation(s, place, FAULT_NOT_ALLOWED, STR_NONE);
    }
    return !scope_has_failed(s);
}

static bool
check_expiry(struct scope *s, struct instant at)
{
    if (at.us <= s->now.us)
        return fail_field(s, "/expires_at", FAULT_TOO_SMALL, NULL);
    return at.us <= instant_plus(s->now, DAYS(API_KEY_DAYS_MAX)).us
        || fail_field(s, "/expires_at", FAULT_TOO_LARGE, NULL);
}

/* Letters and digits only, so that a double click selects the whole key. */
static struct str
word(struct arena *a, size_t bytes)
{
    char *random = arena_alloc(a, bytes);
    random_bytes(random, bytes);
    return hex_of(a, (struct bytes){ { random, bytes } });
}

/* A key that somebody else made, or that a thief made in their name: the owner hears of it. */
static bool
tell_owner(struct scope *s, const struct person *owner, const struct api_key *key)
{
    struct api_key_created_mail data = {
        .name = owner->name, .key_name = key->name, .key_prefix = key->prefix, .created_by = s->who->name,
        .expires_at = key->expires_at,
        .url = str_printf(s->arena, STR_FMT "/account/api-keys", STR_ARG(s->service->public_url)),
    };
    struct mail_request mail = {
        .kind = &mail_api_key_created, .data = &data, .tenant_id = owner->tenant_id, .person_id = owner->id,
        .to_address = owner->email, .to_name = owner->name, .language = owner->language,
        .time_zone = owner->time_zone,
    };
    return owner->kind == PERSON_SERVICE || mail_queue(s, &mail, NULL);
}

static bool
write_key(struct scope *s, struct api_key_write *row, const struct person *owner, struct api_key *out)
{
    row->id = uuid_new(s->now);
    row->at = s->now;
    row->prefix = word(s->arena, PREFIX_BYTES);
    struct str key = str_printf(s->arena, "ygk_" STR_FMT "_" STR_FMT, STR_ARG(row->prefix),
                                STR_ARG(word(s->arena, SECRET_BYTES)));
    row->key_hash = sha256_of(s->arena, key);
    *out = (struct api_key){
        .id = row->id, .tenant_id = row->tenant_id, .person_id = row->person_id, .person_name = owner->name,
        .name = row->name, .prefix = row->prefix, .scopes = row->scopes, .expires_at = row->expires_at,
        .created_at = s->now, .secret = key,
    };
    return db_run(s, &api_key_insert, row, NULL)
        && tell_owner(s, owner, out)
        && record(s, "api_key.created", NULL, out);
}

bool
api_key_create(struct scope *s, const struct api_key_write *in, struct api_key *out)
{
    struct person owner;
    struct holding theirs;
    struct api_key_write row = *in;
    bool found;
    if (!db_maybe(s, &person_by_id, &(struct id_args){ in->person_id }, &owner, &found))
        return false;
    if (!found || owner.status != PERSON_ACTIVE)
        return fail_field(s, "/person_id", FAULT_NOT_FOUND, NULL);
    row.tenant_id = owner.tenant_id;
    return guard_person(s, owner.id)
        && db_one(s, &person_holding, &(struct id_args){ owner.id }, &theirs)
        && check_scopes(s, row.scopes, theirs.grants)
        && check_expiry(s, row.expires_at)
        && write_key(s, &row, &owner, out);
}

/* A program does not make keys for itself: who steals one key must not be able to keep access after it ends. */
bool
my_api_key_create(struct scope *s, const struct api_key_write *in, struct api_key *out)
{
    struct api_key_write row = *in;
    struct person me;
    struct uuid home = s->who->tenant_id;
    if (s->who->kind != PRINCIPAL_SESSION)
        return fail(s, &problem_forbidden, "an API key makes no API keys");
    if (!uuid_is_none(s->who->acting_tenant_id))
        return fail(s, &problem_forbidden, "not while looking as a customer");
    row.tenant_id = home;
    row.person_id = s->who->person_id;
    return check_scopes(s, row.scopes, grants_of(s->arena, s->who->levels))
        && check_expiry(s, row.expires_at)
        && db_set_tenants(s, (struct uuids){ &home, 1 })
        && db_one(s, &person_by_id, &(struct id_args){ s->who->person_id }, &me)
        && write_key(s, &row, &me, out);
}

bool
api_key_end(struct scope *s, struct uuid id, struct api_key *out)
{
    struct api_key before;
    struct api_key_write args = { .id = id, .at = s->now };
    return db_one(s, &api_key_by_id, &(struct id_args){ id }, &before)
        && guard_person(s, before.person_id)
        && db_run(s, &api_key_revoke, &args, NULL)
        && db_one(s, &api_key_by_id, &(struct id_args){ id }, out)
        && record(s, "api_key.revoked", &before, out);
}

bool
my_api_key_end(struct scope *s, struct uuid id)
{
    struct api_key before, after;
    struct uuid home = s->who->tenant_id;
    struct api_key_write args = { .id = id, .at = s->now };
    return db_one(s, &my_api_key_by_id, &(struct id_args){ id }, &before)
        && db_set_tenants(s, (struct uuids){ &home, 1 })
        && db_run(s, &api_key_revoke, &args, NULL)
        && db_one(s, &my_api_key_by_id, &(struct id_args){ id }, &after)
        && record(s, "api_key.revoked", &before, &after);
}
