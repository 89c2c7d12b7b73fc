#include "core/base/str.h"

#include <stdarg.h>

#include "core/base/arena.h"

struct str
str_of(const char *c_text)
{
    return c_text ? (struct str){ c_text, strlen(c_text) } : STR_NONE;
}

bool
str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool
str_is(struct str a, const char *c_text)
{
    return str_eq(a, str_of(c_text));
}

static unsigned char
ascii_lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c | 0x20) : c;
}

bool
str_eq_nocase(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (ascii_lower((unsigned char)a.at[i]) != ascii_lower((unsigned char)b.at[i]))
            return false;
    return true;
}

bool
str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.at, prefix.at, prefix.len) == 0);
}

bool
str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len
        && (suffix.len == 0 || memcmp(s.at + s.len - suffix.len, suffix.at, suffix.len) == 0);
}

size_t
str_find(struct str s, struct str part)
{
    if (part.len == 0)
        return 0;
    const char *found = s.len >= part.len ? memmem(s.at, s.len, part.at, part.len) : NULL;
    return found ? (size_t)(found - s.at) : s.len;
}

bool
str_contains(struct str s, struct str part)
{
    return part.len == 0 || str_find(s, part) < s.len;
}

int
str_compare(struct str a, struct str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.at, b.at, shorter) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static bool
is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str
str_trim(struct str s)
{
    while (s.len && is_space(s.at[0])) {
        s.at++;
        s.len--;
    }
    while (s.len && is_space(s.at[s.len - 1]))
        s.len--;
    return s;
}

struct str
str_skip(struct str s, size_t bytes)
{
    size_t cut = bytes < s.len ? bytes : s.len;
    return s.at ? (struct str){ s.at + cut, s.len - cut } : s;
}

struct str
str_head(struct str s, size_t bytes)
{
    return (struct str){ s.at, bytes < s.len ? bytes : s.len };
}

bool
str_cut(struct str *rest, char mark, struct str *part)
{
    if (!rest->at)
        return false;
    const char *found = rest->len ? memchr(rest->at, mark, rest->len) : NULL;
    if (!found) {
        *part = *rest;
        *rest = STR_NONE;
        return true;
    }
    *part = str_head(*rest, (size_t)(found - rest->at));
    *rest = str_skip(*rest, part->len + 1);
    return true;
}

bool
str_int(struct str s, int64_t *out)
{
    bool negative = s.len && s.at[0] == '-';
    struct str digits = negative ? str_skip(s, 1) : s;
    if (digits.len == 0 || digits.len > 19)
        return false;
    uint64_t value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(digits.at[i] - '0');
    }
    if (value > (uint64_t)INT64_MAX + (negative ? 1 : 0))
        return false;
    *out = negative ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}

/* Length of the valid sequence at `p`, 0 when it is none: overlong forms, surrogates and NUL are refused. */
static size_t
utf8_sequence(const unsigned char *p, size_t left)
{
    if (p[0] < 0x80)
        return p[0] != 0;
    size_t length = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xF0 && p[1] < 0x90);
    bool outside = (p[0] == 0xED && p[1] > 0x9F) || (p[0] == 0xF4 && p[1] > 0x8F);
    return overlong || outside ? 0 : length;
}

bool
str_is_utf8(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.at;
    for (size_t i = 0; i < s.len;) {
        size_t step = utf8_sequence(p + i, s.len - i);
        if (step == 0)
            return false;
        i += step;
    }
    return true;
}

size_t
str_characters(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++)
        count += ((unsigned char)s.at[i] & 0xC0) != 0x80;
    return count;
}

struct str
str_copy(struct arena *a, struct str s)
{
    if (!s.at)
        return s;
    char *copy = arena_alloc(a, s.len + 1);
    if (s.len)
        memcpy(copy, s.at, s.len);
    copy[s.len] = 0;
    return (struct str){ copy, s.len };
}

const char *
str_c(struct arena *a, struct str s)
{
    return s.at ? str_copy(a, s).at : "";
}

struct str
str_lower(struct arena *a, struct str s)
{
    if (!s.at)
        return s;
    char *copy = arena_alloc(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        copy[i] = (char)ascii_lower((unsigned char)s.at[i]);
    copy[s.len] = 0;
    return (struct str){ copy, s.len };
}

struct str
str_printf(struct arena *a, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (length < 0)
        abort(); /* a broken format is our own mistake */
    char *text = arena_alloc(a, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, fmt, again);
    va_end(again);
    return (struct str){ text, (size_t)length };
}
