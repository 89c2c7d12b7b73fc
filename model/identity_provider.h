/* identity_provider: where a tenant's people sign in instead of with a password (OpenID Connect). An address of one of
 * its domains that belongs to a person of that tenant may come in that way; nobody is created by it. */
#ifndef YAGURA_MODEL_IDENTITY_PROVIDER_H
#define YAGURA_MODEL_IDENTITY_PROVIDER_H

#include "core/db/query.h"

struct identity_provider {
    struct uuid id, tenant_id;
    struct str tenant_name, name, issuer, client_id;
    bool has_client_secret;
    struct strs email_domains;
    bool enabled, trust_second_factor;
    struct str redirect_uri; /* to be registered at the provider */
    struct instant created_at, updated_at;
    int64_t version;
    struct strs can;
};

struct identity_provider_write {
    struct uuid id, tenant_id;
    int64_t version;
    struct str name, issuer, client_id, client_secret;
    struct bytes sealed_secret;
    struct strs email_domains;
    bool enabled, trust_second_factor;
    struct instant at;
};

extern const struct shape identity_provider_shape, identity_provider_create_shape, identity_provider_update_shape;
extern const struct listing identity_provider_listing;
extern const struct query identity_provider_by_id, identity_provider_insert, identity_provider_update,
    identity_provider_delete;

/* ---- on the way: what sign-in reads before anybody has signed in ---- */
struct oidc_args {
    struct uuid provider_id;
    struct str email, nonce, code_verifier, return_to;
    struct bytes state_hash, browser_hash;
    struct instant at, expires_at;
};

struct oidc_choice { /* which provider an address belongs to */
    struct uuid provider_id;
    struct str name;
};

struct oidc_provider {
    struct uuid provider_id, tenant_id;
    struct str issuer, client_id;
    struct bytes client_secret; /* sealed */
    bool trust_second_factor;
};

struct oidc_return {
    struct uuid provider_id, tenant_id;
    struct str issuer, client_id;
    struct bytes client_secret;
    bool trust_second_factor;
    struct str nonce, code_verifier, return_to;
};

struct oidc_person {
    struct uuid tenant_id, person_id;
    struct str name, email;
    enum language language;
    struct str time_zone;
    bool second_factor;
};

extern const struct shape oidc_choice_shape;
extern const struct query oidc_choose, oidc_open, oidc_remember, oidc_take, oidc_find_person;

#endif
