#include "model/service_target.h"

const struct domain target_standing_domain = DOMAIN(target_standing, "coming", "holds", "over");

const struct shape service_target_shape = SHAPE(service_target,
    FIELD(service_target, id, "Identity", .filter = true, .required = true),
    FIELD(service_target, tenant_id, "Whose: the provider's hold for everybody", .filter = true, .required = true),
    FIELD(service_target, tenant_name, "The customer's name; absent: for everybody", .sort = true),
    FIELD(service_target, plan, "For which contract; absent: any", .of = &tenant_plan_domain, .filter = true),
    FIELD(service_target, category_id, "For which category; absent: any", .filter = true),
    FIELD(service_target, category, "For which category, in words"),
    FIELD(service_target, severity, "For which severity", .of = &severity_domain, .filter = true, .sort = true,
          .required = true),
    FIELD(service_target, metric, "What is promised", .of = &promise_metric_domain, .filter = true, .sort = true,
          .required = true),
    FIELD(service_target, pace, "Which time counts", .of = &promise_pace_domain, .required = true),
    FIELD(service_target, allowance, "How much: seconds, or business days"),
    FIELD(service_target, mercy_s, "Least time left after a change of severity, in seconds"),
    FIELD(service_target, starts_on, "What begins it", .of = &promise_occasion_domain),
    FIELD(service_target, stops_on, "What keeps it", .of = &promise_occasion_domain),
    FIELD(service_target, pauses_while, "While the case waits for whom it stands still", .of = &promise_wait_domain),
    FIELD(service_target, resets_on, "What keeps it and begins it anew", .of = &promise_occasion_domain),
    FIELD(service_target, warn_at, "At which shares of the time it warns, in percent", .of = &promise_warning_domain),
    FIELD(service_target, active, "It is promised; false: from then on it is not", .filter = true),
    FIELD(service_target, from_at, "From when it holds", .sort = true, .filter = true, .required = true),
    FIELD(service_target, standing, "Whether it holds now", .of = &target_standing_domain, .filter = true,
          .required = true),
    FIELD(service_target, created_by, "Who said so"),
    FIELD(service_target, created_at, "When it was said", .sort = true),
    FIELD(service_target, can, "Verbs the caller may use on it", .required = true));

/* Over: another row for just the same has begun since. */
#define TARGET_SELECT                                                                                             \
    "SELECT g.id, g.tenant_id, CASE WHEN t.kind = 'customer' THEN t.name END AS tenant_name, g.plan, g.category_id,"   \
    "       CASE WHEN current_setting('yagura.language', true) = 'en' THEN k.name_en ELSE k.name_ja END"          \
    "         AS category,"                                                                                       \
    "       g.severity, g.metric, g.pace, g.allowance, g.mercy_s, g.starts_on, g.stops_on, g.pauses_while,"       \
    "       g.resets_on, g.warn_at, g.active, g.from_at, g.created_by, g.created_at,"                             \
    "       CASE WHEN g.from_at > yagura_at() THEN 'coming'"                                                      \
    "            WHEN EXISTS (SELECT FROM promise_target n WHERE n.tenant_id = g.tenant_id"                       \
    "                AND n.severity = g.severity AND n.metric = g.metric AND n.plan IS NOT DISTINCT FROM g.plan"  \
    "                AND n.category_id IS NOT DISTINCT FROM g.category_id AND (n.from_at, n.id) > (g.from_at, g.id)" \
    "                AND n.from_at <= yagura_at()) THEN 'over' ELSE 'holds' END AS standing,"                     \
    "       CASE WHEN g.from_at > yagura_at() AND grant_rank((SELECT yagura_grants()), 'calendars') >= 3"         \
    "            THEN ARRAY['delete'] ELSE '{}' END::text[] AS can"                                               \
    "  FROM promise_target g LEFT JOIN tenant t ON t.id = g.tenant_id"                                            \
    "  LEFT JOIN ticket_category k ON k.id = g.category_id"

const struct listing service_target_listing = {
    .name = "service_targets", .from = TARGET_SELECT, .row = &service_target_shape, .key = "id", .sort = "severity",
};

const struct query service_target_by_id = {
    .name = "service_target_by_id", .sql = TARGET_SELECT " WHERE g.id = :id",
    .args = &id_args_shape, .row = &service_target_shape,
};

static const struct shape metric_args = SHAPE(service_target,
    FIELD(service_target, metric, "What is promised", .of = &promise_metric_domain),
    FIELD(service_target, severity, "For which severity", .of = &severity_domain));
const struct query service_targets_of_metric = {
    .name = "service_targets_of_metric",
    .sql = TARGET_SELECT " WHERE g.metric = :metric AND g.severity = :severity",
    .args = &metric_args, .row = &service_target_shape,
};

const struct query service_target_insert = {
    .name = "service_target_insert",
    .sql = "INSERT INTO promise_target (tenant_id, id, plan, category_id, severity, metric, pace, allowance, mercy_s,"
           "    starts_on, stops_on, pauses_while, resets_on, warn_at, active, from_at, created_by, created_at)"
           " VALUES (:tenant_id, :id, :plan, :category_id, :severity, :metric, :pace, :allowance, :mercy_s,"
           "    :starts_on, coalesce(:stops_on, '{}'), coalesce(:pauses_while, '{}'), coalesce(:resets_on, '{}'),"
           "    coalesce(:warn_at, '{}'), :active, :from_at, :created_by, :created_at)",
    .args = &service_target_shape,
};

const struct query service_target_delete = {
    .name = "service_target_delete",
    .sql = "DELETE FROM promise_target WHERE id = :id AND from_at > yagura_at()", .args = &id_args_shape,
};
