/* sketch: which runs of three bytes a text holds, roughly. A "no" is always right, a "yes" may be wrong.
 *
 * A rule that has become a candidate asks the same few texts for dozens of literals that are not there. Two looks into
 * a kilobyte answer nearly all of that, where each search would walk through the text again. A sketch is made when the
 * third literal of an event is sought in a text; marks carry the number of their text, so that nothing is cleared.
 */
#ifndef YAGURA_XDR_SKETCH_H
#define YAGURA_XDR_SKETCH_H

#include "core/base/arena.h"
#include "core/base/str.h"
#include "xdr/hash.h"

enum {
    SKETCH_RUN = 3,
    SKETCH_BITS = 10,
    SKETCH_TEXT_MAX = 400, /* in a longer one nearly every run seems to stand */
    SKETCH_AFTER = 2,      /* literals sought in vain before it is worth it */
};

struct sketch {
    uint8_t now; /* marks of this text hold it */
    uint8_t marks[1 << SKETCH_BITS];
};

/* The two runs of a literal that tell it best; both the same in a literal of three bytes. */
struct sketch_runs {
    uint16_t at[2];
};

static inline uint16_t
sketch_place(uint32_t run)
{
    return (uint16_t)((run & 0xFFFFFF) * 0x9E3779B1u >> (32 - SKETCH_BITS));
}

/* At least a byte behind the text can be read. */
void sketch_make(struct sketch *s, struct str text);

static inline bool
sketch_may_hold(const struct sketch *s, struct sketch_runs runs)
{
    return s->marks[runs.at[0]] == s->now && s->marks[runs.at[1]] == s->now;
}

/* How common each run is in ordinary values; made once for all literals. */
struct sketch_habits;
const struct sketch_habits *sketch_habits_new(struct arena *a);
/* Of a literal of three bytes or more. */
struct sketch_runs sketch_runs_of(const struct sketch_habits *h, struct str literal);

#endif
