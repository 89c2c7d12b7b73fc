/* credential: what proves who somebody is, as the database guards it: passwords, the second factor, sessions, known
 * devices, one-time links and failed attempts. The application role holds no right on these tables; every query here
 * calls a function of migration 0011, which asks whether the transaction serves that person or sees its tenant.
 * Tokens and codes reach the database as hashes only.
 */
#ifndef YAGURA_MODEL_CREDENTIAL_H
#define YAGURA_MODEL_CREDENTIAL_H

#include "core/db/query.h"

/* What these queries take; each uses what it needs. */
struct credential_args {
    struct uuid tenant_id, person_id, id, keep_id, acting_tenant_id;
    struct bytes token_hash, sealed;
    struct str email, place, address, agent, purpose, password_hash, name, time_zone, terms_version;
    enum session_stage stage;
    enum language language;
    struct instant at, expires_at, second_factor_at;
    struct strs code_hashes; /* hex */
    bool by_password;
    int64_t step;
};

/* A sign-in's first look; person_id is absent when nobody has that address. */
struct login {
    struct uuid person_id, tenant_id;
    struct str name, email;
    enum language language;
    struct str time_zone, status;
    bool second_factor;
    struct str password_hash, place;
    bool device_known;
    struct instant blocked_until;
};

struct attempt {
    int64_t failures;
    struct instant blocked_until;
    bool newly_blocked;
};

struct totp_row {
    struct bytes secret, pending; /* sealed */
    int64_t last_step;            /* of the last code that was taken */
};

struct device_row {
    bool known;
    int64_t others;
};

/* Whom a one-time link belongs to. */
struct invited {
    struct uuid tenant_id, person_id;
    struct str email, name, tenant_name;
    enum language language;
    struct str time_zone, status;
};

struct truth {
    bool yes;
};

struct password_row {
    struct str password_hash;
};

struct password_due {
    struct instant at; /* absent: never */
};

extern const struct query login_lookup, attempt_failed, attempt_succeeded, attempts_unlock, password_read,
    password_write, session_start, session_advance, session_code_failed, session_act, session_end,
    session_password_due, totp_read, totp_propose, totp_take_step, totp_enrol, recovery_replace, recovery_use,
    device_remember, device_touch, person_token_issue, person_token_open, person_token_use, person_complete;

/* ---- open sessions, as lists show them ---- */
struct session {
    struct uuid id, tenant_id, person_id;
    enum session_stage stage;
    struct instant created_at, last_seen_at, expires_at, second_factor_at;
    struct uuid acting_tenant_id;
    struct str address, agent;
    bool current;
};
struct session_list_args {
    struct uuid id; /* of the person */
};
extern const struct shape session_shape, session_list_args_shape;
extern const struct listing session_listing, my_session_listing;
extern const struct query session_owner;

#endif
