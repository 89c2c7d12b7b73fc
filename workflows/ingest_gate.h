/* ingest_gate: who may send right now, so that one sender's flood is nobody else's delay.
 *
 * A key has a share of events a second; what it sent beyond it waits out before its next batch is let in. A key, a
 * customer and the whole process have so many batches under way at once. Who may not is told when to come again: what
 * was refused costs nothing, since it is asked before the body is taken.
 *
 * The gate also keeps what batches need and what is dear to make anew: buffers, writers of segments, decoders. And it
 * adds up the figures of each key, so that not every batch writes the same row.
 */
#ifndef YAGURA_WORKFLOWS_INGEST_GATE_H
#define YAGURA_WORKFLOWS_INGEST_GATE_H

#include "core/net/decoder.h"
#include "model/ingest_key.h"
#include "xdr/segment.h"

extern const struct problem ingest_too_fast; /* 429 */
extern const struct problem ingest_too_many; /* 503: of all senders together */

struct ingest_limits {
    int64_t key_batches, tenant_batches, batches; /* under way at once */
    int64_t key_events_per_second;                /* of a key that has no share of its own */
};

struct ingest_gate;

struct ingest_gate *ingest_gate_new(struct arena *a, const struct ingest_limits *limits);

/* What a batch works with: in use by one batch at a time. */
struct ingest_tools {
    struct ingest_tools *next;
    struct arena *kept;  /* of the tools themselves */
    struct arena *batch; /* emptied after each batch */
    struct decoder *decoder;
    struct segment_writer *writer;
    char *carried; /* the beginning of a line whose rest has not come: INGEST_EVENT_MAX and FOLD_SLACK bytes */
};

struct ingest_place; /* of one batch under way */

must_check bool ingest_enter(struct scope *s, struct ingest_gate *g, const struct sender_row *sender,
                             struct ingest_place **out);
struct ingest_tools *ingest_place_tools(struct ingest_place *p);
void ingest_spend(struct ingest_place *p, int64_t events); /* as they come: the next batch waits for them */
/* What a batch adds to its key. Now and then true: then `out` is to be written, or given back. */
bool ingest_tell(struct ingest_place *p, const struct sender_count *add, struct sender_count *out);
void ingest_tell_later(struct ingest_place *p, const struct sender_count *untold); /* it could not be written now */
void ingest_leave(struct ingest_place *p);

#endif
