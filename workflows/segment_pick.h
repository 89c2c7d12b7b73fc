/* segment_pick: which stored segments may hold the answer to a question, newest first.
 *
 * The database is asked for heads of filters, then for the few bytes of each filter that one token touches, token by
 * token; a segment that misses a needed token is passed without reading it. What is left undecided (questions of very
 * many texts) is decided later, by the filters of frames.
 */
#ifndef YAGURA_WORKFLOWS_SEGMENT_PICK_H
#define YAGURA_WORKFLOWS_SEGMENT_PICK_H

#include "model/hunt.h"
#include "xdr/needle.h"

struct picked_segment {
    struct uuid tenant_id, id;
    int64_t events;
    bool may_hold;
};

/* Rows of struct picked_segment in the order of the question; fewer than the limit: there are no more. */
must_check bool segments_pick(struct scope *s, const struct segment_ask *ask, const struct needles *needles,
                              struct rows *out);

#endif
