/* segment: stored telemetry and the batches it came in.
 *
 * A batch is what a sender named and was answered; a segment is the block (xdr/segment.h) its events stand in, from
 * first_event on. Merging gives many batches one segment; an event goes on being (batch, number in the batch). */
#ifndef YAGURA_MODEL_SEGMENT_H
#define YAGURA_MODEL_SEGMENT_H

#include "core/db/query.h"

struct segment_row {
    struct uuid tenant_id, id;
    struct instant time_from, time_to, arrived_to;
    int64_t events, raw_bytes, batches;
    struct strs hosts, kinds;
    struct bytes filter, body;
};

struct ingest_batch {
    struct uuid tenant_id, id, key_id, segment_id;
    struct str name;
    struct bytes content_hash;
    int64_t first_event, events, refused;
    struct json answer;
};

struct evidence {
    struct uuid tenant_id, id, object_id, batch_id;
    struct str noun, event;
    int64_t event_index;
    struct instant event_at, created_at;
};

struct day_args {
    struct instant at;
};
extern const struct shape day_args_shape;

/* One event, and where it stands. */
struct event_ask {
    struct uuid batch_id;
    int64_t index;
};
struct event_place {
    struct uuid tenant_id;
    int64_t first_event, events;
    struct bytes body;
};


struct stored_event {
    struct uuid tenant_id, batch_id;
    int64_t index;
    struct instant event_at, arrived_at;
    struct str host, kind, event;
    bool is_evidence;
};
extern const struct shape event_ask_shape, stored_event_shape;

/* When an event says it was, as far as a database and a person can write it; milliseconds since 1970. */
struct instant event_instant(int64_t ms);

extern const struct query segment_insert, day_begin;
extern const struct query ingest_batch_lock, ingest_batch_known, ingest_batch_insert;
/* ---- upkeep ---- */

struct expired_day {
    struct str part;
    bool kept; /* written anew, with the rows of those who keep theirs longer */
};
/* Events of detections that are not over, or were true, whose day goes soon. */
struct expiring_event {
    struct uuid detection_id, batch_id;
    int64_t event_index;
};
/* Of the customer and day that have the most of them. */
struct small_segment {
    struct uuid tenant_id, id;
    int64_t events, raw_bytes, batches;
    struct instant arrived_to;
    struct bytes body;
};
struct segment_move {
    struct uuid tenant_id, from_id, to_id;
    int64_t offset;
};
extern const struct query days_expire, events_expiring, segments_small, segment_batches_move, segment_delete;

extern const struct query event_place_of, evidence_of_event, evidence_insert;

#endif
