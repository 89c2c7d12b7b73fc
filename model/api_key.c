#include "model/api_key.h"

#define KEY_FIELDS                                                                                     \
    FIELD(api_key, id, "Identity", .filter = true),                                                    \
    FIELD(api_key, tenant_id, "Where its owner belongs", .filter = true, .required = true),            \
    FIELD(api_key, person_id, "As whom it acts", .filter = true, .required = true),                    \
    FIELD(api_key, person_name, "That person's name", .sort = true, .search = true, .required = true), \
    FIELD(api_key, name, "What it is for", .sort = true, .search = true, .required = true),            \
    FIELD(api_key, prefix, "Its visible beginning", .search = true, .required = true),                 \
    FIELD(api_key, scopes, "What it may do, as function:level", .required = true),                     \
    FIELD(api_key, expires_at, "Opens nothing from then on", .sort = true, .filter = true),            \
    FIELD(api_key, last_used_at, "Last use, to the minute", .sort = true, .filter = true),             \
    FIELD(api_key, last_used_address, "From where"),                                                   \
    FIELD(api_key, revoked_at, "When it was revoked", .filter = true),                                 \
    FIELD(api_key, created_at, "When it was made", .sort = true, .filter = true, .required = true),    \
    FIELD(api_key, can, "Verbs the caller may use on it", .required = true)

const struct shape api_key_shape = SHAPE(api_key, KEY_FIELDS);
const struct shape api_key_created_shape =
    SHAPE(api_key, KEY_FIELDS, FIELD(api_key, secret, "The whole key; it is shown this once"));

#define KEY_WORDS                                                                                   \
    FIELD(api_key_write, name, "What it is for", .max = 100, .required = true),                     \
    FIELD(api_key_write, scopes, "What it may do, as function:level", .max = 64, .required = true), \
    FIELD(api_key_write, expires_at, "Opens nothing from then on; within two years", .required = true)

const struct shape my_api_key_create_shape = SHAPE(api_key_write, KEY_WORDS);
const struct shape api_key_create_shape =
    SHAPE(api_key_write, FIELD(api_key_write, person_id, "As whom it acts", .required = true), KEY_WORDS);

static const struct shape write_args = SHAPE(api_key_write,
    FIELD(api_key_write, id, "Identity"), FIELD(api_key_write, tenant_id, "Where its owner belongs"),
    FIELD(api_key_write, person_id, "As whom it acts"), FIELD(api_key_write, prefix, "Its visible beginning"),
    FIELD(api_key_write, key_hash, "SHA-256 of the key", .secret = true), FIELD(api_key_write, at, "When"), KEY_WORDS);

#define KEY_SELECT(can)                                                                                       \
    "SELECT k.id, k.tenant_id, k.person_id, p.name AS person_name, k.name, k.prefix, k.scopes, k.expires_at," \
    "       k.last_used_at, k.last_used_address, k.revoked_at, k.created_at,"                                 \
    "       CASE WHEN k.revoked_at IS NULL AND " can " THEN ARRAY['revoke'] ELSE '{}' END::text[] AS can"     \
    "  FROM api_key k JOIN person p ON p.tenant_id = k.tenant_id AND p.id = k.person_id"

#define ALL_KEYS KEY_SELECT("grant_rank((SELECT yagura_grants()), 'api_keys') = 3")
#define MY_KEYS                                                                                       \
    "SELECT k.id, k.tenant_id, k.person_id, k.person_name, k.name, k.prefix, k.scopes, k.expires_at," \
    "       k.last_used_at, k.last_used_address, k.revoked_at, k.created_at,"                         \
    "       CASE WHEN k.revoked_at IS NULL THEN ARRAY['revoke'] ELSE '{}' END::text[] AS can FROM api_key_self() k"

const struct listing api_key_listing = {
    .name = "api_keys", .from = ALL_KEYS, .row = &api_key_shape, .key = "id", .sort = "-created_at",
};
const struct listing my_api_key_listing = {
    .name = "my_api_keys", .from = MY_KEYS, .row = &api_key_shape, .key = "id", .sort = "-created_at",
};

const struct query api_key_by_id = {
    .name = "api_key_by_id", .sql = ALL_KEYS " WHERE k.id = :id", .args = &id_args_shape, .row = &api_key_shape,
};
const struct query my_api_key_by_id = {
    .name = "my_api_key_by_id", .sql = MY_KEYS " WHERE k.id = :id", .args = &id_args_shape, .row = &api_key_shape,
};

const struct query api_key_insert = {
    .name = "api_key_insert",
    .sql = "INSERT INTO api_key (tenant_id, id, person_id, name, prefix, key_hash, scopes, expires_at, created_at)"
           " VALUES (:tenant_id, :id, :person_id, :name, :prefix, :key_hash, :scopes, :expires_at, :at)",
    .args = &write_args,
};

const struct query api_key_revoke = {
    .name = "api_key_revoke", .sql = "UPDATE api_key SET revoked_at = :at WHERE id = :id AND revoked_at IS NULL",
    .args = &write_args,
};
