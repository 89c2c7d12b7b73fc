#include "xdr/sigma/value.h"

#include "core/base/text.h"
#include "xdr/expr.h"

struct str
value_parse(struct arena *a, struct str text)
{
    unsigned char *out = arena_alloc(a, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        char next = i + 1 < text.len ? text.at[i + 1] : 0;
        if (c == '\\' && (next == '*' || next == '?' || next == '\\')) {
            out[len++] = (unsigned char)next;
            i++;
        } else if (c == '*') {
            out[len++] = PATTERN_MANY;
        } else if (c == '?') {
            out[len++] = PATTERN_ONE;
        } else {
            out[len++] = c;
        }
    }
    return (struct str){ (const char *)out, len };
}

static bool
is_marker(unsigned char c)
{
    return c >= PATTERN_DASH;
}

bool
value_is_plain(struct str pattern)
{
    for (size_t i = 0; i < pattern.len; i++)
        if (is_marker((unsigned char)pattern.at[i]))
            return false;
    return true;
}

/* Letters, digits, underscore, and every character beyond ASCII but the dashes themselves. */
static bool
is_word(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'
        || (c >= 0x80 && !is_marker(c));
}

/* Bytes of the dash at the head of `s`, 0 when there is none. */
static size_t
dash_bytes(struct str s)
{
    if (s.len && (s.at[0] == '-' || s.at[0] == '/'))
        return 1;
    bool is_typographic = str_starts(s, STR("\xE2\x80\x93")) || str_starts(s, STR("\xE2\x80\x94"))
        || str_starts(s, STR("\xE2\x80\x95"));
    return is_typographic ? 3 : 0;
}

/* A dash begins a flag when nothing of a word stands before it and something of a word behind it. */
struct str
value_windash(struct arena *a, struct str pattern)
{
    char *out = arena_alloc(a, pattern.len + 1);
    size_t len = 0;
    bool after_word = false;
    for (size_t i = 0; i < pattern.len;) {
        struct str rest = str_skip(pattern, i);
        size_t dash = dash_bytes(rest);
        unsigned char next = dash && dash < rest.len ? (unsigned char)rest.at[dash] : 0;
        if (dash && !after_word && is_word(next) && dash_bytes(str_skip(rest, dash)) == 0) {
            out[len++] = (char)PATTERN_DASH;
            i += dash;
            continue;
        }
        size_t bytes = dash ? dash : 1;
        memcpy(out + len, rest.at, bytes);
        after_word = !dash && is_word((unsigned char)rest.at[0]);
        len += bytes;
        i += bytes;
    }
    return (struct str){ out, len };
}

/* The code point at text[*i] of valid UTF-8; *i moves behind it. */
static uint32_t
next_character(struct str text, size_t *i)
{
    unsigned char lead = (unsigned char)text.at[(*i)++];
    size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    uint32_t c = more == 0 ? lead : lead & (0x3Fu >> more);
    for (; more && *i < text.len; more--)
        c = c << 6 | ((unsigned char)text.at[(*i)++] & 0x3F);
    return c;
}

static void
add_unit(struct text *t, uint32_t unit, enum utf16_kind kind)
{
    char low = (char)(unit & 0xFF), high = (char)(unit >> 8);
    text_add_char(t, kind == UTF16_BE ? high : low);
    text_add_char(t, kind == UTF16_BE ? low : high);
}

struct str
value_utf16(struct arena *a, struct str text, enum utf16_kind kind)
{
    struct text out = text_new(a, text.len * 4 + 2);
    if (kind == UTF16_LE_WITH_MARK)
        add_unit(&out, 0xFEFF, kind);
    for (size_t i = 0; i < text.len;) {
        uint32_t c = next_character(text, &i);
        if (c > 0xFFFF) {
            add_unit(&out, 0xD800 + ((c - 0x10000) >> 10), kind);
            add_unit(&out, 0xDC00 + ((c - 0x10000) & 0x3FF), kind);
        } else {
            add_unit(&out, c, kind);
        }
    }
    return text_str(&out);
}

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct str
value_base64(struct arena *a, struct str bytes)
{
    char *out = arena_alloc(a, bytes.len / 3 * 4 + 5);
    size_t len = 0;
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t here = bytes.len - i < 3 ? bytes.len - i : 3;
        uint32_t group = 0;
        for (size_t j = 0; j < 3; j++)
            group = group << 8 | (j < here ? (unsigned char)bytes.at[i + j] : 0);
        for (size_t j = 0; j < 4; j++)
            out[len++] = j <= here ? base64_digits[group >> (18 - 6 * j) & 63] : '=';
    }
    return (struct str){ out, len };
}

struct str
value_base64_offset(struct arena *a, struct str bytes, size_t offset)
{
    static const size_t unsure_head[] = { 0, 2, 3 }; /* digits that also hold bits of what stands before */
    char *shifted = arena_alloc(a, bytes.len + offset + 1);
    memset(shifted, ' ', offset);
    if (bytes.len)
        memcpy(shifted + offset, bytes.at, bytes.len);
    size_t all = offset + bytes.len;
    struct str digits = value_base64(a, (struct str){ shifted, all });
    size_t sure = all * 8 / 6; /* the last digit of a partial group also holds bits of what follows */
    return sure <= unsure_head[offset] ? STR("") : str_skip(str_head(digits, sure), unsure_head[offset]);
}
