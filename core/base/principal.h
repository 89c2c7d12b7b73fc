/* principal: who asks, and what that person or program may do.
 *
 * A permission is a function (a part of the product) and a level: read sees, use works with it, write changes
 * it. The functions are listed by the service in model/permission.h; here they are small numbers. A principal
 * sees the tenants of its list and no others; the database holds it to that with row-level security.
 */
#ifndef YAGURA_CORE_BASE_PRINCIPAL_H
#define YAGURA_CORE_BASE_PRINCIPAL_H

#include "core/base/language.h"
#include "core/base/uuid.h"

enum { PERMISSION_FUNCTIONS_MAX = 64 };
enum level { LEVEL_NONE, LEVEL_READ, LEVEL_USE, LEVEL_WRITE };

struct permission {
    uint8_t function; /* 0 is PUBLIC: no sign-in; 1 is SIGNED_IN: any person, no more asked */
    uint8_t level;
};

#define PUBLIC ((struct permission){ 0, 0 })
#define SIGNED_IN ((struct permission){ 1, 0 })

enum principal_kind { PRINCIPAL_NONE, PRINCIPAL_SESSION, PRINCIPAL_API_KEY, PRINCIPAL_MAIL, PRINCIPAL_SYSTEM };
enum principal_side { SIDE_NONE, SIDE_PROVIDER, SIDE_CUSTOMER };

/* How far a sign-in has come: a password alone opens nothing but the way to the second factor. */
enum session_stage { STAGE_NONE, STAGE_TOTP_ENROLMENT, STAGE_TOTP, STAGE_PASSWORD, STAGE_COMPLETE };

struct principal {
    enum principal_kind kind;
    enum principal_side side;
    enum session_stage stage; /* of a session; an API key is always STAGE_COMPLETE */
    struct uuid tenant_id; /* where the person belongs: the provider is a tenant, too */
    struct uuid person_id;
    struct uuid credential_id;     /* the session or the API key */
    struct uuid acting_tenant_id;  /* set while a provider's person looks as this customer */
    struct str name, email;
    enum language language;
    struct str time_zone;
    struct instant second_factor_at; /* when the second factor was last proven */
    struct uuids tenants;            /* whom it may see */
    bool all_tenants;                /* of the provider, including customers yet to come */
    uint8_t levels[PERMISSION_FUNCTIONS_MAX];
};

extern const struct principal principal_system; /* jobs: sees the tenant of the job */

bool principal_may(const struct principal *p, struct permission needed);
bool principal_sees(const struct principal *p, struct uuid tenant_id);

#endif
