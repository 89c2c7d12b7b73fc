/* tenant: a customer, or the provider itself (one row of kind provider with a fixed id).
 *
 *     ONBOARDING --first days--> ACTIVE --suspend--> SUSPENDED --resume--> ACTIVE        any --> ENDED
 *
 * People of a suspended or ended customer cannot sign in; what is kept stays kept.
 */
#ifndef YAGURA_MODEL_TENANT_H
#define YAGURA_MODEL_TENANT_H

#include "core/db/query.h"

enum tenant_kind { TENANT_KIND_NONE, TENANT_PROVIDER, TENANT_CUSTOMER };
enum tenant_plan { TENANT_PLAN_NONE, TENANT_LITE, TENANT_ULTIMATE, TENANT_MSS };
enum tenant_status { TENANT_STATUS_NONE, TENANT_ONBOARDING, TENANT_ACTIVE, TENANT_SUSPENDED, TENANT_ENDED };

extern const struct domain tenant_kind_domain, tenant_plan_domain, tenant_status_domain;
extern const struct uuid provider_tenant_id;

struct tenant {
    struct uuid id;
    struct str name, name_kana, short_code;
    enum tenant_kind kind;
    enum tenant_plan plan;
    enum language language;
    struct str time_zone, holiday_country;
    int64_t reopen_days, password_max_days;
    struct str contract_start; /* the day of licence delivery: contract years count from it; may be absent */
    enum tenant_status status;
    int64_t people_count;
    struct instant created_at, updated_at;
    int64_t version;
    struct strs can;
};

/* What creating and changing take; id and version come from the path and If-Match. */
struct tenant_write {
    struct uuid id;
    int64_t version;
    struct str name, name_kana, short_code;
    enum tenant_plan plan;
    enum language language;
    struct str time_zone, holiday_country;
    int64_t reopen_days, password_max_days;
    struct str contract_start;
    enum tenant_status status;
    struct instant at;
};

extern const struct shape tenant_shape, tenant_create_shape, tenant_update_shape;
extern const struct listing tenant_listing;
extern const struct query tenant_by_id, tenant_insert, tenant_update, tenant_set_status, tenant_lock;

struct tenant_status_args {
    struct uuid id;
    enum tenant_status status;
    struct instant at;
};

#endif
