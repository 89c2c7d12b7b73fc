#include "workflows/evidence.h"

#include "xdr/segment.h"

static bool
read_segment(struct scope *s, const struct event_place *place, int64_t index, struct stored_event *out)
{
    struct segment_event event;
    struct segment_reader *r = segment_reader_new(s->arena);
    const char *problem = segment_open(r, place->body.raw);
    if (!problem)
        problem = segment_read(r, (uint32_t)(place->first_event + index), &event);
    if (problem)
        return fail(s, &problem_internal, "segment: %s", problem);
    out->tenant_id = place->tenant_id;
    out->event = str_copy(s->arena, event.line);
    out->host = str_copy(s->arena, event.host);
    out->kind = str_copy(s->arena, event.kind);
    out->arrived_at = (struct instant){ event.arrival_ms * 1000 };
    if (event.event_ms != SEGMENT_NO_TIME)
        out->event_at = event_instant(event.event_ms);
    return true;
}

bool
event_read_stored(struct scope *s, const struct event_ask *ask, struct stored_event *out)
{
    struct event_place place;
    struct evidence kept;
    bool found;
    if (ask->index < 0)
        return fail(s, &problem_not_found, "events are numbered from 0");
    *out = (struct stored_event){ .batch_id = ask->batch_id, .index = ask->index };
    if (!db_maybe(s, &event_place_of, ask, &place, &found))
        return false;
    if (found)
        return read_segment(s, &place, ask->index, out);
    if (!db_maybe(s, &evidence_of_event, ask, &kept, &found))
        return false;
    if (!found)
        return fail(s, &problem_not_found, "no such event, or its day has gone");
    out->tenant_id = kept.tenant_id;
    out->event = kept.event;
    out->event_at = kept.event_at;
    out->is_evidence = true;
    return true;
}

bool
evidence_keep(struct scope *s, const char *noun, struct uuid object_id, struct uuid batch_id, int64_t index)
{
    struct stored_event event;
    if (!event_read_stored(s, &(struct event_ask){ batch_id, index }, &event))
        return false;
    struct evidence row = { .tenant_id = event.tenant_id, .id = uuid_new(s->now), .noun = str_of(noun),
                            .object_id = object_id, .batch_id = batch_id, .event_index = index,
                            .event_at = event.event_at, .event = event.event, .created_at = s->now };
    return db_run(s, &evidence_insert, &row, NULL);
}
