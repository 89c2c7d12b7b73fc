#include "model/segment.h"

static const struct shape expired_shape = SHAPE(expired_day,
    FIELD(expired_day, part, "The day's table"), FIELD(expired_day, kept, "Written anew for those who keep it longer"));

const struct query days_expire = {
    .name = "days_expire",
    .sql = "SELECT part, kept FROM days_expire(:at)",
    .args = &day_args_shape, .row = &expired_shape,
};

static const struct shape expiring_shape = SHAPE(expiring_event,
    FIELD(expiring_event, detection_id, "What relies on it"), FIELD(expiring_event, batch_id, "The batch it came in"),
    FIELD(expiring_event, event_index, "Its number in the batch"));

/* A day before it goes, by the customer's own days. */
const struct query events_expiring = {
    .name = "events_expiring",
    .sql = "SELECT o.detection_id, o.batch_id, o.event_index"
           "  FROM (SELECT t.id AS tenant_id, date_trunc('day', :at, 'UTC')"
           "               - make_interval(days => least(t.raw_days, k.keep_days) - 1) AS until"
           "          FROM tenant t, day_table k WHERE k.name = 'segment') t"
           "  JOIN ingest_batch b ON b.tenant_id = t.tenant_id AND b.id < uuid_from_time(t.until)"
           "  JOIN detection_occurrence o ON o.tenant_id = b.tenant_id AND o.batch_id = b.id"
           "   AND o.id >= uuid_from_time(t.until - interval '4 days')"
           "   AND o.id < uuid_from_time(t.until + interval '1 day')"
           "  JOIN detection d ON d.tenant_id = o.tenant_id AND d.id = o.detection_id"
           "  LEFT JOIN incident i ON i.tenant_id = d.tenant_id AND i.id = d.incident_id"
           " WHERE (d.status <> 'resolved' OR d.verdict = 'true_positive' OR i.status <> 'closed'"
           "        OR i.ticket_id IS NOT NULL)"
           "   AND NOT EXISTS (SELECT FROM evidence e"
           "                    WHERE e.tenant_id = o.tenant_id AND e.noun = 'detection'"
           "                      AND e.object_id = o.detection_id AND e.batch_id = o.batch_id"
           "                      AND e.event_index = o.event_index)"
           " ORDER BY o.batch_id, o.event_index LIMIT 200",
    .args = &day_args_shape, .row = &expiring_shape,
};

static const struct shape small_shape = SHAPE(small_segment,
    FIELD(small_segment, tenant_id, "Whose"), FIELD(small_segment, id, "Identity"),
    FIELD(small_segment, events, "How many"), FIELD(small_segment, raw_bytes, "Of their lines"),
    FIELD(small_segment, batches, "Merged from so many"), FIELD(small_segment, arrived_to, "Of the last arrival"),
    FIELD(small_segment, body, "The block"));

/* Those of like size that are most in number; below 48 MiB of lines together, so that bodies fit into memory. */
const struct query segments_small = {
    .name = "segments_small",
    .sql = "WITH small AS ("
           "    SELECT tenant_id, tableoid AS part, id, raw_bytes,"
           "           width_bucket(raw_bytes, ARRAY[65536, 524288, 4194304]::bigint[]) AS size"
           "      FROM segment WHERE arrived_to < :at AND raw_bytes < 25165824 AND events < 262144),"
           " busiest AS ("
           "    SELECT tenant_id, part, size FROM small GROUP BY tenant_id, part, size HAVING count(*) >= 8"
           "     ORDER BY count(*) DESC LIMIT 1),"
           " picked AS ("
           "    SELECT tenant_id, id, sum(raw_bytes) OVER (ORDER BY id) AS together"
           "      FROM small JOIN busiest USING (tenant_id, part, size) ORDER BY id LIMIT 1000)"
           " SELECT s.tenant_id, s.id, s.events, s.raw_bytes, s.batches, s.arrived_to, s.body"
           "   FROM picked p JOIN segment s ON s.tenant_id = p.tenant_id AND s.id = p.id"
           "  WHERE p.together <= 50331648 ORDER BY s.id",
    .args = &day_args_shape, .row = &small_shape,
};

static const struct shape move_shape = SHAPE(segment_move,
    FIELD(segment_move, tenant_id, "Whose"), FIELD(segment_move, from_id, "The small one"),
    FIELD(segment_move, to_id, "The one that holds it now"), FIELD(segment_move, offset, "Where it begins there"));

const struct query segment_batches_move = {
    .name = "segment_batches_move",
    .sql = "UPDATE ingest_batch SET segment_id = :to_id, first_event = first_event + :offset"
           " WHERE tenant_id = :tenant_id AND segment_id = :from_id",
    .args = &move_shape,
};

const struct query segment_delete = {
    .name = "segment_delete",
    .sql = "DELETE FROM segment WHERE tenant_id = :tenant_id AND id = :from_id",
    .args = &move_shape,
};
