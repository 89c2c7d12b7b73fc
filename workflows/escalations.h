/* escalations: a deadline is not missed in silence.
 *
 * When a promise reaches 50, 75, 90 and 100 percent of its time, once each, a walk through the chain begins: the
 * customer's, else the provider's. A step names who (the engineer in charge, holders of a permission set, people), how,
 * from which mark on, at which hours, and after how much silence. Steps without anybody new are passed over at once,
 * so with nobody in charge the duty lead is first. Saying "I have it" ends the walk; the answer, a pause or the next
 * mark do, too.
 *
 * A breach that nobody acknowledges walks to the end: when fewer than three people were told by then, duty leads and
 * administrators are; and the case says so in an internal note.
 *
 * Reaching a mark, the row of the walk and the job of its first step are one transaction; so are each step, what is
 * told and the job of the next one. A server that is killed repeats all of it or nothing.
 */
#ifndef YAGURA_WORKFLOWS_ESCALATIONS_H
#define YAGURA_WORKFLOWS_ESCALATIONS_H

#include "core/db/job.h"
#include "model/escalation.h"

/* For each of these (struct promise), at the mark that it has just reached: its `warned`. */
must_check bool escalation_raise(struct scope *s, const struct rows *promises);

/* "I have it": ends every walk of the case. */
must_check bool escalation_have(struct scope *s, struct uuid ticket_id);

must_check bool escalation_chain_create(struct scope *s, const struct escalation_chain_write *in,
                                        struct escalation_chain *out);
must_check bool escalation_chain_change(struct scope *s, const struct escalation_chain_write *in,
                                        struct escalation_chain *out);
must_check bool escalation_chain_remove(struct scope *s, struct uuid id);

extern const struct job_kind escalation_step_job;

#endif
