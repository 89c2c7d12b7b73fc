/* job: the queue as an operator sees it. core/db/job.h says how jobs live; here they are looked at, revived after they
 * died, or given up. */
#ifndef YAGURA_MODEL_JOB_H
#define YAGURA_MODEL_JOB_H

#include "core/db/query.h"

struct job_row {
    struct uuid id, tenant_id;
    struct str tenant_name;
    struct str kind, state;
    struct json args;
    struct instant run_at, created_at, ended_at;
    int64_t attempts, max_attempts;
    struct str last_error;
    struct strs can;
};
extern const struct shape job_shape;
extern const struct listing job_listing;
extern const struct query job_by_id;

/* One line per kind and state, done ones aside. */
struct job_summary_row {
    struct str kind, state;
    int64_t count;
    struct instant oldest_at;
};
extern const struct shape job_summary_shape;
extern const struct query job_summary;

struct job_write {
    struct uuid id;
    struct instant at;
    struct str note;
};
extern const struct query job_revive, job_discard; /* no row: it is not dead */

#endif
