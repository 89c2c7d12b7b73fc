#include "model/detection_rule.h"

enum { RULE_BYTES_MAX = 256 * 1024, TESTS_BYTES_MAX = 512 * 1024 };

const struct domain detection_rule_state_domain = DOMAIN(detection_rule_state, "draft", "testing", "active", "retired");
const struct domain detection_rule_origin_domain = DOMAIN(detection_rule_origin, "starter", "imported", "own");
const struct domain detection_rule_language_domain = DOMAIN(detection_rule_language, "sigma", "xml");

#define ABOUT                                                                                                          \
    FIELD(detection_rule, id, "Identity, never reused", .filter = true, .required = true),                             \
    FIELD(detection_rule, tenant_id, "Whose rule; the provider's is there for every customer", .filter = true,         \
          .required = true),                                                                                           \
    FIELD(detection_rule, tenant_name, "The customer's name; absent for a rule of the provider", .sort = true),        \
    FIELD(detection_rule, key, "The id it carries itself", .search = true, .filter = true, .required = true),          \
    FIELD(detection_rule, language, "Sigma or the XML rule language", .of = &detection_rule_language_domain,           \
          .filter = true, .required = true),                                                                           \
    FIELD(detection_rule, title, "What it finds, in one line", .search = true, .sort = true, .required = true),        \
    FIELD(detection_rule, title_ja, "The same in Japanese", .search = true),                                           \
    FIELD(detection_rule, level, "Sigma's word for the score"),                                                        \
    FIELD(detection_rule, score, "1-39 low, 40-69 warning, 70-100 threat", .sort = true, .filter = true,               \
          .required = true),                                                                                           \
    FIELD(detection_rule, techniques, "ATT&CK techniques, T1059.001", .filter = true),                                 \
    FIELD(detection_rule, tactics, "ATT&CK tactics", .filter = true),                                                  \
    FIELD(detection_rule, product, "Of which product's events", .filter = true),                                       \
    FIELD(detection_rule, category, "Of which kind of events", .filter = true),                                        \
    FIELD(detection_rule, service, "Of which log", .filter = true),                                                    \
    FIELD(detection_rule, origin, "Shipped, imported, or written here", .of = &detection_rule_origin_domain,           \
          .filter = true, .required = true),                                                                           \
    FIELD(detection_rule, state, "Whether it is asked", .of = &detection_rule_state_domain, .filter = true,            \
          .sort = true, .required = true),                                                                             \
    FIELD(detection_rule, correlates, "It is about several events together", .filter = true),                          \
    FIELD(detection_rule, author_name, "Who wrote its last text", .required = true),                                   \
    FIELD(detection_rule, seen, "Matches in the last 30 days", .sort = true),                                          \
    FIELD(detection_rule, hidden, "Matches in the last 30 days that exclusions covered", .sort = true),                \
    FIELD(detection_rule, switched_off, "Customers that have switched it off"),                                        \
    FIELD(detection_rule, created_at, "When it came", .sort = true, .required = true),                                 \
    FIELD(detection_rule, updated_at, "When it last changed", .sort = true, .required = true),                         \
    FIELD(detection_rule, version, "Grows with each change"),                                                          \
    FIELD(detection_rule, can, "Verbs the caller may use on it", .required = true)

#define WHOLE                                                                                                          \
    FIELD(detection_rule, description, "What it is about"),                                                            \
    FIELD(detection_rule, description_ja, "The same in Japanese"),                                                     \
    FIELD(detection_rule, tags, "As its text has them"),                                                               \
    FIELD(detection_rule, body, "Its text", .required = true),                                                         \
    FIELD(detection_rule, tests, "Events that must and must not match: {match: [], no_match: []}"),                    \
    FIELD(detection_rule, note, "Why the last change was made")

const struct shape detection_rule_row_shape = SHAPE(detection_rule, ABOUT);
const struct shape detection_rule_shape = SHAPE(detection_rule, ABOUT, WHOLE);

#define WORDS                                                                                                          \
    FIELD(detection_rule_write, body, "Its text", .max = RULE_BYTES_MAX, .required = true),                            \
    FIELD(detection_rule_write, tests, "Events that must and must not match", .max = TESTS_BYTES_MAX),                 \
    FIELD(detection_rule_write, note, "Why", .max = 1000)

const struct shape detection_rule_new_shape = SHAPE(detection_rule_write,
    FIELD(detection_rule_write, tenant_id, "For which customer; for everybody when absent"),
    FIELD(detection_rule_write, language, "Sigma when absent", .of = &detection_rule_language_domain),
    FIELD(detection_rule_write, state, "A draft when absent", .of = &detection_rule_state_domain), WORDS);
const struct shape detection_rule_update_shape = SHAPE(detection_rule_write,
    FIELD(detection_rule_write, id, "Which one", .read_only = true),
    FIELD(detection_rule_write, version, "What the change is based on", .read_only = true), WORDS);
const struct shape detection_rule_state_shape = SHAPE(detection_rule_write,
    FIELD(detection_rule_write, id, "Which one", .read_only = true),
    FIELD(detection_rule_write, state, "What it becomes", .of = &detection_rule_state_domain, .required = true),
    FIELD(detection_rule_write, note, "Why", .max = 1000, .required = true));

const struct shape detection_rule_version_shape = SHAPE(detection_rule_version,
    FIELD(detection_rule_version, rule_id, "Of which rule", .required = true),
    FIELD(detection_rule_version, version, "Which text", .sort = true),
    FIELD(detection_rule_version, body, "The text", .required = true),
    FIELD(detection_rule_version, state, "Its state then", .required = true),
    FIELD(detection_rule_version, author_name, "Who wrote it", .required = true),
    FIELD(detection_rule_version, note, "Why"),
    FIELD(detection_rule_version, at, "When", .sort = true, .required = true));

#define RULE_ABOUT                                                                                                     \
    "SELECT r.id, r.tenant_id, CASE WHEN t.kind = 'customer' THEN t.name END AS tenant_name, r.key, r.language,"       \
    "       r.title, r.title_ja, r.level, r.score::bigint AS score, r.techniques, r.tactics, r.product, r.category,"   \
    "       r.service, r.origin, r.state, r.correlates, r.author_name,"                                                \
    "       coalesce((SELECT sum(f.seen) FROM rule_figure f WHERE f.rule_id = r.id"                                    \
    "                  AND f.day > current_date - 30), 0)::bigint AS seen,"                                            \
    "       coalesce((SELECT sum(f.hidden) FROM rule_figure f WHERE f.rule_id = r.id"                                  \
    "                  AND f.day > current_date - 30), 0)::bigint AS hidden,"                                          \
    "       (SELECT count(*) FROM rule_setting x WHERE x.rule_id = r.id AND NOT x.enabled) AS switched_off,"           \
    "       r.created_at, r.updated_at, r.version,"                                                                    \
    "       CASE WHEN r.tenant_id = ANY ((SELECT yagura_tenants())::uuid[])"                                           \
    "             AND grant_rank((SELECT yagura_grants()), 'rules') >= 3"                                              \
    "            THEN ARRAY['update', 'state', 'set'] ELSE '{}' END::text[] AS can"
#define RULE_FROM " FROM rule r LEFT JOIN tenant t ON t.id = r.tenant_id"
#define RULE_WHOLE RULE_ABOUT ", r.description, r.description_ja, r.tags, r.body, r.tests, r.note" RULE_FROM

const struct listing detection_rule_listing = {
    .name = "detection_rules", .from = RULE_ABOUT RULE_FROM, .row = &detection_rule_row_shape, .key = "id",
    .sort = "-score",
};
const struct query detection_rule_by_id = {
    .name = "detection_rule_by_id", .sql = RULE_WHOLE " WHERE r.id = :id", .args = &id_args_shape,
    .row = &detection_rule_shape,
};

static const struct shape key_args = SHAPE(detection_rule, FIELD(detection_rule, tenant_id, "Whose"),
                                           FIELD(detection_rule, key, "Its own id"));
const struct query detection_rule_by_key = {
    .name = "detection_rule_by_key", .sql = RULE_WHOLE " WHERE r.tenant_id = :tenant_id AND r.key = :key",
    .args = &key_args, .row = &detection_rule_shape,
};

static const struct shape stored = SHAPE(detection_rule, ABOUT, WHOLE);

const struct query detection_rule_insert = {
    .name = "detection_rule_insert",
    .sql = "INSERT INTO rule (tenant_id, id, key, language, title, title_ja, description, description_ja, level, score,"
           "    techniques, tactics, tags, product, category, service, body, tests, origin, state, correlates,"
           "    author_name, note, created_at, updated_at)"
           " VALUES (:tenant_id, :id, :key, :language, :title, :title_ja, :description, :description_ja, :level,"
           "    :score, coalesce(:techniques, '{}'), coalesce(:tactics, '{}'), coalesce(:tags, '{}'), :product,"
           "    :category, :service, :body, :tests, :origin, :state, :correlates, :author_name, :note, :updated_at,"
           "    :updated_at)",
    .args = &stored,
};
const struct query detection_rule_save = {
    .name = "detection_rule_save",
    .sql = "UPDATE rule SET language = :language, title = :title, title_ja = :title_ja, description = :description,"
           "    description_ja = :description_ja, level = :level, score = :score,"
           "    techniques = coalesce(:techniques, '{}'), tactics = coalesce(:tactics, '{}'),"
           "    tags = coalesce(:tags, '{}'), product = :product, category = :category, service = :service,"
           "    body = :body, tests = :tests, state = :state, correlates = :correlates, author_name = :author_name,"
           "    note = :note, updated_at = :updated_at, version = version + 1"
           " WHERE tenant_id = :tenant_id AND id = :id AND version = :version RETURNING id",
    .args = &stored, .row = &id_args_shape,
};

static const struct shape version_args = SHAPE(detection_rule, FIELD(detection_rule, id, "Which one"));
const struct query detection_rule_version_insert = {
    .name = "detection_rule_version_insert",
    .sql = "INSERT INTO rule_version (tenant_id, rule_id, version, body, state, author_name, note, at)"
           " SELECT tenant_id, id, version, body, state, author_name, note, updated_at FROM rule WHERE id = :id",
    .args = &version_args,
};

const struct listing detection_rule_version_listing = {
    .name = "detection_rule_versions",
    .from = "SELECT v.rule_id, v.version, v.body, v.state, v.author_name, v.note, v.at FROM rule_version v"
            " WHERE v.rule_id = :id",
    .args = &id_args_shape, .row = &detection_rule_version_shape, .key = "version", .sort = "-version",
};

/* ---- what customers do with them ---- */

const struct shape rule_setting_shape = SHAPE(rule_setting,
    FIELD(rule_setting, id, "Identity"),
    FIELD(rule_setting, tenant_id, "Whose setting", .filter = true, .required = true),
    FIELD(rule_setting, tenant_name, "Their name", .sort = true),
    FIELD(rule_setting, rule_id, "Of which rule", .filter = true, .required = true),
    FIELD(rule_setting, rule_title, "What it finds"), FIELD(rule_setting, rule_title_ja, "The same in Japanese"),
    FIELD(rule_setting, enabled, "False: not asked for this customer", .filter = true),
    FIELD(rule_setting, score, "In place of the rule's own", .optional = true),
    FIELD(rule_setting, reason, "Why", .required = true),
    FIELD(rule_setting, by_name, "Who decided it", .required = true),
    FIELD(rule_setting, updated_at, "When", .sort = true, .required = true),
    FIELD(rule_setting, version, "Grows with each change"));

const struct shape rule_setting_put_shape = SHAPE(rule_setting,
    FIELD(rule_setting, rule_id, "Of which rule", .read_only = true),
    FIELD(rule_setting, tenant_id, "For which customer", .required = true),
    FIELD(rule_setting, enabled, "False: not asked for this customer"),
    FIELD(rule_setting, score, "In place of the rule's own", .optional = true, .min = 1, .max = 100),
    FIELD(rule_setting, reason, "Why", .max = 1000, .required = true));

#define SETTING_SELECT                                                                                             \
    "SELECT x.id, x.tenant_id, t.name AS tenant_name, x.rule_id, r.title AS rule_title,"                           \
    "       r.title_ja AS rule_title_ja, x.enabled, x.score::bigint AS score, x.reason, x.by_name, x.updated_at,"  \
    "       x.version"                                                                                             \
    "  FROM rule_setting x LEFT JOIN rule r ON r.id = x.rule_id LEFT JOIN tenant t ON t.id = x.tenant_id"

const struct listing rule_setting_listing = {
    .name = "rule_settings", .from = SETTING_SELECT, .row = &rule_setting_shape, .key = "id", .sort = "-updated_at",
};
const struct listing rule_settings_of_listing = {
    .name = "rule_settings_of", .from = SETTING_SELECT " WHERE x.rule_id = :id", .args = &id_args_shape,
    .row = &rule_setting_shape, .key = "id", .sort = "-updated_at",
};

static const struct shape setting_args = SHAPE(rule_setting,
    FIELD(rule_setting, tenant_id, ""), FIELD(rule_setting, id, ""), FIELD(rule_setting, rule_id, ""),
    FIELD(rule_setting, enabled, ""), FIELD(rule_setting, score, "", .optional = true),
    FIELD(rule_setting, reason, ""), FIELD(rule_setting, by_name, ""), FIELD(rule_setting, updated_at, ""));

const struct query rule_setting_put = {
    .name = "rule_setting_put",
    .sql = "INSERT INTO rule_setting (tenant_id, id, rule_id, enabled, score, reason, by_name, updated_at)"
           " VALUES (:tenant_id, :id, :rule_id, :enabled, :score, :reason, :by_name, :updated_at)"
           " ON CONFLICT (tenant_id, rule_id) DO UPDATE SET enabled = excluded.enabled, score = excluded.score,"
           "    reason = excluded.reason, by_name = excluded.by_name, updated_at = excluded.updated_at,"
           "    version = rule_setting.version + 1",
    .args = &setting_args,
};
const struct query rule_setting_find = {
    .name = "rule_setting_find",
    .sql = SETTING_SELECT " WHERE x.tenant_id = :tenant_id AND x.rule_id = :rule_id",
    .args = &setting_args, .row = &rule_setting_shape,
};
const struct query rule_setting_delete = {
    .name = "rule_setting_delete",
    .sql = "DELETE FROM rule_setting WHERE tenant_id = :tenant_id AND rule_id = :rule_id",
    .args = &setting_args,
};

/* ---- for the detector ---- */

const struct shape rule_world_row_shape = SHAPE(rule_world_row,
    FIELD(rule_world_row, tenant_id, ""), FIELD(rule_world_row, id, ""),
    FIELD(rule_world_row, language, "", .of = &detection_rule_language_domain),
    FIELD(rule_world_row, state, "", .of = &detection_rule_state_domain), FIELD(rule_world_row, key, ""),
    FIELD(rule_world_row, body, ""), FIELD(rule_world_row, title, ""), FIELD(rule_world_row, title_ja, ""),
    FIELD(rule_world_row, version, ""), FIELD(rule_world_row, score, ""));

/* In the order of their coming, the provider's first: its id is the smallest there is. */
const struct query rule_world_rules = {
    .name = "rule_world_rules",
    .sql = "SELECT tenant_id, id, language, state, key, body, title, title_ja, version, score::bigint AS score"
           "  FROM rule WHERE state IN ('testing', 'active') ORDER BY tenant_id, id",
    .row = &rule_world_row_shape,
};

static const struct shape world_setting_shape = SHAPE(rule_world_setting,
    FIELD(rule_world_setting, tenant_id, ""), FIELD(rule_world_setting, rule_id, ""),
    FIELD(rule_world_setting, enabled, ""), FIELD(rule_world_setting, score, "", .optional = true));

const struct query rule_world_settings = {
    .name = "rule_world_settings",
    .sql = "SELECT tenant_id, rule_id, enabled, score::bigint AS score FROM rule_setting ORDER BY tenant_id, rule_id",
    .row = &world_setting_shape,
};

static const struct shape generation_shape = SHAPE(rule_world_row, FIELD(rule_world_row, version, ""));

const struct query rule_world_generation = {
    .name = "rule_world_generation", .sql = "SELECT number AS version FROM rule_generation", .row = &generation_shape,
};

static const struct shape there_shape = SHAPE(rules_there, FIELD(rules_there, any, ""));

const struct query rules_there = {
    .name = "rules_there", .sql = "SELECT EXISTS (SELECT FROM rule) AS any", .row = &there_shape,
};
