/* job_row: a claimed job and the statements of its life. Inside core/db alone. */
#ifndef YAGURA_CORE_DB_JOB_ROW_H
#define YAGURA_CORE_DB_JOB_ROW_H

#include "core/db/job.h"

enum { JOB_BATCH = 50, JOB_MANY = 500 };
enum { JOB_ATTEMPTS = 10, JOB_BACK_OFF_S = 5, JOB_BACK_OFF_MAX_S = 3600, JOB_ERROR_MAX = 500 };

struct job_row {
    struct uuid tenant_id, id;
    struct str kind;
    struct json args;
    int64_t attempts; /* this one included */
};

/* Due rows of these kinds, already marked as what they will be when this transaction commits. */
must_check bool job_claim(struct scope *s, struct strs kinds, enum job_state becomes, int64_t limit, struct rows *out);

/* Back as they were before the claim of this transaction. */
must_check bool job_unclaim(struct scope *s, struct uuids ids);

/* The claim that outlives the transaction; false in *held: somebody else has it. */
must_check bool job_lock(struct scope *s, struct uuid id, bool *held);
must_check bool job_unlock(struct scope *s, struct uuid id);
must_check bool job_revive_abandoned(struct scope *s, int64_t *revived);

/* The end of a claim: done when `why` is NULL, else ready after a back-off, or dead. It is written only while the row
 * is as the claim left it; *still_ours tells. `from` is JOB_READY when the claim itself was rolled back. */
must_check bool job_end(struct scope *s, const struct job_row *job, const struct job_kind *kind, enum job_state from,
                        const struct failure *why, bool *still_ours);

must_check bool job_sweep(struct scope *s);

#endif
