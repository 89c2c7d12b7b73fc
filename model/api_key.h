/* api_key: a long-lived credential of a program, acting as one person or service account with no more than its scopes.
 * The key itself, ygk_<prefix>_<secret>, is shown once; its SHA-256 is kept. */
#ifndef YAGURA_MODEL_API_KEY_H
#define YAGURA_MODEL_API_KEY_H

#include "core/db/query.h"

struct api_key {
    struct uuid id, tenant_id, person_id;
    struct str person_name, name, prefix;
    struct strs scopes;
    struct instant expires_at, last_used_at;
    struct str last_used_address;
    struct instant revoked_at, created_at;
    struct str secret; /* in the answer that creates it, and never again */
    struct strs can;
};

struct api_key_write {
    struct uuid id, tenant_id, person_id;
    struct str name, prefix;
    struct bytes key_hash;
    struct strs scopes;
    struct instant expires_at, at;
};

extern const struct shape api_key_shape, api_key_created_shape, api_key_create_shape, my_api_key_create_shape;
extern const struct listing api_key_listing, my_api_key_listing;
extern const struct query api_key_by_id, my_api_key_by_id, api_key_insert, api_key_revoke;

#endif
