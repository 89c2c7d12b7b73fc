/* event_xml: one Windows event as XML, as Sysmon for Linux and Windows itself write it.
 *
 * <Event><System><EventID>1</EventID><Provider Name="..."/>...</System><EventData><Data Name="Image">...</Data>
 *
 * An element with text is a value by its own name, a Data element by its Name, an attribute by both names joined
 * (Provider_Name, Execution_ProcessID). No declarations, no entities but those of XML itself: nothing is expanded.
 */
#include "xdr/front_parts.h"

enum { DEPTH_MAX = 12, ENTITY_BYTES_MAX = 8 };

struct scan {
    struct arena *arena;
    struct pairs *out;
    struct str rest;
    struct str open[DEPTH_MAX]; /* names of the elements around */
    struct str value_name;      /* of the innermost element: what its text is called */
    size_t depth;
    bool had_child; /* the innermost element: its text is layout then */
};

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
ends_name(char c)
{
    return is_blank(c) || c == '>' || c == '/' || c == '=' || c == '<';
}

static struct str
take_name(struct str *rest)
{
    size_t len = 0;
    while (len < rest->len && !ends_name(rest->at[len]))
        len++;
    struct str name = str_head(*rest, len);
    *rest = str_skip(*rest, len);
    return name;
}

static void
skip_blanks(struct str *rest)
{
    while (rest->len && is_blank(rest->at[0]))
        *rest = str_skip(*rest, 1);
}

/* ---- text ---- */

static size_t
put_character(char *out, int64_t c)
{
    if (c < 0x80)
        return out[0] = (char)c, 1;
    size_t bytes = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = bytes - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3F));
    static const unsigned char leads[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    out[0] = (char)(leads[bytes] | c);
    return bytes;
}

/* Between & and ;. Bytes written, 0 when it is none that XML knows by itself. */
static size_t
put_entity(char *out, struct str name)
{
    static const struct {
        const char *name;
        char means;
    } known[] = { { "lt", '<' }, { "gt", '>' }, { "amp", '&' }, { "quot", '"' }, { "apos", '\'' } };
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (str_is(name, known[i].name))
            return out[0] = known[i].means, 1;
    int64_t c = 0;
    bool is_hex = str_starts(name, STR("#x"));
    if (!is_hex && (!str_starts(name, STR("#")) || !str_int(str_skip(name, 1), &c)))
        return 0;
    for (size_t i = 2; is_hex && i < name.len; i++) {
        char digit = name.at[i], low = (char)(digit | 0x20);
        bool is_digit = digit >= '0' && digit <= '9', is_letter = low >= 'a' && low <= 'f';
        if (!is_digit && !is_letter)
            return 0;
        c = c * 16 + (is_digit ? digit - '0' : low - 'a' + 10);
    }
    bool is_character = c > 0 && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
    return is_character ? put_character(out, c) : 0;
}

static struct str
text_of(struct arena *a, struct str raw)
{
    if (!memchr(raw.at ? raw.at : "", '&', raw.len))
        return raw;
    char *out = arena_alloc(a, raw.len + 4);
    size_t len = 0;
    for (size_t i = 0; i < raw.len;) {
        struct str name = { NULL, 0 }, behind = str_skip(raw, i + 1);
        bool is_entity = raw.at[i] == '&' && memchr(behind.at, ';', behind.len < ENTITY_BYTES_MAX + 1
                                                                        ? behind.len : ENTITY_BYTES_MAX + 1);
        if (is_entity)
            str_cut(&behind, ';', &name);
        size_t put = is_entity ? put_entity(out + len, name) : 0;
        if (put == 0)
            out[len] = raw.at[i];
        len += put ? put : 1;
        i += put ? name.len + 2 : 1;
    }
    return (struct str){ out, len };
}

/* ---- elements ---- */

static void
take_attribute(struct scan *s, struct str element, struct str name, struct str value)
{
    if (str_is(element, "Data") && str_is(name, "Name"))
        s->value_name = value;
    else if (str_is(element, "TimeCreated"))
        pairs_add(s->out, element, value);
    else if (!str_starts(name, STR("xmlns")))
        pairs_add(s->out, str_printf(s->arena, STR_FMT "_" STR_FMT, STR_ARG(element), STR_ARG(name)), value);
}

/* From behind the name of a tag to behind its end. */
static bool
take_attributes(struct scan *s, struct str element, bool *is_empty)
{
    *is_empty = false;
    for (;;) {
        skip_blanks(&s->rest);
        if (str_starts(s->rest, STR("/>"))) {
            s->rest = str_skip(s->rest, 2);
            return *is_empty = true;
        }
        if (str_starts(s->rest, STR(">"))) {
            s->rest = str_skip(s->rest, 1);
            return true;
        }
        struct str name = take_name(&s->rest), value;
        skip_blanks(&s->rest);
        if (name.len == 0 || !str_starts(s->rest, STR("=")))
            return false;
        s->rest = str_skip(s->rest, 1);
        skip_blanks(&s->rest);
        char quote = s->rest.len ? s->rest.at[0] : 0;
        struct str inside = str_skip(s->rest, 1);
        if ((quote != '"' && quote != '\'') || !memchr(inside.at, quote, inside.len))
            return false;
        str_cut(&inside, quote, &value);
        s->rest = inside;
        take_attribute(s, element, name, text_of(s->arena, value));
    }
}

static bool
open_element(struct scan *s)
{
    bool is_empty;
    struct str name = take_name(&s->rest);
    if (name.len == 0 || s->depth == DEPTH_MAX)
        return false;
    s->value_name = name;
    if (!take_attributes(s, name, &is_empty))
        return false;
    s->had_child = is_empty;
    if (is_empty && str_is(name, "Data") && !str_is(s->value_name, "Data"))
        pairs_add(s->out, s->value_name, STR("")); /* there, and empty */
    if (!is_empty)
        s->open[s->depth++] = name;
    return true;
}

static bool
close_element(struct scan *s, struct str content)
{
    struct str name = take_name(&s->rest);
    skip_blanks(&s->rest);
    if (s->depth == 0 || !str_eq(name, s->open[s->depth - 1]) || !str_starts(s->rest, STR(">")))
        return false;
    s->rest = str_skip(s->rest, 1);
    if (!s->had_child)
        pairs_add(s->out, s->value_name, text_of(s->arena, content));
    s->had_child = true;
    s->depth--;
    return true;
}

bool
event_xml_read(struct pairs *out, struct arena *a, struct str text)
{
    struct scan s = { .arena = a, .out = out, .rest = text };
    while (s.rest.len) {
        const char *mark = memchr(s.rest.at, '<', s.rest.len);
        if (!mark)
            return false;
        struct str content = str_head(s.rest, (size_t)(mark - s.rest.at));
        s.rest = str_skip(s.rest, content.len + 1);
        if (str_starts(s.rest, STR("!")) || str_starts(s.rest, STR("?")))
            return false;
        bool closes = str_starts(s.rest, STR("/"));
        s.rest = closes ? str_skip(s.rest, 1) : s.rest;
        if (closes ? !close_element(&s, content) : !open_element(&s))
            return false;
        if (s.depth == 0) /* what syslog puts behind does not count */
            return true;
    }
    return false;
}
