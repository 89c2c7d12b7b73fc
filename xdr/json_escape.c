#include "xdr/json_escape.h"

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four hexadecimal digits at s[at], or -1. */
static int32_t
code_unit(struct str s, size_t at)
{
    int32_t unit = 0;
    for (size_t i = at; i < at + 4; i++) {
        int digit = i < s.len ? hex_digit(s.at[i]) : -1;
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

static size_t
put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t bytes = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = bytes - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3F));
    static const unsigned char leads[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    out[0] = (char)(leads[bytes] | c);
    return bytes;
}

size_t
json_put_unicode(char *out, struct str s, size_t *i)
{
    int32_t unit = code_unit(s, *i);
    if (unit < 0)
        return put_utf8(out, 0xFFFD);
    *i += 4;
    if (unit < 0xD800 || unit > 0xDFFF)
        return put_utf8(out, (uint32_t)unit);
    int32_t low = *i + 1 < s.len && s.at[*i] == '\\' && s.at[*i + 1] == 'u' ? code_unit(s, *i + 2) : -1;
    if (unit > 0xDBFF || low < 0xDC00 || low > 0xDFFF)
        return put_utf8(out, 0xFFFD);
    *i += 6;
    return put_utf8(out, 0x10000 + ((uint32_t)(unit - 0xD800) << 10) + (uint32_t)(low - 0xDC00));
}
