/* litset: many literals, asked all at once which of them a text holds.
 *
 * A literal must equal the text, begin it, end it, or stand somewhere in it. The first three are found by hashing
 * all of the text, the name at its end, or its outermost 8, 4, 2 or 1 bytes. Of the last each is filed under one of its
 * own runs of bytes (8, 6, 4, 3, 2 or 1 of them), the one that fewest others share. Where such a run may stand is said
 * by a table of pairs of bytes (bigram.h); a filter of all runs lets little pass of that, and only then texts are
 * compared. Sets of long literals alone do without the table: they are filed under neighbouring runs of 6 to 8 bytes,
 * so that only every fourth to eighth position must be looked at.
 *
 * Texts are folded and so are literals; at least FOLD_SLACK bytes behind a text can be read.
 */
#ifndef YAGURA_XDR_LITSET_H
#define YAGURA_XDR_LITSET_H

#include "core/base/arena.h"
#include "core/base/str.h"

enum literal_kind { LITERAL_EQUALS = 1, LITERAL_STARTS, LITERAL_ENDS, LITERAL_INSIDE };

struct literal {
    enum literal_kind kind;
    struct str text;
    uint32_t id; /* what a hit reports; several literals may share one */
    uint32_t run; /* where its rarest run of bytes begins, from runs_find; 0 will do */
};

/* Where in each literal the runs of four bytes begin that the fewest others and ordinary values hold: sets .run. */
void runs_find(struct literal *literals, size_t count);

struct litset;

/* Numbers reported, each once: stamps[id] equals `now` for those in the list. */
struct hits {
    uint32_t *stamps;
    uint32_t now;
    uint32_t *ids; /* room for every id there is */
    uint32_t count;
};

static inline void
hits_add(struct hits *hits, uint32_t id)
{
    if (hits->stamps[id] != hits->now) {
        hits->stamps[id] = hits->now;
        hits->ids[hits->count++] = id;
    }
}

/* Asked of every event, or now and then? What is asked seldom is made quickly. */
enum litset_use { ASKED_ALWAYS, ASKED_SELDOM };

struct litset *litset_new(struct arena *a, const struct literal *literals, size_t count, enum litset_use use);
void litset_scan(const struct litset *set, struct str text, bool is_ascii, struct hits *hits);
bool litset_any(const struct litset *set, struct str text, bool is_ascii);

#endif
