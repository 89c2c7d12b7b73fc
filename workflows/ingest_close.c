/* A batch that has come to its end: answered again, or written down with everything that follows from it. */
#include <stdatomic.h>

#include "core/base/crypto.h"
#include "core/base/log.h"
#include "model/segment.h"
#include "workflows/ingest_parts.h"
#include "workflows/service.h"
#include "workflows/storage.h"

enum { ANSWER_BYTES_MAX = 256 * 1024, ATTEMPTS = 5, HASH_BYTES = 16 };

const struct problem ingest_name_reused = {
    409, "batch-name-reused",
    { "A batch of this name was stored before, with other content. Please give each batch a name of its own.",
      "同じバッチIDで内容の異なるデータがすでに保存されています。バッチごとに固有のIDを指定してください。" },
};

static const struct shape refusal_shape = SHAPE(ingest_refusal,
    FIELD(ingest_refusal, index, "Its number in what was sent, from 0"),
    FIELD(ingest_refusal, reason, "Why it was not stored", .max = 400));

#define ANSWER_WORDS                                                                                               \
    FIELD(ingest_answer, batch_id, "Where the events stand: an event is the batch and its number among those stored"), \
    FIELD(ingest_answer, accepted, "Events stored"),                                                               \
    FIELD(ingest_answer, refused_count, "Events refused"),                                                         \
    FIELD(ingest_answer, refused, "The first of them, and why", .items = &refusal_shape),                          \
    FIELD(ingest_answer, detections, "Detections that are new with this batch")

const struct shape ingest_answer_shape = SHAPE(ingest_answer, ANSWER_WORDS,
    FIELD(ingest_answer, repeated, "This batch was stored before, and is answered again"));
static const struct shape stored_shape = SHAPE(ingest_answer, ANSWER_WORDS);

static bool
name_batch(struct scope *s, struct ingest *g, struct ingest_batch *b)
{
    uint8_t *hash = arena_alloc(g->arena, HASH_BYTES);
    size_t bytes = 0;
    if (!EVP_MAC_final(g->hash, hash, &bytes, HASH_BYTES) || bytes != HASH_BYTES)
        return fail(s, &problem_internal, "the library for hashes stopped");
    b->content_hash = (struct bytes){ { (const char *)hash, HASH_BYTES } };
    b->name = g->plan.name;
    if (g->plan.unnamed)
        b->name = uuid_format(g->arena, g->id);
    else if (!b->name.at)
        b->name = str_printf(g->arena, "text:" STR_FMT, STR_ARG(hex_of(g->arena, b->content_hash)));
    return true;
}

/* Partitions are made days ahead by a job; after a jump of the clock by the first batch of the day. */
static bool
begin_day(struct scope *s, struct instant arrived)
{
    int64_t day = arrived.us / DAYS(1);
    if (atomic_load(s->service->ingest_day) == day)
        return true;
    if (!db_run(s, &day_begin, &(struct day_args){ arrived }, NULL))
        return false;
    return true;
}

static bool
answer_again(struct scope *s, const struct ingest_batch *known, const struct ingest_batch *b, struct ingest_answer *out)
{
    if (!str_eq(known->content_hash.raw, b->content_hash.raw))
        return fail(s, &ingest_name_reused, "batch " STR_FMT, STR_ARG(b->name));
    if (!shape_read_stored(s, &stored_shape, known->answer.raw, out))
        return false;
    out->repeated = true;
    return true;
}

/* ---- what is new ---- */

static bool
write_segment(struct scope *s, struct ingest *g, struct ingest_batch *b)
{
    struct segment_row row = { .tenant_id = b->tenant_id, .id = uuid_new(g->arrived), .batches = 1,
                               .arrived_to = s->now };
    segment_row_fill(&row, &g->facts, g->body);
    b->segment_id = row.id;
    return db_run(s, &segment_insert, &row, NULL);
}

static struct json
answer_json(struct ingest *g, const struct ingest_answer *answer)
{
    struct text t = text_new(g->arena, ANSWER_BYTES_MAX);
    shape_write_stored(&t, &stored_shape, answer);
    return (struct json){ text_str(&t) };
}

static bool
count(struct scope *s, struct ingest *g)
{
    struct sender_count add = { g->plan.sender.key_id, g->stored, g->bytes, g->refused }, sum;
    int64_t written = 0;
    bool due = !g->counted && ingest_tell(g->place, &add, &sum);
    g->counted = true;
    if (!due)
        return true;
    if (!db_run(s, &sender_note, &sum, &written))
        return false;
    if (!written)
        ingest_tell_later(g->place, &sum);
    return true;
}

static bool
write_batch(struct scope *s, struct ingest *g, struct ingest_batch *b, struct ingest_answer *out)
{
    struct inventory_names computers = { 0 };
    struct detect_counts found = { 0 };
    const struct ingest_batch_ref ref = { .id = b->id, .arrived_at = g->arrived };
    if (!begin_day(s, g->arrived) || !write_segment(s, g, b)
        || !inventory_settle(s, b->tenant_id, g->sightings, &computers)
        || !detecting_settle(s, g->detecting, &ref, &computers, &found)) {
        g->detections_before = found.detections;
        return false;
    }
    out->detections = found.detections - g->detections_before;
    b->answer = answer_json(g, out);
    return db_run(s, &ingest_batch_insert, b, NULL);
}

static void
remember(struct scope *s, struct ingest *g)
{
    inventory_remember(s, g->sightings);
    atomic_store(s->service->ingest_day, g->arrived.us / DAYS(1));
}

static bool
write_or_answer(struct scope *s, struct ingest *g, struct ingest_batch *b, struct ingest_answer *out)
{
    struct ingest_batch known;
    bool found = false;
    if (!g->plan.unnamed
        && (!db_run(s, &ingest_batch_lock, b, NULL) || !db_maybe(s, &ingest_batch_known, b, &known, &found)))
        return false;
    if (found)
        return answer_again(s, &known, b, out) && db_commit(s);
    int64_t told = g->refused < INGEST_REFUSALS_TOLD ? g->refused : INGEST_REFUSALS_TOLD;
    b->events = g->stored;
    b->refused = g->refused;
    *out = (struct ingest_answer){ .batch_id = b->id, .accepted = g->stored, .refused_count = g->refused,
                                   .refused = { g->told, (size_t)told } };
    if (g->stored && !write_batch(s, g, b, out))
        return false;
    if (!count(s, g) || !db_commit(s))
        return false;
    if (g->stored)
        remember(s, g);
    return true;
}

/* A batch that met another, or a job, in a circle lost: nothing of it happened, and all of it is still at hand. */
static bool
begin_again(struct scope *s, struct ingest *g)
{
    struct db *db = s->db;
    struct uuid tenant_id = g->plan.sender.tenant_id;
    if (s->failure.problem != &problem_busy)
        return false;
    log_info(s, "ingest.again", STR_FMT, STR_ARG(s->failure.detail));
    scope_forgive(s);
    db_end(s);
    return db_begin(s, db, (struct uuids){ &tenant_id, 1 });
}

bool
ingest_close(struct scope *s, struct ingest *g, struct ingest_answer *out)
{
    struct ingest_batch b = { .tenant_id = g->plan.sender.tenant_id, .id = g->id, .key_id = g->plan.sender.key_id };
    if (!ingest_end_text(s, g) || !name_batch(s, g, &b))
        return false;
    g->body = segment_finish(g->tools->writer, &g->facts);
    for (int attempt = 1; !write_or_answer(s, g, &b, out); attempt++)
        if (attempt == ATTEMPTS || !begin_again(s, g))
            return false;
    return true;
}
