/* program: conditions as the engine runs them.
 *
 * The tree of an expression laid out flat, AND in AND and OR in OR taken together, cheap parts first. Many literals
 * of one field in an OR are one check.
 */
#ifndef YAGURA_XDR_PROGRAM_H
#define YAGURA_XDR_PROGRAM_H

#include "xdr/expr.h"
#include "xdr/litset.h"
#include "xdr/regex.h"

enum check_kind {
    CHECK_EQUALS = 1,
    CHECK_STARTS,
    CHECK_ENDS,
    CHECK_INSIDE,
    CHECK_ANY_VALUE,
    CHECK_GLOB,
    CHECK_SET, /* many literals of one field, any of them */
    CHECK_REGEX,
    CHECK_CIDR,
    CHECK_NUMBER,
    CHECK_EXISTS,
    CHECK_NULL,
    CHECK_FIELD,
};

/* Small: which rules are asked is a matter of chance, so their checks are seldom in the cache. */
struct check {
    uint8_t kind; /* enum check_kind */
    bool cased;
    uint16_t field, other;
    struct str text; /* the literal, folded unless cased; of a glob its longest literal part */
    union {
        const struct str *glob;
        const struct litset *set;
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
