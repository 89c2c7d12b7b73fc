#include "model/detection.h"

const struct domain detection_status_domain = DOMAIN(detection_status, "new", "in_progress", "resolved");
const struct domain detection_verdict_domain =
    DOMAIN(detection_verdict, "true_positive", "false_positive", "expected", "test");
const struct domain detection_origin_domain = DOMAIN(detection_origin, "rule", "correlation", "product", "hunt");

#define ABOUT                                                                                                          \
    FIELD(detection, id, "Identity, never reused", .filter = true, .required = true),                                  \
    FIELD(detection, tenant_id, "At which customer", .filter = true, .required = true),                                \
    FIELD(detection, tenant_name, "The customer's name"),                                                              \
    FIELD(detection, rule_id, "Which rule found it", .filter = true, .required = true),                                \
    FIELD(detection, rule_key, "The rule's own id", .filter = true),                                                   \
    FIELD(detection, title, "What was found, in one line", .search = true, .required = true),                          \
    FIELD(detection, title_ja, "The same in Japanese", .search = true),                                                \
    FIELD(detection, score, "1-39 low, 40-69 warning, 70-100 threat", .sort = true, .filter = true,                    \
          .required = true),                                                                                           \
    FIELD(detection, techniques, "ATT&CK techniques", .filter = true),                                                 \
    FIELD(detection, tactics, "ATT&CK tactics", .filter = true),                                                       \
    FIELD(detection, computer_id, "On which computer", .filter = true),                                                \
    FIELD(detection, computer_name, "Its name", .search = true, .filter = true),                                       \
    FIELD(detection, user_name, "Under which account", .search = true, .filter = true),                                \
    FIELD(detection, process_name, "Which process", .search = true, .filter = true),                                   \
    FIELD(detection, process_path, "The file of the process"),                                                         \
    FIELD(detection, command_line, "How the process was called", .search = true),                                      \
    FIELD(detection, sha256, "Of the file of the process", .filter = true),                                            \
    FIELD(detection, target, "File, key or pipe it is about", .search = true),                                         \
    FIELD(detection, kind, "Kind of the event", .filter = true),                                                       \
    FIELD(detection, occurrences, "How often it happened", .required = true),                                          \
    FIELD(detection, first_at, "When first, by the event's own time", .sort = true, .filter = true,                    \
          .required = true),                                                                                           \
    FIELD(detection, last_at, "When last", .sort = true, .filter = true, .required = true),                            \
    FIELD(detection, arrived_at, "When it was heard of first", .sort = true, .filter = true, .required = true),        \
    FIELD(detection, status, "How far it is", .of = &detection_status_domain, .filter = true, .required = true),       \
    FIELD(detection, verdict, "What it turned out to be", .of = &detection_verdict_domain, .filter = true),            \
    FIELD(detection, assignee_id, "Who looks into it", .filter = true),                                                \
    FIELD(detection, assignee_name, "Their name"),                                                                     \
    FIELD(detection, incident_id, "Of which incident it is part", .filter = true),                                     \
    FIELD(detection, origin, "What found it", .of = &detection_origin_domain, .filter = true, .required = true),       \
    FIELD(detection, version, "Grows with each change"),                                                               \
    FIELD(detection, can, "Verbs the caller may use on it", .required = true)

#define WHOLE                                                                                                          \
    FIELD(detection, rule_version, "Which text of the rule"),                                                          \
    FIELD(detection, process_guid, "Names the process"),                                                               \
    FIELD(detection, process_id, "Its number", .optional = true),                                                      \
    FIELD(detection, parent_path, "The file of its parent"),                                                           \
    FIELD(detection, parent_guid, "Names the parent"),                                                                 \
    FIELD(detection, sha1, "Of the file of the process"), FIELD(detection, md5, "Of the file of the process"),         \
    FIELD(detection, addresses, "Remote addresses and names"),                                                         \
    FIELD(detection, matched, "The fields that the condition read: [{field, value}]"),                                 \
    FIELD(detection, batch_id, "The batch of the first event"),                                                        \
    FIELD(detection, event_index, "Its number in the batch", .optional = true),                                        \
    FIELD(detection, event, "The first event as it arrived"),                                                          \
    FIELD(detection, resolved_by_name, "Who resolved it"), FIELD(detection, resolved_at, "When"),                      \
    FIELD(detection, reason, "Why"), FIELD(detection, updated_at, "When it last changed", .required = true)

const struct shape detection_row_shape = SHAPE(detection, ABOUT);
const struct shape detection_shape = SHAPE(detection, ABOUT, WHOLE);

#define DETECTION_ABOUT                                                                                                \
    "SELECT d.id, d.tenant_id, t.name AS tenant_name, d.rule_id, d.rule_key, d.title, d.title_ja,"                     \
    "       d.score::bigint AS score, d.techniques, d.tactics, d.computer_id, d.computer_name, d.user_name,"           \
    "       d.process_name, d.process_path, d.command_line, d.sha256, d.target, d.kind, d.occurrences, d.first_at,"    \
    "       d.last_at, d.arrived_at, d.status, d.verdict, d.assignee_id, d.assignee_name, d.incident_id, d.origin,"    \
    "       d.version,"                                                                                                \
    "       CASE WHEN grant_rank((SELECT yagura_grants()), 'detections') < 2 THEN '{}'"                                \
    "            WHEN d.status = 'resolved' THEN ARRAY['reopen']"                                                      \
    "            ELSE ARRAY['take', 'resolve', 'exclude'] END::text[] AS can"
#define DETECTION_FROM " FROM detection d LEFT JOIN tenant t ON t.id = d.tenant_id"
#define DETECTION_WHOLE                                                                                                \
    DETECTION_ABOUT ", d.rule_version, d.process_guid, d.process_id, d.parent_path, d.parent_guid, d.sha1, d.md5,"     \
    "       d.addresses, d.matched, d.batch_id, d.event_index, d.event, d.resolved_by_name, d.resolved_at, d.reason,"  \
    "       d.updated_at"

const struct listing detection_listing = {
    .name = "detections", .from = DETECTION_ABOUT DETECTION_FROM, .row = &detection_row_shape, .key = "id",
    .sort = "-last_at", .owned = true,
};
const struct query detection_by_id = {
    .name = "detection_by_id", .sql = DETECTION_WHOLE DETECTION_FROM " WHERE d.id = :id", .args = &id_args_shape,
    .row = &detection_shape,
};
const struct query detection_lock = {
    .name = "detection_lock", .sql = DETECTION_WHOLE DETECTION_FROM " WHERE d.id = :id FOR UPDATE OF d",
    .args = &id_args_shape, .row = &detection_shape,
};

/* Whoever changes detections holds their groups first, as a batch does that adds occurrences. */
static const struct shape ids_args = SHAPE(detection_ids_args, FIELD(detection_ids_args, ids, "Which ones"));
const struct query detection_groups_lock = {
    .name = "detection_groups_lock",
    .sql = "SELECT detection_id AS id FROM detection_group WHERE detection_id = ANY (:ids)"
           " ORDER BY tenant_id, key FOR UPDATE",
    .args = &ids_args, .row = &id_args_shape,
};
const struct query detections_lock = {
    .name = "detections_lock", .sql = "SELECT id FROM detection WHERE id = ANY (:ids) ORDER BY id FOR UPDATE",
    .args = &ids_args, .row = &id_args_shape,
};
const struct query detection_ungroup = {
    .name = "detection_ungroup",
    .sql = "DELETE FROM detection_group WHERE tenant_id = :tenant_id AND detection_id = :id",
    .args = &detection_shape,
};
const struct query detection_save = {
    .name = "detection_save",
    .sql = "UPDATE detection SET status = :status, verdict = :verdict, assignee_id = :assignee_id,"
           "    assignee_name = :assignee_name, resolved_by_name = :resolved_by_name, resolved_at = :resolved_at,"
           "    reason = :reason, updated_at = :updated_at, version = version + 1"
           " WHERE tenant_id = :tenant_id AND id = :id",
    .args = &detection_shape,
};

const struct shape detection_occurrence_shape = SHAPE(detection_occurrence,
    FIELD(detection_occurrence, id, "Identity", .required = true),
    FIELD(detection_occurrence, detection_id, "Of which detection", .required = true),
    FIELD(detection_occurrence, batch_id, "The batch of its event", .required = true),
    FIELD(detection_occurrence, event_index, "The event's number in the batch", .required = true),
    FIELD(detection_occurrence, at, "When, by the event's own time", .sort = true, .required = true),
    FIELD(detection_occurrence, process_guid, "Names the process"));

const struct listing detection_occurrence_listing = {
    .name = "detection_occurrences",
    .from = "SELECT o.id, o.detection_id, o.batch_id, o.event_index, o.at, o.process_guid FROM detection_occurrence o"
            " WHERE o.detection_id = :id AND o.tenant_id = (SELECT d.tenant_id FROM detection d WHERE d.id = :id)",
    .args = &id_args_shape, .row = &detection_occurrence_shape, .key = "id", .sort = "-at",
};

/* ---- heaps ---- */

const struct shape detection_heap_args_shape = SHAPE(detection_heap_args,
    FIELD(detection_heap_args, by, "By rule or by computer", .required = true),
    FIELD(detection_heap_args, since, "Seen since then", .required = true),
    FIELD(detection_heap_args, status, "Only those: new, in_progress, resolved"));

const struct shape detection_heap_shape = SHAPE(detection_heap,
    FIELD(detection_heap, id, "The rule or the computer"),
    FIELD(detection_heap, name, "Its name"), FIELD(detection_heap, name_ja, "The same in Japanese"),
    FIELD(detection_heap, detections, "So many detections", .sort = true),
    FIELD(detection_heap, occurrences, "So many occurrences", .sort = true),
    FIELD(detection_heap, unresolved, "Not resolved yet", .sort = true),
    FIELD(detection_heap, worst_score, "The worst of them", .sort = true, .required = true),
    FIELD(detection_heap, computers, "On so many computers", .sort = true),
    FIELD(detection_heap, tenants, "At so many customers", .sort = true),
    FIELD(detection_heap, last_at, "When last", .sort = true, .required = true));

const struct listing detection_heap_listing = {
    .name = "detection_heaps",
    .from = "SELECT h.id, CASE :by WHEN 'rule' THEN max(d.title) ELSE max(d.computer_name) END AS name,"
            "       CASE :by WHEN 'rule' THEN max(d.title_ja) END AS name_ja, count(*) AS detections,"
            "       sum(d.occurrences)::bigint AS occurrences,"
            "       count(*) FILTER (WHERE d.status <> 'resolved') AS unresolved,"
            "       max(d.score)::bigint AS worst_score, count(DISTINCT d.computer_id) AS computers,"
            "       count(DISTINCT d.tenant_id) AS tenants, max(d.last_at) AS last_at"
            "  FROM detection d, LATERAL (SELECT CASE :by WHEN 'rule' THEN d.rule_id ELSE d.computer_id END AS id) h"
            " WHERE h.id IS NOT NULL AND d.last_at >= :since"
            "   AND (:status IS NULL OR d.status = :status)"
            " GROUP BY h.id",
    .args = &detection_heap_args_shape, .row = &detection_heap_shape, .key = "id", .sort = "-worst_score",
};

/* ---- the same elsewhere ---- */

const struct shape detection_elsewhere_shape = SHAPE(detection_elsewhere,
    FIELD(detection_elsewhere, rule_here, "Detections of the rule at this customer"),
    FIELD(detection_elsewhere, rule_computers_here, "On so many of its computers"),
    FIELD(detection_elsewhere, rule_tenants, "Customers with detections of the rule, as far as the caller sees them"),
    FIELD(detection_elsewhere, file_here, "Detections about the same file at this customer"),
    FIELD(detection_elsewhere, file_tenants, "Customers with detections about the same file"),
    FIELD(detection_elsewhere, command_here, "Detections of the rule with the same command line at this customer"),
    FIELD(detection_elsewhere, command_computers_here, "On so many of its computers"),
    FIELD(detection_elsewhere, true_positives, "How often the rule was right"),
    FIELD(detection_elsewhere, false_positives, "How often it was wrong or was expected"));

/* What others are compared with: values, by which an index is asked. */
static const struct shape marks_shape = SHAPE(detection_marks,
    FIELD(detection_marks, tenant_id, ""), FIELD(detection_marks, rule_id, ""), FIELD(detection_marks, sha256, ""),
    FIELD(detection_marks, command_line, ""));
const struct query detection_marks = {
    .name = "detection_marks",
    .sql = "SELECT tenant_id, rule_id, sha256, command_line FROM detection WHERE id = :id",
    .args = &id_args_shape, .row = &marks_shape,
};

/* Each count ends at a thousand: more says no more, and a rule that fires all day is as quick to look at. */
const struct query detection_elsewhere = {
    .name = "detection_elsewhere",
    .sql = "WITH here AS MATERIALIZED (SELECT o.computer_id, o.command_line FROM detection o"
           "    WHERE o.tenant_id = :tenant_id AND o.rule_id = :rule_id ORDER BY o.last_at DESC LIMIT 1000),"
           " file AS MATERIALIZED (SELECT o.tenant_id FROM detection o WHERE o.sha256 = :sha256 LIMIT 1000),"
           " judged AS MATERIALIZED (SELECT o.tenant_id, o.verdict FROM detection o WHERE o.rule_id = :rule_id"
           "    ORDER BY o.last_at DESC LIMIT 1000),"
           " ruled AS (SELECT count(*) AS here, count(DISTINCT computer_id) AS computers,"
           "        count(*) FILTER (WHERE command_line = :command_line) AS command,"
           "        count(DISTINCT computer_id) FILTER (WHERE command_line = :command_line) AS command_computers"
           "    FROM here)"
           " SELECT r.here AS rule_here, r.computers AS rule_computers_here,"
           "    (SELECT count(DISTINCT tenant_id) FROM judged) AS rule_tenants,"
           "    (SELECT count(*) FROM file WHERE file.tenant_id = :tenant_id) AS file_here,"
           "    (SELECT count(DISTINCT file.tenant_id) FROM file) AS file_tenants,"
           "    r.command AS command_here, r.command_computers AS command_computers_here,"
           "    (SELECT count(*) FROM judged WHERE verdict = 'true_positive') AS true_positives,"
           "    (SELECT count(*) FROM judged WHERE verdict IN ('false_positive', 'expected')) AS false_positives"
           "  FROM ruled r",
    .args = &marks_shape, .row = &detection_elsewhere_shape,
};
