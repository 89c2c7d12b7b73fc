/* needle: texts sought in events, whatever field they stand in.
 *
 * A question is clauses that must all hold; a clause holds when any of its needles is in the event: some value of it,
 * folded, contains the needle, equals it, starts or ends with it, or contains it as a word. So a search for three terms
 * is three clauses of one needle, a field that may be one of five values a clause of five.
 *
 * What must be there for a question to hold is asked first, each step a necessary condition and none a sufficient one:
 *
 *     filter of a segment  ->  filter of a frame  ->  raw bytes of the lines  ->  values of an event
 */
#ifndef YAGURA_XDR_NEEDLE_H
#define YAGURA_XDR_NEEDLE_H

#include "xdr/expr.h"
#include "xdr/token.h"

enum { NEEDLE_TOKENS_MAX = 24, NEEDLES_MAX = 4096 };

struct needle {
    enum needle_kind kind;
    struct str text;
};

struct needle_clause {
    const struct needle *any;
    size_t count;
};

struct needles;

/* NULL when a clause has no needle or all are too many. Texts are copied. A question without clauses always holds. */
struct needles *needles_new(struct arena *a, const struct needle_clause *all, size_t count);

/* What an event needs so that any of the conditions can hold, whatever else they ask. */
struct needles *needles_of_exprs(struct arena *a, const struct expr *const *conditions, size_t count);

/* Both questions at once; either may be NULL. */
struct needles *needles_both(struct arena *a, const struct needles *one, const struct needles *other);

bool needles_are_none(const struct needles *n); /* nothing is known to be needed: all events must be looked at */

/* The tokens of a needle, for those who keep filters elsewhere. A filter says no when for some clause each needle
 * misses a token. */
struct needle_tokens {
    const uint64_t *tokens; /* of which all are needed; none: a filter cannot say anything */
    size_t count;
};
size_t needles_clause_count(const struct needles *n);
bool needles_may_be_in(const struct needles *n, struct str filter);

/* ---- one event ---- */

struct event;
bool needles_hold(const struct needles *n, struct event *of); /* behind event_read */

/* What a needle must look like in the bytes of a line: `piece` as long as no line of the frame has LINE_ESCAPES_WIDE,
 * else `plain`; neither of lines with LINE_ESCAPES_PLAIN. Folded; empty when nothing is known. */
struct needle_look {
    enum needle_kind kind;
    struct str text; /* folded */
    struct str piece, plain;
    struct needle_tokens tokens;
};
size_t needles_looks(const struct needles *n, size_t clause, const struct needle_look **out);

#endif
