/* expr: the one form into which every rule language compiles.
 *
 * A rule's condition is a tree of AND, OR and NOT over tests. A test asks one thing of one field of the event:
 * does its text fit a pattern, is it an address of that network, is it greater than a number, is it there at
 * all. Truth has two values: a test of a field that the event does not have is false (TEST_NULL and a negated
 * TEST_EXISTS are the exceptions), so NOT of it is true. A field with several values (a JSON array) passes when
 * any of them passes.
 *
 * A pattern is UTF-8 text in which three bytes that UTF-8 never uses stand for what is not literal:
 *
 *     PATTERN_MANY   any characters, none too (Sigma's *)
 *     PATTERN_ONE    exactly one character    (Sigma's ?)
 *     PATTERN_DASH   one of - / and the three typographic dashes U+2013, U+2014, U+2015
 *
 * It must fit the whole value: "contains x" is MANY x MANY. Letters match without regard to case (fold.h) unless
 * `cased` is set.
 *
 * Fields are named as the Sigma taxonomy names them (Image, CommandLine, TargetObject ...); taxonomy.h knows where
 * each event shape keeps them. "a.b" is the key "a.b" or else b inside a; "a.2.b" takes element 2 of the array a,
 * which is how conditions on the third ancestor of a process are written.
 *
 * Expressions live in an arena, are never changed once built and may be shared between rules.
 */
#ifndef YAGURA_XDR_EXPR_H
#define YAGURA_XDR_EXPR_H

#include "core/base/arena.h"
#include "core/base/str.h"

enum { PATTERN_DASH = 0xFD, PATTERN_ONE = 0xFE, PATTERN_MANY = 0xFF };

enum test_kind {
    TEST_TEXT = 1, /* the value fits .pattern */
    TEST_REGEX,    /* .pattern is a regular expression, found anywhere in the value; case counts */
    TEST_CIDR,     /* the value is an IP address inside .network */
    TEST_NUMBER,   /* the value (or the part of its time) stands in .relation to .number */
    TEST_EXISTS,   /* the field is there, whatever its value */
    TEST_NULL,     /* the field is absent or JSON null */
    TEST_FIELD,    /* the value stands in .relation to the value of the field .other of the same event */
};

enum relation {
    IS_EQUAL = 1,
    IS_NOT_EQUAL,
    IS_LESS,
    IS_LESS_OR_EQUAL,
    IS_GREATER,
    IS_GREATER_OR_EQUAL,
    DOES_CONTAIN, /* the last three for TEST_FIELD only */
    DOES_START,
    DOES_END,
};

/* What of a value is compared: all of it, or one part of the time it holds, as a number (UTC). */
enum value_part {
    PART_WHOLE = 0,
    PART_MINUTE,
    PART_HOUR,
    PART_DAY,     /* of the month, from 1 */
    PART_WEEKDAY, /* Monday is 1 */
    PART_WEEK,    /* ISO 8601 */
    PART_MONTH,
    PART_YEAR,
};

enum regex_flag { REGEX_NOCASE = 1, REGEX_MULTILINE = 2, REGEX_DOTALL = 4 };

struct network {
    uint8_t address[16]; /* IPv4 as ::ffff:a.b.c.d */
    uint8_t bits;        /* of the 128 that must agree */
};

struct test {
    enum test_kind kind;
    struct str field; /* absent: any value anywhere in the event (a keyword); TEST_TEXT and TEST_REGEX only */
    struct str pattern;
    struct str other;
    long double number; /* holds every 64-bit integer exactly */
    struct network network;
    enum relation relation;
    enum value_part part;
    unsigned regex_flags;
    bool cased;
};

enum expr_kind { EXPR_AND = 1, EXPR_OR, EXPR_NOT, EXPR_TEST };

struct expr {
    enum expr_kind kind;
    const struct expr *const *parts; /* AND of nothing is true, OR of nothing is false; NOT has one part */
    size_t count;
    struct test test;
    struct str label; /* how the rule's author called this part, for explanations: "selection_img" */
};

const struct expr *expr_test(struct arena *a, struct test test);
const struct expr *expr_not(struct arena *a, const struct expr *part);
/* A single part is returned as it is. The array is copied. */
const struct expr *expr_and(struct arena *a, const struct expr *const *parts, size_t count);
const struct expr *expr_or(struct arena *a, const struct expr *const *parts, size_t count);
const struct expr *expr_labelled(struct arena *a, const struct expr *e, struct str label);

/* Tests in the tree, shared parts counted each time; stops counting at `most`. */
size_t expr_size(const struct expr *e, size_t most);

/* The fields that tests in the tree look at, each once, in the order in which they come; keywords have none. */
struct strs expr_fields(struct arena *a, const struct expr *e);

/* Patterns of plain text, nothing in it special. */
struct str pattern_equal(struct arena *a, struct str text);
struct str pattern_contains(struct arena *a, struct str text);
struct str pattern_starts(struct arena *a, struct str text);
struct str pattern_ends(struct arena *a, struct str text);
struct str pattern_show(struct arena *a, struct str pattern); /* for people: *, ? and [-/] back in place */

/* "10.0.0.0/8", "2001:db8::/32" or a bare address. */
must_check bool network_of(struct str text, struct network *out);
bool network_holds(const struct network *n, const uint8_t address[16]);
must_check bool address_of(struct str text, uint8_t out[16]);

#endif
