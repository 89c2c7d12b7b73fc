/* str: text as pointer and length, never owned.
 *
 * A struct str points into somebody else's memory: a literal, an arena, a request body. It need not end
 * in NUL. The zero value is "absent": SQL NULL and JSON null; an empty but present text has a non-null `at`.
 */
#ifndef YAGURA_CORE_BASE_STR_H
#define YAGURA_CORE_BASE_STR_H

#include "core/base/base.h"

struct arena;

struct str {
    const char *at;
    size_t len;
};

struct strs {
    struct str *items;
    size_t count;
};

#define STR(literal) ((struct str){ "" literal "", sizeof(literal) - 1 })
#define STR_NONE ((struct str){ NULL, 0 })
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).len, ((s).at ? (s).at : "")

struct str str_of(const char *c_text); /* NULL gives STR_NONE */
bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *c_text);
bool str_eq_nocase(struct str a, struct str b); /* ASCII letters only */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_contains(struct str s, struct str part);
size_t str_find(struct str s, struct str part); /* s.len when absent */
int str_compare(struct str a, struct str b);
struct str str_trim(struct str s);
struct str str_skip(struct str s, size_t bytes);
struct str str_head(struct str s, size_t bytes);

/* Cuts the part before `mark` off *rest and returns it; without a mark, all of it. False when *rest was absent. */
bool str_cut(struct str *rest, char mark, struct str *part);

/* Whole text as a decimal number within the range of int64_t, nothing around it. */
must_check bool str_int(struct str s, int64_t *out);

bool str_is_utf8(struct str s);      /* valid UTF-8 without NUL */
size_t str_characters(struct str s); /* code points of valid UTF-8 */

struct str str_copy(struct arena *a, struct str s); /* ends in a NUL that `len` does not count */
const char *str_c(struct arena *a, struct str s);   /* "" for STR_NONE */
struct str str_lower(struct arena *a, struct str s);
struct str str_printf(struct arena *a, const char *fmt, ...) printf_like(2, 3);

#endif
