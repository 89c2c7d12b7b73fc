#include "core/base/log.h"
#include "core/db/job.h"
#include "workflows/service.h"
#include "workflows/uploads.h"

enum { EVERY_MINUTES = 30, FORGOTTEN_HOURS = 24 };

struct sweep_args {
    struct instant at;
};
static const struct shape nothing_shape = { .name = "upload_sweep", .size = sizeof(struct sweep_args) };

/* Somebody may be writing to it at this moment: then it is not over yet. */
static void
drop(struct scope *s, struct uuid id)
{
    struct partial *p;
    if (!partial_open(s, s->service->blobs, id, &p)) {
        scope_forgive(s);
        return;
    }
    partial_drop(p);
}

static bool
end_expired(struct scope *s)
{
    struct rows rows;
    if (!db_list(s, &upload_expired, &(struct upload_sweep_ask){ .at = s->now }, &rows))
        return false;
    const struct upload_sweep_row *items = rows.items;
    for (size_t i = 0; i < rows.count; i++) {
        drop(s, items[i].id);
        if (!db_run(s, &upload_delete, &(struct id_args){ items[i].id }, NULL))
            return false;
    }
    if (rows.count)
        log_info(s, "upload.expired", "%zu uploads", rows.count);
    return true;
}

static bool
drop_unknown(struct scope *s)
{
    struct upload_sweep_ask ask = { .at = s->now };
    struct rows rows;
    if (!partial_list(s, s->service->blobs, instant_plus(s->now, -HOURS(FORGOTTEN_HOURS)), &ask.ids)
        || !db_list(s, &upload_unknown, &ask, &rows))
        return false;
    const struct upload_sweep_row *items = rows.items;
    for (size_t i = 0; i < rows.count; i++)
        drop(s, items[i].id);
    return true;
}

static bool
drop_half_written(struct scope *s)
{
    int64_t gone;
    if (!blob_sweep(s, s->service->blobs, instant_plus(s->now, -HOURS(FORGOTTEN_HOURS)), &gone))
        return false;
    if (gone)
        log_info(s, "upload.half_written", "%lld files", (long long)gone);
    return true;
}

static bool
run(struct scope *s, void *args)
{
    return job_see_every_tenant(s) && end_expired(s) && drop_unknown(s) && drop_half_written(s)
        && job_add(s, &upload_sweep_job, (struct uuid){ 0 }, args, instant_plus(s->now, MINUTES(EVERY_MINUTES)),
                   STR("upload_sweep"));
}

const struct job_kind upload_sweep_job = {
    .name = "upload_sweep", .prose = "End uploads that nobody goes on with", .args = &nothing_shape, .run = run,
    .max_attempts = 1000000,
};
