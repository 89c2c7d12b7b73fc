/* token: the words of an event that filters know, and the rule by which a sought text needs them.
 *
 * Tokens are taken from the JSON text of an event, keys too, with its escapes undone and letters folded (fold.h).
 * Whatever is no letter or digit separates:
 *
 *     run     ASCII letters and digits, 3 to 128 of them, whole              powershell, 4688, each MD5 to SHA-512
 *     gram    of a run of 32 and more: of any 32 characters in sequence the 8 whose hash is lowest, so that a long
 *             run is found by a part of it, too                              half of a SHA-256
 *     name    two runs of less than 32 joined by a dot, the first no number  cmd.exe, evil.example, t.yamada
 *     octets  two neighbours among three and more numbers of 1 to 3 digits joined by dots, and four of them
 *                                                                            10.1, 10.1.2.3
 *     group   two runs of 1 to 4 hexadecimal digits joined by : or ::, one of them of 3 and more
 *                                                                            db8::8a2e
 *     pair    two neighbouring characters beyond ASCII                       東京
 *
 * A token is a hash of 64 bits that no later version may change: filters on disk hold it.
 *
 * A text that is sought needs all tokens that stand in it whole. At an end where the text around it may go on (both
 * ends of `contains`, the last of `starts`, the first of `ends`) the outermost run is a cut piece of nobody knows what,
 * so neither it nor what it is part of is needed; grams and pairs are needed wherever they stand. A text that is
 * a value, or a word, is whole at both ends.
 */
#ifndef YAGURA_XDR_TOKEN_H
#define YAGURA_XDR_TOKEN_H

#include "core/base/arena.h"
#include "core/base/str.h"

enum { TOKEN_RUN_MIN = 3, TOKEN_RUN_MAX = 128, TOKEN_GRAM = 8, TOKEN_GRAM_REACH = 32 };

/* Distinct tokens of many events. Grows as it must, stays as large for the next life, allocates nothing in between. */
struct token_set;

struct token_set *token_set_new(struct arena *a);
void token_set_clear(struct token_set *set);
void token_set_put(struct token_set *set, uint64_t token);
size_t token_set_count(const struct token_set *set);
/* The tokens, for token_filter_new; the set must be cleared before it is used again. */
uint64_t *token_set_take(struct token_set *set, size_t *count);

/* What of a line cannot be sought in its bytes as they are. */
enum line_trait {
    LINE_ESCAPES_WIDE = 1,  /* characters beyond ASCII as \uXXXX */
    LINE_ESCAPES_PLAIN = 2, /* ASCII characters as \uXXXX that nobody needs to escape, or a backslash as \u005c */
};

/* Adds the tokens of a JSON text; the line_traits it has. */
unsigned token_set_add(struct token_set *set, struct str json);

enum needle_kind {
    NEEDLE_CONTAINS = 1,
    NEEDLE_EQUALS,
    NEEDLE_STARTS,
    NEEDLE_ENDS,
    NEEDLE_WORD, /* contains, with no ASCII letter or digit before and behind it */
};

/* The tokens that an event needs in order to hold the text (no JSON: as people write it). Fills `out`, those
 * first that fewer events will have; returns how many. Beyond `most` the others are left out: that only asks less. */
size_t token_needs(enum needle_kind kind, struct str text, uint64_t *out, size_t most);

#endif
