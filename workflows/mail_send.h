/* mail_send: the job that carries one mail of the outbox to the mail server. */
#ifndef YAGURA_WORKFLOWS_MAIL_SEND_H
#define YAGURA_WORKFLOWS_MAIL_SEND_H

#include "core/db/job.h"

extern const struct job_kind mail_send_job;

/* The attempt after `attempts` others: a job that comes late, or twice, sees that it is not meant. */
must_check bool mail_send_later(struct scope *s, struct uuid tenant_id, struct uuid mail_id, int64_t attempts,
                                struct instant at);

#endif
