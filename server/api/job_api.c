/* The job queue: what waits, what died, and what to do with the dead. */
#include "server/api/routes.h"
#include "model/job.h"
#include "model/permission.h"
#include "workflows/audit.h"

static const struct problem problem_job_not_dead = {
    409, "job-not-dead",
    { "Only a job that was given up can be retried or discarded.",
      "再実行または破棄できるのは、失敗して停止したジョブのみです。" },
};

struct job_summary_list {
    struct rows items;
};

static const struct shape job_summary_list_shape = SHAPE(job_summary_list,
    FIELD(job_summary_list, items, "One line per kind and state", .items = &job_summary_shape));

static bool
summarise_jobs(struct scope *s, const void *in, void *out)
{
    (void)in;
    return db_list(s, &job_summary, NULL, &((struct job_summary_list *)out)->items);
}

static bool
change_dead_job(struct scope *s, const struct query *change, struct uuid id, struct str note, const char *action,
                struct job_row *out)
{
    const struct id_args which = { id };
    const struct job_write write = { .id = id, .at = s->now, .note = note };
    int64_t changed;
    if (!db_one(s, &job_by_id, &which, out) || !db_run(s, change, &write, &changed))
        return false;
    if (changed == 0)
        return fail(s, &problem_job_not_dead, "job " STR_FMT, STR_ARG(uuid_format(s->arena, id)));
    const struct deed deed = { .tenant_id = out->tenant_id, .action = action, .noun = "job", .object_id = id,
                               .object_name = out->kind };
    return audit_record(s, &deed) && db_one(s, &job_by_id, &which, out);
}

static bool
retry_job(struct scope *s, const void *in, void *out)
{
    return change_dead_job(s, &job_revive, ((const struct id_args *)in)->id, STR_NONE, "job.retried", out);
}

static bool
discard_job(struct scope *s, const void *in, void *out)
{
    struct str note = str_printf(s->arena, "discarded by " STR_FMT, STR_ARG(s->who->name));
    return change_dead_job(s, &job_discard, ((const struct id_args *)in)->id, note, "job.discarded", out);
}

static const struct route rows[] = {
    { GET, "/jobs", CAN_READ(JOBS), "List the jobs of the queue", .list = &job_listing, .out = &job_shape },
    { GET, "/jobs/summary", CAN_READ(JOBS), "Count the jobs that wait or died, by kind",
      .out = &job_summary_list_shape, .read = summarise_jobs },
    { GET, "/jobs/{id}", CAN_READ(JOBS), "Read a job", .in = &id_args_shape, .out = &job_shape, .one = &job_by_id },
    { POST, "/jobs/{id}/retry", CAN_USE(JOBS), "Let a dead job run again",
      .in = &id_args_shape, .out = &job_shape, .write = retry_job },
    { POST, "/jobs/{id}/discard", CAN_WRITE(JOBS), "Give a dead job up for good",
      .in = &id_args_shape, .out = &job_shape, .write = discard_job },
};

const struct routes job_routes = ROUTES(rows);
