/* text: a text under construction, with a cap from birth.
 *
 * Writing past the cap does not crash and does not write: the text becomes `full`, later writes are no-ops, and
 * whoever made it asks once at the end. Memory comes from the arena and doubles as it grows.
 */
#ifndef YAGURA_CORE_BASE_TEXT_H
#define YAGURA_CORE_BASE_TEXT_H

#include "core/base/arena.h"
#include "core/base/str.h"

struct text {
    struct arena *arena;
    char *at;
    size_t len, room, cap;
    bool full;
};

struct text text_new(struct arena *a, size_t cap);
void text_add(struct text *t, struct str s);
void text_add_c(struct text *t, const char *c_text);
void text_add_char(struct text *t, char c);
void text_add_int(struct text *t, int64_t value);
void text_addf(struct text *t, const char *fmt, ...) printf_like(2, 3);
char *text_reserve(struct text *t, size_t bytes); /* room to write into, then text_grow; NULL when full */
void text_grow(struct text *t, size_t bytes);
struct str text_str(const struct text *t); /* NUL follows; the text may go on growing, the str does not */

#endif
