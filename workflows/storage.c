#include "workflows/storage.h"

#include "core/base/log.h"
#include "workflows/audit.h"
#include "workflows/evidence.h"

enum { DAYS_AHEAD = 3, EVERY_MINUTES = 30, EVIDENCE_AT_ONCE = 200 };

struct upkeep_args {
    struct instant at;
};
static const struct shape nothing_shape = { .name = "storage_upkeep", .size = sizeof(struct upkeep_args) };

void
segment_row_fill(struct segment_row *row, const struct segment_facts *facts, struct str body)
{
    row->events = facts->event_count;
    row->raw_bytes = (int64_t)facts->raw_bytes;
    row->kinds = facts->kinds;
    row->filter = (struct bytes){ facts->filter };
    row->body = (struct bytes){ body };
    if (!facts->hosts_are_many)
        row->hosts = facts->hosts;
    if (facts->first_event_ms == SEGMENT_NO_TIME)
        return;
    row->time_from = event_instant(facts->first_event_ms);
    row->time_to = event_instant(facts->last_event_ms);
}

bool
retention_change(struct scope *s, const struct retention *in, struct retention *out)
{
    struct retention before;
    return db_one(s, &retention_by_tenant, &(struct id_args){ in->id }, &before)
        && db_one(s, &retention_set, in, out)
        && audit_record(s, &(struct deed){
               .tenant_id = out->id, .action = "tenant.retention-set", .noun = "tenant", .object_id = out->id,
               .object_name = out->name, .change = shape_difference(s->arena, &retention_shape, &before, out) });
}

static bool
make_days(struct scope *s)
{
    for (int ahead = 0; ahead <= DAYS_AHEAD; ahead++)
        if (!db_run(s, &day_begin, &(struct day_args){ instant_plus(s->now, DAYS(ahead)) }, NULL))
            return false;
    return true;
}

/* One that cannot be read does not keep the others from being copied, nor its day from going. */
static bool
keep_one(struct scope *s, const struct expiring_event *e)
{
    if (!db_savepoint(s))
        return false;
    if (evidence_keep(s, "detection", e->detection_id, e->batch_id, e->event_index))
        return db_savepoint_release(s);
    log_warn(s, "storage.no_evidence", STR_FMT, STR_ARG(s->failure.detail));
    scope_forgive(s);
    return db_savepoint_rollback(s);
}

static bool
keep_evidence(struct scope *s, bool *all)
{
    struct rows rows;
    if (!db_list(s, &events_expiring, &(struct day_args){ s->now }, &rows))
        return false;
    const struct expiring_event *items = rows.items;
    for (size_t i = 0; i < rows.count; i++)
        if (!keep_one(s, &items[i]))
            return false;
    *all = rows.count < EVIDENCE_AT_ONCE;
    return true;
}

static bool
expire(struct scope *s)
{
    struct rows rows;
    if (!db_list(s, &days_expire, &(struct day_args){ s->now }, &rows))
        return false;
    const struct expired_day *days = rows.items;
    for (size_t i = 0; i < rows.count; i++)
        log_info(s, "storage.day_ended", STR_FMT "%s", STR_ARG(days[i].part), days[i].kept ? ", rewritten" : "");
    return true;
}

/* No day goes before its evidence was copied: with much of it, in turns. */
static bool
run(struct scope *s, void *args)
{
    bool all = false;
    return job_see_every_tenant(s) && make_days(s) && keep_evidence(s, &all) && (!all || expire(s))
        && job_add(s, &storage_upkeep_job, (struct uuid){ 0 }, args,
                   instant_plus(s->now, all ? MINUTES(EVERY_MINUTES) : 0), STR("storage_upkeep"));
}

const struct job_kind storage_upkeep_job = {
    .name = "storage_upkeep", .prose = "Make days ahead, copy evidence, let days go whose time is over",
    .args = &nothing_shape, .run = run, .max_attempts = 1000000,
};
