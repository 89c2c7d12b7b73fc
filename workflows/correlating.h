/* correlating: correlation rules over stored observations.
 *
 * Whatever a correlation reads is an observation, a row written with its batch. The job of a customer takes what is
 * new and goes through the stretch of event time around it again: what was taken already comes first and fires
 * nothing, what is new comes behind it in the order of its time. So the answer is that of one endless stream, an event
 * that comes late included, and the only state is in the database.
 *
 * A correlation fires once for each thing that it groups by; firing again is one more occurrence.
 */
#ifndef YAGURA_WORKFLOWS_CORRELATING_H
#define YAGURA_WORKFLOWS_CORRELATING_H

#include "core/db/job.h"

extern const struct job_kind correlate_job;

#endif
