#include "workflows/promise_upkeep.h"

#include "workflows/promises_parts.h"

enum { BITE = 100 };

#define AFTER "coalesce(:after, '00000000-0000-0000-0000-000000000000')"

struct upkeep_args {
    struct uuid of; /* the calendar, the target */
    struct uuid after;
};
static const struct shape args_shape = SHAPE(upkeep_args, FIELD(upkeep_args, of, "Which calendar or target"),
                                             FIELD(upkeep_args, after, "The last promise that is done"));

struct open_row {
    struct uuid id, ticket_id;
};
static const struct shape open_shape =
    SHAPE(open_row, FIELD(open_row, id, "The promise"), FIELD(open_row, ticket_id, "Its case"));

const struct query promises_open_of_calendar = {
    .name = "promises_open_of_calendar",
    .sql = "SELECT id, ticket_id FROM promise"
           " WHERE calendar_id = :of AND state IN ('running', 'paused') AND pace <> 'around_the_clock'"
           "   AND id > " AFTER " ORDER BY id LIMIT 100",
    .args = &args_shape, .row = &open_shape,
};

const struct query promises_open_of_target = {
    .name = "promises_open_of_target",
    .sql = "SELECT p.id, p.ticket_id FROM promise_target g"
           "  JOIN promise p ON p.metric = g.metric AND p.severity = g.severity AND p.state IN ('running', 'paused')"
           "  JOIN ticket t ON t.tenant_id = p.tenant_id AND t.id = p.ticket_id"
           "  JOIN tenant c ON c.id = p.tenant_id"
           " WHERE g.id = :of AND p.id > " AFTER " AND (g.plan IS NULL OR g.plan = c.plan)"
           "   AND (g.category_id IS NULL OR g.category_id = t.category_id)"
           "   AND g.tenant_id IN (p.tenant_id, '00000000-0000-7000-8000-000000000001')"
           " ORDER BY p.id LIMIT 100",
    .args = &args_shape, .row = &open_shape,
};

static const struct shape due_shape = SHAPE(ticket,
    FIELD(ticket, id, "Which"), FIELD(ticket, tenant_id, "Whose"), FIELD(ticket, due_at, "When"),
    FIELD(ticket, due_metric, "What", .of = &promise_metric_domain));
const struct query ticket_set_due = {
    .name = "ticket_set_due",
    .sql = "UPDATE ticket SET due_at = :due_at, due_metric = :due_metric WHERE tenant_id = :tenant_id AND id = :id",
    .args = &due_shape,
};

static const struct shape held_shape = SHAPE(ticket,
    FIELD(ticket, id, "Which"), FIELD(ticket, tenant_id, "Whose"), FIELD(ticket, category_id, "What about"),
    FIELD(ticket, severity, "How grave", .of = &severity_domain), FIELD(ticket, cycle, "Which life"));
const struct query ticket_hold_row = {
    .name = "ticket_hold_row",
    .sql = "SELECT id, tenant_id, category_id, severity, cycle FROM ticket WHERE id = :id FOR UPDATE",
    .args = &id_args_shape, .row = &held_shape,
};

/* The case is held before its promises, as every verb does it: two that hold them the other way round would wait for
 * each other for ever. */
static bool
hold(struct scope *s, const struct open_row *row, struct ticket *t, struct promise *p, bool *open)
{
    if (!db_one(s, &ticket_hold_row, &(struct id_args){ row->ticket_id }, t)
        || !db_one(s, &promise_by_id, &(struct id_args){ row->id }, p))
        return false;
    *open = p->state == PROMISE_RUNNING || p->state == PROMISE_PAUSED;
    return true;
}

static bool
show_deadline(struct scope *s, struct ticket *t)
{
    return promises_show_deadline(s, t) && db_run(s, &ticket_set_due, t, NULL);
}

static bool
recount(struct scope *s, struct uuid calendar_id, const struct open_row *row)
{
    struct ticket t;
    struct promise p;
    struct rows lines;
    struct promise_ledger l;
    bool open;
    (void)calendar_id;
    if (!hold(s, row, &t, &p, &open))
        return false;
    return !open || (promise_load(s, &p, &lines, &l) && promise_compute(s, &l, &p)
                     && db_run(s, &promise_save, &p, NULL) && promise_wait(s, &p) && show_deadline(s, &t));
}

static bool
retarget(struct scope *s, struct uuid target_id, const struct open_row *row)
{
    struct ticket t;
    struct promise p;
    struct rows targets;
    bool open;
    if (!hold(s, row, &t, &p, &open))
        return false;
    struct target_args args = { t.tenant_id, t.category_id, t.severity, s->now };
    if (!open || !db_list(s, &targets_for, &args, &targets))
        return !open;
    for (size_t i = 0; i < targets.count; i++) {
        const struct promise_target_row *target = (const struct promise_target_row *)targets.items + i;
        if (target->metric != p.metric || !uuid_eq(target->id, target_id))
            continue; /* a more exact one holds for this case */
        return promise_write(s, &p, EVENT_RETARGETED, target, &(struct promise_cause){ .code = "target.changed" })
            && show_deadline(s, &t);
    }
    return true;
}

static bool
bite(struct scope *s, struct upkeep_args *args, const struct query *open, const struct job_kind *kind,
     bool (*one)(struct scope *, struct uuid, const struct open_row *))
{
    struct rows rows;
    if (!job_see_every_tenant(s) || !db_list(s, open, args, &rows))
        return false;
    const struct open_row *row = rows.items;
    for (size_t i = 0; i < rows.count; i++)
        if (!one(s, args->of, &row[i]))
            return false;
    if (rows.count < BITE)
        return true;
    args->after = row[rows.count - 1].id;
    return job_add(s, kind, (struct uuid){ { 0 } }, args, s->now, STR_NONE);
}

static bool
run_recount(struct scope *s, void *args)
{
    return bite(s, args, &promises_open_of_calendar, &promise_recount_job, recount);
}

const struct job_kind promise_recount_job = {
    .name = "promise_recount", .prose = "Computes open deadlines again after a calendar changed",
    .args = &args_shape, .run = run_recount,
};

static bool
run_retarget(struct scope *s, void *args)
{
    return bite(s, args, &promises_open_of_target, &promise_retarget_job, retarget);
}

const struct job_kind promise_retarget_job = {
    .name = "promise_retarget", .prose = "Lets a new target hold for cases that are open",
    .args = &args_shape, .run = run_retarget,
};

bool
promise_recount_soon(struct scope *s, struct uuid calendar_id)
{
    struct upkeep_args args = { .of = calendar_id };
    return job_add(s, &promise_recount_job, (struct uuid){ { 0 } }, &args, s->now, STR_NONE);
}

bool
promise_retarget_at(struct scope *s, struct uuid target_id, struct instant at)
{
    struct upkeep_args args = { .of = target_id };
    return job_add(s, &promise_retarget_job, (struct uuid){ { 0 } }, &args, at, STR_NONE);
}

/* ---- promises that ended before figures were kept beside them ---- */

const struct query promises_unsettled = {
    .name = "promises_unsettled",
    .sql = "SELECT id, ticket_id FROM promise WHERE state IN ('met', 'missed') AND elapsed_s IS NULL AND id > " AFTER
           " ORDER BY id LIMIT 100",
    .args = &args_shape, .row = &open_shape,
};
const struct query promise_settle = {
    .name = "promise_settle",
    .sql = "UPDATE promise SET allowance_s = :allowance_s, elapsed_s = :elapsed_s"
           " WHERE tenant_id = :tenant_id AND id = :id",
    .args = &promise_shape,
};

static bool
settle(struct scope *s, struct uuid nothing, const struct open_row *row)
{
    struct promise p;
    struct rows lines;
    struct promise_ledger l;
    (void)nothing;
    return db_one(s, &promise_by_id, &(struct id_args){ row->id }, &p) && promise_load(s, &p, &lines, &l)
        && promise_compute(s, &l, &p) && db_run(s, &promise_settle, &p, NULL);
}

static bool
run_settle(struct scope *s, void *args)
{
    return bite(s, args, &promises_unsettled, &promise_settle_job, settle);
}

const struct job_kind promise_settle_job = {
    .name = "promise_settle", .prose = "Keeps the figures of promises that ended before figures were kept",
    .args = &args_shape, .run = run_settle,
};
