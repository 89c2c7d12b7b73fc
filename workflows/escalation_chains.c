/* Chains as people keep them. */
#include "model/permission_set.h"
#include "model/person.h"
#include "model/tenant.h"
#include "workflows/audit.h"
#include "workflows/escalations.h"

static const struct shape logged = SHAPE(escalation_chain,
    FIELD(escalation_chain, name, ""), FIELD(escalation_chain, steps, "", .items = &escalation_step_shape));

/* A chain of one customer stands in that customer's log: who does not see the customer does not see its chain. */
static bool
record(struct scope *s, const char *action, const struct escalation_chain *before, const struct escalation_chain *after)
{
    const struct escalation_chain *chain = after ? after : before;
    return audit_record(s, &(struct deed){
        .tenant_id = chain->tenant_id, .action = action, .noun = "escalation_chain", .object_id = chain->id,
        .object_name = chain->name, .change = shape_difference(s->arena, &logged, before, after) });
}

static bool
is_of_provider(struct scope *s, struct uuid person_id, bool *out)
{
    struct person p;
    if (!db_maybe(s, &person_by_id, &(struct id_args){ person_id }, &p, out))
        return false;
    *out = *out && p.side == SIDE_PROVIDER && p.kind == PERSON_HUMAN;
    return true;
}

static void
fault_at(struct scope *s, size_t step, const char *member, enum fault fault, const char *expected)
{
    note_violation(s, str_printf(s->arena, "/steps/%d/%s", (int)step, member), fault, str_of(expected));
}

/* What targets may warn at, and the breach. */
static bool
is_mark(int64_t mark)
{
    for (int i = 1; i < (int)promise_warning_domain.count; i++) {
        int64_t known;
        if (str_int(domain_label(&promise_warning_domain, i), &known) && known == mark)
            return true;
    }
    return mark == 100;
}

static bool
check_step(struct scope *s, const struct escalation_step *step, size_t i)
{
    bool ours = true;
    if (step->who == WHO_PERMISSION_SET && !step->set_key.len)
        fault_at(s, i, "set_key", FAULT_REQUIRED, NULL);
    if (step->who == WHO_PEOPLE && step->people.count == 0)
        fault_at(s, i, "people", FAULT_REQUIRED, NULL);
    if (!step->portal && !step->mail && !step->webhook)
        fault_at(s, i, "portal", FAULT_REQUIRED, NULL);
    if (!is_mark(step->from_mark))
        fault_at(s, i, "from_mark", FAULT_NOT_IN_DOMAIN, "25, 50, 60, 70, 75, 80, 90, 95, 100");
    for (size_t k = 0; k < step->people.count && ours; k++) {
        if (!is_of_provider(s, step->people.items[k], &ours))
            return false;
        if (!ours)
            fault_at(s, i, "people", FAULT_NOT_FOUND, NULL);
    }
    return true;
}

/* A target that warns before the first step would begin a walk that tells nobody. */
static bool
check_start(struct scope *s, struct uuid tenant_id, const struct rows *steps)
{
    const struct escalation_step *all = steps->items;
    struct escalation_mark_row lowest;
    size_t first = 0;
    if (!db_one(s, &escalation_lowest_mark, &(struct escalation_mark_args){ tenant_id, s->now }, &lowest))
        return false;
    for (size_t i = 1; i < steps->count; i++)
        if (all[i].from_mark < all[first].from_mark)
            first = i;
    if (lowest.mark != INT_NONE && all[first].from_mark > lowest.mark)
        fault_at(s, first, "from_mark", FAULT_TOO_LARGE, str_printf(s->arena, "%d", (int)lowest.mark).at);
    return true;
}

static bool
check_steps(struct scope *s, struct uuid tenant_id, const struct rows *steps)
{
    if (steps->count == 0)
        return fail_field(s, "/steps", FAULT_REQUIRED, NULL);
    for (size_t i = 0; i < steps->count; i++)
        if (!check_step(s, (const struct escalation_step *)steps->items + i, i))
            return false;
    return !scope_has_failed(s) && check_start(s, tenant_id, steps) && !scope_has_failed(s);
}

bool
escalation_chain_create(struct scope *s, const struct escalation_chain_write *in, struct escalation_chain *out)
{
    struct escalation_chain_write row = *in;
    row.id = uuid_new(s->now);
    row.at = s->now;
    if (!principal_sees(s->who, row.tenant_id))
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    return check_steps(s, row.tenant_id, &row.steps)
        && db_run(s, &escalation_chain_insert, &row, NULL)
        && db_one(s, &escalation_chain_by_id, &(struct id_args){ row.id }, out)
        && record(s, "escalation_chain.created", NULL, out);
}

bool
escalation_chain_change(struct scope *s, const struct escalation_chain_write *in, struct escalation_chain *out)
{
    struct escalation_chain before;
    struct escalation_chain_write row = *in;
    struct id_args changed;
    row.at = s->now;
    return db_one(s, &escalation_chain_by_id, &(struct id_args){ row.id }, &before)
        && check_steps(s, before.tenant_id, &row.steps)
        && db_update(s, &escalation_chain_update, &row, &changed, &escalation_chain_by_id, row.id)
        && db_one(s, &escalation_chain_by_id, &(struct id_args){ row.id }, out)
        && record(s, "escalation_chain.updated", &before, out);
}

bool
escalation_chain_remove(struct scope *s, struct uuid id)
{
    struct escalation_chain before;
    if (!db_one(s, &escalation_chain_by_id, &(struct id_args){ id }, &before))
        return false;
    if (before.standard)
        return fail(s, &problem_conflict, "the standard chain holds for everybody; change it instead");
    return db_run(s, &escalation_chain_delete, &(struct id_args){ id }, NULL)
        && record(s, "escalation_chain.deleted", &before, NULL);
}
