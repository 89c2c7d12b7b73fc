/* value: what a condition compares with, as patterns and regular expressions of whole fields.
 *
 * The language speaks of the parts of a path (name, name without extension, folder, extension), an event holds the
 * whole. So "the name starts with x" becomes a pattern or a regular expression of the whole path. Both slashes part
 * folders, because one rule may serve every system.
 */
#include "core/base/text.h"
#include "xdr/rulexml/parts.h"

enum { REGEX_BYTES_MAX = 64 * 1024 };

#define ONE "\xFE"
#define MANY "\xFF"

/* What a variable stands for; a drive is any one letter, a user any folder. */
static const struct {
    const char *name;
    const char *meanings[3];
} variables[] = {
    { "SYSTEM", { ONE ":\\Windows\\System32", ONE ":\\Windows\\SysWOW64" } },
    { "WINDIR", { ONE ":\\Windows" } },
    { "PROGRAMFILES", { ONE ":\\Program Files", ONE ":\\Program Files (x86)" } },
    { "PROGRAMDATA", { ONE ":\\ProgramData" } },
    { "APPDATA", { ONE ":\\Users\\" MANY "\\AppData\\Roaming" } },
    { "LOCALAPPDATA", { ONE ":\\Users\\" MANY "\\AppData\\Local" } },
    { "TEMP", { ONE ":\\Users\\" MANY "\\AppData\\Local\\Temp", ONE ":\\Windows\\Temp", "/tmp" } },
    { "HOME", { ONE ":\\Users\\" MANY, "/home/" MANY, "/root" } },
};

static bool
find_variable(struct str text, struct str *before, size_t *index, struct str *after)
{
    for (size_t at = 0; at < text.len; at++)
        for (size_t i = 0; text.at[at] == '%' && i < COUNT_OF(variables); i++) {
            struct str rest = str_skip(text, at + 1), name = str_of(variables[i].name);
            if (rest.len > name.len && rest.at[name.len] == '%' && str_eq_nocase(str_head(rest, name.len), name)) {
                *before = str_head(text, at);
                *after = str_skip(rest, name.len + 1);
                *index = i;
                return true;
            }
        }
    return false;
}

static void
expand(struct arena *a, struct str done, struct str rest, struct strs *out)
{
    struct str before, after;
    size_t index;
    if (!find_variable(rest, &before, &index, &after)) {
        if (out->count < ALTERNATIVES_MAX)
            out->items[out->count++] = str_printf(a, STR_FMT STR_FMT, STR_ARG(done), STR_ARG(rest));
        return;
    }
    for (size_t i = 0; i < COUNT_OF(variables[index].meanings) && variables[index].meanings[i]; i++)
        expand(a, str_printf(a, STR_FMT STR_FMT "%s", STR_ARG(done), STR_ARG(before), variables[index].meanings[i]),
               after, out);
}

struct strs
xml_patterns(struct xml *x, struct str value)
{
    struct strs out = { arena_array_of(x->arena, ALTERNATIVES_MAX, struct str), 0 };
    expand(x->arena, STR(""), value, &out);
    return out;
}

static const struct expr *
matches(struct xml *x, struct str field, struct str regex)
{
    return expr_test(x->arena, (struct test){ .kind = TEST_REGEX, .field = field, .pattern = regex,
                                              .regex_flags = REGEX_NOCASE | REGEX_DOTALL });
}

static const struct expr *
fits(struct xml *x, struct str field, struct str pattern)
{
    return expr_test(x->arena, (struct test){ .kind = TEST_TEXT, .field = field, .pattern = pattern });
}

const struct expr *
xml_equals(struct xml *x, struct str field, struct str text)
{
    return fits(x, field, pattern_equal(x->arena, text));
}

/* The pattern as a piece of a regular expression. */
static struct str
quoted(struct arena *a, struct str pattern)
{
    struct text t = text_new(a, REGEX_BYTES_MAX);
    for (size_t i = 0; i < pattern.len; i++) {
        unsigned char c = (unsigned char)pattern.at[i];
        if (c == PATTERN_ONE)
            text_add_char(&t, '.');
        else if (c == PATTERN_MANY)
            text_add_c(&t, ".*");
        else {
            if (c < 0x80 && strchr("\\^$.[]|()?*+{}-/#&~", c))
                text_add_char(&t, '\\');
            text_add_char(&t, (char)c);
        }
    }
    return text_str(&t);
}

/* The text itself is asked for first: a literal is what lets the engine pass most events by. */
static const struct expr *
search(struct xml *x, struct str field, const char *before, struct str pattern, const char *behind)
{
    struct str middle = quoted(x->arena, pattern);
    const struct expr *both[] = {
        fits(x, field, pattern_contains(x->arena, pattern)),
        matches(x, field, str_printf(x->arena, "%s" STR_FMT "%s", before, STR_ARG(middle), behind)),
    };
    return expr_and(x->arena, both, COUNT_OF(both));
}

static bool
ends_in_slash(struct str text)
{
    return text.len && (text.at[text.len - 1] == '\\' || text.at[text.len - 1] == '/');
}

#define FROM_SLASH "(?:^|[\\\\/])"
#define NO_SLASH "[^\\\\/]*"
#define NO_DOT "[^.\\\\/]*"
#define AN_EXTENSION "\\." NO_DOT

static const struct expr *
test_name(struct xml *x, struct str field, enum xml_relation relation, struct str p)
{
    struct arena *a = x->arena;
    switch (relation) {
    case REL_CONTAINS: return search(x, field, "", p, NO_SLASH "$");
    case REL_STARTS: return search(x, field, FROM_SLASH, p, NO_SLASH "$");
    case REL_ENDS: return fits(x, field, pattern_ends(a, p));
    default: break;
    }
    const struct expr *ways[] = {
        fits(x, field, pattern_ends(a, str_printf(a, "\\" STR_FMT, STR_ARG(p)))),
        fits(x, field, pattern_ends(a, str_printf(a, "/" STR_FMT, STR_ARG(p)))),
        fits(x, field, pattern_equal(a, p)),
    };
    return expr_or(a, ways, COUNT_OF(ways));
}

/* Without a dot in it the text may also be a name that has no extension. */
static const struct expr *
test_stem(struct xml *x, struct str field, enum xml_relation relation, struct str p)
{
    bool dotted = str_contains(p, STR("."));
    switch (relation) {
    case REL_CONTAINS:
        return dotted ? search(x, field, "", p, NO_SLASH AN_EXTENSION "$")
                      : expr_or(x->arena, (const struct expr *[]){
                            search(x, field, "", p, NO_SLASH AN_EXTENSION "$"),
                            search(x, field, FROM_SLASH NO_DOT, p, NO_DOT "$") }, 2);
    case REL_STARTS: return search(x, field, FROM_SLASH, p, dotted ? NO_SLASH AN_EXTENSION "$" : NO_SLASH "$");
    case REL_ENDS:
        return dotted ? search(x, field, "", p, AN_EXTENSION "$")
                      : expr_or(x->arena, (const struct expr *[]){ search(x, field, "", p, AN_EXTENSION "$"),
                                                                   search(x, field, FROM_SLASH NO_DOT, p, "$") }, 2);
    default: return search(x, field, FROM_SLASH, p, dotted ? AN_EXTENSION "$" : "(?:" AN_EXTENSION ")?$");
    }
}

static const struct expr *
test_folder(struct xml *x, struct str field, enum xml_relation relation, struct str p)
{
    const char *to_slash = ends_in_slash(p) ? "" : "[\\\\/]";
    switch (relation) {
    case REL_CONTAINS:
        return ends_in_slash(p) ? fits(x, field, pattern_contains(x->arena, p)) : search(x, field, "", p, ".*[\\\\/]");
    case REL_STARTS:
        return ends_in_slash(p) ? fits(x, field, pattern_starts(x->arena, p)) : search(x, field, "^", p, ".*[\\\\/]");
    case REL_ENDS: return search(x, field, "", p, str_printf(x->arena, "%s" NO_SLASH "$", to_slash).at);
    default: return search(x, field, "^", p, str_printf(x->arena, "%s" NO_SLASH "$", to_slash).at);
    }
}

static const struct expr *
test_extension(struct xml *x, struct str field, enum xml_relation relation, struct str p)
{
    struct str bare = p.len && p.at[0] == '.' ? str_skip(p, 1) : p;
    switch (relation) {
    case REL_CONTAINS: return search(x, field, AN_EXTENSION, bare, NO_DOT "$");
    case REL_STARTS: return search(x, field, "\\.", bare, NO_DOT "$");
    case REL_ENDS: return search(x, field, AN_EXTENSION, bare, "$");
    default: return search(x, field, "\\.", bare, "$");
    }
}

static const struct expr *
test_text(struct xml *x, struct str field, enum xml_relation relation, struct str p)
{
    struct arena *a = x->arena;
    switch (relation) {
    case REL_CONTAINS: return fits(x, field, pattern_contains(a, p));
    case REL_STARTS: return fits(x, field, pattern_starts(a, p));
    case REL_ENDS: return fits(x, field, pattern_ends(a, p));
    default: return fits(x, field, pattern_equal(a, p));
    }
}

static const struct expr *
test_one(struct xml *x, enum meaning part, struct str field, enum xml_relation relation, struct str pattern)
{
    if (relation == REL_SET)
        return expr_test(x->arena, (struct test){ .kind = TEST_EXISTS, .field = field });
    if (relation == REL_NOT_EMPTY)
        return fits(x, field, STR(ONE MANY));
    switch (part) {
    case MEANS_NAME: return test_name(x, field, relation, pattern);
    case MEANS_STEM: return test_stem(x, field, relation, pattern);
    case MEANS_FOLDER: return test_folder(x, field, relation, pattern);
    case MEANS_EXTENSION: return test_extension(x, field, relation, pattern);
    default: return test_text(x, field, relation, pattern);
    }
}

const struct expr *
xml_text_test(struct xml *x, enum meaning part, struct str field, struct str also, enum xml_relation relation,
              struct strs patterns)
{
    const struct expr *ways[2 * ALTERNATIVES_MAX];
    size_t count = 0, values = relation == REL_SET || relation == REL_NOT_EMPTY ? 1 : patterns.count;
    for (size_t i = 0; i < values; i++) {
        struct str pattern = patterns.count ? patterns.items[i] : STR("");
        ways[count++] = test_one(x, part, field, relation, pattern);
        if (also.at)
            ways[count++] = test_one(x, part, also, relation, pattern);
    }
    return expr_or(x->arena, ways, count);
}
