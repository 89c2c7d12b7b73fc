/* incident_gather: detections find the incident they belong to, or begin one.
 *
 * The job looks at every detection that no incident has and that is young enough to matter, together with what open
 * incidents are about. What shares something within the window of a rule is one story (workflows/incident_match.h). A
 * story in which an incident stands joins it; another becomes an incident when the conditions of a rule hold over it;
 * the rest waits for what comes.
 *
 * One customer's stories are told by one job at a time: it holds a lock of that customer until its transaction ends, so
 * two cannot make two incidents of one story. A detection is marked with its incident in the same transaction: a
 * crash in between leaves it to the next run.
 *
 * Whoever made detections adds the job in the same transaction:
 *     job_add(s, &incident_gather_job, tenant_id, NULL, s->now, STR("gather"))
 */
#ifndef YAGURA_WORKFLOWS_INCIDENT_GATHER_H
#define YAGURA_WORKFLOWS_INCIDENT_GATHER_H

#include "core/db/job.h"

extern const struct job_kind incident_gather_job; /* takes nothing */

#endif
