#include "model/job.h"

const struct shape job_shape = SHAPE(job_row,
    FIELD(job_row, id, "Identity, never reused", .read_only = true),
    FIELD(job_row, tenant_id, "For whom it works; the provider for work of the platform", .filter = true),
    FIELD(job_row, tenant_name, "Name of that customer or of the provider", .sort = true, .search = true),
    FIELD(job_row, kind, "What it does", .filter = true, .sort = true, .search = true),
    FIELD(job_row, state, "ready, acting, done or dead", .filter = true, .sort = true),
    FIELD(job_row, args, "What it was given"),
    FIELD(job_row, run_at, "When it is due", .filter = true, .sort = true),
    FIELD(job_row, created_at, "When it was added", .filter = true, .sort = true),
    FIELD(job_row, ended_at, "When it was done or died", .filter = true, .sort = true),
    FIELD(job_row, attempts, "How often it was tried", .sort = true),
    FIELD(job_row, max_attempts, "After how many tries it dies"),
    FIELD(job_row, last_error, "Why the last try failed", .search = true),
    FIELD(job_row, can, "Verbs that its state allows"));

#define JOB_SELECT                                                                                              \
    "SELECT j.id, j.tenant_id, t.name AS tenant_name, j.kind, j.state, j.args, j.run_at, j.created_at, "        \
    "j.ended_at, j.attempts, j.max_attempts, j.last_error, "                                                    \
    "CASE j.state WHEN 'dead' THEN ARRAY['retry', 'discard'] ELSE '{}'::text[] END AS can "                     \
    "FROM job j JOIN tenant t ON t.id = j.tenant_id"

const struct listing job_listing = {
    .name = "job_listing", .from = JOB_SELECT, .row = &job_shape, .key = "id", .sort = "-created_at",
};

const struct query job_by_id = {
    .name = "job_by_id", .sql = JOB_SELECT " WHERE j.id = :id", .args = &id_args_shape, .row = &job_shape,
};

const struct shape job_summary_shape = SHAPE(job_summary_row,
    FIELD(job_summary_row, kind, "What the jobs do"),
    FIELD(job_summary_row, state, "ready, acting or dead"),
    FIELD(job_summary_row, count, "How many there are"),
    FIELD(job_summary_row, oldest_at, "When the one that waits longest was due"));

const struct query job_summary = {
    .name = "job_summary",
    .sql = "SELECT kind, state, count(*) AS count, min(run_at) AS oldest_at FROM job WHERE state <> 'done' "
           "GROUP BY kind, state ORDER BY kind, state",
    .row = &job_summary_shape,
};

static const struct shape job_write_shape = SHAPE(job_write,
    FIELD(job_write, id, "Which"),
    FIELD(job_write, at, "Now"),
    FIELD(job_write, note, "Who gave it up"));

const struct query job_revive = {
    .name = "job_revive",
    .sql = "UPDATE job SET state = 'ready', attempts = 0, run_at = :at, ended_at = NULL "
           "WHERE id = :id AND state = 'dead'",
    .args = &job_write_shape,
};

/* Kept a day like every job that is done, with its last error and a word on who gave it up. */
const struct query job_discard = {
    .name = "job_discard",
    .sql = "UPDATE job SET state = 'done', ended_at = :at, last_error = concat_ws(' / ', :note, last_error) "
           "WHERE id = :id AND state = 'dead'",
    .args = &job_write_shape,
};
