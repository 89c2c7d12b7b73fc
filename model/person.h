/* person: somebody, or some program (kind service), who belongs to one tenant.
 *
 *     INVITED --completes the profile--> ACTIVE --disable--> DISABLED --enable--> ACTIVE, or INVITED as before
 *
 * What proves who a person is (password, second factor, sessions) is not here: see model/credential.h. What a person
 * may do is the union of the permission sets; whom a person of the provider sees is tenant_ids, or everybody.
 */
#ifndef YAGURA_MODEL_PERSON_H
#define YAGURA_MODEL_PERSON_H

#include "core/db/query.h"

enum person_kind { PERSON_KIND_NONE, PERSON_HUMAN, PERSON_SERVICE };
enum person_status { PERSON_STATUS_NONE, PERSON_INVITED, PERSON_ACTIVE, PERSON_DISABLED };
enum theme { THEME_NONE, THEME_AUTO, THEME_LIGHT, THEME_DARK };

extern const struct domain person_kind_domain, person_status_domain, theme_domain;

struct person {
    struct uuid id, tenant_id;
    struct str tenant_name;
    struct str email, name;
    enum language language;
    struct str time_zone;
    enum person_status status;
    enum principal_side side;
    enum person_kind kind;
    struct uuids permission_set_ids;
    struct strs permission_sets; /* their names, in the caller's language */
    bool all_tenants;
    struct uuids tenant_ids;
    bool second_factor;
    struct instant last_sign_in_at, locked_until, created_at, updated_at;
    int64_t version;
    struct strs can;
};

struct person_insert {
    struct uuid id, tenant_id;
    enum person_kind kind;
    struct str email, name;
    enum language language;
    struct str time_zone;
    enum person_status status;
    bool all_tenants;
    struct instant at;
};

/* What an administrator may change of somebody. */
struct person_change {
    struct uuid id;
    int64_t version;
    struct str name;
    enum language language;
    struct str time_zone;
    struct uuids permission_set_ids;
    bool all_tenants;
    struct uuids tenant_ids;
    struct instant at;
};

struct person_status_args {
    struct uuid id;
    enum person_status status;
    struct instant at;
};

struct membership {
    struct uuid tenant_id, person_id;
    struct uuids ids;
};

struct person_ref {
    struct uuid tenant_id, person_id;
};

struct count_row {
    int64_t n;
};

/* What somebody holds, for the rule that nobody gives more than they have. */
struct holding {
    struct strs grants;
    struct uuids tenant_ids;
    bool all_tenants;
};

extern const struct shape person_shape, person_change_shape, count_row_shape, person_ref_shape;
extern const struct listing person_listing;
extern const struct query person_by_id, person_insert, person_update, person_set_status, person_enable, person_holding,
    person_sets_clear, person_sets_add, person_tenants_clear, person_tenants_add, tenant_administrators;

/* The person as it sees itself, whichever customer it looks at. */
struct me {
    struct uuid id, tenant_id;
    struct str email, name;
    enum language language;
    struct str time_zone;
    enum theme theme;
    bool second_factor;
    struct instant created_at, last_sign_in_at;
};
struct me_change {
    struct str name;
    enum language language;
    struct str time_zone;
    enum theme theme;
    struct instant at;
};
extern const struct shape me_shape, me_change_shape;
extern const struct query me_read, me_update;

#endif
