#include "workflows/targets.h"

#include "model/escalation.h"
#include "workflows/audit.h"
#include "workflows/promise_upkeep.h"

enum { DAYS_MAX = 250 };

const struct problem target_began = {
    409, "target-began",
    { "A target that has begun is not changed. Let another one begin.",
      "すでに適用が始まった目標時間は変更できません。新しい目標時間を追加してください。" } };

const struct shape target_write_shape = SHAPE(target_write, TARGET_WORDS(target_write),
    FIELD(target_write, from_at, "From when it holds; now when absent"),
    FIELD(target_write, for_open_cases, "Let it hold for cases that are open, too"));

static const struct shape logged = SHAPE(service_target,
    FIELD(service_target, plan, "", .of = &tenant_plan_domain), FIELD(service_target, category, ""),
    FIELD(service_target, severity, "", .of = &severity_domain),
    FIELD(service_target, metric, "", .of = &promise_metric_domain),
    FIELD(service_target, pace, "", .of = &promise_pace_domain), FIELD(service_target, allowance, ""),
    FIELD(service_target, mercy_s, ""), FIELD(service_target, starts_on, ""), FIELD(service_target, stops_on, ""),
    FIELD(service_target, pauses_while, ""), FIELD(service_target, resets_on, ""), FIELD(service_target, warn_at, ""),
    FIELD(service_target, active, ""), FIELD(service_target, from_at, ""));

static bool
record(struct scope *s, const char *action, const struct service_target *before, const struct service_target *after)
{
    const struct service_target *t = after ? after : before;
    struct str name = str_printf(s->arena, "%s / %s", domain_label(&severity_domain, (int)t->severity).at,
                                 domain_label(&promise_metric_domain, (int)t->metric).at);
    return audit_record(s, &(struct deed){ .tenant_id = t->tenant_id, .action = action, .noun = "promise_target",
                                           .object_id = t->id, .object_name = name,
                                           .change = shape_difference(s->arena, &logged, before, after) });
}

static const struct str occasions_at_start[] = { { "case_opened", 11 }, { "case_reopened", 13 } };

/* A promise that nothing begins would be none; one that an occasion both begins and ends would be kept at once. */
static bool
check(struct scope *s, const struct target_write *in)
{
    if (in->pace == PACE_BUSINESS_DAYS && in->allowance > DAYS_MAX)
        return fail_field(s, "/allowance", FAULT_TOO_LARGE, "250");
    if (in->pace != PACE_BUSINESS_DAYS && in->allowance < 60)
        return fail_field(s, "/allowance", FAULT_TOO_SMALL, "60");
    for (size_t i = 0; i < in->resets_on.count; i++)
        if (str_starts(in->resets_on.items[i], STR("case_")))
            return fail_field(s, "/resets_on", FAULT_NOT_ALLOWED, NULL);
    for (size_t i = 0; i < in->stops_on.count; i++) {
        if (str_starts(in->stops_on.items[i], STR("case_")))
            return fail_field(s, "/stops_on", FAULT_NOT_ALLOWED, NULL);
        for (size_t k = 0; k < in->starts_on.count; k++)
            if (str_eq(in->stops_on.items[i], in->starts_on.items[k]))
                return fail_field(s, "/stops_on", FAULT_NOT_ALLOWED, NULL);
    }
    return true;
}

bool
target_of(struct scope *s, const struct target_write *in, struct service_target *row)
{
    struct uuid tenant_id = uuid_is_none(in->tenant_id) ? s->who->tenant_id : in->tenant_id;
    if (!check(s, in))
        return false;
    if (!principal_sees(s->who, tenant_id))
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    *row = (struct service_target){
        .id = uuid_new(s->now), .tenant_id = tenant_id, .plan = in->plan, .category_id = in->category_id,
        .severity = in->severity, .metric = in->metric, .pace = in->pace, .allowance = in->allowance,
        .mercy_s = in->mercy_s, .starts_on = in->starts_on, .stops_on = in->stops_on,
        .pauses_while = in->pauses_while, .resets_on = in->resets_on, .warn_at = in->warn_at, .active = !in->ends,
        .from_at = s->now, .created_by = s->who->name, .created_at = s->now,
    };
    if (row->starts_on.count == 0) {
        row->starts_on.items = arena_array_of(s->arena, 2, struct str);
        memcpy(row->starts_on.items, occasions_at_start, sizeof occasions_at_start);
        row->starts_on.count = COUNT_OF(occasions_at_start);
    }
    return true;
}

/* A mark before the first step of the chain that answers it would tell nobody. */
static bool
is_heard(struct scope *s, const struct service_target *row)
{
    struct escalation_mark_row start;
    int64_t mark;
    if (!row->active || row->warn_at.count == 0)
        return true;
    if (!db_one(s, &escalation_latest_start, &(struct escalation_mark_args){ row->tenant_id, s->now }, &start))
        return false;
    for (size_t i = 0; i < row->warn_at.count; i++)
        if (start.mark != INT_NONE && str_int(row->warn_at.items[i], &mark) && mark < start.mark)
            return fail_field(s, "/warn_at", FAULT_TOO_SMALL, str_printf(s->arena, "%d", (int)start.mark).at);
    return true;
}

bool
target_set(struct scope *s, const struct target_write *in, struct service_target *out)
{
    struct service_target row;
    if (in->from_at.us && in->from_at.us < s->now.us - MINUTES(1))
        return fail_field(s, "/from_at", FAULT_TOO_SMALL, instant_format(s->arena, s->now).at);
    if (!target_of(s, in, &row) || !is_heard(s, &row))
        return false;
    if (in->from_at.us > row.from_at.us)
        row.from_at = in->from_at;
    return db_run(s, &service_target_insert, &row, NULL)
        && db_one(s, &service_target_by_id, &(struct id_args){ row.id }, out)
        && record(s, "promise_target.set", NULL, out)
        && (!in->for_open_cases || in->ends || promise_retarget_at(s, row.id, row.from_at));
}

bool
target_take_back(struct scope *s, struct uuid id)
{
    struct service_target t;
    int64_t gone;
    return db_one(s, &service_target_by_id, &(struct id_args){ id }, &t)
        && db_run(s, &service_target_delete, &(struct id_args){ id }, &gone)
        && (gone == 1 || fail(s, &target_began, "it has begun"))
        && record(s, "promise_target.taken-back", &t, NULL);
}

/* ---- which counts ---- */

bool
target_fits(const struct service_target *t, struct uuid tenant_id, enum tenant_plan plan, struct uuid category_id)
{
    return (uuid_eq(t->tenant_id, tenant_id) || uuid_eq(t->tenant_id, provider_tenant_id))
        && (t->plan == TENANT_PLAN_NONE || t->plan == plan)
        && (uuid_is_none(t->category_id) || uuid_eq(t->category_id, category_id));
}

bool
target_goes_before(const struct service_target *a, const struct service_target *b, struct uuid tenant_id)
{
    bool own_a = uuid_eq(a->tenant_id, tenant_id), own_b = uuid_eq(b->tenant_id, tenant_id);
    bool any_a = uuid_is_none(a->category_id), any_b = uuid_is_none(b->category_id);
    if (own_a != own_b)
        return own_a;
    if (any_a != any_b)
        return any_b;
    if ((a->plan == TENANT_PLAN_NONE) != (b->plan == TENANT_PLAN_NONE))
        return b->plan == TENANT_PLAN_NONE;
    if (a->from_at.us != b->from_at.us)
        return a->from_at.us > b->from_at.us;
    return memcmp(a->id.bytes, b->id.bytes, sizeof a->id.bytes) > 0;
}
