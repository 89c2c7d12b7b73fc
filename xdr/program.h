/* program: conditions as the engine runs them.
 *
 * The tree of an expression laid out flat, AND in AND and OR in OR taken together, cheap parts first. Many literals
 * of one field in an OR are one check. What is sought inside of a text is first asked of the text's sketch.
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
};

/* Some literals, any of them inside of a text: one by one where a sketch says which may be there, else as a set. */
struct insides {
    const struct sketch_runs *runs; /* side by side: nearly all answers come from here */
    const struct str *texts;
    size_t count;
    const struct litset *set;
};

/* Small: which rules are asked is a matter of chance, so their checks are seldom in the cache. */
struct check {
    uint8_t kind; /* enum check_kind */
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

enum step_kind { STEP_AND = 1, STEP_OR, STEP_NOT, STEP_CHECK };

struct step {
    enum step_kind kind;
    uint32_t count;
    uint32_t first; /* of its parts among the steps, or its check */
};

struct program {
    struct step *steps;
    struct check *checks;
    size_t step_count, check_count, step_room, check_room;
};

/* The pieces of a pattern: what it is without the wildcards around it. */
enum check_kind pattern_class(struct str pattern, struct str *inner);
struct str pattern_longest_literal(struct str pattern);
bool glob_fits(struct str glob, struct str text);
bool glob_fits_ascii(struct str glob, struct str text); /* the same, quicker, of a text of ASCII alone */

#endif
