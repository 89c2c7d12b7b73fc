#include "core/net/header_words.h"

#include "core/base/crypto.h"

enum { LINE_MAX_BYTES = 76, PLAIN_RUN_MAX_BYTES = 60 };
enum { WORD_FRAME_BYTES = 12, BASE64_MOST_BYTES = 45, BASE64_LEAST_BYTES = 12 };
enum { UTF8_MOST_BYTES = 4, QUOTED_LEAST_BYTES = 6 * UTF8_MOST_BYTES };

/* ASCII whose every word fits a line with ease, and which nobody could take for an encoded word. */
static bool
is_plain(struct str s)
{
    size_t run = 0;
    for (size_t i = 0; i < s.len; i++) {
        if ((unsigned char)s.at[i] >= 127 || (unsigned char)s.at[i] < ' ')
            return false;
        run = s.at[i] == ' ' ? 0 : run + 1;
        if (run > PLAIN_RUN_MAX_BYTES)
            return false;
    }
    return !str_contains(s, STR("=?"));
}

static void
add_folded(struct text *t, struct str value, size_t column)
{
    struct str word;
    bool first = true;
    while (str_cut(&value, ' ', &word)) {
        bool fold = !first && word.len && column + 1 + word.len > LINE_MAX_BYTES;
        if (!first)
            text_add_c(t, fold ? "\n " : " ");
        column = fold ? 1 : column + !first;
        text_add(t, word);
        column += word.len;
        first = false;
    }
}

static bool
begins_character(struct str s, size_t at)
{
    return at >= s.len || ((unsigned char)s.at[at] & 0xc0) != 0x80;
}

/* A base64 word before another one must hold a multiple of three bytes: at padding in the midst of a run, GMime and
 * the mail programs built on it drop what follows. 0: no such cut worth a word is near. */
static size_t
unpadded_cut(struct str s, size_t room)
{
    for (size_t cut = room / 3 * 3; cut >= BASE64_LEAST_BYTES; cut -= 3)
        if (begins_character(s, cut))
            return cut;
    return 0;
}

static size_t
add_base64_word(struct text *t, struct str s)
{
    struct str word = base64_of(t->arena, (struct bytes){ s });
    text_addf(t, "=?UTF-8?B?" STR_FMT "?=", STR_ARG(word));
    return WORD_FRAME_BYTES + word.len;
}

/* As many characters as stand in the way of a cut without padding, in quoted form: three bytes for each. Returns how
 * many were taken. */
static size_t
add_quoted_word(struct text *t, struct str s, size_t most)
{
    size_t taken = 0;
    do
        taken++;
    while (!begins_character(s, taken) || (taken < most && !unpadded_cut(str_skip(s, taken), BASE64_MOST_BYTES)));
    text_add_c(t, "=?UTF-8?Q?");
    for (size_t i = 0; i < taken; i++)
        text_addf(t, "=%02X", (unsigned char)s.at[i]);
    text_add_c(t, "?=");
    return taken;
}

static size_t
add_encoded(struct text *t, struct str value, size_t column)
{
    while (value.len) {
        size_t room = column + WORD_FRAME_BYTES < LINE_MAX_BYTES ? LINE_MAX_BYTES - column - WORD_FRAME_BYTES : 0;
        size_t bytes = room / 4 * 3 < BASE64_MOST_BYTES ? room / 4 * 3 : BASE64_MOST_BYTES;
        size_t cut = value.len <= bytes ? value.len : unpadded_cut(value, bytes);
        if (cut) {
            column += add_base64_word(t, str_head(value, cut));
        } else if (room >= QUOTED_LEAST_BYTES) {
            cut = add_quoted_word(t, value, room / 3 - UTF8_MOST_BYTES);
            column += WORD_FRAME_BYTES + cut * 3;
        }
        value = str_skip(value, cut);
        if (value.len) {
            text_add_c(t, "\n ");
            column = 1;
        }
    }
    return column;
}

struct str
header_text(struct arena *a, struct str value, size_t column)
{
    struct text t = text_new(a, value.len * 8 + 1000);
    if (is_plain(value))
        add_folded(&t, value, column);
    else
        add_encoded(&t, value, column);
    return text_str(&t);
}

static void
add_quoted(struct text *t, struct str name)
{
    text_add_char(t, '"');
    for (size_t i = 0; i < name.len; i++) {
        if (name.at[i] == '"' || name.at[i] == '\\')
            text_add_char(t, '\\');
        text_add_char(t, name.at[i]);
    }
    text_add_char(t, '"');
}

struct str
header_person(struct arena *a, struct str name, struct str address, size_t column)
{
    struct text t = text_new(a, name.len * 8 + address.len + 1000);
    if (!name.len) {
        text_add(&t, address);
        return text_str(&t);
    }
    if (is_plain(name) && name.len <= PLAIN_RUN_MAX_BYTES / 2) {
        add_quoted(&t, name);
        column += t.len;
    } else {
        column = add_encoded(&t, name, column);
    }
    text_add_c(&t, column + address.len + 3 > LINE_MAX_BYTES ? "\n <" : " <");
    text_add(&t, address);
    text_add_char(&t, '>');
    return text_str(&t);
}
