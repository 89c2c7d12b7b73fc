/* targets: saying what is promised. A target is a row that begins at a moment and is never changed afterwards; one
 * that has not begun can be taken back. Cases that are open keep what was promised to them, unless the target is said
 * to hold for them, too: then each ledger gets a line that says so. */
#ifndef YAGURA_WORKFLOWS_TARGETS_H
#define YAGURA_WORKFLOWS_TARGETS_H

#include "model/service_target.h"

extern const struct problem target_began; /* 409 */

struct target_write {
    struct uuid tenant_id; /* none: the provider's, for everybody */
    enum tenant_plan plan;
    struct uuid category_id;
    enum severity severity;
    enum promise_metric metric;
    enum promise_pace pace;
    int64_t allowance, mercy_s;
    struct strs starts_on, stops_on, pauses_while, resets_on, warn_at;
    bool ends; /* from then on nothing is promised here */
    struct instant from_at; /* none: now */
    bool for_open_cases;
    int64_t months;    /* of a what-if: workflows/what_if.h */
    struct str cursor;
};
extern const struct shape target_write_shape;
#define TARGET_WORDS(type)                                                                                        \
    FIELD(type, tenant_id, "Whose; the provider's when absent: for everybody"),                                   \
    FIELD(type, plan, "For which contract; absent: any", .of = &tenant_plan_domain),                              \
    FIELD(type, category_id, "For which category; absent: any"),                                                  \
    FIELD(type, severity, "For which severity", .of = &severity_domain, .required = true),                        \
    FIELD(type, metric, "What is promised", .of = &promise_metric_domain, .required = true),                      \
    FIELD(type, pace, "Which time counts", .of = &promise_pace_domain, .required = true),                         \
    FIELD(type, allowance, "How much: seconds, or business days", .min = 1, .max = 31536000, .required = true),   \
    FIELD(type, mercy_s, "Least time left after a change, in seconds", .min = 0, .max = 864000),                  \
    FIELD(type, starts_on, "What begins it", .of = &promise_occasion_domain, .max = 5),                           \
    FIELD(type, stops_on, "What keeps it", .of = &promise_occasion_domain, .max = 5),                             \
    FIELD(type, pauses_while, "While the case waits for whom it stands still", .of = &promise_wait_domain,        \
          .max = 2),                                                                                              \
    FIELD(type, resets_on, "What keeps it and begins it anew", .of = &promise_occasion_domain, .max = 5),         \
    FIELD(type, warn_at, "At which shares of the time it warns, in percent", .of = &promise_warning_domain,       \
          .max = 8),                                                                                              \
    FIELD(type, ends, "From then on nothing is promised here")

/* The row that this writing would become, checked; or fails naming the field. */
must_check bool target_of(struct scope *s, const struct target_write *in, struct service_target *row);
must_check bool target_set(struct scope *s, const struct target_write *in, struct service_target *out);
must_check bool target_take_back(struct scope *s, struct uuid id);

/* Whether row a goes before row b for one and the same case: the order the database uses as well. */
bool target_goes_before(const struct service_target *a, const struct service_target *b, struct uuid tenant_id);
bool target_fits(const struct service_target *t, struct uuid tenant_id, enum tenant_plan plan, struct uuid category_id);

#endif
