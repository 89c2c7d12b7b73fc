/* condition: the words that join selections. From weakest to strongest: or, and, not, "x of", parentheses. */
#include "xdr/sigma/sigma.h"

enum { NESTING_MAX = 64, NAMES_MAX = 2000 };

struct named {
    struct str name;
    const struct expr *expr; /* built when first asked for */
    const struct yaml *node;
};

struct condition {
    struct sigma *sigma;
    int line;
    struct str rest;
    struct str word; /* the one looked at; absent at the end */
    struct named *names;
    size_t name_count;
};

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
next_word(struct condition *c)
{
    c->rest = str_trim(c->rest);
    if (c->rest.len == 0) {
        c->word = STR_NONE;
        return;
    }
    size_t len = 1;
    if (!strchr("()|", c->rest.at[0]))
        while (len < c->rest.len && !is_blank(c->rest.at[len]) && !strchr("()|", c->rest.at[len]))
            len++;
    c->word = str_head(c->rest, len);
    c->rest = str_skip(c->rest, len);
}

static bool
at_word(const struct condition *c, const char *word)
{
    return c->word.at && str_eq_nocase(c->word, str_of(word));
}

static const struct expr *
refuse(struct condition *c, const char *why)
{
    sigma_refuse(c->sigma, c->line, "condition: %s at \"" STR_FMT "\"", why,
                 STR_ARG(c->word.at ? str_head(c->word, 60) : STR("its end")));
    return NULL;
}

static const struct expr *
expr_named(struct condition *c, struct named *n)
{
    if (!n->expr) {
        const struct expr *e = sigma_selection(c->sigma, n->node);
        n->expr = e ? expr_labelled(c->sigma->arena, e, n->name) : NULL;
    }
    return n->expr;
}

/* `pattern` with * anywhere; a glob this small needs no more than backtracking to the last star. */
static bool
fits(struct str name, struct str pattern)
{
    size_t n = 0, p = 0, star = SIZE_MAX, mark = 0;
    while (n < name.len) {
        if (p < pattern.len && pattern.at[p] == '*') {
            star = p++;
            mark = n;
        } else if (p < pattern.len && pattern.at[p] == name.at[n]) {
            p++;
            n++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            n = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.at[p] == '*')
        p++;
    return p == pattern.len;
}

static const struct expr *
join_of(struct condition *c, bool all, struct str pattern)
{
    struct arena *a = c->sigma->arena;
    const struct expr **parts = arena_array_of(a, c->name_count + 1, const struct expr *);
    size_t count = 0;
    for (size_t i = 0; i < c->name_count; i++) {
        struct str name = c->names[i].name;
        bool is_hidden = name.len && name.at[0] == '_' && !(pattern.len && pattern.at[0] == '_');
        if (is_hidden || !fits(name, pattern))
            continue;
        parts[count] = expr_named(c, &c->names[i]);
        if (!parts[count++])
            return NULL;
    }
    if (count == 0) {
        sigma_refuse(c->sigma, c->line, "condition: no selection is called \"" STR_FMT "\"", STR_ARG(pattern));
        return NULL;
    }
    return all ? expr_and(a, parts, count) : expr_or(a, parts, count);
}

static const struct expr *
read_of(struct condition *c, bool all)
{
    next_word(c);
    next_word(c); /* "of" was seen ahead */
    if (!c->word.at || strchr("()|", c->word.at[0]))
        return refuse(c, "\"of\" needs a name, a pattern or them");
    struct str pattern = at_word(c, "them") ? STR("*") : c->word;
    const struct expr *e = join_of(c, all, pattern);
    next_word(c);
    return e;
}

static bool
of_follows(const struct condition *c)
{
    struct condition ahead = *c;
    next_word(&ahead);
    return at_word(&ahead, "of");
}

static const struct expr *
read_name(struct condition *c)
{
    for (size_t i = 0; i < c->name_count; i++)
        if (str_eq(c->names[i].name, c->word)) {
            next_word(c);
            return expr_named(c, &c->names[i]);
        }
    if (c->word.at[0] == '|')
        return refuse(c, "aggregations behind a pipe are obsolete, write a correlation rule;");
    return refuse(c, "no such selection");
}

static const struct expr *read_or(struct condition *c, int depth);

static const struct expr *
read_operand(struct condition *c, int depth)
{
    if (!c->word.at)
        return refuse(c, "something is missing");
    if (depth > NESTING_MAX)
        return refuse(c, "nested too deeply");
    if (at_word(c, "not")) {
        next_word(c);
        const struct expr *e = read_operand(c, depth + 1);
        return e ? expr_not(c->sigma->arena, e) : NULL;
    }
    if (at_word(c, "(")) {
        next_word(c);
        const struct expr *e = read_or(c, depth + 1);
        if (e && !at_word(c, ")"))
            return refuse(c, "a parenthesis is not closed");
        next_word(c);
        return e;
    }
    if (of_follows(c)) {
        bool any = at_word(c, "1") || at_word(c, "any"), all = at_word(c, "all");
        return any || all ? read_of(c, all) : refuse(c, "only 1, any or all can stand before \"of\"");
    }
    return read_name(c);
}

/* A run of operands joined by one word. */
static const struct expr *
read_joined(struct condition *c, int depth, const char *word,
            const struct expr *(*part)(struct condition *c, int depth),
            const struct expr *(*join)(struct arena *a, const struct expr *const *parts, size_t count))
{
    const struct expr *parts[NAMES_MAX];
    size_t count = 0;
    do {
        if (count)
            next_word(c);
        if (count == NAMES_MAX)
            return refuse(c, "too long");
        parts[count] = part(c, depth);
        if (!parts[count++])
            return NULL;
    } while (at_word(c, word));
    return join(c->sigma->arena, parts, count);
}

static const struct expr *
read_and(struct condition *c, int depth)
{
    return read_joined(c, depth, "and", read_operand, expr_and);
}

static const struct expr *
read_or(struct condition *c, int depth)
{
    return read_joined(c, depth, "or", read_and, expr_or);
}

static const struct expr *
read_text(struct condition *c, const struct yaml *node)
{
    if (node->kind != YAML_SCALAR) {
        sigma_refuse(c->sigma, node->line, "condition: must be a text");
        return NULL;
    }
    c->line = node->line;
    c->rest = node->text;
    next_word(c);
    const struct expr *e = read_or(c, 0);
    return e && c->word.at ? refuse(c, c->word.at[0] == '|'
                                    ? "aggregations behind a pipe are obsolete, write a correlation rule;"
                                    : "and, or or the end was expected") : e;
}

const struct expr *
sigma_condition(struct sigma *s, const struct yaml *node, const struct yaml *section)
{
    struct condition c = { .sigma = s, .names = arena_array_of(s->arena, section->count + 1, struct named) };
    for (size_t i = 0; i < section->count; i++)
        if (!str_is(section->entries[i].key, "condition"))
            c.names[c.name_count++] = (struct named){ section->entries[i].key, NULL, section->entries[i].value };
    if (node->kind != YAML_LIST)
        return read_text(&c, node);
    const struct expr **parts = arena_array_of(s->arena, node->count + 1, const struct expr *);
    for (size_t i = 0; i < node->count; i++) {
        parts[i] = read_text(&c, node->entries[i].value);
        if (!parts[i])
            return NULL;
    }
    if (node->count == 0)
        sigma_refuse(s, node->line, "condition: is empty");
    return node->count ? expr_or(s->arena, parts, node->count) : NULL;
}

const struct expr *
sigma_detection(struct sigma *s, const struct yaml *section)
{
    if (section->kind != YAML_MAP) {
        sigma_refuse(s, section->line, "detection must be a map");
        return NULL;
    }
    const struct yaml *condition = yaml_get(section, "condition");
    if (!condition)
        sigma_refuse(s, section->line, "detection has no condition");
    if (yaml_get(section, "timeframe"))
        sigma_refuse(s, section->line, "timeframe is obsolete, write a correlation rule");
    return s->refused ? NULL : sigma_condition(s, condition, section);
}
