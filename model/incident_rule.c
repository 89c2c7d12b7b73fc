#include "model/incident_rule.h"

static const struct domain gather_domain =
    DOMAIN(incident_gather_by, "computer", "user", "process", "executable", "address", "rule");

#define RULE_WORDS(type)                                                                                      \
    FIELD(type, name, "What it is called", .max = 100, .required = true, .search = true, .sort = true),       \
    FIELD(type, name_ja, "The same in Japanese", .max = 100, .required = true, .search = true),               \
    FIELD(type, enabled, "It is asked", .filter = true),                                                      \
    FIELD(type, position, "Rules are asked in this order", .min = 0, .max = 10000, .sort = true),             \
    FIELD(type, min_score, "One detection of at least this score", .min = 1, .max = 100, .optional = true),   \
    FIELD(type, sum_score, "All together have at least this score", .min = 1, .max = 100000, .optional = true), \
    FIELD(type, min_detections, "So many different rules have fired", .min = 1, .max = 60, .optional = true), \
    FIELD(type, min_tactics, "So many different tactics were seen", .min = 1, .max = 14, .optional = true),   \
    FIELD(type, tactic_order, "Tactics that were seen in this order", .max = 14),                             \
    FIELD(type, min_computers, "On so many computers", .min = 1, .max = 60, .optional = true),                \
    FIELD(type, correlation, "A correlation rule is among those that fired"),                                 \
    FIELD(type, rule_keys, "Only detections of these rules count", .max = 200),                               \
    FIELD(type, gather_by, "What detections must share to be one story", .of = &gather_domain, .max = 6,      \
          .required = true),                                                                                  \
    FIELD(type, window_minutes, "And how far apart they may be", .min = 5, .max = 10080, .required = true),   \
    FIELD(type, severity, "Proposed for the case", .of = &severity_domain, .required = true)

const struct shape incident_rule_shape = SHAPE(incident_rule,
    FIELD(incident_rule, id, "Identity", .required = true),
    FIELD(incident_rule, tenant_id, "Whose; the provider's hold for everybody", .filter = true, .required = true),
    FIELD(incident_rule, tenant_name, "Their name"), RULE_WORDS(incident_rule),
    FIELD(incident_rule, incidents, "How many incidents it has begun"),
    FIELD(incident_rule, created_at, "When it was made", .required = true),
    FIELD(incident_rule, updated_at, "When it last changed", .required = true),
    FIELD(incident_rule, version, "Grows with each change"),
    FIELD(incident_rule, can, "Verbs the caller may use on it", .required = true));
const struct shape incident_rule_new_shape = SHAPE(incident_rule_write,
    FIELD(incident_rule_write, tenant_id, "Whose", .required = true), RULE_WORDS(incident_rule_write));
const struct shape incident_rule_update_shape = SHAPE(incident_rule_write,
    FIELD(incident_rule_write, id, "Which one", .read_only = true),
    FIELD(incident_rule_write, version, "What the change is based on", .read_only = true),
    RULE_WORDS(incident_rule_write));
static const struct shape write_args = SHAPE(incident_rule_write,
    FIELD(incident_rule_write, tenant_id, "Whose"), FIELD(incident_rule_write, id, "Which one"),
    FIELD(incident_rule_write, version, "Based on"), FIELD(incident_rule_write, at, "When"),
    RULE_WORDS(incident_rule_write));

#define RULE_SELECT                                                                                           \
    "SELECT r.id, r.tenant_id, (SELECT t.name FROM tenant t WHERE t.id = r.tenant_id) AS tenant_name, r.name,"  \
    "       r.name_ja, r.enabled, r.position, r.min_score, r.sum_score, r.min_detections, r.min_tactics,"     \
    "       r.tactic_order, r.min_computers, coalesce(r.correlation, false) AS correlation, r.rule_keys,"     \
    "       r.gather_by, r.window_minutes, r.severity,"                                                       \
    "       (SELECT count(*) FROM incident i WHERE i.rule_id = r.id) AS incidents, r.created_at, r.updated_at," \
    "       r.version, CASE WHEN grant_rank((SELECT yagura_grants()), 'rules') >= 3"                          \
    "             AND r.tenant_id = ANY ((SELECT yagura_tenants())::uuid[])"                                  \
    "             THEN ARRAY['update', 'delete'] ELSE '{}' END::text[] AS can FROM incident_rule r"

const struct listing incident_rule_listing = {
    .name = "incident_rules", .from = RULE_SELECT, .row = &incident_rule_shape, .key = "id", .sort = "position",
};
const struct query incident_rule_by_id = {
    .name = "incident_rule_by_id", .sql = RULE_SELECT " WHERE r.id = :id", .args = &id_args_shape,
    .row = &incident_rule_shape,
};
const struct query incident_rule_insert = {
    .name = "incident_rule_insert",
    .sql = "INSERT INTO incident_rule (tenant_id, id, name, name_ja, enabled, position, min_score, sum_score,"
           "    min_detections, min_tactics, tactic_order, min_computers, correlation, rule_keys, gather_by,"
           "    window_minutes, severity, created_at, updated_at)"
           " VALUES (:tenant_id, :id, :name, :name_ja, :enabled, :position, :min_score, :sum_score, :min_detections,"
           "    :min_tactics, :tactic_order, :min_computers, :correlation, :rule_keys, :gather_by, :window_minutes,"
           "    :severity, :at, :at)",
    .args = &write_args,
};
const struct query incident_rule_update = {
    .name = "incident_rule_update",
    .sql = "UPDATE incident_rule SET name = :name, name_ja = :name_ja, enabled = :enabled, position = :position,"
           "    min_score = :min_score, sum_score = :sum_score, min_detections = :min_detections,"
           "    min_tactics = :min_tactics, tactic_order = :tactic_order, min_computers = :min_computers,"
           "    correlation = :correlation, rule_keys = :rule_keys, gather_by = :gather_by,"
           "    window_minutes = :window_minutes, severity = :severity, updated_at = :at, version = version + 1"
           " WHERE id = :id AND version = :version RETURNING id",
    .args = &write_args, .row = &id_args_shape,
};
const struct query incident_rule_delete = {
    .name = "incident_rule_delete", .sql = "DELETE FROM incident_rule WHERE id = :id", .args = &id_args_shape,
};
