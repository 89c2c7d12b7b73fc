/* program: conditions as the engine runs them.
 *
 * The tree of an expression laid out flat, AND in AND and OR in OR taken together, cheap parts first. Many literals
 * of one field in an OR are one check. What is sought inside of a text is first asked of the text's sketch.
 *
 * Which rules are asked is a matter of chance, so their steps are seldom in the cache: a step is half a line of it,
 * parts lie side by side behind what joins them, and their texts in the same order.
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
    CHECK_EXISTS,
    CHECK_NULL,
    CHECK_FIELD,
    JOIN_AND, /* no checks, but what joins the parts that follow */
    JOIN_OR,
    JOIN_NOT,
};

/* Some literals, any of them inside of a text: one by one where a sketch says which may be there, else as a set. */
struct insides {
    const struct sketch_runs *runs; /* side by side: nearly all answers come from here */
    const struct str *texts;
    size_t count;
    const struct litset *set;
};

struct check {
    uint8_t kind;
    bool cased : 1, has_runs : 1; /* runs: of what is sought inside of the text */
    uint16_t field;
    union {
        struct sketch_runs runs;
        uint16_t other; /* the other field */
    };
    struct str text; /* the literal, folded unless cased; of a glob or an expression what stands in all it fits */
    union {
        uint64_t edge; /* of a literal at an edge: its outermost eight bytes there, or fewer */
        const struct str *glob;
        const struct litset *set;
        const struct insides *insides;
        const struct regex *regex;
        const struct test *test; /* of an address, a number or another field */
    } of;
};

struct step {
    union {
        uint8_t kind; /* enum check_kind; which of the others it is */
        struct check check;
        struct {
            uint8_t kind;
            uint32_t count, first; /* of its parts among the steps */
        } join;
    };
};

enum { STEP_BYTES = 32 };
_Static_assert(sizeof(struct step) == STEP_BYTES, "two steps are a line of the cache");

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
