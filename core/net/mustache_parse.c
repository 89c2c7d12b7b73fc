#include "core/net/mustache_tree.h"

const struct problem problem_template = {
    500, "template-error",
    { "A template could not be used.", "テンプレートを処理できませんでした。" },
};

enum { NAME_MAX_BYTES = 100 };

struct parser {
    struct scope *s;
    struct mustache *t;
    struct str rest; /* what is still unread of the source */
    const char *line_start;
    int line;
    size_t room;
    size_t open[MUSTACHE_DEPTH_MAX]; /* sections that wait for their end */
    size_t depth;
};

struct tag {
    enum mustache_node_kind kind;
    bool note;
    struct str name;
    const char *from, *to; /* with the braces */
};

static bool
refuse(struct parser *p, const char *what, struct str name)
{
    return fail(p->s, &problem_template, STR_FMT ":%d: %s '" STR_FMT "'", STR_ARG(p->t->file), p->line, what,
                STR_ARG(str_head(name, NAME_MAX_BYTES)));
}

static struct mustache_node *
add_node(struct parser *p, enum mustache_node_kind kind, struct str text)
{
    struct mustache *t = p->t;
    if (t->count == p->room) {
        size_t room = p->room ? p->room * 2 : 16;
        struct mustache_node *nodes = arena_array_of(p->s->arena, room, struct mustache_node);
        if (t->count)
            memcpy(nodes, t->nodes, t->count * sizeof *nodes);
        t->nodes = nodes;
        p->room = room;
    }
    t->nodes[t->count] = (struct mustache_node){ .kind = kind, .line = p->line, .text = text };
    return &t->nodes[t->count++];
}

/* Moves on, counting lines. */
static void
read_to(struct parser *p, const char *to)
{
    for (const char *at = p->rest.at; at < to; at++)
        if (*at == '\n') {
            p->line++;
            p->line_start = at + 1;
        }
    p->rest = str_skip(p->rest, (size_t)(to - p->rest.at));
}

static bool
name_is_sound(struct str name, bool partial)
{
    if (name.len == 0 || name.len > NAME_MAX_BYTES)
        return false;
    if (str_is(name, "."))
        return !partial;
    char before = '.';
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        if (!word && !(partial && c == '-') && !(!partial && c == '.' && before != '.'))
            return false;
        before = c;
    }
    return before != '.';
}

static bool
tag_kind(struct tag *tag, char sign)
{
    static const struct { char sign; enum mustache_node_kind kind; } signs[] = {
        { '#', NODE_SECTION }, { '^', NODE_INVERTED }, { '/', NODE_CLOSE }, { '>', NODE_PARTIAL }, { '&', NODE_RAW },
    };
    for (size_t i = 0; i < COUNT_OF(signs); i++)
        if (signs[i].sign == sign) {
            tag->kind = signs[i].kind;
            return true;
        }
    tag->note = sign == '!';
    return tag->note;
}

/* p->rest begins with the opening braces. */
static bool
read_tag(struct parser *p, struct tag *tag)
{
    *tag = (struct tag){ .kind = NODE_ESCAPED, .from = p->rest.at };
    bool triple = str_starts(p->rest, STR("{{{"));
    struct str inside = str_skip(p->rest, triple ? 3 : 2);
    struct str ending = triple ? STR("}}}") : STR("}}");
    size_t length = str_find(inside, ending);
    if (length == inside.len)
        return refuse(p, "a tag without its closing braces", str_head(inside, 40));
    tag->to = inside.at + length + ending.len;
    tag->name = str_trim(str_head(inside, length));
    if (triple)
        tag->kind = NODE_RAW;
    else if (tag->name.len && tag_kind(tag, tag->name.at[0]))
        tag->name = str_trim(str_skip(tag->name, 1));
    return tag->note || name_is_sound(tag->name, tag->kind == NODE_PARTIAL) || refuse(p, "not a name:", tag->name);
}

static bool
is_blank(const char *from, const char *to)
{
    for (; from < to; from++)
        if (*from != ' ' && *from != '\t' && *from != '\r')
            return false;
    return true;
}

/* A tag that prints nothing and stands alone on its line takes the whole line: *from and *to widen to it. */
static void
widen_to_line(const struct parser *p, const struct tag *tag, const char **from, const char **to)
{
    *from = tag->from;
    *to = tag->to;
    if (!tag->note && (tag->kind == NODE_ESCAPED || tag->kind == NODE_RAW))
        return;
    const char *end = p->rest.at + p->rest.len;
    const char *newline = memchr(tag->to, '\n', (size_t)(end - tag->to));
    const char *line_end = newline ? newline : end;
    if (!is_blank(p->line_start, tag->from) || !is_blank(tag->to, line_end))
        return;
    *from = p->line_start;
    *to = newline ? newline + 1 : end;
}

static bool
close_section(struct parser *p, const struct tag *tag)
{
    if (p->depth == 0)
        return refuse(p, "this section was never opened:", tag->name);
    size_t opened = p->open[--p->depth];
    if (!str_eq(p->t->nodes[opened].text, tag->name))
        return refuse(p, "the open section is", p->t->nodes[opened].text);
    p->t->nodes[opened].close = p->t->count;
    add_node(p, NODE_CLOSE, tag->name);
    return true;
}

static bool
add_tag(struct parser *p, const struct tag *tag)
{
    if (tag->note)
        return true;
    if (tag->kind == NODE_CLOSE)
        return close_section(p, tag);
    if (tag->kind == NODE_SECTION || tag->kind == NODE_INVERTED) {
        if (p->depth == MUSTACHE_DEPTH_MAX)
            return refuse(p, "sections are nested too deeply at", tag->name);
        p->open[p->depth++] = p->t->count;
    }
    add_node(p, tag->kind, tag->name);
    return true;
}

static bool
parse_next(struct parser *p)
{
    const char *written = p->rest.at; /* literal text begins here */
    size_t plain = str_find(p->rest, STR("{{"));
    const char *open = p->rest.at + plain;
    if (plain == p->rest.len) {
        add_node(p, NODE_LITERAL, p->rest);
        p->rest = str_skip(p->rest, plain);
        return true;
    }
    int literal_line = p->line;
    read_to(p, open);
    struct tag tag;
    if (!read_tag(p, &tag))
        return false;
    const char *from, *to;
    widen_to_line(p, &tag, &from, &to);
    if (from > written)
        add_node(p, NODE_LITERAL, (struct str){ written, (size_t)(from - written) })->line = literal_line;
    if (!add_tag(p, &tag))
        return false;
    read_to(p, to);
    return true;
}

bool
mustache_parse(struct scope *s, struct str name, struct str file, int first_line, struct str text,
               const struct mustache **out)
{
    struct mustache *t = arena_new_of(s->arena, struct mustache);
    t->name = str_copy(s->arena, name);
    t->file = str_copy(s->arena, file);
    struct parser p = { .s = s, .t = t, .rest = text, .line_start = text.at, .line = first_line };
    if (text.len > MUSTACHE_SOURCE_MAX)
        return refuse(&p, "larger than 256 KiB:", name);
    if (!str_is_utf8(text))
        return refuse(&p, "not UTF-8:", name);
    while (p.rest.len)
        if (!parse_next(&p))
            return false;
    if (p.depth) {
        const struct mustache_node *open = &t->nodes[p.open[p.depth - 1]];
        p.line = open->line;
        return refuse(&p, "a section is not closed:", open->text);
    }
    *out = t;
    return true;
}

struct str
mustache_name(const struct mustache *t)
{
    return t->name;
}

const struct mustache *
mustache_partial(const struct mustache_set *partials, struct str name)
{
    for (size_t i = 0; partials && i < partials->count; i++)
        if (str_eq(partials->items[i]->name, name))
            return partials->items[i];
    return NULL;
}
