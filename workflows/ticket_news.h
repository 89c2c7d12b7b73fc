/* ticket_news: who hears of what happens to a case.
 *
 * Requester, engineer in charge and watchers hear what concerns their side; the author does not. Internal notes are
 * told to the provider's people alone. A case that nobody is in charge of is told to the duty leads. The receipt of a
 * new case is automatic: it stops no clock.
 *
 * A question that stays unanswered reminds by itself, after as many business days as the customer's notice_setting
 * says; the customer's answer, or any other way on from waiting, ends that.
 */
#ifndef YAGURA_WORKFLOWS_TICKET_NEWS_H
#define YAGURA_WORKFLOWS_TICKET_NEWS_H

#include "core/db/job.h"
#include "model/ticket.h"
#include "model/ticket_post.h"

/* `action` as the audit log calls it: "ticket.opened". */
must_check bool ticket_news_changed(struct scope *s, const char *action, const struct ticket *before,
                                    const struct ticket *after);
must_check bool ticket_news_said(struct scope *s, const struct ticket *t, const struct ticket_post *post);

extern const struct job_kind question_reminder_job;

#endif
