/* promise_upkeep: what open promises need when something around them changed, done by jobs, a bite at a time.
 *
 *     a calendar got another version --> deadlines of its open promises in business time are computed again; their
 *                                        ledgers stay as they are, since the calendar is not part of them
 *     a target is to hold for open cases, too --> each gets a line `retargeted` in its ledger, with mercy
 *
 * Both go through the promises by id and remember where they were, so a restart loses nothing.
 */
#ifndef YAGURA_WORKFLOWS_PROMISE_UPKEEP_H
#define YAGURA_WORKFLOWS_PROMISE_UPKEEP_H

#include "core/db/job.h"
#include "model/promise.h"

must_check bool promise_recount_soon(struct scope *s, struct uuid calendar_id);
must_check bool promise_retarget_at(struct scope *s, struct uuid target_id, struct instant at);

extern const struct job_kind promise_recount_job, promise_retarget_job, promise_settle_job;
extern const struct query promises_open_of_calendar, promises_open_of_target, promises_unsettled, promise_settle,
    ticket_set_due, ticket_hold_row;

#endif
