/* storage: the upkeep of what telemetry becomes. Days are made ahead and let go when their time is over; what open
 * detections rely on is copied before that; small segments become large ones, which are packed and searched better. */
#ifndef YAGURA_WORKFLOWS_STORAGE_H
#define YAGURA_WORKFLOWS_STORAGE_H

#include "core/db/job.h"
#include "model/retention.h"
#include "model/segment.h"
#include "xdr/segment.h"

/* The columns beside a finished segment. */
void segment_row_fill(struct segment_row *row, const struct segment_facts *facts, struct str body);

/* What is kept shorter goes with the next upkeep; what is kept longer is so from now on. */
must_check bool retention_change(struct scope *s, const struct retention *in, struct retention *out);

extern const struct job_kind storage_upkeep_job, segment_merge_job;

#endif
