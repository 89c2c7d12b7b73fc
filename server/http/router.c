#include "server/http/router.h"

#include "server/http/url.h"

struct segment {
    struct str text; /* a literal, or the member's name */
    bool is_member;
};

struct pattern {
    const struct route *route;
    struct segment segments[ROUTE_SEGMENTS_MAX];
    size_t count;
    unsigned members; /* bit (MAX - position) set where a member stands: smaller is more literal, earlier */
};

struct router {
    struct pattern *patterns;
    size_t count;
};

static const char *const method_names[] = { "", "GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS" };

const char *
method_name(enum method m)
{
    return method_names[m];
}

struct str
allow_header(struct arena *a, unsigned allowed)
{
    struct text t = text_new(a, 64);
    for (unsigned m = GET; m < METHOD_COUNT; m++)
        if (allowed & 1u << m)
            text_addf(&t, "%s%s%s", t.len ? ", " : "", method_names[m], m == GET ? ", HEAD" : "");
    return text_str(&t);
}

static bool
pattern_read(const struct route *route, struct pattern *p)
{
    struct str rest = str_of(route->path), part;
    *p = (struct pattern){ .route = route };
    if (!str_starts(rest, STR("/")))
        return false;
    rest = str_skip(rest, 1);
    while (str_cut(&rest, '/', &part)) {
        if (p->count == ROUTE_SEGMENTS_MAX || part.len == 0)
            return false;
        struct segment *g = &p->segments[p->count];
        g->is_member = part.at[0] == '{' && part.at[part.len - 1] == '}';
        g->text = g->is_member ? str_head(str_skip(part, 1), part.len - 2) : part;
        if (g->is_member && (!route->in || !shape_field(route->in, g->text)))
            return false;
        p->members |= g->is_member ? 1u << (ROUTE_SEGMENTS_MAX - p->count) : 0;
        p->count++;
    }
    return true;
}

static const char *
route_complaint(const struct route *r)
{
    int actions = !!r->one + !!r->list + !!r->read + !!r->write + !!r->raw + !!r->sink;
    bool changes = r->write && r->method != GET;
    if (r->method < GET || r->method >= METHOD_COUNT || !r->path)
        return "has no method or path";
    if (actions != 1)
        return "needs exactly one of one, list, read, write, raw, sink";
    if (!r->prose)
        return "says nothing about itself";
    if (r->permission.level > LEVEL_WRITE || r->permission.function >= PERMISSION_FUNCTIONS_MAX)
        return "has a permission that does not exist";
    if (r->permission.function > 1 && r->permission.level == LEVEL_NONE)
        return "has a permission without a level";
    if (!changes && !r->raw && !r->sink && r->method != GET)
        return "changes something without .write";
    if (r->sink && r->method != POST && r->method != PUT && r->method != PATCH)
        return "has a .sink, but a method without a body";
    if (!r->raw && !r->write && !r->sink && !r->out && !r->list && !r->one)
        return "answers nothing";
    if (r->if_match && (!r->in || !shape_field(r->in, STR("version"))))
        return "asks for If-Match, but `in` has no member version";
    return NULL;
}

/* Two patterns collide when one call fits both and neither is more literal. */
static bool
collide(const struct pattern *a, const struct pattern *b)
{
    if (a->route->method != b->route->method || a->count != b->count || a->members != b->members)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!a->segments[i].is_member && !str_eq(a->segments[i].text, b->segments[i].text))
            return false;
    return true;
}

static bool
add_pattern(struct arena *a, struct router *r, const struct route *route, struct str *why)
{
    const char *complaint = route_complaint(route);
    struct pattern *p = &r->patterns[r->count];
    if (!complaint && !pattern_read(route, p))
        complaint = "has a path that cannot be read, or a {member} that `in` lacks";
    for (size_t i = 0; !complaint && i < r->count; i++)
        if (collide(&r->patterns[i], p))
            complaint = "stands twice";
    if (complaint) {
        *why = str_printf(a, "route %s %s %s", method_names[route->method], route->path ? route->path : "?", complaint);
        return false;
    }
    r->count++;
    return true;
}

bool
router_new(struct arena *a, const struct routes *const *tables, size_t count, struct router **out, struct str *why)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += tables[i]->count;
    struct router *r = arena_new_of(a, struct router);
    r->patterns = arena_array_of(a, total + 1, struct pattern);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < tables[i]->count; k++)
            if (!add_pattern(a, r, &tables[i]->items[k], why))
                return false;
    *out = r;
    return true;
}

size_t
router_count(const struct router *r)
{
    return r->count;
}

const struct route *
router_route(const struct router *r, size_t index)
{
    return r->patterns[index].route;
}

static bool
split_path(struct arena *a, struct str path, struct str *parts, size_t *count, bool *too_many)
{
    struct str rest = path, raw;
    *count = 0;
    *too_many = false;
    if (!str_starts(rest, STR("/")))
        return false;
    rest = str_skip(rest, 1);
    while (str_cut(&rest, '/', &raw)) {
        struct str part;
        if (!url_segment(a, raw, &part))
            return false;
        if (*count == ROUTE_SEGMENTS_MAX || part.len == 0)
            *too_many = true;
        else
            parts[(*count)++] = part;
    }
    return true;
}

static bool
fits(const struct pattern *p, const struct str *parts, size_t count)
{
    if (p->count != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!p->segments[i].is_member && !str_eq(p->segments[i].text, parts[i]))
            return false;
    return true;
}

static void
take_members(const struct pattern *p, const struct str *parts, struct match *m)
{
    m->route = p->route;
    m->count = 0;
    for (size_t i = 0; i < p->count; i++)
        if (p->segments[i].is_member) {
            m->names[m->count] = p->segments[i].text;
            m->values[m->count++] = parts[i];
        }
}

enum match_result
router_match(const struct router *r, struct arena *a, enum method method, struct str path, struct match *out)
{
    struct str parts[ROUTE_SEGMENTS_MAX];
    size_t count;
    bool too_many;
    *out = (struct match){ 0 };
    if (path.len == 0)
        return MATCH_NO_PATH;
    if (!split_path(a, path, parts, &count, &too_many))
        return MATCH_BAD_PATH;
    const struct pattern *best = NULL;
    for (size_t i = 0; !too_many && i < r->count; i++) {
        const struct pattern *p = &r->patterns[i];
        if (!fits(p, parts, count))
            continue;
        out->allowed |= 1u << p->route->method;
        if (p->route->method == method && (!best || p->members < best->members))
            best = p;
    }
    if (!best)
        return out->allowed ? MATCH_NO_METHOD : MATCH_NO_PATH;
    take_members(best, parts, out);
    out->index = (size_t)(best - r->patterns);
    return MATCH_FOUND;
}
