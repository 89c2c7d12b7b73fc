#include "workflows/incident_rules.h"

#include "model/tenant.h"
#include "workflows/audit.h"
#include "workflows/incidents.h"

static const struct shape logged = SHAPE(incident_rule,
    FIELD(incident_rule, name, ""), FIELD(incident_rule, enabled, ""), FIELD(incident_rule, position, ""),
    FIELD(incident_rule, min_score, "", .optional = true), FIELD(incident_rule, sum_score, "", .optional = true),
    FIELD(incident_rule, min_detections, "", .optional = true), FIELD(incident_rule, min_tactics, "", .optional = true),
    FIELD(incident_rule, min_computers, "", .optional = true), FIELD(incident_rule, correlation, ""),
    FIELD(incident_rule, gather_by, ""), FIELD(incident_rule, window_minutes, ""),
    FIELD(incident_rule, severity, "", .of = &severity_domain));

static bool
record(struct scope *s, const char *action, const struct incident_rule *before, const struct incident_rule *after)
{
    const struct incident_rule *r = after ? after : before;
    return audit_record(s, &(struct deed){
        .tenant_id = r->tenant_id, .action = action, .noun = "incident_rule", .object_id = r->id,
        .object_name = r->name, .change = shape_difference(s->arena, &logged, before, after) });
}

/* A rule without a condition would make an incident of everything. */
static bool
asks_something(struct scope *s, const struct incident_rule_write *in)
{
    return in->min_score != INT_NONE || in->sum_score != INT_NONE || in->min_detections != INT_NONE
        || in->min_tactics != INT_NONE || in->min_computers != INT_NONE || in->correlation || in->tactic_order.count
        || in->rule_keys.count || fail_field(s, "/min_score", FAULT_REQUIRED, NULL);
}

bool
incident_rule_create(struct scope *s, const struct incident_rule_write *in, struct incident_rule *out)
{
    struct incident_rule_write row = *in;
    row.id = uuid_new(s->now);
    row.at = s->now;
    if (!principal_sees(s->who, row.tenant_id))
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    return asks_something(s, in)
        && db_run(s, &incident_rule_insert, &row, NULL)
        && db_one(s, &incident_rule_by_id, &(struct id_args){ row.id }, out)
        && record(s, "incident_rule.created", NULL, out);
}

bool
incident_rule_change(struct scope *s, const struct incident_rule_write *in, struct incident_rule *out)
{
    struct incident_rule before;
    struct incident_rule_write row = *in;
    struct id_args changed;
    row.at = s->now;
    return db_one(s, &incident_rule_by_id, &(struct id_args){ row.id }, &before)
        && (principal_sees(s->who, before.tenant_id) || fail(s, &problem_forbidden, "the provider's rules"))
        && asks_something(s, in)
        && db_update(s, &incident_rule_update, &row, &changed, &incident_rule_by_id, row.id)
        && db_one(s, &incident_rule_by_id, &(struct id_args){ row.id }, out)
        && record(s, "incident_rule.updated", &before, out);
}

bool
incident_rule_remove(struct scope *s, struct uuid id)
{
    struct incident_rule before;
    return db_one(s, &incident_rule_by_id, &(struct id_args){ id }, &before)
        && (principal_sees(s->who, before.tenant_id) || fail(s, &problem_forbidden, "the provider's rules"))
        && db_run(s, &incident_rule_delete, &(struct id_args){ id }, NULL)
        && record(s, "incident_rule.deleted", &before, NULL);
}

/* ---- levels ---- */

static const struct shape logged_level = SHAPE(incident_level,
    FIELD(incident_level, meaning_en, ""), FIELD(incident_level, meaning_ja, ""), FIELD(incident_level, by_mail, ""),
    FIELD(incident_level, by_phone, ""));

static bool
record_level(struct scope *s, const char *action, const struct incident_level *before,
             const struct incident_level *after)
{
    const struct incident_level *l = after ? after : before;
    return audit_record(s, &(struct deed){
        .tenant_id = l->tenant_id, .action = action, .noun = "incident_level", .object_id = l->id,
        .object_name = str_printf(s->arena, "%lld", (long long)l->level),
        .change = shape_difference(s->arena, &logged_level, before, after) });
}

bool
incident_level_change(struct scope *s, const struct incident_level_write *in, struct incident_level *out)
{
    struct incident_level before;
    struct incident_level_write row = *in;
    struct id_args set;
    bool found;
    row.id = uuid_new(s->now);
    row.at = s->now;
    if (!principal_sees(s->who, row.tenant_id))
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    if (!db_maybe(s, &incident_level_of, &(struct incident_level_args){ row.tenant_id, row.level }, &before, &found))
        return false;
    return db_one(s, &incident_level_set, &row, &set)
        && db_one(s, &incident_level_by_id, &set, out)
        && record_level(s, "incident_level.updated", found ? &before : NULL, out);
}

bool
incident_level_remove(struct scope *s, struct uuid id)
{
    struct incident_level before;
    return db_one(s, &incident_level_by_id, &(struct id_args){ id }, &before)
        && (principal_sees(s->who, before.tenant_id) || fail(s, &problem_forbidden, "the provider's levels"))
        && (!uuid_eq(before.tenant_id, provider_tenant_id)
            || fail(s, &incident_cannot, "customers without a level of their own have the provider's"))
        && db_run(s, &incident_level_delete, &(struct id_args){ id }, NULL)
        && record_level(s, "incident_level.deleted", &before, NULL);
}
