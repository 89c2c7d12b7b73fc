/* promise_dispute: a customer's word against a pause of a clock, and what the provider decided. Both sides read it. */
#ifndef YAGURA_MODEL_PROMISE_DISPUTE_H
#define YAGURA_MODEL_PROMISE_DISPUTE_H

#include "model/promise.h"

enum dispute_state { DISPUTE_NONE, DISPUTE_OPEN, DISPUTE_ACCEPTED, DISPUTE_DECLINED };
extern const struct domain dispute_state_domain;

struct promise_dispute {
    struct uuid id, tenant_id, ticket_id, promise_id;
    int64_t seq; /* the ledger's entry of the pause */
    enum promise_metric metric;
    struct str ticket_reference, tenant_name;
    enum dispute_state state;
    struct str reason;
    struct uuid opened_by_id;
    struct str opened_by_name;
    struct instant opened_at;
    struct str decision, decided_by_name;
    struct instant decided_at;
    struct strs can; /* decide */
};
extern const struct shape promise_dispute_shape;
extern const struct listing promise_dispute_listing;           /* all that the caller may see */
extern const struct listing promise_dispute_of_ticket_listing; /* takes id_args: the case */
extern const struct query promise_dispute_by_id, promise_dispute_insert, promise_dispute_decide;

#endif
