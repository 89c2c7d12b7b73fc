#include "model/exclusion_replay.h"

static const struct shape replay_args_shape = SHAPE(replay_args,
    FIELD(replay_args, tenant_id, ""), FIELD(replay_args, rule_id, ""), FIELD(replay_args, computer_ids, ""),
    FIELD(replay_args, everyone, ""), FIELD(replay_args, everywhere, ""),
    FIELD(replay_args, from, ""), FIELD(replay_args, before, ""), FIELD(replay_args, before_id, ""),
    FIELD(replay_args, limit, ""));

static const struct shape replay_row_shape = SHAPE(replay_row,
    FIELD(replay_row, id, ""), FIELD(replay_row, tenant_id, ""), FIELD(replay_row, tenant_name, ""),
    FIELD(replay_row, title, ""), FIELD(replay_row, title_ja, ""), FIELD(replay_row, computer_name, ""),
    FIELD(replay_row, command_line, ""), FIELD(replay_row, event, ""), FIELD(replay_row, score, ""),
    FIELD(replay_row, occurrences, ""), FIELD(replay_row, status, "", .of = &detection_status_domain),
    FIELD(replay_row, verdict, "", .of = &detection_verdict_domain), FIELD(replay_row, last_at, ""));

const struct query replay_page = {
    .name = "replay_page",
    .sql = "SELECT d.id, d.tenant_id, t.name AS tenant_name, d.title, d.title_ja, d.computer_name, d.command_line,"
           "       d.event, d.score::bigint AS score, d.occurrences, d.status, d.verdict, d.last_at"
           "  FROM detection d LEFT JOIN tenant t ON t.id = d.tenant_id"
           " WHERE (:everyone OR d.tenant_id = :tenant_id) AND (:rule_id::uuid IS NULL OR d.rule_id = :rule_id)"
           "   AND d.last_at >= :from AND d.event IS NOT NULL"
           "   AND (:everywhere OR d.computer_id = ANY (:computer_ids))"
           "   AND (:before::timestamptz IS NULL OR (d.last_at, d.id) < (:before, :before_id))"
           " ORDER BY d.last_at DESC, d.id DESC LIMIT :limit",
    .args = &replay_args_shape, .row = &replay_row_shape,
};

static const struct shape true_args_shape = SHAPE(replay_true_args,
    FIELD(replay_true_args, tenant_ids, ""), FIELD(replay_true_args, rule_id, ""), FIELD(replay_true_args, from, ""),
    FIELD(replay_true_args, limit, ""));
static const struct shape true_shape = SHAPE(replay_true,
    FIELD(replay_true, segment_id, ""), FIELD(replay_true, detection_id, ""), FIELD(replay_true, event_index, ""));

const struct query replay_true_places = {
    .name = "replay_true_places",
    .sql = "SELECT b.segment_id, b.first_event + o.event_index AS event_index, d.id AS detection_id"
           "  FROM detection d"
           "  JOIN detection_occurrence o ON o.tenant_id = d.tenant_id AND o.detection_id = d.id"
           "  JOIN ingest_batch b ON b.tenant_id = o.tenant_id AND b.id = o.batch_id AND b.segment_id IS NOT NULL"
           " WHERE d.tenant_id = ANY (:tenant_ids) AND d.verdict = 'true_positive' AND d.last_at >= :from"
           "   AND (:rule_id::uuid IS NULL OR d.rule_id = :rule_id)"
           " ORDER BY 1, 2 LIMIT :limit",
    .args = &true_args_shape, .row = &true_shape,
};

static const struct shape learn_args_shape = SHAPE(learn_args,
    FIELD(learn_args, tenant_id, ""), FIELD(learn_args, from, ""), FIELD(learn_args, least, ""),
    FIELD(learn_args, limit, ""));
static const struct shape learn_row_shape = SHAPE(learn_row,
    FIELD(learn_row, detection_id, ""), FIELD(learn_row, detections, ""), FIELD(learn_row, occurrences, ""),
    FIELD(learn_row, computers, ""));

/* A threat is never learnt away: neither what was judged one, nor what scores as one. */
const struct query learn_candidates = {
    .name = "learn_candidates",
    .sql = "SELECT g.detection_id, g.detections, g.occurrences, g.computers FROM ("
           "    SELECT (array_agg(d.id ORDER BY d.last_at DESC))[1] AS detection_id, count(*) AS detections,"
           "           sum(d.occurrences)::bigint AS occurrences, count(DISTINCT d.computer_id) AS computers,"
           "           d.rule_id, d.process_path, coalesce(d.command_line, d.target) AS about"
           "      FROM detection d"
           "     WHERE d.tenant_id = :tenant_id AND d.last_at >= :from AND d.event IS NOT NULL AND d.origin = 'rule'"
           "     GROUP BY d.rule_id, d.process_path, coalesce(d.command_line, d.target)"
           "    HAVING sum(d.occurrences) >= :least AND max(d.score) < 70"
           "       AND count(*) FILTER (WHERE d.verdict = 'true_positive' OR d.incident_id IS NOT NULL) = 0) g"
           " WHERE NOT EXISTS (SELECT 1 FROM exclusion e JOIN detection o ON o.id = e.from_detection_id"
           "         WHERE e.tenant_id = :tenant_id AND e.rule_id = g.rule_id"
           "           AND o.process_path IS NOT DISTINCT FROM g.process_path"
           "           AND coalesce(o.command_line, o.target) IS NOT DISTINCT FROM g.about)"
           " ORDER BY g.occurrences DESC LIMIT :limit",
    .args = &learn_args_shape, .row = &learn_row_shape,
};

const struct shape learning_shape = SHAPE(learning,
    FIELD(learning, tenant_id, "Which customer", .required = true, .filter = true),
    FIELD(learning, tenant_name, "Their name", .sort = true, .required = true),
    FIELD(learning, learning_until, "Until when their detections become proposals; absent: they do not"));
const struct shape learning_put_shape = SHAPE(learning_args,
    FIELD(learning_args, id, "Which customer", .read_only = true),
    FIELD(learning_args, learning_until, "Until when; absent: it ends now"));
static const struct shape learning_args_shape = SHAPE(learning_args,
    FIELD(learning_args, id, ""), FIELD(learning_args, learning_until, ""));

#define LEARNING_SELECT \
    "SELECT id AS tenant_id, name AS tenant_name, learning_until FROM tenant WHERE kind = 'customer'"

const struct listing learning_listing = {
    .name = "learning", .from = LEARNING_SELECT, .row = &learning_shape, .key = "tenant_id", .sort = "tenant_name",
};
const struct query learning_of = {
    .name = "learning_of", .sql = LEARNING_SELECT " AND id = :id", .args = &learning_args_shape, .row = &learning_shape,
};
const struct query learning_set = {
    .name = "learning_set", .sql = "UPDATE tenant SET learning_until = :learning_until WHERE id = :id",
    .args = &learning_args_shape,
};
const struct query learning_now = {
    .name = "learning_now", .sql = LEARNING_SELECT " AND learning_until > :learning_until ORDER BY id",
    .args = &learning_args_shape, .row = &learning_shape,
};
