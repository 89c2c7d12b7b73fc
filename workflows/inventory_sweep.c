#include "workflows/inventory_sweep.h"

#include "core/base/log.h"
#include "core/db/db.h"
#include "model/inventory_sweep.h"

enum { SLICE = 1000, EVERY_HOURS = 6 };

static const struct shape nothing_shape = { .name = "inventory_sweep", .size = 1 };

/* A full slice: there may be more, and others get their turn in between. */
static bool
run(struct scope *s, void *args)
{
    const struct inventory_sweep_args slice = { s->now, SLICE };
    struct inventory_swept scripts, files, accounts;
    if (!job_see_every_tenant(s) || !db_one(s, &scripts_sweep, &slice, &scripts)
        || !db_one(s, &executables_sweep, &slice, &files) || !db_one(s, &computer_users_sweep, &slice, &accounts))
        return false;
    bool more = scripts.count == SLICE || files.count == SLICE || accounts.count == SLICE;
    if (scripts.count || files.count || accounts.count)
        log_info(s, "inventory.swept", "%lld scripts, %lld files, %lld accounts", (long long)scripts.count,
                 (long long)files.count, (long long)accounts.count);
    return job_add(s, &inventory_sweep_job, (struct uuid){ 0 }, args,
                   instant_plus(s->now, more ? SECONDS(1) : HOURS(EVERY_HOURS)), STR("inventory_sweep"));
}

const struct job_kind inventory_sweep_job = {
    .name = "inventory_sweep", .prose = "Let scripts, files and accounts go that were not seen for long",
    .args = &nothing_shape, .run = run, .max_attempts = 1000000,
};
