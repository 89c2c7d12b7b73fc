/* From the charsets of mails to clean UTF-8. */
#include <errno.h>
#include <iconv.h>

#include <gmime/gmime.h>

#include "core/base/text.h"
#include "core/net/mime_read.h"

static const char replacement[] = "\xEF\xBF\xBD";

/* Japanese mails say iso-2022-jp and mean what Windows writes: circled numbers and company marks, which the standard's
 * table does not have. The same bytes with their high bits are EUC, whose wider table knows them. */
static struct str
euc_of_jis(struct arena *a, struct str jis)
{
    struct text t = text_new(a, 2 * jis.len + 1);
    enum { ONE, TWO, KANA } set = ONE;
    for (size_t i = 0; i < jis.len; i++) {
        struct str rest = str_skip(jis, i);
        if (str_starts(rest, STR("\x1b$")) || str_starts(rest, STR("\x1b("))) {
            char named = rest.len > 2 ? rest.at[2] : 'B';
            set = rest.at[1] == '$' ? TWO : named == 'I' ? KANA : ONE;
            i += rest.len > 2 ? 2 : rest.len - 1;
        } else if (set == ONE || jis.at[i] == '\n' || jis.at[i] == '\r' || (unsigned char)jis.at[i] <= ' ') {
            text_add_char(&t, jis.at[i]);
        } else {
            if (set == KANA)
                text_add_char(&t, '\x8e');
            text_add_char(&t, (char)((unsigned char)jis.at[i] | 0x80));
        }
    }
    return text_str(&t);
}

static const char *
table_of(struct arena *a, struct str charset)
{
    static const struct {
        const char *said, *table;
    } wider[] = { { "shift_jis", "CP932" }, { "x-sjis", "CP932" }, { "sjis", "CP932" }, { "windows-31j", "CP932" },
                  { "euc-jp", "EUC-JP-MS" }, { "iso-2022-jp", "EUC-JP-MS" } };
    for (size_t i = 0; i < COUNT_OF(wider); i++)
        if (str_eq_nocase(charset, str_of(wider[i].said)))
            return wider[i].table;
    return charset.len && charset.len < 60 ? g_mime_charset_iconv_name(str_c(a, charset)) : "UTF-8";
}

static struct str
converted(struct arena *a, struct str bytes, const char *table)
{
    iconv_t how = iconv_open("UTF-8", table);
    if (how == (iconv_t)-1)
        return bytes;
    struct text t = text_new(a, 4 * (size_t)MIME_TEXT_MAX + 16);
    char *from = (char *)(uintptr_t)bytes.at; /* iconv's old promise: it does not write there */
    size_t left = bytes.len;
    while (left > 0 && !t.full) {
        char piece[1024], *to = piece;
        size_t room = sizeof piece;
        size_t done = iconv(how, &from, &left, &to, &room);
        text_add(&t, (struct str){ piece, sizeof piece - room });
        if (done == (size_t)-1 && errno == EILSEQ && left > 0) {
            text_add_c(&t, replacement);
            from++;
            left--;
        } else if (done == (size_t)-1 && errno != E2BIG) {
            break; /* the last character is not whole */
        }
    }
    iconv_close(how);
    return text_str(&t);
}

/* How many bytes the character here has; 0: none begins here. */
static size_t
rune_bytes(struct str rest)
{
    const unsigned char *c = (const unsigned char *)rest.at;
    size_t more = c[0] < 0x80 ? 0 : c[0] >= 0xC2 && c[0] < 0xE0 ? 1 : (c[0] & 0xF0) == 0xE0 ? 2
                : c[0] >= 0xF0 && c[0] < 0xF5 ? 3 : 4;
    return more < rest.len && more < 4 && str_is_utf8(str_head(rest, more + 1)) ? more + 1 : 0;
}

/* Turns the direction of writing, or is not seen: U+200B..200F, U+202A..202E, U+2060..2069, U+FEFF, U+061C. */
static bool
is_unseen(struct str rune)
{
    const unsigned char *c = (const unsigned char *)rune.at;
    if (rune.len == 2)
        return (c[0] == 0xC2 && c[1] < 0xA0) || (c[0] == 0xD8 && c[1] == 0x9C);
    if (rune.len != 3)
        return false;
    return (c[0] == 0xE2 && c[1] == 0x80 && ((c[2] >= 0x8B && c[2] <= 0x8F) || (c[2] >= 0xAA && c[2] <= 0xAE)))
        || (c[0] == 0xE2 && c[1] == 0x81 && c[2] >= 0xA0 && c[2] <= 0xA9)
        || (c[0] == 0xEF && c[1] == 0xBB && c[2] == 0xBF);
}

static struct str
cleaned(struct arena *a, struct str text)
{
    struct text t = text_new(a, 4 * text.len + 1);
    for (size_t i = 0; i < text.len;) {
        struct str rest = str_skip(text, i);
        size_t bytes = rune_bytes(rest);
        struct str rune = str_head(rest, bytes ? bytes : 1);
        unsigned char first = (unsigned char)rune.at[0];
        i += rune.len;
        if (first == '\r')
            text_add_c(&t, rest.len > 1 && rest.at[1] == '\n' ? "" : "\n");
        else if (bytes == 1 && (first < ' ' || first == 127))
            text_add_c(&t, first == '\n' ? "\n" : first == '\t' ? "    " : "");
        else if (bytes == 0)
            text_add_c(&t, replacement);
        else if (!is_unseen(rune))
            text_add(&t, rune);
    }
    return text_str(&t);
}

struct str
mime_text_of(struct arena *a, struct str bytes, struct str charset)
{
    struct str from = str_head(bytes, bytes.len < MIME_TEXT_MAX ? bytes.len : MIME_TEXT_MAX);
    const char *table = table_of(a, charset);
    if (str_eq_nocase(charset, STR("iso-2022-jp")))
        from = euc_of_jis(a, from);
    bool plain = !table || strcasecmp(table, "UTF-8") == 0 || strcasecmp(table, "us-ascii") == 0;
    struct str text = cleaned(a, plain ? from : converted(a, from, table));
    size_t keep = text.len < MIME_TEXT_MAX ? text.len : MIME_TEXT_MAX;
    while (keep < text.len && keep > 0 && ((unsigned char)text.at[keep] & 0xC0) == 0x80)
        keep--;
    return str_head(text, keep);
}
