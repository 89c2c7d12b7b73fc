#include "core/base/text.h"

#include <stdarg.h>

enum { FIRST_ROOM = 256 };

struct text
text_new(struct arena *a, size_t cap)
{
    return (struct text){ .arena = a, .cap = cap };
}

/* One byte more than asked is always there, for the NUL of text_str. */
char *
text_reserve(struct text *t, size_t bytes)
{
    if (t->full || bytes > t->cap - t->len) {
        t->full = true;
        return NULL;
    }
    size_t needed = t->len + bytes + 1;
    if (needed > t->room) {
        size_t room = t->room ? t->room * 2 : FIRST_ROOM;
        while (room < needed)
            room *= 2;
        char *at = arena_alloc(t->arena, room);
        if (t->len)
            memcpy(at, t->at, t->len);
        t->at = at;
        t->room = room;
    }
    return t->at + t->len;
}

void
text_grow(struct text *t, size_t bytes)
{
    t->len += bytes;
    t->at[t->len] = 0;
}

void
text_add(struct text *t, struct str s)
{
    char *to = text_reserve(t, s.len);
    if (!to)
        return;
    if (s.len)
        memcpy(to, s.at, s.len);
    text_grow(t, s.len);
}

void
text_add_c(struct text *t, const char *c_text)
{
    text_add(t, str_of(c_text));
}

void
text_add_char(struct text *t, char c)
{
    text_add(t, (struct str){ &c, 1 });
}

void
text_add_int(struct text *t, int64_t value)
{
    char digits[24];
    char *at = digits + sizeof digits;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        *--at = (char)('0' + left % 10);
    while (left /= 10);
    if (value < 0)
        *--at = '-';
    text_add(t, (struct str){ at, (size_t)(digits + sizeof digits - at) });
}

void
text_addf(struct text *t, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *to = length < 0 ? NULL : text_reserve(t, (size_t)length);
    if (to) {
        vsnprintf(to, (size_t)length + 1, fmt, again);
        text_grow(t, (size_t)length);
    }
    va_end(again);
}

struct str
text_str(const struct text *t)
{
    return t->at ? (struct str){ t->at, t->len } : STR("");
}
