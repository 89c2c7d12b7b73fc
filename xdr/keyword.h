/* keyword: rules that look for words anywhere in an event, asked of its JSON text as it came.
 *
 * Making texts of every value of every event costs more than all other rules together. So the words are looked for
 * in the raw line first, with vectorscan, and only a line that holds one is taken apart. Of each word the longest
 * part is taken that JSON writes as it is: no quotes, slashes, backslashes, nothing beyond ASCII. A line with a \u
 * escape could hide any letter, so it makes every such rule a candidate.
 */
#ifndef YAGURA_XDR_KEYWORD_H
#define YAGURA_XDR_KEYWORD_H

#include "core/base/arena.h"
#include "core/base/str.h"

struct keyword {
    struct str text; /* folded */
    uint32_t id;
};

struct keyword_set;
struct keyword_scratch; /* one per thread */

/* NULL when some word has no part of three characters that could be looked for. */
struct keyword_set *keyword_set_new(struct arena *a, const struct keyword *words, size_t count);

/* Fit for all sets made so far with this arena's engine. `sets` ends with NULL. */
struct keyword_scratch *keyword_scratch_new(struct arena *a, const struct keyword_set *const *sets);

/* Tells each id of a word that may be there, perhaps more than once. False when any may be. */
bool keyword_set_scan(const struct keyword_set *set, struct keyword_scratch *s, struct str json,
                      void (*found)(void *to, uint32_t id), void *to);

#endif
