/* promise: one running time promise on a case, and its ledger. workflows/promise.h has the arithmetic; the columns
 * here that could be computed (state, due_at, next_at) are kept for queues and for waking up in time. */
#ifndef YAGURA_MODEL_PROMISE_H
#define YAGURA_MODEL_PROMISE_H

#include "model/ticket.h"

enum promise_pace { PACE_NONE, PACE_AROUND_THE_CLOCK, PACE_BUSINESS_TIME, PACE_BUSINESS_DAYS };
enum promise_event { EVENT_NONE, EVENT_STARTED, EVENT_PAUSED, EVENT_RESUMED, EVENT_RETARGETED, EVENT_STOPPED,
                     EVENT_DISPUTED, EVENT_CORRECTED };
enum promise_state { PROMISE_NONE, PROMISE_RUNNING, PROMISE_PAUSED, PROMISE_MET, PROMISE_MISSED };

/* What may start, stop or begin a promise anew; and the states of a case in which it may stand still. */
enum promise_occasion {
    OCCASION_NONE, OCCASION_CASE_OPENED, OCCASION_CASE_REOPENED, OCCASION_ENGINEER_ANSWERED, OCCASION_CUSTOMER_WROTE,
    OCCASION_ENGINEER_ASSIGNED
};

extern const struct domain promise_pace_domain, promise_event_domain, promise_state_domain, promise_occasion_domain,
    promise_wait_domain, promise_warning_domain;

struct promise {
    struct uuid id, tenant_id, ticket_id;
    int64_t cycle;
    enum promise_metric metric;
    struct uuid calendar_id; /* none: around the clock needs none */
    enum severity severity;  /* the last one it was counted for */
    enum promise_pace pace;
    struct strs stops_on, pauses_while, resets_on, warn_at; /* as its target said when it began */
    enum promise_state state;
    struct instant started_at, due_at, stopped_at, next_at;
    bool late;
    int64_t warned;
    int64_t allowance_s, elapsed_s; /* the second once it is over; INT_NONE before */
    struct str stopped_by;          /* the cause of the line that ended it */
};
extern const struct shape promise_shape;

/* One line of the ledger. */
struct promise_line {
    struct uuid tenant_id, promise_id;
    int64_t seq;
    enum promise_event event;
    struct instant at;
    enum promise_pace pace;
    int64_t allowance, mercy_s; /* INT_NONE where the event has no target */
    struct str cause, note;
    struct uuid actor_id;
    struct str actor_name;
    struct uuid post_id;
    int64_t corrects; /* DISPUTED and CORRECTED: the line of the pause it is about; INT_NONE */
};
extern const struct shape promise_line_shape;

struct ticket_cycle_args {
    struct uuid tenant_id, ticket_id;
    int64_t cycle;
};
struct promise_ref {
    struct uuid tenant_id, promise_id;
};

extern const struct query promises_of_cycle, promises_of_ticket;
extern const struct query promise_by_id, promise_lock_ticket, promise_insert, promise_save;
extern const struct query promise_lines, promise_line_insert;
extern const struct query promise_lines_of_ticket; /* of all its promises, grouped */

/* Of many promises by one statement each. A mark changes few of the columns. */
struct promise_many_args {
    struct uuids ids;
    struct rows rows; /* struct promise */
};
extern const struct query promises_lock_free; /* those whose case nobody holds; they are ours then */
extern const struct query promises_running, promise_lines_of_many, promises_save_marks;

/* The targets that hold for a case at a time, the most exact one per metric. */
struct target_args {
    struct uuid tenant_id, category_id;
    enum severity severity;
    struct instant at;
};
struct promise_target_row {
    struct uuid id;
    enum promise_metric metric;
    enum promise_pace pace;
    int64_t allowance, mercy_s;
    struct strs starts_on, stops_on, pauses_while, resets_on, warn_at;
};
extern const struct query targets_for;

#endif
