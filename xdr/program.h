/* program: conditions as the engine runs them.
 *
 * A condition is a row of checks, cheap ones that decide much first. Each says where to go on when it holds, or when it
 * does not; else the next one follows. What joins them (AND in AND and OR in OR taken together, NOT) costs nothing
 * then. Many literals of one field in an OR are one check. What is sought inside of a text is first asked of the
 * text's sketch.
 *
 * Which rules are asked is a matter of chance, so their steps are seldom in the cache: a step is half a line of it,
 * and steps and their texts lie in the order in which they are asked.
 */
#ifndef YAGURA_XDR_PROGRAM_H
#define YAGURA_XDR_PROGRAM_H

#include "xdr/expr.h"
#include "xdr/litset.h"
#include "xdr/regex.h"
#include "xdr/sketch.h"

enum check_kind {
    CHECK_EQUALS = 1,
    CHECK_STARTS,
    CHECK_ENDS,
    CHECK_INSIDE,
    CHECK_ANY_VALUE,
    CHECK_GLOB,
    CHECK_SET, /* many literals of one field, any of them */
    CHECK_INSIDES, /* the same of some that stand anywhere in it */
    CHECK_REGEX,
    CHECK_CIDR,
    CHECK_NUMBER,
    CHECK_EXISTS, /* from here on not of single values */
    CHECK_NULL,
    CHECK_FIELD,
    CHECK_ALWAYS, /* holds: the end of a condition that does */
    CHECK_KINDS,
};

/* Some literals, any of them inside of a text: one by one where a sketch says which may be there, else as a set. */
struct insides {
    const struct sketch_runs *runs; /* side by side: nearly all answers come from here */
    const struct str *texts;
    size_t count;
    const struct litset *set;
};

/* Where to go on once a condition is decided. */
#define STEP_HOLDS UINT32_MAX
#define STEP_FAILS (UINT32_MAX - 1)

struct step {
    uint8_t kind;
    bool cased : 1, has_runs : 1; /* runs: of what is sought inside of the text */
    bool jumps_if : 1;
    uint16_t field;
    union {
        struct sketch_runs runs;
        uint16_t other; /* the other field */
        struct {
            uint16_t edge_from; /* where in the literal of.edge begins */
            uint8_t edge_shift; /* by so many bits a word is moved so that only the edge is left of it */
        };
    };
    const char *text; /* the literal, folded unless cased; of a glob or an expression what stands in all it fits */
    uint32_t len;
    uint32_t jump; /* the step to go on with when it holds as jumps_if says; else it is the next one */
    union {
        uint64_t edge; /* of a literal at an edge: its outermost eight bytes there, or fewer */
        const struct str *glob;
        const struct litset *set;
        const struct insides *insides;
        const struct regex *regex;
        const struct test *test; /* of an address, a number or another field */
    } of;
};

enum { STEP_BYTES = 32 };
_Static_assert(sizeof(struct step) == STEP_BYTES, "two steps are a line of the cache");

static inline struct str
step_text(const struct step *s)
{
    return (struct str){ s->text, s->len };
}

struct program {
    struct step *steps;
    size_t step_count, step_room;
};

/* The pieces of a pattern: what it is without the wildcards around it. */
enum check_kind pattern_class(struct str pattern, struct str *inner);
struct str pattern_longest_literal(struct str pattern);
bool glob_fits(struct str glob, struct str text);
bool glob_fits_ascii(struct str glob, struct str text); /* the same, quicker, of a text of ASCII alone */

#endif
