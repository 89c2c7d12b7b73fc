/* service_target: what is promised, as data (table promise_target).
 *
 * The provider's rows serve everybody; a customer's own take their place for that customer. Of those that fit a case
 * the most exact counts per metric: the customer's own before the provider's, with a category before without, with a
 * plan before without, and then the latest that has begun. A row that has begun never changes: what should be
 * otherwise begins with another row; `active` false says that from then on nothing is promised here.
 */
#ifndef YAGURA_MODEL_SERVICE_TARGET_H
#define YAGURA_MODEL_SERVICE_TARGET_H

#include "model/promise.h"
#include "model/tenant.h"

enum target_standing { TARGET_STANDING_NONE, TARGET_COMING, TARGET_HOLDS, TARGET_OVER };
extern const struct domain target_standing_domain;

struct service_target {
    struct uuid id, tenant_id;
    struct str tenant_name;
    enum tenant_plan plan;   /* none: any */
    struct uuid category_id; /* none: any */
    struct str category;
    enum severity severity;
    enum promise_metric metric;
    enum promise_pace pace;
    int64_t allowance; /* seconds, or days for business_days */
    int64_t mercy_s;
    struct strs starts_on, stops_on, pauses_while, resets_on, warn_at;
    bool active;
    struct instant from_at;
    enum target_standing standing;
    struct str created_by;
    struct instant created_at;
    struct strs can;
};
extern const struct shape service_target_shape;
extern const struct listing service_target_listing;
extern const struct query service_target_by_id, service_target_insert, service_target_delete;

/* All rows for one metric and severity: which of them counts for a case is then plain arithmetic. */
extern const struct query service_targets_of_metric;

#endif
