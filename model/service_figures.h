/* service_figures: what was promised and what came of it, counted. Every figure is read from the promises, whose
 * columns are kept from their ledgers; so a figure can be followed to its cases and from there to every minute.
 *
 * A promise belongs to the month in which it began, on the customer's own wall. It was missed when it ended late, and
 * also while it still runs and its deadline has passed: nobody looks better by not answering. Median and 95th
 * percentile are of the time that counted until an engineer answered, by nearest rank: a value that really occurred.
 */
#ifndef YAGURA_MODEL_SERVICE_FIGURES_H
#define YAGURA_MODEL_SERVICE_FIGURES_H

#include "model/promise.h"

struct figures_ask {
    int64_t year, month; /* the last month asked for */
    int64_t months;      /* so many up to it */
    struct uuid customer_id; /* none: of everybody whom the caller sees */
};
extern const struct shape figures_ask_shape;

struct figures_row {
    struct str id; /* made of the next four */
    struct uuid tenant_id;
    struct str tenant_name;
    struct str month; /* 2026-11 */
    enum severity severity;
    enum promise_metric metric;
    int64_t met, missed, open;
    int64_t answered;        /* promises that an engineer's answer ended */
    int64_t median_s, p95_s; /* of these; absent with none */
};
extern const struct shape figures_row_shape;
extern const struct listing service_figures;

/* The same of all customers together: few rows however many customers there are. */
struct trend_row {
    struct str id, month;
    enum severity severity;
    enum promise_metric metric;
    int64_t met, missed, open;
};
extern const struct shape trend_row_shape;
extern const struct listing service_trend;

/* One promise with its case: the list of misses, and what is left of those that run. */
struct promise_row {
    struct uuid id, tenant_id, ticket_id;
    struct str tenant_name, reference, subject;
    enum severity severity;
    enum promise_metric metric;
    enum promise_state state;
    bool missed;
    struct instant started_at, due_at, stopped_at;
    int64_t allowance_s, elapsed_s;
    struct str stopped_by, assignee_name;
};
extern const struct shape promise_row_shape;
extern const struct listing promise_listing;

#endif
