/* promises: the time promises of a case, kept in the database.
 *
 * A case starts a promise for every target that holds for it. What then happens to the case is written into the ledgers
 * (promise_entry), the standing is computed again from them, and the case shows the next deadline. Nothing else
 * changes a promise: a ledger is only ever added to.
 *
 *     an occasion (opened, answered, assigned …) --> what names it in starts_on, stops_on, resets_on starts or stops
 *     the case waits --> those that pause meanwhile stand still until it goes on
 *     severity decided --> all that run are retargeted, with mercy          resolved --> all stop
 *
 * Each promise has at most one waiting job: at its next mark (50, 75, 90, 100 percent). When it fires, the standing is
 * computed anew; a mark that was truly reached is told once, one that moved away waits again. So a pause needs no
 * clean-up, and the cost of time passing is what is due, not what is open.
 */
#ifndef YAGURA_WORKFLOWS_PROMISES_H
#define YAGURA_WORKFLOWS_PROMISES_H

#include "core/db/job.h"
#include "model/promise.h"
#include "workflows/promise.h"

/* Why something happened to a promise, as the ledger tells it. */
struct promise_cause {
    const char *code;    /* "ticket.opened" */
    struct str note;     /* somebody's words, may be absent */
    struct uuid post_id; /* the question or the answer, may be none */
    int64_t corrects;    /* the line of the pause it is about; 0: none */
};

/* Each leaves ticket->due_at and ticket->due_metric as they are now; saving the ticket is the caller's. */
must_check bool promises_start(struct scope *s, struct ticket *t, const struct promise_cause *why);
must_check bool promises_stop(struct scope *s, struct ticket *t, unsigned metrics, const struct promise_cause *why);
/* Something happened on which promises start, are kept, or are kept and begin anew. */
must_check bool promises_happen(struct scope *s, struct ticket *t, enum promise_occasion what,
                                const struct promise_cause *why);
/* After t->status changed: what stands still while a case waits so stands still, what does not goes on. */
must_check bool promises_follow(struct scope *s, struct ticket *t, const struct promise_cause *why);
must_check bool promises_pause(struct scope *s, struct ticket *t, const struct promise_cause *why);
must_check bool promises_resume(struct scope *s, struct ticket *t, const struct promise_cause *why);
must_check bool promises_retarget(struct scope *s, struct ticket *t, const struct promise_cause *why);

#define METRIC_BIT(metric) (1u << (metric))
enum { METRICS_ALL = ~0 };

/* What the pages show of one promise: its standing now, its ledger, and the bar that explains every minute. */
struct promise_segment_view {
    struct str kind; /* run, paused, out_of_hours */
    struct instant start_at, end_at;
    int64_t seq; /* the line of the ledger that began it */
};

struct promise_view {
    struct uuid id;
    int64_t cycle;
    enum promise_metric metric;
    enum promise_state state;
    struct instant started_at, due_at, stopped_at;
    bool late;
    int64_t allowance_s, elapsed_s, remaining_s, warned;
    struct rows lines;    /* struct promise_line */
    struct rows segments; /* struct promise_segment_view */
};
extern const struct shape promise_view_shape;

struct promise_views {
    struct rows items;
};
extern const struct shape promise_views_shape;
must_check bool promises_view(struct scope *s, struct uuid ticket_id, struct promise_views *out);

extern const struct job_kind promise_mark_job;

#endif
