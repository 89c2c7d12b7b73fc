/* principal: from a session cookie or an API key to who asks.
 *
 * principal_open is the opening query of a request (db_begin_with): in one round trip it finds the credential by the
 * hash of its token, refuses what is expired, revoked, disabled or suspended, sets the tenants that row-level security
 * lets the transaction see, and gives the row from which principal_read makes a struct principal. When it refuses, the
 * transaction sees no tenant at all, so a read sent behind it in the same pipeline finds nothing.
 *
 * The permission, the stage and the fresh second factor of the route are asked of the struct principal afterwards.
 */
#ifndef YAGURA_MODEL_PRINCIPAL_H
#define YAGURA_MODEL_PRINCIPAL_H

#include "core/db/query.h"

enum principal_outcome {
    OUTCOME_NONE,
    OUTCOME_OPEN,
    OUTCOME_UNKNOWN,   /* no such token, or it was revoked */
    OUTCOME_EXPIRED,
    OUTCOME_DISABLED,  /* the person was disabled */
    OUTCOME_SUSPENDED, /* the customer was suspended or has ended */
    OUTCOME_TENANT     /* asked to be narrowed to a tenant that may not be seen */
};
extern const struct domain principal_outcome_domain;
extern const struct domain principal_side_domain; /* provider, customer */
extern const struct domain session_stage_domain;  /* totp_enrolment, totp, password, complete */

struct principal_ask {
    struct bytes token_hash; /* SHA-256 of the cookie's value or of the whole API key */
    struct str kind;         /* session or api_key */
    struct instant at;
    struct str address;
    struct uuid narrow_tenant_id; /* X-Yagura-Tenant, or none */
};

struct principal_row {
    enum principal_outcome outcome;
    struct uuid credential_id, person_id, tenant_id, acting_tenant_id;
    enum principal_side side;
    enum session_stage stage;
    struct str name, email, time_zone;
    enum language language;
    struct instant second_factor_at;
    bool all_tenants;
    struct uuids tenant_ids;
    struct strs grants; /* "people:write" */
};

extern const struct query principal_open;

/* problem_unauthorized, problem_forbidden or problem_not_found when the outcome is not OUTCOME_OPEN. */
must_check bool principal_read(struct scope *s, const struct principal_ask *ask, const struct principal_row *row,
                               struct principal *out);

/* "people:write" and the like; false for a function or level that does not exist. */
must_check bool grant_parse(struct str grant, struct permission *out);
struct str grant_format(struct arena *a, struct permission p);
void grants_to_levels(struct strs grants, uint8_t levels[PERMISSION_FUNCTIONS_MAX]);
struct strs grants_of(struct arena *a, const uint8_t levels[PERMISSION_FUNCTIONS_MAX]);

#endif
