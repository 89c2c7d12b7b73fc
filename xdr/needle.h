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

/* What a condition needs, whatever else it asks: texts of patterns that no event without them can match. */
struct needles *needles_of_expr(struct arena *a, const struct expr *condition);

bool needles_are_none(const struct needles *n); /* nothing is known to be needed: all events must be looked at */

/* The tokens of each needle by clause, for those who keep filters elsewhere. Holds unless some clause has only
 * needles of which some token is absent. */
struct needle_tokens {
    const uint64_t *tokens; /* of which all are needed; none: a filter cannot say anything */
    size_t count;
};
size_t needles_clause_count(const struct needles *n);
size_t needles_clause(const struct needles *n, size_t clause, const struct needle_tokens **out);

bool needles_may_be_in(const struct needles *n, struct str filter);

#endif
