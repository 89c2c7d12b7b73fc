/* How many files there are of each kind, counted ahead for customers with very many: a dashboard has no time to. */
#include "core/db/db.h"
#include "model/dashboard.h"
#include "workflows/dashboard.h"

enum { FILES_LEAST = 5000, EVERY_MINUTES = 10 };

static const struct shape nothing_shape = { .name = "file_figures", .size = 1 };

static bool
run(struct scope *s, void *args)
{
    const struct file_count_args count = { s->now, FILES_LEAST };
    return job_see_every_tenant(s) && db_run(s, &file_figures_forget, NULL, NULL)
        && db_run(s, &file_figures_count, &count, NULL)
        && job_add(s, &file_figures_job, (struct uuid){ 0 }, args, instant_plus(s->now, MINUTES(EVERY_MINUTES)),
                   STR("file_figures"));
}

const struct job_kind file_figures_job = {
    .name = "file_figures", .prose = "Count the files of customers who have very many", .args = &nothing_shape,
    .run = run, .max_attempts = 1000000,
};
