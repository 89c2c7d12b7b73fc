#include "core/net/mustache_tree.h"

enum { STACK_MAX = MUSTACHE_DEPTH_MAX * 2 };

struct renderer {
    struct scope *s;
    const struct mustache_set *partials;
    const struct mustache_value *stack[STACK_MAX]; /* innermost last */
    size_t depth;
    enum mustache_escape escape;
    struct text *out;
    int64_t steps;
    int partial_depth;
};

static bool render_nodes(struct renderer *r, const struct mustache *t, size_t from, size_t to);

static bool
refuse(struct scope *s, const struct mustache *t, const struct mustache_node *n, const char *what)
{
    return fail(s, &problem_template, STR_FMT ":%d: %s '" STR_FMT "'", STR_ARG(t->file), n->line, what,
                STR_ARG(n->text));
}

static const struct mustache_value *
member(const struct mustache_value *record, struct str name)
{
    for (size_t i = 0; record->kind == MUSTACHE_RECORD && i < record->count; i++)
        if (str_eq(record->items[i].name, name))
            return &record->items[i];
    return NULL;
}

/* The first part of a.b.c is looked for from the inside out; the others are members of what was found. */
static const struct mustache_value *
look_up(const struct renderer *r, struct str name)
{
    if (str_is(name, "."))
        return r->stack[r->depth - 1];
    struct str part;
    const struct mustache_value *found = NULL;
    if (!str_cut(&name, '.', &part))
        return NULL;
    for (size_t i = r->depth; i-- && !found;)
        found = member(r->stack[i], part);
    while (found && str_cut(&name, '.', &part))
        found = found->kind == MUSTACHE_ABSENT ? found : member(found, part);
    return found;
}

static void
add_escaped(struct text *t, struct str s)
{
    static const char *const entities[256] = {
        ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;",
    };
    size_t from = 0;
    for (size_t i = 0; i < s.len; i++) {
        const char *entity = entities[(unsigned char)s.at[i]];
        if (!entity)
            continue;
        text_add(t, str_head(str_skip(s, from), i - from));
        text_add_c(t, entity);
        from = i + 1;
    }
    text_add(t, str_skip(s, from));
}

static bool
appears(const struct mustache_value *v)
{
    switch (v->kind) {
    case MUSTACHE_ABSENT:
    case MUSTACHE_FALSE:
        return false;
    case MUSTACHE_TEXT:
        return v->text.len > 0;
    case MUSTACHE_LIST:
        return v->count > 0;
    case MUSTACHE_TRUE:
    case MUSTACHE_RECORD:
        return true;
    }
    return false;
}

static bool
render_inside(struct renderer *r, const struct mustache *t, size_t from, size_t to, const struct mustache_value *top)
{
    if (r->depth == STACK_MAX)
        return refuse(r->s, t, &t->nodes[from], "nested too deeply at");
    r->stack[r->depth++] = top;
    bool ok = render_nodes(r, t, from, to);
    r->depth--;
    return ok;
}

static bool
render_section(struct renderer *r, const struct mustache *t, size_t at, const struct mustache_value *v)
{
    const struct mustache_node *n = &t->nodes[at];
    if (n->kind == NODE_INVERTED)
        return appears(v) || render_nodes(r, t, at + 1, n->close);
    if (!appears(v))
        return true;
    if (v->kind != MUSTACHE_LIST)
        return render_inside(r, t, at + 1, n->close, v);
    for (size_t i = 0; i < v->count; i++)
        if (!render_inside(r, t, at + 1, n->close, &v->items[i]))
            return false;
    return true;
}

static bool
render_partial(struct renderer *r, const struct mustache *t, const struct mustache_node *n)
{
    const struct mustache *partial = mustache_partial(r->partials, n->text);
    if (!partial)
        return refuse(r->s, t, n, "there is no partial");
    if (r->partial_depth == MUSTACHE_DEPTH_MAX)
        return refuse(r->s, t, n, "partials are nested too deeply at");
    r->partial_depth++;
    bool ok = render_nodes(r, partial, 0, partial->count);
    r->partial_depth--;
    return ok;
}

static bool
render_value(struct renderer *r, const struct mustache *t, const struct mustache_node *n,
             const struct mustache_value *v)
{
    if (v->kind == MUSTACHE_LIST || v->kind == MUSTACHE_RECORD)
        return refuse(r->s, t, n, "not one value:");
    struct str text = v->kind == MUSTACHE_TRUE ? STR("true") : v->kind == MUSTACHE_FALSE ? STR("false") : v->text;
    if (n->kind == NODE_ESCAPED && r->escape == MUSTACHE_HTML)
        add_escaped(r->out, text);
    else
        text_add(r->out, text);
    return true;
}

static bool
render_node(struct renderer *r, const struct mustache *t, size_t at)
{
    const struct mustache_node *n = &t->nodes[at];
    if (++r->steps > MUSTACHE_STEPS_MAX || r->out->full)
        return refuse(r->s, t, n, "the result grows too large at");
    if (n->kind == NODE_LITERAL) {
        text_add(r->out, n->text);
        return true;
    }
    if (n->kind == NODE_PARTIAL)
        return render_partial(r, t, n);
    const struct mustache_value *v = look_up(r, n->text);
    if (!v)
        return refuse(r->s, t, n, "there is no value");
    if (n->kind == NODE_SECTION || n->kind == NODE_INVERTED)
        return render_section(r, t, at, v);
    return render_value(r, t, n, v);
}

static bool
render_nodes(struct renderer *r, const struct mustache *t, size_t from, size_t to)
{
    for (size_t at = from; at < to; at++) {
        if (!render_node(r, t, at))
            return false;
        const struct mustache_node *n = &t->nodes[at];
        if (n->kind == NODE_SECTION || n->kind == NODE_INVERTED)
            at = n->close;
    }
    return true;
}

bool
mustache_render(struct scope *s, const struct mustache *t, const struct mustache_set *partials,
                const struct mustache_value *data, enum mustache_escape escape, struct text *out)
{
    struct renderer r = { .s = s, .partials = partials, .stack = { data }, .depth = 1, .escape = escape, .out = out };
    if (!render_nodes(&r, t, 0, t->count))
        return false;
    return !out->full || fail(s, &problem_template, STR_FMT ": the result is too large", STR_ARG(t->file));
}

static bool
walk(struct scope *s, const struct mustache *t, const struct mustache_set *partials, const struct mustache_visitor *v,
     int depth)
{
    static const enum mustache_use uses[] = {
        [NODE_ESCAPED] = MUSTACHE_VARIABLE, [NODE_RAW] = MUSTACHE_VARIABLE, [NODE_SECTION] = MUSTACHE_SECTION,
        [NODE_INVERTED] = MUSTACHE_INVERTED, [NODE_CLOSE] = MUSTACHE_CLOSE,
    };
    for (size_t i = 0; i < t->count; i++) {
        const struct mustache_node *n = &t->nodes[i];
        if (n->kind == NODE_LITERAL)
            continue;
        if (n->kind != NODE_PARTIAL) {
            if (!v->visit(s, v->self, uses[n->kind], n->text, t->file, n->line))
                return false;
            continue;
        }
        const struct mustache *partial = mustache_partial(partials, n->text);
        if (!partial)
            return refuse(s, t, n, "there is no partial");
        if (depth == MUSTACHE_DEPTH_MAX)
            return refuse(s, t, n, "partials are nested too deeply at");
        if (!walk(s, partial, partials, v, depth + 1))
            return false;
    }
    return true;
}

bool
mustache_walk(struct scope *s, const struct mustache *t, const struct mustache_set *partials,
              const struct mustache_visitor *visitor)
{
    return walk(s, t, partials, visitor, 0);
}
