#include "workflows/incident_rules.h"

#include "workflows/audit.h"

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

bool
incident_level_change(struct scope *s, const struct incident_level_write *in, struct incident_level *out)
{
    struct incident_level_write row = *in;
    struct id_args set;
    row.id = uuid_new(s->now);
    row.at = s->now;
    if (!principal_sees(s->who, row.tenant_id))
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    return db_one(s, &incident_level_set, &row, &set)
        && db_one(s, &incident_level_by_id, &set, out)
        && audit_record(s, &(struct deed){ .tenant_id = row.tenant_id, .action = "incident_level.updated",
                                           .noun = "incident_level", .object_id = out->id,
                                           .object_name = str_printf(s->arena, "%lld", (long long)in->level) });
}
