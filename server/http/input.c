#include "server/http/input.h"

#include "core/base/shape_value.h"
#include "server/http/url.h"

void *
record_new(struct arena *a, const struct shape *sh)
{
    void *record = arena_alloc(a, sh->size);
    shape_clear(sh, record);
    return record;
}

/* Was this member given already? A number that stands at zero and a flag that is not set count as not given. */
static bool
is_filled(const struct field *f, const void *record)
{
    const void *at = shape_at_const(f, record);
    switch (f->kind) {
    case KIND_BOOL:
        return *(const bool *)at;
    case KIND_REAL:
        return *(const double *)at != 0;
    case KIND_INT:
        return f->optional ? *(const int64_t *)at != INT_NONE : *(const int64_t *)at != 0;
    default:
        return !field_is_absent(f, record);
    }
}

static struct str
pointer_of(struct scope *s, struct str name)
{
    return str_printf(s->arena, "/" STR_FMT, STR_ARG(str_head(name, 100)));
}

static void
read_path(struct exchange *x, void *in)
{
    struct scope *s = &x->scope;
    for (size_t i = 0; i < x->match.count; i++) {
        const struct field *f = shape_field(x->match.route->in, x->match.names[i]);
        if (is_filled(f, in))
            note_violation(s, pointer_of(s, x->match.names[i]), FAULT_NOT_ALLOWED, STR_NONE);
        else
            (void)shape_read_text(s, f, x->match.values[i], in);
    }
}

static bool
read_query(struct exchange *x, void *in)
{
    struct scope *s = &x->scope;
    const struct shape *sh = x->match.route->in;
    struct str rest = x->query, name, value;
    bool bad = false;
    while (url_query_next(s->arena, &rest, &name, &value, &bad)) {
        const struct field *f = sh ? shape_field(sh, name) : NULL;
        if (!f && x->match.route->any_query)
            continue;
        bool many = f && (f->kind == KIND_TEXTS || f->kind == KIND_UUIDS);
        if (!f || f->read_only || f->secret)
            note_violation(s, pointer_of(s, name), FAULT_UNKNOWN, STR_NONE);
        else if (!many && is_filled(f, in))
            note_violation(s, pointer_of(s, name), FAULT_DUPLICATE_KEY, STR_NONE);
        else
            (void)shape_read_text(s, f, value, in);
    }
    return !bad || fail(s, &problem_malformed, "the query string cannot be read");
}

bool
version_parse(struct str etag, int64_t *version)
{
    struct str inside, digits;
    if (etag.len < 3 || etag.at[0] != '"' || etag.at[etag.len - 1] != '"')
        return false;
    inside = str_head(str_skip(etag, 1), etag.len - 2);
    return str_cut(&inside, '-', &digits) && str_int(digits, version);
}

static bool
read_version(struct exchange *x, void *in)
{
    struct scope *s = &x->scope;
    const struct field *f = shape_field(x->match.route->in, STR("version"));
    struct str etag = exchange_header(x, "If-Match");
    int64_t version;
    if (!etag.at)
        return fail(s, &problem_precondition, "send the ETag you read as If-Match");
    if (!version_parse(str_trim(etag), &version))
        return fail(s, &problem_stale, "If-Match names no version of ours");
    *(int64_t *)shape_at(f, in) = version;
    return true;
}

static bool
read_body(struct exchange *x, void *in)
{
    const struct route *r = x->match.route;
    struct str body = text_str(&x->body);
    if (r->method == GET || r->method == DELETE || r->method == OPTIONS || r->sink)
        return true;
    if (!r->in)
        return body.len == 0 || str_is(str_trim(body), "{}")
            || fail(&x->scope, &problem_malformed, "this call takes no body");
    return body.len == 0 || shape_read_json(&x->scope, r->in, body, in);
}

/* What is wrong with the text as a whole: then no member was filled, and none is to be missed. */
static bool
is_body_unread(const struct failure *f)
{
    for (size_t i = 0; i < f->violation_count; i++)
        if (f->violations[i].fault == FAULT_BAD_TEXT || f->violations[i].fault == FAULT_TOO_DEEP
            || f->violations[i].fault == FAULT_DUPLICATE_KEY)
            return true;
    return false;
}

bool
input_read(struct exchange *x, void **in, struct listing_ask **ask)
{
    struct scope *s = &x->scope;
    const struct route *r = x->match.route;
    *in = r->in ? record_new(s->arena, r->in) : NULL;
    *ask = NULL;
    /* A body with bad fields still lets path and query be looked at, so that all is told at once. */
    if (!read_body(x, *in) && (s->failure.problem != &problem_invalid || is_body_unread(&s->failure)))
        return false;
    read_path(x, *in);
    if (r->list && !listing_read(s, r->list, x->query, *in, ask))
        return false;
    if (!r->list && !read_query(x, *in))
        return false;
    if (r->in && !shape_check(s, r->in, *in))
        return false;
    if (scope_has_failed(s))
        return false;
    return !r->if_match || read_version(x, *in);
}
