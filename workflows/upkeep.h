/* upkeep: once an hour, without anybody asking: people hear of API keys that end within two weeks, and mails older than
 * half a year go. Each run adds the next; a run that was missed is made up for by the one after it. */
#ifndef YAGURA_WORKFLOWS_UPKEEP_H
#define YAGURA_WORKFLOWS_UPKEEP_H

#include "core/db/job.h"

extern const struct job_kind upkeep_job;
extern const struct query api_keys_to_remind, mail_sweep;

#endif
