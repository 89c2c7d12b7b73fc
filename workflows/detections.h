/* detections: what people do with what was found, and what a job counts for them.
 *
 *     take      it is mine: looked into           resolve   with a verdict and a reason
 *     reopen    it was not over                   bulk      any of these with many, each for itself, or tried only
 *
 * Resolving ends the gathering of occurrences: the same thing again is a new detection. Whoever writes holds the group
 * first and the detection behind it, as batches do.
 */
#ifndef YAGURA_WORKFLOWS_DETECTIONS_H
#define YAGURA_WORKFLOWS_DETECTIONS_H

#include "core/db/job.h"
#include "model/detection.h"
#include "workflows/people.h"

extern const struct problem detection_cannot; /* 409 */

struct detection_resolve {
    struct uuid id;
    enum detection_verdict verdict;
    struct str reason;
};
struct detection_reopen {
    struct uuid id;
    struct str reason;
};

enum detection_bulk_action { DETECTION_BULK_NONE, DETECTION_BULK_TAKE, DETECTION_BULK_RESOLVE, DETECTION_BULK_REOPEN };
struct detection_bulk {
    enum detection_bulk_action action;
    struct uuids ids;
    bool dry_run;
    enum detection_verdict verdict;
    struct str reason;
};

extern const struct shape detection_resolve_shape, detection_reopen_shape, detection_bulk_shape;

must_check bool detection_take(struct scope *s, struct uuid id, struct detection *out);
must_check bool detection_resolve(struct scope *s, const struct detection_resolve *in, struct detection *out);
must_check bool detection_reopen(struct scope *s, const struct detection_reopen *in, struct detection *out);
must_check bool detection_bulk(struct scope *s, const struct detection_bulk *in, struct bulk_answer *out);

/* A job of the customer behind this transaction, unless one waits already. */
must_check bool detection_job_add(struct scope *s, const struct job_kind *kind, struct uuid tenant_id,
                                  struct instant run_at);

extern const struct job_kind detection_tally_job; /* adds up counters; how computers stand */

#endif
