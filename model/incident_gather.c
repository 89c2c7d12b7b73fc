#include "model/incident_gather.h"

static const struct shape tenant_only = SHAPE(gather_args, FIELD(gather_args, tenant_id, "Whose"));
static const struct shape since_shape = SHAPE(gather_args,
    FIELD(gather_args, tenant_id, "Whose"), FIELD(gather_args, since, "Not older"));
static const struct shape lock_shape = SHAPE(gather_lock_row, FIELD(gather_lock_row, held, "It is ours"));

const struct query gather_lock = {
    .name = "gather_lock",
    .sql = "SELECT true AS held FROM (SELECT pg_advisory_xact_lock(hashtextextended('gather ' || :tenant_id, 0))) l",
    .args = &tenant_only, .row = &lock_shape,
};

/* Without a word when somebody else is at it. */
const struct query gather_try_lock = {
    .name = "gather_try_lock",
    .sql = "SELECT pg_try_advisory_xact_lock(hashtextextended('gather ' || :tenant_id, 0)) AS held",
    .args = &tenant_only, .row = &lock_shape,
};

static const struct shape rule_shape = SHAPE(gather_rule,
    FIELD(gather_rule, id, ""), FIELD(gather_rule, name, ""), FIELD(gather_rule, name_ja, ""),
    FIELD(gather_rule, severity, ""), FIELD(gather_rule, enabled, ""), FIELD(gather_rule, correlation, ""),
    FIELD(gather_rule, min_score, "", .optional = true), FIELD(gather_rule, sum_score, "", .optional = true),
    FIELD(gather_rule, min_detections, "", .optional = true), FIELD(gather_rule, min_tactics, "", .optional = true),
    FIELD(gather_rule, min_computers, "", .optional = true), FIELD(gather_rule, window_minutes, ""),
    FIELD(gather_rule, tactic_order, ""), FIELD(gather_rule, rule_keys, ""), FIELD(gather_rule, gather_by, ""));
const struct query gather_rules = {
    .name = "gather_rules",
    .sql = "SELECT r.id, r.name, r.name_ja, r.severity, r.enabled, coalesce(r.correlation, false) AS correlation,"
           "       r.min_score, r.sum_score, r.min_detections, r.min_tactics, r.min_computers, r.window_minutes,"
           "       r.tactic_order, r.rule_keys, r.gather_by"
           "  FROM incident_rule r"
           " WHERE r.tenant_id = :tenant_id OR r.tenant_id = '00000000-0000-7000-8000-000000000001'"
           "   AND NOT EXISTS (SELECT FROM incident_rule own WHERE own.tenant_id = :tenant_id AND own.name = r.name"
           "                   AND own.tenant_id <> r.tenant_id)"
           " ORDER BY r.position, r.name, r.id",
    .args = &tenant_only, .row = &rule_shape,
};

static const struct shape detection_shape_gathered = SHAPE(gather_detection,
    FIELD(gather_detection, id, ""), FIELD(gather_detection, computer_id, ""), FIELD(gather_detection, computer, ""),
    FIELD(gather_detection, computer_name, ""), FIELD(gather_detection, user_name, ""),
    FIELD(gather_detection, process_guid, ""), FIELD(gather_detection, parent_guid, ""),
    FIELD(gather_detection, hash, ""), FIELD(gather_detection, process_path, ""),
    FIELD(gather_detection, rule_key, ""), FIELD(gather_detection, title, ""), FIELD(gather_detection, title_ja, ""),
    FIELD(gather_detection, addresses, ""), FIELD(gather_detection, tactics, ""), FIELD(gather_detection, score, ""),
    FIELD(gather_detection, correlation, ""), FIELD(gather_detection, common, ""),
    FIELD(gather_detection, first_at, ""), FIELD(gather_detection, last_at, ""));

/* A file on more computers than this is no trace of anybody. */
#define COMMON "10"
/* The hash is a column by itself: row-level security lets no expression that might leak into an index. */
#define DETECTION_SELECT                                                                                     \
    "SELECT d.id, d.computer_id, split_part(lower(d.computer_name), '.', 1) AS computer, d.computer_name,"   \
    "       lower(d.user_name) AS user_name, lower(d.process_guid) AS process_guid,"                         \
    "       lower(d.parent_guid) AS parent_guid, f.hash,"                                                         \
    "       lower(d.process_path) AS process_path, d.rule_key, d.title, d.title_ja,"                         \
    "       ARRAY(SELECT lower(a) FROM unnest(d.addresses[1 : 8]) a) AS addresses, d.tactics, d.score,"        \
    "       d.origin = 'correlation' AS correlation,"                                                        \
    "       coalesce((SELECT e.computers > " COMMON " FROM executable e WHERE e.tenant_id = d.tenant_id"     \
    "                  AND e.hash = f.hash), false) AS common,"                                               \
    "       d.first_at, greatest(d.last_at, d.first_at) AS last_at"                                          \
    "  FROM detection d CROSS JOIN LATERAL (SELECT coalesce(d.sha256, d.sha1, d.md5) AS hash OFFSET 0) f"

/* Also those that somebody works on; what is resolved is over, and a false positive is no part of any story. */
const struct query gather_detections = {
    .name = "gather_detections",
    .sql = DETECTION_SELECT
           " WHERE d.tenant_id = :tenant_id AND d.incident_id IS NULL AND d.status <> 'resolved'"
           "   AND d.arrived_at >= :since"
           " ORDER BY d.arrived_at DESC LIMIT 50000",
    .args = &since_shape, .row = &detection_shape_gathered,
};

static const struct shape ids_shape = SHAPE(gather_ids,
    FIELD(gather_ids, tenant_id, "Whose"), FIELD(gather_ids, ids, "Which"));
const struct query gather_chosen = {
    .name = "gather_chosen", .sql = DETECTION_SELECT " WHERE d.tenant_id = :tenant_id AND d.id = ANY (:ids)",
    .args = &ids_shape, .row = &detection_shape_gathered,
};
static const struct shape of_incident = SHAPE(gather_ids,
    FIELD(gather_ids, tenant_id, "Whose"), FIELD(gather_ids, incident_id, "Which"));
const struct query incident_detections = {
    .name = "incident_detections",
    .sql = DETECTION_SELECT " WHERE d.tenant_id = :tenant_id AND d.incident_id = :incident_id",
    .args = &of_incident, .row = &detection_shape_gathered,
};

static const struct shape things_shape = SHAPE(gather_things,
    FIELD(gather_things, tenant_id, "Whose"), FIELD(gather_things, kinds, ""), FIELD(gather_things, values, ""),
    FIELD(gather_things, since, "Not older"));
static const struct shape mark_shape = SHAPE(gather_mark,
    FIELD(gather_mark, incident_id, ""), FIELD(gather_mark, number, ""), FIELD(gather_mark, touched, ""),
    FIELD(gather_mark, kind, ""), FIELD(gather_mark, value, ""), FIELD(gather_mark, from, ""),
    FIELD(gather_mark, to, ""), FIELD(gather_mark, gather_by, ""), FIELD(gather_mark, window_minutes, ""));
const struct query gather_incidents = {
    .name = "gather_incidents",
    .sql = "WITH thing AS MATERIALIZED (SELECT DISTINCT kind, value FROM unnest(:kinds, :values) AS t (kind, value)),"
           " meant AS MATERIALIZED ("
           "   SELECT DISTINCT o.incident_id FROM thing t JOIN incident_object o ON o.tenant_id = :tenant_id"
           "      AND o.kind = t.kind AND o.value = t.value AND o.joins AND o.last_at >= :since),"
           " held AS MATERIALIZED ("
           "   SELECT i.* FROM incident i WHERE i.tenant_id = :tenant_id AND i.status <> 'closed'"
           "      AND i.id IN (SELECT incident_id FROM meant) ORDER BY i.id FOR NO KEY UPDATE)"
           "SELECT h.id AS incident_id, h.number, h.status <> 'open' OR h.assignee_id IS NOT NULL"
           "       OR h.ticket_id IS NOT NULL OR h.told_at IS NOT NULL OR h.titled OR h.level IS NOT NULL"
           "       OR EXISTS (SELECT FROM incident_entry e WHERE e.tenant_id = h.tenant_id AND e.incident_id = h.id"
           "                  AND e.kind = 'comment') AS touched,"
           "       o.kind, o.value, lower(span) AS \"from\", upper(span) AS \"to\", h.gather_by, h.window_minutes"
           "  FROM held h JOIN incident_object o ON o.tenant_id = h.tenant_id AND o.incident_id = h.id AND o.joins"
           "  JOIN thing t ON t.kind = o.kind AND t.value = o.value, unnest(o.seen) AS span",
    .args = &things_shape, .row = &mark_shape,
};

static const struct shape begin_shape = SHAPE(incident_begin,
    FIELD(incident_begin, tenant_id, ""), FIELD(incident_begin, id, ""), FIELD(incident_begin, rule_id, ""),
    FIELD(incident_begin, title, ""), FIELD(incident_begin, title_ja, ""), FIELD(incident_begin, rule_name, ""),
    FIELD(incident_begin, rule_name_ja, ""),
    FIELD(incident_begin, opened_by_name, ""), FIELD(incident_begin, severity, "", .of = &severity_domain),
    FIELD(incident_begin, gather_by, ""), FIELD(incident_begin, window_minutes, ""), FIELD(incident_begin, now, ""));
static const struct shape number_shape = SHAPE(incident_number_row, FIELD(incident_number_row, number, "The next"));
const struct query incident_begin_row = {
    .name = "incident_begin",
    .sql = "INSERT INTO incident (tenant_id, id, number, title, title_ja, score, severity, rule_id, rule_name,"
           "    rule_name_ja, opened_by_name, gather_by, window_minutes, first_at, last_at, opened_at, updated_at)"
           " VALUES (:tenant_id, :id, incident_number_next(:tenant_id), :title, :title_ja, 0, :severity, :rule_id,"
           "    :rule_name, :rule_name_ja, :opened_by_name, coalesce(:gather_by, '{}'), :window_minutes, :now, :now,"
           "    :now, :now)"
           " RETURNING number",
    .args = &begin_shape, .row = &number_shape,
};

static const struct shape object_shape = SHAPE(object_row,
    FIELD(object_row, id, ""), FIELD(object_row, kind, ""), FIELD(object_row, value, ""), FIELD(object_row, label, ""),
    FIELD(object_row, joins, ""), FIELD(object_row, from, ""), FIELD(object_row, to, ""),
    FIELD(object_row, first_at, ""), FIELD(object_row, last_at, ""), FIELD(object_row, detections, ""));
static const struct shape objects_shape = SHAPE(objects_args,
    FIELD(objects_args, tenant_id, ""), FIELD(objects_args, incident_id, ""),
    FIELD(objects_args, objects, "", .items = &object_shape));
const struct query incident_objects_add = {
    .name = "incident_objects_add",
    .sql = "INSERT INTO incident_object AS o (tenant_id, id, incident_id, kind, value, label, joins, seen, detections,"
           "    first_at, last_at)"
           " SELECT :tenant_id, (min(x.id::text))::uuid, :incident_id, x.kind, x.value, min(x.label), bool_or(x.joins),"
           "        range_agg(tstzrange(x.\"from\", x.\"to\", '[]')), sum(x.detections), min(x.first_at),"
           " max(x.last_at)"
           "   FROM jsonb_to_recordset(:objects) AS x (id uuid, kind text, value text, label text, joins boolean,"
           "        \"from\" timestamptz, \"to\" timestamptz, first_at timestamptz, last_at timestamptz,"
           "        detections bigint)"
           "  GROUP BY x.kind, x.value ORDER BY x.kind, x.value"
           " ON CONFLICT (tenant_id, incident_id, kind, value) DO UPDATE SET joins = o.joins OR excluded.joins,"
           "    seen = o.seen + excluded.seen, detections = o.detections + excluded.detections,"
           "    first_at = least(o.first_at, excluded.first_at), last_at = greatest(o.last_at, excluded.last_at)",
    .args = &objects_shape,
};

static const struct shape take_shape = SHAPE(gather_ids,
    FIELD(gather_ids, tenant_id, "Whose"), FIELD(gather_ids, incident_id, "Which"), FIELD(gather_ids, ids, "These"),
    FIELD(gather_ids, now, "When"));
const struct query detections_gather = {
    .name = "detections_gather",
    .sql = "UPDATE detection SET incident_id = :incident_id, updated_at = :now, version = version + 1"
           " WHERE tenant_id = :tenant_id AND id = ANY (:ids)",
    .args = &take_shape,
};
const struct query incident_objects_clear = {
    .name = "incident_objects_clear",
    .sql = "DELETE FROM incident_object WHERE tenant_id = :tenant_id AND incident_id = :incident_id",
    .args = &of_incident,
};

static const struct shape refresh_shape = SHAPE(incident_refresh,
    FIELD(incident_refresh, tenant_id, ""), FIELD(incident_refresh, id, ""), FIELD(incident_refresh, title, ""),
    FIELD(incident_refresh, title_ja, ""), FIELD(incident_refresh, now, ""));
/* The proposed severity only gets graver: an engineer may have read it already. */
const struct query incident_recount = {
    .name = "incident_recount",
    .sql = "UPDATE incident i SET score = coalesce(f.score, i.score), detections = f.detections,"
           "    computers = f.computers, tactics = f.tactics, techniques = f.techniques,"
           "    first_at = coalesce(f.first_at, i.first_at), last_at = coalesce(f.last_at, i.last_at),"
           "    severity = least(i.severity, CASE WHEN f.score >= 90 THEN 'a' WHEN f.score >= 70 THEN 'b'"
           " ELSE 'c' END),"
           "    title = CASE WHEN i.titled THEN i.title ELSE coalesce(:title, i.title) END,"
           "    title_ja = CASE WHEN i.titled THEN i.title_ja ELSE coalesce(:title_ja, i.title_ja) END,"
           "    updated_at = :now, version = version + 1"
           "  FROM (SELECT max(d.score) AS score, count(*) AS detections, count(DISTINCT"
           " split_part(lower(d.computer_name), '.', 1)) AS computers,"
           "               min(d.first_at) AS first_at, max(d.last_at) AS last_at,"
           "               ARRAY(SELECT DISTINCT t FROM detection x, unnest(x.tactics) t WHERE x.tenant_id = :tenant_id"
           "                      AND x.incident_id = :id ORDER BY t) AS tactics,"
           "               ARRAY(SELECT DISTINCT t FROM detection x, unnest(x.techniques) t"
           "                      WHERE x.tenant_id = :tenant_id AND x.incident_id = :id ORDER BY t) AS techniques"
           "          FROM detection d WHERE d.tenant_id = :tenant_id AND d.incident_id = :id) f"
           " WHERE i.tenant_id = :tenant_id AND i.id = :id",
    .args = &refresh_shape,
};

static const struct shape one_incident = SHAPE(incident_refresh,
    FIELD(incident_refresh, tenant_id, ""), FIELD(incident_refresh, id, ""));
static const struct shape worst_shape = SHAPE(incident_worst,
    FIELD(incident_worst, title, ""), FIELD(incident_worst, title_ja, ""), FIELD(incident_worst, computer_name, ""),
    FIELD(incident_worst, score, ""), FIELD(incident_worst, computers, ""), FIELD(incident_worst, detections, ""),
    FIELD(incident_worst, tactics, ""), FIELD(incident_worst, titled, ""));
/* Tactics in the order in which they were first seen. */
const struct query incident_worst_of = {
    .name = "incident_worst",
    .sql = "SELECT w.title, w.title_ja, w.computer_name, w.score, f.computers, f.detections,"
           "       ARRAY(SELECT t FROM detection x, unnest(x.tactics) t WHERE x.tenant_id = :tenant_id"
           "              AND x.incident_id = :id GROUP BY t ORDER BY min(x.first_at), t) AS tactics, i.titled"
           "  FROM incident i,"
           "       LATERAL (SELECT d.title, d.title_ja, d.computer_name, d.score FROM detection d"
           "                 WHERE d.tenant_id = :tenant_id AND d.incident_id = :id"
           "                 ORDER BY d.score DESC, d.first_at, d.id LIMIT 1) w,"
           "       LATERAL (SELECT count(DISTINCT split_part(lower(d.computer_name), '.', 1)) AS computers,"
           " count(*) AS detections FROM detection d"
           "                 WHERE d.tenant_id = :tenant_id AND d.incident_id = :id) f"
           " WHERE i.tenant_id = :tenant_id AND i.id = :id",
    .args = &one_incident, .row = &worst_shape,
};

static const struct shape related_shape = SHAPE(incident_related,
    FIELD(incident_related, tenant_id, ""), FIELD(incident_related, incident_id, ""),
    FIELD(incident_related, other_id, ""));
static const struct shape related_row_shape = SHAPE(incident_related_row, FIELD(incident_related_row, known, "Yes"));
const struct query incident_is_related = {
    .name = "incident_is_related",
    .sql = "SELECT EXISTS (SELECT FROM incident_entry e WHERE e.tenant_id = :tenant_id AND e.incident_id = :incident_id"
           "   AND e.kind = 'related' AND e.detail ->> 'incident_id' = :other_id::text) AS known",
    .args = &related_shape, .row = &related_row_shape,
};

static const struct shape profile_shape = SHAPE(incident_profile,
    FIELD(incident_profile, gather_by, ""), FIELD(incident_profile, window_minutes, ""));
const struct query incident_profile_row = {
    .name = "incident_profile",
    .sql = "SELECT gather_by, window_minutes FROM incident WHERE tenant_id = :tenant_id AND id = :incident_id",
    .args = &of_incident, .row = &profile_shape,
};

static const struct shape muted_args = SHAPE(incident_muted_args,
    FIELD(incident_muted_args, tenant_id, ""), FIELD(incident_muted_args, id, ""), FIELD(incident_muted_args, now, ""));
static const struct shape muted_shape = SHAPE(incident_muted_row, FIELD(incident_muted_row, muted, "All of them"));
const struct query incident_muted = {
    .name = "incident_muted",
    .sql = "SELECT coalesce(bool_and(coalesce(c.muted_until > :now, false)), false) AS muted"
           "  FROM incident_object o LEFT JOIN computer c ON c.tenant_id = o.tenant_id AND c.name_key = o.value"
           " WHERE o.tenant_id = :tenant_id AND o.incident_id = :id AND o.kind = 'computer'",
    .args = &muted_args, .row = &muted_shape,
};
