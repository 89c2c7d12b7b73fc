#include "workflows/bulk_action.h"

enum { DEPTH_MAX = 8 };

static const char *const names[] = { "", "create", "index", "update", "delete" };

const char *
bulk_verb_name(enum bulk_verb verb)
{
    return names[verb];
}

static void
skip_blanks(struct str *at)
{
    while (at->len && (at->at[0] == ' ' || at->at[0] == '\t' || at->at[0] == '\r'))
        *at = str_skip(*at, 1);
}

static bool
take_char(struct str *at, char c)
{
    skip_blanks(at);
    if (!at->len || at->at[0] != c)
        return false;
    *at = str_skip(*at, 1);
    return true;
}

/* Between the quotes, escapes as they stand. */
static bool
take_string(struct str *at, struct str *out)
{
    if (!take_char(at, '"'))
        return false;
    for (size_t i = 0; i < at->len; i++) {
        if (at->at[i] == '\\') {
            i++;
        } else if (at->at[i] == '"') {
            *out = str_head(*at, i);
            *at = str_skip(*at, i + 1);
            return true;
        }
    }
    return false;
}

/* A value that nobody asks for: whatever is balanced. */
static bool
pass_value(struct str *at)
{
    int depth = 0;
    struct str text;
    for (;;) {
        skip_blanks(at);
        if (!at->len)
            return false;
        char c = at->at[0];
        if (c == '"') {
            if (!take_string(at, &text))
                return false;
        } else if ((c == '}' || c == ']' || c == ',') && depth == 0) {
            return true;
        } else {
            depth += (c == '{' || c == '[') - (c == '}' || c == ']');
            *at = str_skip(*at, 1);
        }
        if (depth > DEPTH_MAX)
            return false;
    }
}

static bool
take_member(struct str *at, struct bulk_action *out)
{
    struct str key;
    if (!take_string(at, &key) || !take_char(at, ':'))
        return false;
    skip_blanks(at);
    if (str_is(key, "_index") && at->len && at->at[0] == '"')
        return take_string(at, &out->index);
    return pass_value(at);
}

static bool
take_members(struct str *at, struct bulk_action *out)
{
    if (!take_char(at, '{'))
        return false;
    if (take_char(at, '}'))
        return true;
    do
        if (!take_member(at, out))
            return false;
    while (take_char(at, ','));
    return take_char(at, '}');
}

bool
bulk_action_read(struct str line, struct bulk_action *out)
{
    struct str at = line, verb;
    *out = (struct bulk_action){ .verb = BULK_NONE };
    if (!take_char(&at, '{') || !take_string(&at, &verb) || !take_char(&at, ':'))
        return false;
    for (enum bulk_verb v = BULK_CREATE; v <= BULK_DELETE; v++)
        if (str_is(verb, names[v]))
            out->verb = v;
    if (out->verb == BULK_NONE || !take_members(&at, out) || !take_char(&at, '}'))
        return false;
    skip_blanks(&at);
    return at.len == 0;
}
