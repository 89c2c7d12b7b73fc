#include "core/net/html_text.h"

enum { QUOTES_MAX = 10, ENTITY_MAX = 12 };

struct reading {
    struct text out;
    int quotes;     /* how many quoted passages stand open */
    int line_feeds; /* at the end of what was written; the beginning counts as two */
    bool space;     /* one is due before the next word */
    bool kept;      /* within <pre>: spaces and lines as they are */
};

static void
begin_line(struct reading *r, int feeds)
{
    r->space = false;
    for (; r->line_feeds < feeds; r->line_feeds++)
        text_add_char(&r->out, '\n');
}

static void
add_word(struct reading *r, struct str word)
{
    if (r->line_feeds > 0)
        for (int i = 0; i < r->quotes; i++)
            text_add_c(&r->out, "> ");
    else if (r->space)
        text_add_char(&r->out, ' ');
    r->space = false;
    r->line_feeds = 0;
    text_add(&r->out, word);
}

/* ---- characters ---- */

static void
add_rune(struct reading *r, int64_t rune)
{
    char bytes[4];
    size_t count = 1;
    if (rune < 32 || rune > 0x10FFFF || (rune >= 0xD800 && rune <= 0xDFFF))
        rune = 0xFFFD;
    if (rune < 0x80) {
        bytes[0] = (char)rune;
    } else {
        static const unsigned char lead[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
        count = rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
        for (size_t i = count; i-- > 1; rune >>= 6)
            bytes[i] = (char)(0x80 | (rune & 0x3F));
        bytes[0] = (char)(lead[count] | rune);
    }
    add_word(r, (struct str){ bytes, count });
}

static bool
number_of(struct str digits, int64_t *out)
{
    bool hex = digits.len > 1 && (digits.at[0] == 'x' || digits.at[0] == 'X');
    *out = 0;
    for (size_t i = hex; i < digits.len; i++) {
        char c = digits.at[i];
        int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
                  : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
        if (value >= (hex ? 16 : 10))
            return false;
        *out = *out * (hex ? 16 : 10) + value;
    }
    return digits.len > hex;
}

/* &amp; and its kin; an ampersand alone when nothing is known. Returns the bytes taken. */
static size_t
take_entity(struct reading *r, struct str rest)
{
    static const struct {
        const char *name;
        int rune;
    } known[] = { { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' }, { "nbsp", ' ' },
                  { "hellip", 0x2026 }, { "ndash", 0x2013 }, { "mdash", 0x2014 }, { "copy", 0xA9 }, { "yen", 0xA5 },
                  { "lsquo", 0x2018 }, { "rsquo", 0x2019 }, { "ldquo", 0x201C }, { "rdquo", 0x201D } };
    size_t end = str_find(str_head(rest, ENTITY_MAX), STR(";"));
    struct str name = str_head(str_skip(rest, 1), end > 0 ? end - 1 : 0);
    int64_t rune;
    if (end < str_head(rest, ENTITY_MAX).len) {
        if (name.len > 1 && name.at[0] == '#' && number_of(str_skip(name, 1), &rune)) {
            add_rune(r, rune);
            return end + 1;
        }
        for (size_t i = 0; i < COUNT_OF(known); i++)
            if (str_is(name, known[i].name)) {
                add_rune(r, known[i].rune);
                return end + 1;
            }
    }
    add_word(r, STR("&"));
    return 1;
}

static void
take_space(struct reading *r, char c)
{
    if (r->kept && c == '\n')
        begin_line(r, r->line_feeds + 1);
    else if (r->kept && c != '\r')
        add_word(r, STR(" "));
    else
        r->space = true;
}

/* ---- tags ---- */

enum tag { TAG_LINE = 1, TAG_BLOCK, TAG_ITEM, TAG_QUOTE, TAG_KEPT, TAG_CELL, TAG_HIDDEN };

static enum tag
tag_of(struct str name)
{
    static const struct {
        const char *name;
        enum tag tag;
    } rows[] = { { "br", TAG_LINE }, { "div", TAG_LINE }, { "tr", TAG_LINE }, { "hr", TAG_LINE }, { "p", TAG_BLOCK },
                 { "h1", TAG_BLOCK }, { "h2", TAG_BLOCK }, { "h3", TAG_BLOCK }, { "h4", TAG_BLOCK },
                 { "ul", TAG_BLOCK }, { "ol", TAG_BLOCK }, { "table", TAG_BLOCK }, { "li", TAG_ITEM },
                 { "blockquote", TAG_QUOTE }, { "pre", TAG_KEPT }, { "td", TAG_CELL }, { "th", TAG_CELL },
                 { "script", TAG_HIDDEN }, { "style", TAG_HIDDEN }, { "head", TAG_HIDDEN }, { "title", TAG_HIDDEN },
                 { "template", TAG_HIDDEN } };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_eq_nocase(name, str_of(rows[i].name)))
            return rows[i].tag;
    return 0;
}

static void
follow_tag(struct reading *r, enum tag tag, bool closes)
{
    switch (tag) {
    case TAG_LINE:
        begin_line(r, r->line_feeds && !closes ? r->line_feeds : 1);
        break;
    case TAG_BLOCK:
        begin_line(r, 2);
        break;
    case TAG_ITEM:
        begin_line(r, 1);
        if (!closes)
            add_word(r, STR("-")), r->space = true;
        break;
    case TAG_QUOTE:
        begin_line(r, 2);
        r->quotes += closes ? -(r->quotes > 0) : r->quotes < QUOTES_MAX;
        break;
    case TAG_KEPT:
        begin_line(r, 1);
        r->kept = !closes;
        break;
    case TAG_CELL:
        r->space = true;
        break;
    case TAG_HIDDEN:
        break;
    }
}

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Where the element's end begins, or the end of everything: what stands within is no text. */
static size_t
hidden_until(struct str rest, struct str name)
{
    for (size_t i = 0; i + 2 + name.len <= rest.len; i++)
        if (rest.at[i] == '<' && rest.at[i + 1] == '/' && str_eq_nocase(str_head(str_skip(rest, i + 2), name.len),
            name))
            return i;
    return rest.len;
}

/* One tag, or a comment; a < that begins neither is a character. Returns the bytes taken. */
static size_t
take_tag(struct reading *r, struct str rest)
{
    if (str_starts(rest, STR("<!--"))) {
        size_t end = str_find(str_skip(rest, 4), STR("-->"));
        return end + 7 < rest.len ? end + 7 : rest.len;
    }
    bool closes = rest.len > 1 && rest.at[1] == '/';
    size_t from = closes ? 2 : 1, name_end = from;
    while (name_end < rest.len && is_letter(rest.at[name_end]))
        name_end++;
    bool begins = from < rest.len && (is_letter(rest.at[from]) || rest.at[from] == '!' || rest.at[from] == '?');
    size_t end = begins ? str_find(rest, STR(">")) : rest.len;
    if (end == rest.len) {
        add_word(r, STR("<"));
        return 1;
    }
    struct str name = str_head(str_skip(rest, from), name_end - from);
    enum tag tag = tag_of(name);
    follow_tag(r, tag, closes);
    end++;
    return tag == TAG_HIDDEN && !closes ? end + hidden_until(str_skip(rest, end), name) : end;
}

struct str
html_text(struct arena *a, struct str html, size_t most)
{
    struct reading r = { .out = text_new(a, most), .line_feeds = 2 };
    bool no_more_tags = false;
    for (size_t i = 0; i < html.len && !r.out.full;) {
        struct str rest = str_skip(html, i);
        char c = rest.at[0];
        size_t taken = 1;
        if (c == '<' && !no_more_tags) {
            /* Without another > nothing behind is a tag: looked for once, not for each <. */
            no_more_tags = memchr(rest.at, '>', rest.len) == NULL;
            taken = no_more_tags ? 0 : take_tag(&r, rest);
        } else if (c == '&') {
            taken = take_entity(&r, rest);
        } else if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            take_space(&r, c);
        } else {
            while (taken < rest.len && !strchr("<& \n\r\t", rest.at[taken]))
                taken++;
            add_word(&r, str_head(rest, taken));
        }
        i += taken;
    }
    return str_trim(text_str(&r.out));
}
