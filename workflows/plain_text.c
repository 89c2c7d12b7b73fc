#include "workflows/plain_text.h"

#include <errno.h>
#include <iconv.h>

#include "core/base/text.h"

enum { RUNE_BAD = 0xFFFD, RUNE_MAX = 0x10FFFF };

/* The next character, or RUNE_BAD for a byte that begins none. */
static uint32_t
take_rune(struct str *rest)
{
    const unsigned char *at = (const unsigned char *)rest->at;
    size_t more = at[0] < 0x80 ? 0 : (at[0] & 0xE0) == 0xC0 ? 1 : (at[0] & 0xF0) == 0xE0 ? 2
                : (at[0] & 0xF8) == 0xF0 ? 3 : 4;
    static const uint32_t smallest[] = { 0, 0x80, 0x800, 0x10000 };
    uint32_t rune = more == 0 ? at[0] : more < 4 ? at[0] & (0x3FU >> more) : RUNE_BAD;
    bool whole = more < 4 && more < rest->len;
    for (size_t i = 1; whole && i <= more; i++) {
        whole = (at[i] & 0xC0) == 0x80;
        rune = rune << 6 | (at[i] & 0x3FU);
    }
    if (!whole || rune < smallest[more] || rune > RUNE_MAX || (rune >= 0xD800 && rune <= 0xDFFF)) {
        *rest = str_skip(*rest, 1);
        return RUNE_BAD;
    }
    *rest = str_skip(*rest, more + 1);
    return rune;
}

static void
add_rune(struct text *t, uint32_t rune)
{
    if (rune < 0x80) {
        text_add_char(t, (char)rune);
        return;
    }
    size_t more = rune < 0x800 ? 1 : rune < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = { 0, 0xC0, 0xE0, 0xF0 };
    text_add_char(t, (char)(lead[more] | rune >> (6 * more)));
    while (more-- > 0)
        text_add_char(t, (char)(0x80 | (rune >> (6 * more) & 0x3F)));
}

static bool
is_control(uint32_t rune)
{
    return rune < 0x20 || (rune >= 0x7F && rune < 0xA0);
}

/* Turns the direction of writing: "exe.gpj" would be read as "jpg.exe". */
static bool
turns_direction(uint32_t rune)
{
    return rune == 0x61C || rune == 0x200E || rune == 0x200F || (rune >= 0x202A && rune <= 0x202E)
        || (rune >= 0x2066 && rune <= 0x2069);
}

static struct str
show_all(struct arena *a, struct str sent)
{
    enum { CONTROL_PICTURES = 0x2400, PICTURE_DELETE = 0x2421 };
    struct text t = text_new(a, sent.len * 8 + 1);
    while (sent.len > 0) {
        uint32_t rune = take_rune(&sent);
        if (rune == '\r' && sent.len > 0 && sent.at[0] == '\n')
            continue;
        if (turns_direction(rune))
            text_addf(&t, "\xE2\x9F\xA6U+%04X\xE2\x9F\xA7", (unsigned)rune); /* in white brackets */
        else if (rune == '\t' || rune == '\n' || !is_control(rune))
            add_rune(&t, rune);
        else
            add_rune(&t, rune < 0x20 ? CONTROL_PICTURES + rune : rune == 0x7F ? PICTURE_DELETE : RUNE_BAD);
    }
    return text_str(&t);
}

/* ---- encodings ---- */

static void
end_conversion(iconv_t *c)
{
    iconv_close(*c);
}

/* All of the bytes but a character that the end cuts in two; false when they are something else. */
static bool
convert(struct arena *a, const char *from, struct str bytes, struct str *out)
{
    scoped(end_conversion) iconv_t c = iconv_open("UTF-8", from);
    if (c == (iconv_t)-1) /* NOLINT: the library's own value */
        return false;
    size_t room = bytes.len * 4, left = bytes.len;
    char *to = arena_alloc(a, room + 1), *at = to, *in = (char *)(uintptr_t)bytes.at;
    size_t done = iconv(c, &in, &left, &at, &room);
    *out = (struct str){ to, (size_t)(at - to) };
    return done != (size_t)-1 || (errno == EINVAL && left < 4);
}

/* Without the part of a character that stands at the very end. */
static struct str
whole_characters(struct str s)
{
    for (size_t cut = 0; cut < 4 && cut < s.len; cut++) {
        unsigned char c = (unsigned char)s.at[s.len - 1 - cut];
        if (c < 0x80)
            return s;
        size_t wanted = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
        if (c >= 0xC0)
            return cut + 1 < wanted ? str_head(s, s.len - 1 - cut) : s;
    }
    return s;
}

struct str
plain_text_of(struct arena *a, struct str bytes, const char **encoding)
{
    static const char *const japanese[] = { "CP932", "EUC-JP" };
    struct str text = whole_characters(bytes);
    *encoding = "UTF-8";
    if (str_starts(bytes, STR("\xFF\xFE")) || str_starts(bytes, STR("\xFE\xFF"))) {
        if (convert(a, "UTF-16", bytes, &text))
            *encoding = "UTF-16";
        return show_all(a, text);
    }
    text = str_starts(text, STR("\xEF\xBB\xBF")) ? str_skip(text, 3) : text;
    for (size_t i = 0; !str_is_utf8(text) && !memchr(bytes.at, 0, bytes.len) && i < COUNT_OF(japanese); i++)
        if (convert(a, japanese[i], bytes, &text)) {
            *encoding = japanese[i];
            break;
        }
    return show_all(a, text);
}
