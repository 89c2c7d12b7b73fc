/* what_if: what a change of a calendar or a target would do, before it is saved.
 *
 * Two questions. Open cases: which deadline does each have, and which would it have? Months that are over: how many
 * promises were met and missed, and how many would have been, had the change held all that time? Both are computed from
 * the ledgers with the change put into the arithmetic; nothing is written.
 *
 * The answer comes in pieces of a few hundred promises, each with a cursor to the next, so that no request is long
 * whatever there is to look through: the caller adds the pieces up, shows how far it is, and may stop.
 */
#ifndef YAGURA_WORKFLOWS_WHAT_IF_H
#define YAGURA_WORKFLOWS_WHAT_IF_H

#include "workflows/calendar_year.h"
#include "workflows/targets.h"

struct calendar_what_if {
    struct uuid id;
    struct str from_day;
    struct rows windows, exception_windows, exceptions;
    enum holidays holidays;
    int64_t months;    /* how many that are over to look at; 0: none */
    struct str cursor; /* of the piece before */
};
extern const struct shape calendar_what_if_shape;

extern const struct shape target_what_if_shape; /* struct target_write */

/* An open case whose deadline would be another one. */
struct what_if_case {
    struct uuid ticket_id;
    struct str reference, subject, tenant_name;
    enum severity severity;
    enum promise_metric metric;
    struct instant due_now, due_then; /* absent while it stands still */
    int64_t left_now_s, left_then_s;  /* what is left of the allowance; negative when late */
};

/* Of one piece; months come again with the next piece and are added up. */
struct what_if_month {
    struct str month; /* 2026-10 */
    enum severity severity;
    int64_t met_now, missed_now, met_then, missed_then;
};

struct what_if_piece {
    struct rows cases, months;
    int64_t looked_at;     /* promises in this piece */
    int64_t total;         /* in all pieces, counted up to 50,000, with the first; absent later */
    struct str next_cursor; /* absent with the last */
};
extern const struct shape what_if_piece_shape;

must_check bool what_if_calendar(struct scope *s, const struct calendar_what_if *ask, struct what_if_piece *out);
must_check bool what_if_target(struct scope *s, const struct target_write *ask, struct what_if_piece *out);

extern const struct query *const what_if_queries[];
extern const size_t what_if_query_count;

#endif
