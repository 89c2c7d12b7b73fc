/* entitlement: how often a contract includes a service that is asked for by a case, per contract year or calendar
 * month. A use is a row of the case that was opened; one that was declined, merged away or given back does not count.
 * Nothing is ever counted down: what is left is what the uses leave. */
#ifndef YAGURA_MODEL_ENTITLEMENT_H
#define YAGURA_MODEL_ENTITLEMENT_H

#include "core/db/query.h"

enum entitlement_period { ENTITLEMENT_PERIOD_NONE, ENTITLEMENT_CONTRACT_YEAR, ENTITLEMENT_MONTH };
enum entitlement_return { RETURN_NONE, RETURN_DECLINED, RETURN_MERGED, RETURN_GIVEN_BACK };
extern const struct domain entitlement_period_domain, entitlement_return_domain;

struct entitlement_used {
    struct uuid id, ticket_id;
    struct str reference, subject;
    struct instant used_at;
    struct str used_by_name, override_reason;
    bool counts;
    enum entitlement_return return_cause;
    struct str return_reason;
};

/* Of one customer, in one period: the one of today, or the one after it where something counts for that already. */
struct entitlement {
    struct uuid id;
    struct str key;
    struct uuid category_id;
    struct str category;
    enum entitlement_period period;
    struct str period_from, period_to; /* days; the last one is the customer's, too */
    bool current;
    int64_t amount, used, remaining;
    struct rows uses; /* struct entitlement_used */
};
extern const struct shape entitlement_shape;
extern const struct listing entitlement_listing; /* of one customer, id_args */

/* What the contract says about a category, now: no row, no bound. */
struct entitlement_ask {
    struct uuid tenant_id, category_id;
    struct instant at;
};
struct entitlement_left {
    struct uuid id;
    int64_t amount, used, used_next;
    struct str period_from, period_next;
};
extern const struct query entitlement_left;

struct entitlement_use {
    struct uuid id, tenant_id, entitlement_id, ticket_id;
    struct str period_from, override_reason;
    struct instant used_at;
    struct str used_by_name;
    struct instant returned_at;
    enum entitlement_return return_cause;
    struct str return_reason, returned_by_name;
};
extern const struct shape entitlement_use_shape;
extern const struct query entitlement_use_insert, entitlement_use_by_id, entitlement_use_of_ticket;
extern const struct query entitlement_use_save; /* returned, or not any more */

#endif
