#include "model/segment.h"

/* The years 1 to 9999. */
#define TIME_MIN_MS (-INT64_C(62135596800000))
#define TIME_MAX_MS INT64_C(253402300799000)

struct instant
event_instant(int64_t ms)
{
    int64_t bounded = ms < TIME_MIN_MS ? TIME_MIN_MS : ms > TIME_MAX_MS ? TIME_MAX_MS : ms;
    return (struct instant){ bounded ? bounded * 1000 : 1 }; /* zero would be no time */
}

static const struct shape segment_args = SHAPE(segment_row,
    FIELD(segment_row, tenant_id, "Whose"), FIELD(segment_row, id, "Identity; its time is that of arrival"),
    FIELD(segment_row, time_from, "Of the first event"), FIELD(segment_row, time_to, "Of the last event"),
    FIELD(segment_row, arrived_to, "Of the last arrival"), FIELD(segment_row, events, "How many"),
    FIELD(segment_row, raw_bytes, "Of their lines"), FIELD(segment_row, batches, "Merged from so many"),
    FIELD(segment_row, hosts, "Folded; absent: many", .max = 64), FIELD(segment_row, kinds, "Of events", .max = 64),
    FIELD(segment_row, filter, "Which words it may hold"), FIELD(segment_row, body, "The block"));

const struct query segment_insert = {
    .name = "segment_insert",
    .sql = "INSERT INTO segment (tenant_id, id, time_from, time_to, events, raw_bytes, hosts, kinds, filter, body,"
           "                     batches, arrived_to)"
           " VALUES (:tenant_id, :id, :time_from, :time_to, :events, :raw_bytes, :hosts, coalesce(:kinds, '{}'),"
           "         coalesce(:filter, ''), :body, :batches, :arrived_to)",
    .args = &segment_args,
};

/* ---- batches ---- */

static const struct shape batch_args = SHAPE(ingest_batch,
    FIELD(ingest_batch, tenant_id, "Whose"), FIELD(ingest_batch, id, "Identity"),
    FIELD(ingest_batch, key_id, "Who sent it"), FIELD(ingest_batch, name, "What the sender calls it"),
    FIELD(ingest_batch, content_hash, "Of its text"), FIELD(ingest_batch, segment_id, "Where it stands"),
    FIELD(ingest_batch, first_event, "From which event on"), FIELD(ingest_batch, events, "How many were stored"),
    FIELD(ingest_batch, refused, "How many were refused"), FIELD(ingest_batch, answer, "What the sender was told"));

static const struct shape known_row = SHAPE(ingest_batch,
    FIELD(ingest_batch, id, "Identity"), FIELD(ingest_batch, content_hash, "Of its text"),
    FIELD(ingest_batch, answer, "What the sender was told"));

/* Two of the same name at once stand in line; the second then finds the first. */
const struct query ingest_batch_lock = {
    .name = "ingest_batch_lock",
    .sql = "SELECT pg_advisory_xact_lock(hashtextextended(:key_id::text || ' ' || :name, 70))",
    .args = &batch_args,
};

const struct query ingest_batch_known = {
    .name = "ingest_batch_known",
    .sql = "SELECT id, content_hash, answer FROM ingest_batch"
           " WHERE tenant_id = :tenant_id AND key_id = :key_id AND name = :name LIMIT 1",
    .args = &batch_args, .row = &known_row,
};

const struct query ingest_batch_insert = {
    .name = "ingest_batch_insert",
    .sql = "INSERT INTO ingest_batch (tenant_id, id, key_id, name, content_hash, segment_id, first_event, events,"
           "                          refused, answer)"
           " VALUES (:tenant_id, :id, :key_id, :name, :content_hash, :segment_id, :first_event, :events, :refused,"
           "         :answer)",
    .args = &batch_args,
};

const struct shape day_args_shape = SHAPE(day_args, FIELD(day_args, at, "A time of that day"));

/* Makes the day's partitions where they are not there yet. */
const struct query day_begin = {
    .name = "day_begin",
    .sql = "SELECT day_begin((:at AT TIME ZONE 'UTC')::date)",
    .args = &day_args_shape,
};

/* ---- one event ---- */

const struct shape event_ask_shape = SHAPE(event_ask,
    FIELD(event_ask, batch_id, "The batch it came in", .required = true),
    FIELD(event_ask, index, "Its number among those stored, from 0"));
const struct shape stored_event_shape = SHAPE(stored_event,
    FIELD(stored_event, tenant_id, "Whose"), FIELD(stored_event, batch_id, "The batch it came in"),
    FIELD(stored_event, index, "Its number in the batch"), FIELD(stored_event, event_at, "When it says it was"),
    FIELD(stored_event, arrived_at, "When it arrived"), FIELD(stored_event, host, "Its computer, folded"),
    FIELD(stored_event, kind, "What it is about"), FIELD(stored_event, event, "The line as it arrived"),
    FIELD(stored_event, is_evidence, "Its day has gone; this is the copy that was kept"));

static const struct shape place_shape = SHAPE(event_place,
    FIELD(event_place, tenant_id, "Whose"), FIELD(event_place, first_event, "Where the batch begins in its segment"),
    FIELD(event_place, events, "How many it has"), FIELD(event_place, body, "The segment"));

const struct query event_place_of = {
    .name = "event_place_of",
    .sql = "SELECT b.tenant_id, b.first_event, b.events, s.body"
           "  FROM ingest_batch b JOIN segment s ON s.tenant_id = b.tenant_id AND s.id = b.segment_id"
           " WHERE b.id = :batch_id AND b.events > :index",
    .args = &event_ask_shape, .row = &place_shape,
};

static const struct shape evidence_shape = SHAPE(evidence,
    FIELD(evidence, tenant_id, "Whose"), FIELD(evidence, id, "Identity"), FIELD(evidence, noun, "What relies on it"),
    FIELD(evidence, object_id, "Which one"), FIELD(evidence, batch_id, "The batch it came in"),
    FIELD(evidence, event_index, "Its number in the batch"), FIELD(evidence, event_at, "When it says it was"),
    FIELD(evidence, event, "The line as it arrived"), FIELD(evidence, created_at, "When it was copied"));

static const struct shape evidence_row = SHAPE(evidence,
    FIELD(evidence, tenant_id, "Whose"), FIELD(evidence, event_at, "When it says it was"),
    FIELD(evidence, event, "The line as it arrived"));

const struct query evidence_of_event = {
    .name = "evidence_of_event",
    .sql = "SELECT tenant_id, event_at, event FROM evidence"
           " WHERE batch_id = :batch_id AND event_index = :index LIMIT 1",
    .args = &event_ask_shape, .row = &evidence_row,
};

const struct query evidence_insert = {
    .name = "evidence_insert",
    .sql = "INSERT INTO evidence (tenant_id, id, noun, object_id, batch_id, event_index, event_at, event, created_at)"
           " VALUES (:tenant_id, :id, :noun, :object_id, :batch_id, :event_index, :event_at, :event, :created_at)"
           " ON CONFLICT ON CONSTRAINT evidence_event_key DO NOTHING",
    .args = &evidence_shape,
};
