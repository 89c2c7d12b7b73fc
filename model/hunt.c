#include "model/hunt.h"

const struct domain hunt_state_domain = DOMAIN(hunt_state, "waiting", "running", "done", "cancelled", "failed");
const struct domain hunt_purpose_domain = DOMAIN(hunt_purpose, "search", "hunt");
const struct domain hunt_language_domain = DOMAIN(hunt_language, "conditions", "sigma", "xml", "rules");
const struct domain hunt_about_domain = DOMAIN(hunt_about, "events", "detections");
const struct domain hunt_operator_domain =
    DOMAIN(hunt_operator, "is", "is_not", "contains", "contains_not", "starts", "ends", "present", "absent",
           "in_network", "above", "below", "matches", "has_word");

const struct shape hunt_condition_shape = SHAPE(hunt_condition,
    FIELD(hunt_condition, field, "As rules name it; absent: anywhere in the event", .max = 200),
    FIELD(hunt_condition, operator, "How it is compared", .of = &hunt_operator_domain, .required = true),
    FIELD(hunt_condition, values, "Any of these; none with present and absent", .max = 100));

#define HUNT_FIELDS                                                                                        \
    FIELD(hunt, id, "Identity, never reused", .required = true),                                           \
    FIELD(hunt, tenant_id, "The customer; of several customers the provider", .filter = true, .required = true), \
    FIELD(hunt, title, "What it looks for", .search = true, .sort = true, .required = true),                \
    FIELD(hunt, note, "Why", .search = true),                                                              \
    FIELD(hunt, purpose, "search, or hunt", .of = &hunt_purpose_domain, .filter = true, .required = true), \
    FIELD(hunt, about, "events, or detections", .of = &hunt_about_domain, .filter = true, .required = true), \
    FIELD(hunt, language, "In which language it asks", .of = &hunt_language_domain, .filter = true, .required = true), \
    FIELD(hunt, conditions, "Of a search by fields: all must hold", .items = &hunt_condition_shape),       \
    FIELD(hunt, body, "The question in the rule language; absent: all active rules"),                      \
    FIELD(hunt, tenant_ids, "Whose telemetry it reads", .required = true),                                 \
    FIELD(hunt, host, "Only of this computer"),                                                            \
    FIELD(hunt, from_at, "Events from here", .required = true),                                            \
    FIELD(hunt, until_at, "to before here", .required = true),                                             \
    FIELD(hunt, internal, "Not shown to the customer's side", .filter = true),                             \
    FIELD(hunt, state, "How far it is", .of = &hunt_state_domain, .filter = true, .required = true),       \
    FIELD(hunt, problem, "Why it failed"),                                                                 \
    FIELD(hunt, owner_id, "Who asked", .filter = true),                                                    \
    FIELD(hunt, owner_name, "Who asked", .search = true, .sort = true, .required = true),                  \
    FIELD(hunt, events_total, "Events, or detections, stored for this time"),                              \
    FIELD(hunt, events_passed, "Of them looked at, or known not to matter"),                               \
    FIELD(hunt, events_read, "Of them read"),                                                              \
    FIELD(hunt, bytes_read, "Bytes of events that were read"),                                             \
    FIELD(hunt, segments_total, "Stored blocks of this time"),                                             \
    FIELD(hunt, segments_passed, "Of them done with"),                                                     \
    FIELD(hunt, segments_read, "Of them read"),                                                            \
    FIELD(hunt, hits, "Events found", .sort = true),                                                       \
    FIELD(hunt, kept, "Of them kept here"),                                                                \
    FIELD(hunt, busy_ms, "Time spent on it"),                                                              \
    FIELD(hunt, created_at, "When it was asked", .filter = true, .sort = true, .required = true),          \
    FIELD(hunt, started_at, "When it began"),                                                              \
    FIELD(hunt, ended_at, "When it ended", .sort = true),                                                  \
    FIELD(hunt, updated_at, "When it last came further", .required = true),                                \
    FIELD(hunt, version, "Grows with each change")

const struct shape hunt_shape = SHAPE(hunt, HUNT_FIELDS,
    FIELD(hunt, tenant_name, "Their name", .sort = true),
    FIELD(hunt, can, "Verbs the caller may use on it", .required = true));
const struct shape hunt_row_shape = SHAPE(hunt, HUNT_FIELDS, FIELD(hunt, cursor_id, "Done with up to here"));

#define HUNT_COLUMNS                                                                                         \
    "h.id, h.tenant_id, h.title, h.note, h.purpose, h.about, h.language, h.conditions, h.body, h.tenant_ids, h.host," \
    " h.from_at, h.until_at, h.internal, h.state, h.problem, h.owner_id, h.owner_name, h.events_total,"      \
    " h.events_passed, h.events_read, h.bytes_read, h.segments_total, h.segments_passed, h.segments_read,"   \
    " h.hits, h.kept, h.busy_ms, h.created_at, h.started_at, h.ended_at, h.updated_at, h.version"

/* Whoever may start one may end it, and put away what is over. */
#define HUNT_SELECT                                                                                          \
    "SELECT " HUNT_COLUMNS ", t.name AS tenant_name,"                                                        \
    "       CASE WHEN grant_rank((SELECT yagura_grants()), 'hunts') < 2 THEN '{}'"                           \
    "            WHEN h.state IN ('waiting', 'running') THEN ARRAY['cancel'] ELSE ARRAY['delete'] END::text[] AS can" \
    "  FROM hunt h JOIN tenant t ON t.id = h.tenant_id"

const struct listing hunt_listing = {
    .name = "hunts", .from = HUNT_SELECT, .row = &hunt_shape, .key = "id", .sort = "-created_at",
};
const struct query hunt_by_id = {
    .name = "hunt_by_id", .sql = HUNT_SELECT " WHERE h.id = :id", .args = &id_args_shape, .row = &hunt_shape,
};
const struct query hunt_for_work = {
    .name = "hunt_for_work", .sql = "SELECT " HUNT_COLUMNS ", h.cursor_id FROM hunt h WHERE h.id = :id",
    .args = &id_args_shape, .row = &hunt_row_shape,
};
const struct query hunt_insert = {
    .name = "hunt_insert",
    .sql = "INSERT INTO hunt (tenant_id, id, title, note, purpose, about, language, conditions, body, tenant_ids,"
           "    host, from_at, until_at, internal, owner_id, owner_name, created_at, updated_at)"
           " VALUES (:tenant_id, :id, :title, :note, :purpose, :about, :language, :conditions, :body, :tenant_ids,"
           "    :host, :from_at, :until_at, :internal, :owner_id, :owner_name, :created_at, :created_at)",
    .args = &hunt_row_shape,
};
const struct query hunt_progress = {
    .name = "hunt_progress",
    .sql = "UPDATE hunt SET events_passed = :events_passed, events_read = :events_read, bytes_read = :bytes_read,"
           "    segments_passed = :segments_passed, segments_read = :segments_read, hits = :hits, kept = :kept,"
           "    busy_ms = :busy_ms, cursor_id = :cursor_id, updated_at = :updated_at, version = version + 1"
           " WHERE tenant_id = :tenant_id AND id = :id AND state = 'running' RETURNING id",
    .args = &hunt_row_shape, .row = &id_args_shape,
};
const struct query hunt_end = {
    .name = "hunt_end",
    .sql = "UPDATE hunt SET state = :state, problem = :problem, ended_at = :updated_at, updated_at = :updated_at,"
           "    version = version + 1"
           " WHERE tenant_id = :tenant_id AND id = :id AND state IN ('waiting', 'running') RETURNING id",
    .args = &hunt_row_shape, .row = &id_args_shape,
};
const struct query hunt_delete = {
    .name = "hunt_delete",
    .sql = "DELETE FROM hunt WHERE id = :id AND state NOT IN ('waiting', 'running') RETURNING id",
    .args = &id_args_shape, .row = &id_args_shape,
};
const struct query hunt_hits_delete = {
    .name = "hunt_hits_delete", .sql = "DELETE FROM hunt_hit WHERE hunt_id = :id", .args = &id_args_shape,
};

static const struct shape old_args = SHAPE(hunt_old_args,
    FIELD(hunt_old_args, searches_before, "Searches that ended before"),
    FIELD(hunt_old_args, hunts_before, "Hunts that ended before"));
const struct query hunts_old = {
    .name = "hunts_old",
    .sql = "SELECT id FROM hunt WHERE ended_at < CASE purpose WHEN 'search' THEN :searches_before"
           "                                           ELSE :hunts_before END"
           " ORDER BY ended_at LIMIT 200",
    .args = &old_args, .row = &id_args_shape,
};

/* ---- segments ---- */

/* An id made at the end of the asked time is the last that can hold it, but for clocks that go wrong: a day of grace on
 * both sides. Without a time of its own an event counts as of its arrival. */
#define SEGMENTS_OF                                                                                          \
    "  FROM segment s WHERE s.tenant_id = ANY (:tenant_ids)"                                                 \
    "   AND s.id >= uuid_from_time(:from_at - interval '1 day')"                                             \
    "   AND coalesce(s.time_to, s.arrived_to) >= :from_at"                                                   \
    "   AND (s.time_from IS NULL OR s.time_from < :until_at)"                                                \
    "   AND (:host::text IS NULL OR s.hosts IS NULL"                                                          \
    "        OR EXISTS (SELECT FROM unnest(s.hosts) h"                                                        \
    "                    WHERE lower(split_part(h, '.', 1)) = split_part(:host, '.', 1)))"

static const struct shape total_row = SHAPE(hunt_total,
    FIELD(hunt_total, events_total, "Events"), FIELD(hunt_total, segments_total, "Blocks"));
static const struct shape ask_shape = SHAPE(segment_ask,
    FIELD(segment_ask, tenant_ids, "Whose"), FIELD(segment_ask, host, "Of which computer"),
    FIELD(segment_ask, from_at, "From"), FIELD(segment_ask, until_at, "To before"),
    FIELD(segment_ask, before_id, "Older than this one"), FIELD(segment_ask, limit, "So many"));
static const struct shape head_shape = SHAPE(segment_head,
    FIELD(segment_head, tenant_id, "Whose"), FIELD(segment_head, id, "Which"), FIELD(segment_head, events, "Events"),
    FIELD(segment_head, head, "Of the filter"));
const struct query segments_total = {
    .name = "segments_total",
    .sql = "SELECT coalesce(sum(s.events), 0)::bigint AS events_total, count(*) AS segments_total" SEGMENTS_OF,
    .args = &ask_shape, .row = &total_row,
};
const struct query segments_before = {
    .name = "segments_before",
    .sql = "SELECT s.tenant_id, s.id, s.events, substring(s.filter FROM 1 FOR 24) AS head" SEGMENTS_OF
           "   AND (:before_id::uuid IS NULL OR s.id < :before_id) ORDER BY s.id DESC LIMIT :limit",
    .args = &ask_shape, .row = &head_shape,
};

#define DETECTIONS_OF                                                                                      \
    "  FROM detection d WHERE d.tenant_id = ANY (:tenant_ids) AND d.event IS NOT NULL"                      \
    "   AND d.last_at >= :from_at AND d.first_at < :until_at"                                               \
    "   AND (:host::text IS NULL"                                                                            \
    "        OR lower(split_part(d.computer_name, '.', 1)) = split_part(:host, '.', 1))"
const struct query detections_total = {
    .name = "detections_total", .sql = "SELECT count(*) AS events_total, 0::bigint AS segments_total" DETECTIONS_OF,
    .args = &ask_shape, .row = &total_row,
};
static const struct shape detection_asked_shape = SHAPE(detection_asked,
    FIELD(detection_asked, tenant_id, "Whose"), FIELD(detection_asked, id, "Which"),
    FIELD(detection_asked, score, "Its score"),
    FIELD(detection_asked, at, "When it happened first"), FIELD(detection_asked, rule_key, "The rule"),
    FIELD(detection_asked, title, "What was found"), FIELD(detection_asked, title_ja, "The same in Japanese"),
    FIELD(detection_asked, event, "Its event as it arrived"));
const struct query detections_before = {
    .name = "detections_before",
    .sql = "SELECT d.tenant_id, d.id, d.score::bigint AS score, d.first_at AS at, d.rule_key, d.title, d.title_ja,"
           "       d.event" DETECTIONS_OF
           "   AND (:before_id::uuid IS NULL OR d.id < :before_id) ORDER BY d.id DESC LIMIT :limit",
    .args = &ask_shape, .row = &detection_asked_shape,
};

const struct query hunt_begin = {
    .name = "hunt_begin",
    .sql = "UPDATE hunt SET state = 'running', started_at = :updated_at, updated_at = :updated_at,"
           "    events_total = :events_total, segments_total = :segments_total, version = version + 1"
           " WHERE tenant_id = :tenant_id AND id = :id AND state = 'waiting' RETURNING id",
    .args = &hunt_row_shape, .row = &id_args_shape,
};

/* Three places of each filter: what is read of it are the pages they lie in. */
static const struct shape probe_args = SHAPE(segment_probe_args,
    FIELD(segment_probe_args, probes, "Tenant, block, and three offsets each"));
static const struct shape probe_row = SHAPE(segment_probe_row,
    FIELD(segment_probe_row, id, "Which"), FIELD(segment_probe_row, nth, "Which probe"),
    FIELD(segment_probe_row, a, "Bytes"), FIELD(segment_probe_row, b, "Bytes"), FIELD(segment_probe_row, c, "Bytes"));
const struct query segments_probed = {
    .name = "segments_probed",
    .sql = "SELECT s.id, p.nth::bigint AS nth, substring(s.filter FROM (p.probe->>2)::int + 1 FOR 2) AS a,"
           "       substring(s.filter FROM (p.probe->>3)::int + 1 FOR 2) AS b,"
           "       substring(s.filter FROM (p.probe->>4)::int + 1 FOR 2) AS c"
           "  FROM jsonb_array_elements(:probes) WITH ORDINALITY AS p (probe, nth)"
           "  JOIN segment s ON s.tenant_id = (p.probe->>0)::uuid AND s.id = (p.probe->>1)::uuid",
    .args = &probe_args, .row = &probe_row,
};

static const struct shape ref_shape = SHAPE(segment_ref,
    FIELD(segment_ref, tenant_id, "Whose"), FIELD(segment_ref, id, "Which"));
static const struct shape body_row = SHAPE(segment_body, FIELD(segment_body, body, "The block"));
const struct query segment_body_of = {
    .name = "segment_body_of", .sql = "SELECT body FROM segment WHERE tenant_id = :tenant_id AND id = :id",
    .args = &ref_shape, .row = &body_row,
};
static const struct shape batch_row = SHAPE(segment_batch_row,
    FIELD(segment_batch_row, id, "The batch"), FIELD(segment_batch_row, first_event, "Where it begins"),
    FIELD(segment_batch_row, events, "How many"));
const struct query segment_batches_of = {
    .name = "segment_batches_of",
    .sql = "SELECT id, first_event, events FROM ingest_batch WHERE tenant_id = :tenant_id AND segment_id = :id"
           " ORDER BY first_event",
    .args = &ref_shape, .row = &batch_row,
};

/* ---- hits ---- */

#define HIT_FIELDS                                                                                      \
    FIELD(hunt_hit, id, "Identity", .required = true),                                                  \
    FIELD(hunt_hit, tenant_id, "Whose event", .filter = true, .required = true),                        \
    FIELD(hunt_hit, hunt_id, "Of which hunt", .required = true),                                        \
    FIELD(hunt_hit, batch_id, "The batch it came in; absent: of a detection"),                          \
    FIELD(hunt_hit, event_index, "Its number in it", .optional = true),                                 \
    FIELD(hunt_hit, detection_id, "The detection that keeps it, when detections were asked"),           \
    FIELD(hunt_hit, at, "When it happened", .filter = true, .sort = true, .required = true),            \
    FIELD(hunt_hit, host, "On which computer", .filter = true, .sort = true, .search = true),           \
    FIELD(hunt_hit, kind, "What kind of event", .filter = true, .sort = true),                          \
    FIELD(hunt_hit, user_name, "Whose account", .filter = true, .search = true),                        \
    FIELD(hunt_hit, process_path, "The program", .search = true, .sort = true),                         \
    FIELD(hunt_hit, summary, "What it did", .search = true),                                            \
    FIELD(hunt_hit, rule_key, "The rule that matched", .filter = true),                                 \
    FIELD(hunt_hit, rule_title, "Its title", .search = true, .sort = true),                             \
    FIELD(hunt_hit, rule_title_ja, "The same in Japanese", .search = true),                             \
    FIELD(hunt_hit, score, "Its score", .optional = true, .filter = true, .sort = true),                \
    FIELD(hunt_hit, event, "The event as it arrived", .required = true)

const struct shape hunt_hit_shape = SHAPE(hunt_hit, HIT_FIELDS,
    FIELD(hunt_hit, tenant_name, "Their name", .sort = true));
static const struct shape hit_args = SHAPE(hunt_hit, HIT_FIELDS,
    FIELD(hunt_hit, internal, "Not shown to the customer's side"));
const struct shape hunt_ref_shape = SHAPE(hunt_ref, FIELD(hunt_ref, hunt_id, "Which hunt", .read_only = true));

const struct listing hunt_hit_listing = {
    .name = "hunt_hits",
    .from = "SELECT x.id, x.tenant_id, x.hunt_id, x.batch_id, x.event_index, x.detection_id, x.at, x.host, x.kind,"
            "       x.user_name, x.process_path, x.summary, x.rule_key, x.rule_title, x.rule_title_ja,"
            "       x.score::bigint AS score, x.event, t.name AS tenant_name"
            "  FROM hunt_hit x JOIN tenant t ON t.id = x.tenant_id WHERE x.hunt_id = :hunt_id",
    .args = &hunt_ref_shape, .row = &hunt_hit_shape, .key = "id", .sort = "-at",
};
static const struct shape hits_args = SHAPE(hunt_hits_args, FIELD(hunt_hits_args, hits, "Which", .items = &hit_args));
const struct query hunt_hits_insert = {
    .name = "hunt_hits_insert",
    .sql = "INSERT INTO hunt_hit (tenant_id, id, hunt_id, batch_id, event_index, detection_id, at, host, kind,"
           "    user_name, process_path, summary, rule_key, rule_title, rule_title_ja, score, event, internal)"
           " SELECT tenant_id, id, hunt_id, batch_id, event_index, detection_id, at, host, kind, user_name,"
           "    process_path, summary, rule_key, rule_title, rule_title_ja, score, event, internal"
           "   FROM jsonb_to_recordset(:hits) AS x (tenant_id uuid, id uuid, hunt_id uuid, batch_id uuid,"
           "        event_index bigint, detection_id uuid, at timestamptz, host text, kind text, user_name text,"
           "        process_path text, summary text, rule_key text, rule_title text, rule_title_ja text, score bigint,"
           "        event text, internal boolean)"
           " ON CONFLICT DO NOTHING",
    .args = &hits_args,
};
