#include "server/http/url.h"

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool
has_control(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] < 0x20 || s.at[i] == 0x7F)
            return true;
    return false;
}

static bool
unescape(struct arena *a, struct str raw, bool plus_is_space, struct str *out)
{
    char *to = arena_alloc(a, raw.len + 1);
    size_t length = 0;
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.at[i];
        if (c == '%') {
            bool whole = i + 2 < raw.len;
            int high = whole ? hex_digit(raw.at[i + 1]) : -1, low = whole ? hex_digit(raw.at[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        to[length++] = c;
    }
    *out = (struct str){ to, length };
    return str_is_utf8(*out);
}

bool
url_segment(struct arena *a, struct str raw, struct str *out)
{
    return unescape(a, raw, false, out) && !has_control(*out) && !str_is(*out, ".") && !str_is(*out, "..")
        && !str_contains(*out, STR("/")) && !str_contains(*out, STR("\\"));
}

bool
url_query_next(struct arena *a, struct str *rest, struct str *name, struct str *value, bool *bad)
{
    struct str pair, raw_name;
    do {
        if (!str_cut(rest, '&', &pair))
            return false;
    } while (pair.len == 0);
    struct str raw_value = pair;
    if (!str_cut(&raw_value, '=', &raw_name) || raw_name.len == 0) {
        *bad = true;
        return false;
    }
    if (!raw_value.at)
        raw_value = STR("");
    *bad = !unescape(a, raw_name, true, name) || !unescape(a, raw_value, true, value) || has_control(*name);
    return !*bad;
}

void
url_split(struct str target, struct str *path, struct str *query)
{
    if (str_starts(target, STR("http://")) || str_starts(target, STR("https://"))) {
        size_t host = str_find(target, STR("://")) + 3;
        size_t slash = str_find(str_skip(target, host), STR("/"));
        target = str_skip(target, host + slash);
    }
    *query = target;
    if (!str_cut(query, '?', path))
        *path = STR("");
    if (!query->at)
        *query = STR("");
}

void
url_encode(struct arena *a, struct str text, struct str *out)
{
    static const char digits[] = "0123456789ABCDEF";
    char *to = arena_alloc(a, text.len * 3 + 1);
    size_t length = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_'
            || c == '.' || c == '~';
        if (!plain) {
            to[length++] = '%';
            to[length++] = digits[c >> 4];
            c = (unsigned char)digits[c & 15];
        }
        to[length++] = (char)c;
    }
    *out = (struct str){ to, length };
}
