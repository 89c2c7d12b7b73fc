#include "model/exclusion.h"

enum { BODY_MAX = 64 * 1024, CONDITIONS_MAX = 40 };

const struct domain exclusion_state_domain =
    DOMAIN(exclusion_state, "draft", "waiting", "active", "rejected", "ended");
const struct domain exclusion_scope_domain = DOMAIN(exclusion_scope, "all", "group", "computer");
const struct domain exclusion_operator_domain =
    DOMAIN(exclusion_operator, "equals", "starts", "ends", "contains");

const struct shape exclusion_condition_shape = SHAPE(exclusion_condition,
    FIELD(exclusion_condition, field, "Of the event: Image, CommandLine, User", .max = 200, .required = true),
    FIELD(exclusion_condition, operator, "How it is compared", .of = &exclusion_operator_domain, .required = true),
    FIELD(exclusion_condition, value, "With what", .max = 8000, .required = true),
    FIELD(exclusion_condition, enabled, "Whether it counts"));

#define WORDS                                                                                                   \
    FIELD(exclusion, title, "What it leaves out, in one line", .max = 200, .required = true, .search = true,    \
          .sort = true),                                                                                        \
    FIELD(exclusion, scope, "Where it holds", .of = &exclusion_scope_domain, .required = true, .filter = true), \
    FIELD(exclusion, scope_id, "The group or the computer"),                                                    \
    FIELD(exclusion, conditions, "Of the wizard: all that are switched on must hold",                           \
          .items = &exclusion_condition_shape, .max = CONDITIONS_MAX),                                          \
    FIELD(exclusion, body, "The condition in the rule language", .max = BODY_MAX),                              \
    FIELD(exclusion, reason, "Why", .max = 2000, .required = true, .search = true),                             \
    FIELD(exclusion, acknowledgement, "Why it may hide what was judged a true positive", .max = 1000),          \
    FIELD(exclusion, expires_at, "Until when it holds; for ever when absent", .sort = true)

const struct shape exclusion_shape = SHAPE(exclusion,
    FIELD(exclusion, id, "Identity, never reused", .required = true),
    FIELD(exclusion, tenant_id, "Whose; the provider's holds for every customer", .filter = true, .required = true),
    FIELD(exclusion, tenant_name, "Their name; absent when it holds for every customer", .sort = true),
    WORDS,
    FIELD(exclusion, rule_id, "Of which rule; of any when absent", .filter = true),
    FIELD(exclusion, rule_title, "What the rule finds", .search = true),
    FIELD(exclusion, rule_title_ja, "The same in Japanese"),
    FIELD(exclusion, language, "Of the text", .of = &detection_rule_language_domain, .required = true),
    FIELD(exclusion, state, "How far it is", .of = &exclusion_state_domain, .required = true, .filter = true,
          .sort = true),
    FIELD(exclusion, from_detection_id, "The detection it began with", .filter = true),
    FIELD(exclusion, learned, "Proposed by learning mode", .filter = true),
    FIELD(exclusion, author_id, "Who wrote it"),
    FIELD(exclusion, author_name, "Their name", .required = true),
    FIELD(exclusion, decided_by_name, "Who decided"), FIELD(exclusion, decided_at, "When"),
    FIELD(exclusion, decision, "What they said"),
    FIELD(exclusion, hits, "Matches that it hid", .sort = true),
    FIELD(exclusion, last_hit_at, "When it last did", .sort = true, .filter = true),
    FIELD(exclusion, created_at, "When it was written", .sort = true, .required = true),
    FIELD(exclusion, updated_at, "When it last changed", .sort = true, .required = true),
    FIELD(exclusion, version, "Grows with each change"),
    FIELD(exclusion, can, "Verbs the caller may use on it", .required = true));

const struct shape exclusion_new_shape = SHAPE(exclusion,
    FIELD(exclusion, tenant_id, "Whose; for every customer when it is the provider's", .required = true),
    FIELD(exclusion, rule_id, "Of which rule; of any when absent"),
    FIELD(exclusion, from_detection_id, "The detection it begins with"),
    FIELD(exclusion, language, "Of the text; Sigma when absent", .of = &detection_rule_language_domain), WORDS);
const struct shape exclusion_update_shape = SHAPE(exclusion,
    FIELD(exclusion, id, "Which one", .read_only = true),
    FIELD(exclusion, version, "What the change is based on", .read_only = true),
    FIELD(exclusion, language, "Of the text; Sigma when absent", .of = &detection_rule_language_domain), WORDS);

/* What the caller may do: engineers write and may put into force, the customer's people decide what waits for them. */
#define EXCLUSION_SELECT                                                                                               \
    "SELECT e.id, e.tenant_id, CASE WHEN t.kind = 'customer' THEN t.name END AS tenant_name, e.title, e.rule_id,"      \
    "       r.title AS rule_title, r.title_ja AS rule_title_ja, e.scope, e.scope_id, e.conditions, e.body,"            \
    "       e.language, e.state, e.reason, e.acknowledgement, e.from_detection_id, e.learned, e.author_id,"            \
    "       e.author_name, e.decided_by_name, e.decided_at, e.decision, e.expires_at, e.hits, e.last_hit_at,"          \
    "       e.created_at, e.updated_at, e.version,"                                                                    \
    "       CASE WHEN grant_rank((SELECT yagura_grants()), 'rules') >= 3 THEN CASE e.state"                            \
    "              WHEN 'draft' THEN ARRAY['update', 'submit', 'activate', 'discard']"                                 \
    "              WHEN 'waiting' THEN ARRAY['update', 'activate', 'reject']"                                          \
    "              WHEN 'active' THEN ARRAY['end'] ELSE '{}' END"                                                      \
    "            WHEN grant_rank((SELECT yagura_grants()), 'rules') >= 2 AND e.state = 'waiting'"                      \
    "            THEN ARRAY['activate', 'reject'] ELSE '{}' END::text[] AS can"                                        \
    "  FROM exclusion e LEFT JOIN tenant t ON t.id = e.tenant_id LEFT JOIN rule r ON r.id = e.rule_id"

/* A draft is the service's own: the customer's side sees what was put to it. */
#define SEEN " WHERE (e.state <> 'draft' OR (SELECT yagura_side()) = 'provider')"

const struct listing exclusion_listing = {
    .name = "exclusions", .from = EXCLUSION_SELECT SEEN, .row = &exclusion_shape, .key = "id", .sort = "-updated_at",
};
const struct query exclusion_by_id = {
    .name = "exclusion_by_id", .sql = EXCLUSION_SELECT SEEN " AND e.id = :id", .args = &id_args_shape,
    .row = &exclusion_shape,
};
const struct query exclusion_insert = {
    .name = "exclusion_insert",
    .sql = "INSERT INTO exclusion (tenant_id, id, title, rule_id, scope, scope_id, conditions, body, language, state,"
           "    reason, acknowledgement, from_detection_id, learned, author_id, author_name, decided_by_name,"
           "    decided_at, decision, expires_at, created_at, updated_at)"
           " VALUES (:tenant_id, :id, :title, :rule_id, :scope, :scope_id, :conditions, :body, :language, :state,"
           "    :reason, :acknowledgement, :from_detection_id, :learned, :author_id, :author_name, :decided_by_name,"
           "    :decided_at, :decision, :expires_at, :updated_at, :updated_at)",
    .args = &exclusion_shape,
};
const struct query exclusion_save = {
    .name = "exclusion_save",
    .sql = "UPDATE exclusion SET title = :title, scope = :scope, scope_id = :scope_id, conditions = :conditions,"
           "    body = :body, language = :language, state = :state, reason = :reason,"
           "    acknowledgement = :acknowledgement, decided_by_name = :decided_by_name, decided_at = :decided_at,"
           "    decision = :decision, expires_at = :expires_at, updated_at = :updated_at, version = version + 1"
           " WHERE tenant_id = :tenant_id AND id = :id AND version = :version RETURNING id",
    .args = &exclusion_shape, .row = &id_args_shape,
};
const struct query exclusion_delete = {
    .name = "exclusion_delete", .sql = "DELETE FROM exclusion WHERE id = :id AND state = 'draft'",
    .args = &id_args_shape,
};

static const struct shape world_shape = SHAPE(exclusion_world_row,
    FIELD(exclusion_world_row, tenant_id, ""), FIELD(exclusion_world_row, id, ""),
    FIELD(exclusion_world_row, rule_id, ""), FIELD(exclusion_world_row, scope_id, ""),
    FIELD(exclusion_world_row, scope, "", .of = &exclusion_scope_domain),
    FIELD(exclusion_world_row, language, "", .of = &detection_rule_language_domain),
    FIELD(exclusion_world_row, body, ""), FIELD(exclusion_world_row, expires_at, ""),
    FIELD(exclusion_world_row, hosts, ""));

const struct query exclusion_world = {
    .name = "exclusion_world",
    .sql = "SELECT e.tenant_id, e.id, e.rule_id, e.scope_id, e.scope, e.language, e.body, e.expires_at,"
           "       CASE e.scope WHEN 'computer' THEN ARRAY(SELECT c.name_key FROM computer c"
           "                WHERE c.tenant_id = e.tenant_id AND c.id = e.scope_id)"
           "            WHEN 'group' THEN ARRAY(SELECT c.name_key FROM computer c WHERE c.tenant_id = e.tenant_id"
           "                AND c.id IN (SELECT m.computer_id FROM computer_group_member m"
           "                              WHERE m.tenant_id = e.tenant_id AND m.group_id = e.scope_id"
           "                             UNION ALL SELECT n.computer_id FROM computer_group_now n"
           "                              WHERE n.tenant_id = e.tenant_id AND n.group_id = e.scope_id))"
           "            ELSE '{}' END::text[] AS hosts"
           "  FROM exclusion e WHERE e.state = 'active' ORDER BY e.tenant_id, e.id",
    .row = &world_shape,
};

static const struct shape expired_args = SHAPE(exclusion, FIELD(exclusion, updated_at, "Now"));
static const struct shape expired_row = SHAPE(exclusion, FIELD(exclusion, id, ""), FIELD(exclusion, tenant_id, ""),
                                              FIELD(exclusion, title, ""), FIELD(exclusion, author_id, ""),
                                              FIELD(exclusion, reason, ""));

const struct query exclusions_expired = {
    .name = "exclusions_expired",
    .sql = "UPDATE exclusion SET state = 'ended', decision = NULL, updated_at = :updated_at, version = version + 1"
           " WHERE state = 'active' AND expires_at <= :updated_at RETURNING id, tenant_id, title, author_id, reason",
    .args = &expired_args, .row = &expired_row,
};
