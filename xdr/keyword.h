/* keyword: rules that look for words anywhere in an event, asked of its JSON text as it came.
 *
 * Making texts of every value of every event costs more than all other rules together. So the words are looked for
 * in the raw line first, and only a line that holds one is taken apart. Of each word the longest part is taken that
 * JSON writes as it is: no quotes, slashes, backslashes, nothing beyond ASCII. A line with a \u escape could hide any
 * letter, so it makes every such rule a candidate.
 *
 * Few words are looked for in the line as it stands (fingerprint.h), many in a folded copy of it (litset.h).
 */
#ifndef YAGURA_XDR_KEYWORD_H
#define YAGURA_XDR_KEYWORD_H

#include "xdr/event.h"
#include "xdr/litset.h"

struct keyword {
    struct str text; /* folded */
    uint32_t id;
};

struct keywords;

/* The part of a word that every JSON writer leaves as it is; may be empty. */
struct str keyword_part(struct str word);

/* NULL when some word has no part of three characters that could be looked for. */
const struct keywords *keywords_new(struct arena *a, const struct keyword *words, size_t count);

/* False when a letter may be hidden behind an escape: any word may stand in the event. */
bool keywords_find(const struct keywords *k, struct event *of, struct hits *hits);

/* Whether some letter of the text may be hidden behind an escape. */
bool json_hides_letters(struct str json);

#endif
