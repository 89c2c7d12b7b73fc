#include "core/base/json.h"

#include "core/base/shape.h"
#include "core/base/text.h"

enum { POINTER_MAX = 400, NAME_SHOWN_MAX = 100 };

struct json_reader
json_reader_new(struct str text)
{
    const char *at = text.at ? text.at : "";
    return (struct json_reader){ .start = at, .at = at, .end = at + text.len };
}

static bool
trouble(struct json_reader *r, const char *what)
{
    if (!r->trouble)
        r->trouble = what;
    return false;
}

static void
skip_space(struct json_reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r'))
        r->at++;
}

enum json_kind
json_peek(struct json_reader *r)
{
    skip_space(r);
    if (r->at == r->end)
        return JSON_BAD;
    switch (*r->at) {
    case 'n':
        return JSON_NULL;
    case 't':
    case 'f':
        return JSON_BOOL;
    case '"':
        return JSON_STRING;
    case '[':
        return JSON_ARRAY;
    case '{':
        return JSON_OBJECT;
    default:
        return *r->at == '-' || (*r->at >= '0' && *r->at <= '9') ? JSON_NUMBER : JSON_BAD;
    }
}

static bool
take_word(struct json_reader *r, struct str word)
{
    if (!str_starts((struct str){ r->at, (size_t)(r->end - r->at) }, word))
        return trouble(r, "expected a value");
    r->at += word.len;
    return true;
}

bool
json_null(struct json_reader *r)
{
    skip_space(r);
    return take_word(r, STR("null"));
}

bool
json_bool(struct json_reader *r, bool *out)
{
    skip_space(r);
    *out = r->at < r->end && *r->at == 't';
    return take_word(r, *out ? STR("true") : STR("false"));
}

static size_t
take_digits(struct json_reader *r)
{
    const char *from = r->at;
    while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
        r->at++;
    return (size_t)(r->at - from);
}

static bool
take_char(struct json_reader *r, const char *any_of)
{
    bool there = r->at < r->end && *r->at && strchr(any_of, *r->at);
    r->at += there;
    return there;
}

bool
json_number(struct json_reader *r, struct str *out)
{
    skip_space(r);
    const char *from = r->at;
    take_char(r, "-");
    const char *digits = r->at;
    size_t count = take_digits(r);
    if (count == 0 || (count > 1 && *digits == '0'))
        return trouble(r, "expected a number");
    if (take_char(r, ".") && take_digits(r) == 0)
        return trouble(r, "expected digits after the point");
    if (take_char(r, "eE")) {
        take_char(r, "+-");
        if (take_digits(r) == 0)
            return trouble(r, "expected an exponent");
    }
    *out = (struct str){ from, (size_t)(r->at - from) };
    return true;
}

/* What stands between the quotes, still escaped. */
static bool
take_quoted(struct json_reader *r, struct str *inside, bool *escaped)
{
    skip_space(r);
    *escaped = false;
    if (!take_char(r, "\""))
        return trouble(r, "expected a text in quotes");
    const char *from = r->at;
    for (; r->at < r->end && *r->at != '"'; r->at++) {
        if ((unsigned char)*r->at < 0x20)
            return trouble(r, "control character in a text");
        if (*r->at != '\\')
            continue;
        *escaped = true;
        if (++r->at == r->end)
            break;
    }
    if (r->at >= r->end)
        return trouble(r, "text without an end");
    *inside = (struct str){ from, (size_t)(r->at++ - from) };
    return true;
}

static int
hex_value(const char *at, const char *end)
{
    int value = 0;
    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        char c = at[i], lower = (char)(c | 0x20);
        if (c >= '0' && c <= '9')
            value = value * 16 + (c - '0');
        else if (lower >= 'a' && lower <= 'f')
            value = value * 16 + (lower - 'a' + 10);
        else
            return -1;
    }
    return value;
}

static char *
put_utf8(char *to, int c)
{
    if (c < 0x80) {
        *to++ = (char)c;
    } else if (c < 0x800) {
        *to++ = (char)(0xC0 | c >> 6);
        *to++ = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        *to++ = (char)(0xE0 | c >> 12);
        *to++ = (char)(0x80 | (c >> 6 & 0x3F));
        *to++ = (char)(0x80 | (c & 0x3F));
    } else {
        *to++ = (char)(0xF0 | c >> 18);
        *to++ = (char)(0x80 | (c >> 12 & 0x3F));
        *to++ = (char)(0x80 | (c >> 6 & 0x3F));
        *to++ = (char)(0x80 | (c & 0x3F));
    }
    return to;
}

/* One escape at `at` (past the backslash). Gives the code point and steps over it; -1 when it is none. Half a
 * surrogate pair comes back as itself: written out it is no UTF-8, and is refused as text. */
static int
take_escape(const char **at, const char *end)
{
    static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char letter = *(*at)++;
    const char *found = letter ? strchr(letters, letter) : NULL;
    if (found)
        return values[found - letters];
    int high = letter == 'u' ? hex_value(*at, end) : -1;
    if (high < 0)
        return -1;
    *at += 4;
    if (high < 0xD800 || high > 0xDBFF || end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u')
        return high;
    int low = hex_value(*at + 2, end);
    if (low < 0xDC00 || low > 0xDFFF)
        return high;
    *at += 6;
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

/* The unescaped text is never longer than the escaped one. */
static bool
unescape(struct json_reader *r, struct arena *a, struct str inside, struct str *out)
{
    char *text = arena_alloc(a, inside.len + 1), *to = text;
    for (const char *at = inside.at, *end = inside.at + inside.len; at < end;) {
        if (*at != '\\') {
            *to++ = *at++;
            continue;
        }
        at++;
        int c = at < end ? take_escape(&at, end) : -1;
        if (c < 0)
            return trouble(r, "unknown escape in a text");
        to = put_utf8(to, c);
    }
    *out = (struct str){ text, (size_t)(to - text) };
    return true;
}

bool
json_string(struct json_reader *r, struct arena *a, struct str *out)
{
    struct str inside;
    bool escaped;
    if (!take_quoted(r, &inside, &escaped))
        return false;
    if (escaped)
        return unescape(r, a, inside, out);
    *out = inside;
    return true;
}

bool
json_enter(struct json_reader *r, enum json_kind kind)
{
    skip_space(r);
    if (!take_char(r, kind == JSON_ARRAY ? "[" : "{"))
        return trouble(r, kind == JSON_ARRAY ? "expected a list" : "expected an object");
    r->fresh = true;
    return true;
}

/* A comma before all but the first, or the end. `fresh` needs no stack: whatever closes is not fresh. */
static bool
next(struct json_reader *r, const char *close, bool *more)
{
    bool first = r->fresh;
    r->fresh = false;
    skip_space(r);
    *more = !take_char(r, close);
    if (!*more || first)
        return true;
    return take_char(r, ",") || trouble(r, *close == ']' ? "expected , or ]" : "expected , or }");
}

bool
json_item(struct json_reader *r, bool *more)
{
    return next(r, "]", more);
}

bool
json_member(struct json_reader *r, struct arena *a, struct str *name, bool *more)
{
    if (!next(r, "}", more) || !*more)
        return !r->trouble;
    if (!json_string(r, a, name))
        return false;
    skip_space(r);
    return take_char(r, ":") || trouble(r, "expected : after a name");
}

bool
json_skip(struct json_reader *r, struct str *raw)
{
    json_peek(r);
    const char *from = r->at;
    int depth = 0;
    struct str inside;
    bool escaped;
    do {
        switch (json_peek(r)) {
        case JSON_STRING:
            if (!take_quoted(r, &inside, &escaped))
                return false;
            break;
        case JSON_ARRAY:
        case JSON_OBJECT:
            depth++;
            r->at++;
            break;
        case JSON_BAD:
            if (r->at == r->end || !strchr("]},:", *r->at))
                return trouble(r, "expected a value");
            depth -= *r->at == ']' || *r->at == '}';
            r->at++;
            break;
        default:
            while (r->at < r->end && !strchr(",]} \t\r\n", *r->at))
                r->at++;
        }
    } while (depth > 0);
    r->fresh = false;
    *raw = (struct str){ from, (size_t)(r->at - from) };
    return depth == 0 || trouble(r, "expected a value");
}

static void
write_pointer(struct text *t, const struct json_place *place)
{
    if (!place)
        return;
    write_pointer(t, place->up);
    text_add_char(t, '/');
    if (!place->name.at) {
        text_add_int(t, (int64_t)place->index);
        return;
    }
    struct str name = str_head(place->name, NAME_SHOWN_MAX);
    while (name.len && !str_is_utf8(name))
        name.len--;
    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] == '~' || name.at[i] == '/')
            text_add_c(t, name.at[i] == '~' ? "~0" : "~1");
        else
            text_add_char(t, name.at[i]);
}

struct str
json_pointer(struct arena *a, const struct json_place *place)
{
    struct text t = text_new(a, POINTER_MAX + JSON_DEPTH_MAX * NAME_SHOWN_MAX * 2);
    write_pointer(&t, place);
    return text_str(&t);
}
