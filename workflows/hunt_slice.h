/* hunt_slice: what the ways of a hunt's slice share: its question, its time, and the hits on their way into the
 * database. One way passes segments (hunt_slice.c), the other detections (hunt_detections.c). */
#ifndef YAGURA_WORKFLOWS_HUNT_SLICE_H
#define YAGURA_WORKFLOWS_HUNT_SLICE_H

#include "model/hunt.h"
#include "workflows/question.h"

enum { SLICE_US = 1500000, KEPT_AT_ONCE = 500 };

struct picked_segment;
struct slicing {
    struct scope *s;
    struct hunt *hunt;
    struct question question;
    struct segment_reader *reader;
    const struct picked_segment *at;
    struct rows batches; /* of the segment at hand; read with its first hit */
    bool has_batches, failed;
    int64_t ends_at_us;
    struct arena *kept; /* what is about to be written, and nothing else */
    struct hunt_hit hits[KEPT_AT_ONCE];
    size_t hit_count;
};

/* Keeps a hit whose event the matcher has just read, unless there are too many; adds what the event tells of itself. */
must_check bool slice_keep(struct slicing *g, struct hunt_hit *hit);

/* Passes detections for as long as there is time; *at_end: there are no more. */
must_check bool slice_look_detections(struct slicing *g, bool *at_end);

#endif
