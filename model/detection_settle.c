#include "model/detection_settle.h"

static const struct shape args_shape = SHAPE(settle_args,
    FIELD(settle_args, tenant_id, "Whose"), FIELD(settle_args, rows, "What"), FIELD(settle_args, at, "When"),
    FIELD(settle_args, since, "Since when a group gathers"));

static const struct shape group_shape = SHAPE(settle_group,
    FIELD(settle_group, key, "Which group"), FIELD(settle_group, detection_id, "Where it gathers"));

const struct query settle_groups = {
    .name = "settle_groups",
    .sql = "INSERT INTO detection_group AS g (tenant_id, key, detection_id, first_at)"
           " SELECT :tenant_id, decode(f.key, 'hex'), f.id, :at"
           "   FROM jsonb_to_recordset(:rows) AS f (key text, id uuid) ORDER BY 2"
           " ON CONFLICT (tenant_id, key) DO UPDATE SET"
           "    detection_id = CASE WHEN g.first_at > :since THEN g.detection_id ELSE excluded.detection_id END,"
           "    first_at = CASE WHEN g.first_at > :since THEN g.first_at ELSE excluded.first_at END"
           " RETURNING encode(key, 'hex') AS key, detection_id",
    .args = &args_shape, .row = &group_shape,
};

const struct query settle_new = {
    .name = "settle_new",
    .sql = "INSERT INTO detection (tenant_id, id, rule_id, rule_key, rule_version, title, title_ja, score, techniques,"
           "    tactics, computer_id, computer_name, user_name, process_name, process_path, process_guid, process_id,"
           "    parent_path, parent_guid, command_line, sha256, sha1, md5, addresses, target, kind, matched, batch_id,"
           "    event_index, event, occurrences, first_at, last_at, arrived_at, origin, updated_at)"
           " SELECT :tenant_id, f.id, f.rule_id, f.rule_key, f.rule_version, f.title, f.title_ja, f.score,"
           "    f.techniques, f.tactics, c.id, coalesce(c.name, f.computer_name), f.user_name, f.process_name,"
           "    f.process_path, f.process_guid, f.process_id, f.parent_path, f.parent_guid, f.command_line, f.sha256,"
           "    f.sha1, f.md5, f.addresses, f.target, f.kind, f.matched, f.batch_id, f.event_index, f.event,"
           "    f.occurrences, f.first_at, f.last_at, :at, f.origin, :at"
           "   FROM jsonb_to_recordset(:rows) AS f (id uuid, rule_id uuid, rule_key text, rule_version bigint,"
           "    title text, title_ja text, score int, techniques text[], tactics text[], host text,"
           "    computer_name text, user_name text, process_name text, process_path text, process_guid text,"
           "    process_id bigint, parent_path text, parent_guid text, command_line text, sha256 text, sha1 text,"
           "    md5 text, addresses text[], target text, kind text, matched jsonb, batch_id uuid, event_index bigint,"
           "    event text, occurrences bigint, first_at timestamptz, last_at timestamptz, origin text)"
           "   LEFT JOIN computer c ON c.tenant_id = :tenant_id AND c.name_key = f.host",
    .args = &args_shape,
};

static const struct shape repeat_shape = SHAPE(settle_repeat,
    FIELD(settle_repeat, detection_id, "Which"), FIELD(settle_repeat, occurrences, "How many there were"));

const struct query settle_repeats = {
    .name = "settle_repeats",
    .sql = "WITH f AS (SELECT * FROM jsonb_to_recordset(:rows) AS f (id uuid, occurrences bigint,"
           "            first_at timestamptz, last_at timestamptz)),"
           " held AS MATERIALIZED (SELECT d.tenant_id, d.id, d.occurrences FROM detection d"
           "            WHERE d.tenant_id = :tenant_id AND d.id IN (SELECT id FROM f) ORDER BY d.id FOR UPDATE)"
           " UPDATE detection d SET occurrences = d.occurrences + f.occurrences,"
           "    first_at = least(d.first_at, f.first_at), last_at = greatest(d.last_at, f.last_at),"
           "    updated_at = :at, version = d.version + 1"
           "   FROM held JOIN f ON f.id = held.id"
           "  WHERE d.tenant_id = held.tenant_id AND d.id = held.id"
           " RETURNING d.id AS detection_id, held.occurrences",
    .args = &args_shape, .row = &repeat_shape,
};

const struct query settle_occurrences = {
    .name = "settle_occurrences",
    .sql = "INSERT INTO detection_occurrence (tenant_id, id, detection_id, batch_id, event_index, at, process_guid)"
           " SELECT :tenant_id, f.id, f.detection_id, f.batch_id, f.event_index, f.at, f.process_guid"
           "   FROM jsonb_to_recordset(:rows) AS f (id uuid, detection_id uuid, batch_id uuid, event_index bigint,"
           "    at timestamptz, process_guid text)",
    .args = &args_shape,
};

const struct query settle_counts = {
    .name = "settle_counts",
    .sql = "INSERT INTO match_count (tenant_id, id, rule_id, exclusion_id, matches, at)"
           " SELECT :tenant_id, f.id, f.rule_id, f.exclusion_id, f.matches, :at"
           "   FROM jsonb_to_recordset(:rows) AS f (id uuid, rule_id uuid, exclusion_id uuid, matches bigint)",
    .args = &args_shape,
};

const struct query settle_observations = {
    .name = "settle_observations",
    .sql = "INSERT INTO observation (tenant_id, id, rule_id, at, computer_name, fields, batch_id, event_index, part)"
           " SELECT :tenant_id, f.id, f.rule_id, f.at, f.computer_name, f.fields, f.batch_id, f.event_index, f.part"
           "   FROM jsonb_to_recordset(:rows) AS f (id uuid, rule_id uuid, at timestamptz, computer_name text,"
           "    fields jsonb, batch_id uuid, event_index bigint, part text)",
    .args = &args_shape,
};

const struct query settle_changes = {
    .name = "settle_changes",
    .sql = "SELECT count(change_record(:tenant_id, 'detection', f.id, f.verb, :at))"
           "   FROM jsonb_to_recordset(:rows) AS f (id uuid, verb text)",
    .args = &args_shape,
};

/* ---- adding up ---- */

static const struct shape hit_shape = SHAPE(tally_hit,
    FIELD(tally_hit, exclusion_id, ""), FIELD(tally_hit, hits, ""), FIELD(tally_hit, at, ""));

const struct query tally_counts = {
    .name = "tally_counts",
    .sql = "WITH taken AS (DELETE FROM match_count WHERE tenant_id = :tenant_id RETURNING *),"
           " figures AS (INSERT INTO rule_figure AS r (tenant_id, rule_id, day, seen, hidden)"
           "    SELECT tenant_id, rule_id, (at AT TIME ZONE 'UTC')::date AS day, sum(matches),"
           "           coalesce(sum(matches) FILTER (WHERE exclusion_id IS NOT NULL), 0)"
           "      FROM taken GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
           "    ON CONFLICT (tenant_id, rule_id, day) DO UPDATE SET seen = r.seen + excluded.seen,"
           "           hidden = r.hidden + excluded.hidden)"
           " SELECT exclusion_id, sum(matches)::bigint AS hits, max(at) AS at FROM taken"
           "  WHERE exclusion_id IS NOT NULL GROUP BY 1 ORDER BY 1",
    .args = &args_shape, .row = &hit_shape,
};

const struct query tally_hits = {
    .name = "tally_hits",
    .sql = "WITH f AS (SELECT * FROM jsonb_to_recordset(:rows) AS f (exclusion_id uuid, hits bigint, at timestamptz)),"
           " held AS MATERIALIZED (SELECT e.tenant_id, e.id FROM exclusion e WHERE e.id IN (SELECT exclusion_id FROM f)"
           "    ORDER BY e.id FOR UPDATE)"
           " UPDATE exclusion e SET hits = e.hits + f.hits, last_hit_at = greatest(e.last_hit_at, f.at)"
           "   FROM held JOIN f ON f.exclusion_id = held.id WHERE e.tenant_id = held.tenant_id AND e.id = held.id",
    .args = &args_shape,
};

static const struct shape skipped_shape = SHAPE(tally_skipped, FIELD(tally_skipped, skipped, ""));

/* A computer that a batch holds right now is left for the next time. */
const struct query tally_computers = {
    .name = "tally_computers",
    .sql = "WITH open AS MATERIALIZED (SELECT computer_id, count(*)::int AS count, max(score) AS worst FROM detection"
           "      WHERE tenant_id = :tenant_id AND status <> 'resolved' AND computer_id IS NOT NULL"
           "      GROUP BY computer_id),"
           " wrong AS (SELECT c.id, coalesce(o.count, 0) AS count, o.worst FROM computer c"
           "      LEFT JOIN open o ON o.computer_id = c.id WHERE c.tenant_id = :tenant_id"
           "      AND (c.open_detections <> coalesce(o.count, 0) OR c.worst_score IS DISTINCT FROM o.worst)),"
           " held AS MATERIALIZED (SELECT c.id FROM computer c WHERE c.tenant_id = :tenant_id"
           "      AND c.id IN (SELECT id FROM wrong) ORDER BY c.name_key FOR UPDATE SKIP LOCKED),"
           " done AS (UPDATE computer c SET open_detections = w.count, worst_score = w.worst, updated_at = :at"
           "      FROM wrong w JOIN held ON held.id = w.id WHERE c.tenant_id = :tenant_id AND c.id = w.id"
           "      RETURNING c.id)"
           " SELECT (SELECT count(*) FROM wrong) - (SELECT count(*) FROM done) AS skipped",
    .args = &args_shape, .row = &skipped_shape,
};

const struct query tally_groups = {
    .name = "tally_groups",
    .sql = "DELETE FROM detection_group g USING (SELECT tenant_id, key FROM detection_group"
           "    WHERE tenant_id = :tenant_id AND first_at < :since ORDER BY key LIMIT 10000"
           "    FOR UPDATE SKIP LOCKED) old"
           " WHERE g.tenant_id = old.tenant_id AND g.key = old.key",
    .args = &args_shape,
};
