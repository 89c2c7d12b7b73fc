/* scan: a question put to segment after segment: plain needles, rules, or both.
 *
 * Frames whose filter says no are skipped. In the others the raw bytes are searched for what the needles must look
 * like in JSON, and only the lines found are parsed and asked. A rule brings the needles its condition needs; a
 * question of which nothing is known to be needed is put to every event. One scan belongs to one thread.
 *
 * Memory is bounded by the largest frame. A scan stops at the next frame once the flag is set, or when a hit is
 * answered with false.
 */
#ifndef YAGURA_XDR_SCAN_H
#define YAGURA_XDR_SCAN_H

#include <stdatomic.h>

#include "xdr/engine.h"
#include "xdr/segment.h"

struct scan;

struct scan_hit {
    const struct segment_event *event; /* valid until the hit is answered */
    struct matches matches;            /* rules; empty when only needles were asked */
};

struct scan_tally {
    uint64_t segments, frames, frames_skipped;
    uint64_t bytes, events; /* that were decompressed */
    uint64_t parsed, hits;
};

struct scan_plan {
    const struct needles *needles; /* NULL: any */
    bool rules_decide;             /* the needles are what the rules need: they spare reading, nothing else */
    struct matcher *matcher;       /* NULL: none. Its event is the hit's while a hit is answered */
    const uint32_t *on_demand;     /* rules to ask by matcher_holds; NULL: all rules of the lanes, as events arrive */
    size_t on_demand_count;
    int64_t from_ms, until_ms;     /* event time, or arrival where there is none; SEGMENT_NO_TIME: open */
    bool (*hit)(void *to, const struct scan_hit *hit);        /* false stops */
    void (*progress)(void *to, const struct scan_tally *now); /* after each frame; may be NULL */
    void *to;
    const atomic_bool *stop;                                  /* may be NULL */
};

enum scan_end { SCAN_DONE = 1, SCAN_STOPPED, SCAN_BROKEN /* the segment; segment_problem tells */ };

struct scan *scan_new(struct arena *a, const struct scan_plan *plan);
enum scan_end scan_segment(struct scan *s, struct segment_reader *open);
const struct needles *scan_needles(const struct scan *s); /* of the question and its rules, to choose segments by */
const struct scan_tally *scan_tally(const struct scan *s);

#endif
