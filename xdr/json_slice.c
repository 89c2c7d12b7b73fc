#include "xdr/json_slice.h"

#include "core/base/text.h"

/* Behind the string that begins at s[i]. */
static size_t
after_string(struct str s, size_t i)
{
    for (i++; i < s.len && s.at[i] != '"'; i++)
        if (s.at[i] == '\\')
            i++;
    return i < s.len ? i + 1 : s.len;
}

/* Behind the value that begins at s[i]. */
static size_t
after_value(struct str s, size_t i)
{
    size_t depth = 0;
    while (i < s.len) {
        char c = s.at[i];
        if (c == '"') {
            i = after_string(s, i);
            if (depth == 0)
                return i;
            continue;
        }
        if ((c == '}' || c == ']' || c == ',') && depth == 0)
            return i;
        depth += c == '{' || c == '[';
        i++;
        if ((c == '}' || c == ']') && --depth == 0)
            return i;
    }
    return i;
}

static bool
next_value(struct str *rest, struct str *value, const char *openers)
{
    size_t i = 0;
    while (i < rest->len && !(rest->at[i] && strchr(openers, rest->at[i])))
        i++;
    if (i == rest->len)
        return false;
    size_t end = after_value(*rest, i);
    *value = str_head(str_skip(*rest, i), end - i);
    *rest = str_skip(*rest, end);
    return true;
}

bool
json_next_object(struct str *rest, struct str *object)
{
    return next_value(rest, object, "{");
}

bool
json_next_element(struct str *rest, struct str *element)
{
    return next_value(rest, element, "{[");
}

static size_t
skip_blanks(struct str s, size_t i)
{
    while (i < s.len && ((unsigned char)s.at[i] <= ' ' || s.at[i] == ',' || s.at[i] == ':'))
        i++;
    return i;
}

struct str
json_slice_member(struct str object, const char *name)
{
    size_t i = skip_blanks(object, 0);
    if (i == object.len || object.at[i++] != '{')
        return STR_NONE;
    for (;;) {
        i = skip_blanks(object, i);
        if (i >= object.len || object.at[i] != '"')
            return STR_NONE;
        size_t key_end = after_string(object, i);
        struct str key = str_head(str_skip(object, i + 1), key_end > i + 1 ? key_end - i - 2 : 0);
        size_t begin = skip_blanks(object, key_end), end = after_value(object, begin);
        if (str_is(key, name))
            return str_trim(str_head(str_skip(object, begin), end - begin));
        i = end > key_end ? end : key_end + 1;
    }
}

void
json_quote(struct text *out, struct str text)
{
    text_add_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c == '"' || c == '\\') {
            text_add_char(out, '\\');
            text_add_char(out, (char)c);
        } else if (c < 0x20) {
            text_addf(out, "\\u%04x", c);
        } else {
            text_add_char(out, (char)c);
        }
    }
    text_add_char(out, '"');
}
