#include "server/http/etag.h"

#include "core/base/crypto.h"
#include "server/http/parts.h"
#include "server/http/reply.h"

enum { HASH_BYTES = 9 };

void
etag_add(struct exchange *x, const void *row)
{
    const struct field *f = shape_field(x->match.route->out, STR("version"));
    if (!f || f->kind != KIND_INT)
        return;
    struct bytes hash = sha256_of(x->arena, x->reply.body);
    hash.raw = str_head(hash.raw, HASH_BYTES);
    reply_header(&x->scope, "ETag",
                 str_printf(x->arena, "\"%lld-" STR_FMT "\"", (long long)*(const int64_t *)shape_at_const(f, row),
                            STR_ARG(base64url_of(x->arena, hash))));
}

static struct str
own_tag(const struct exchange *x)
{
    for (size_t i = 0; i < x->reply.header_count; i++)
        if (strcmp(x->reply.headers[i].name, "ETag") == 0)
            return x->reply.headers[i].value;
    return STR_NONE;
}

bool
etag_matches(const struct exchange *x)
{
    struct str sent = exchange_header(x, "If-None-Match"), own = own_tag(x), one;
    if (x->method != GET || !sent.at || !own.at || (x->reply.status && x->reply.status != 200))
        return false;
    while (str_cut(&sent, ',', &one)) {
        one = str_trim(one);
        if (str_starts(one, STR("W/")))
            one = str_skip(one, 2);
        if (str_is(one, "*") || str_eq(one, own))
            return true;
    }
    return false;
}

void
etag_not_modified(struct exchange *x)
{
    x->reply.status = 304;
    x->reply.content_type = NULL;
    x->reply.encoding = NULL;
    x->reply.body = STR_NONE;
    x->reply.flow = NULL;
    x->reply.flow_bytes = 0;
}

/* POST /people made a row that GET /people/{id} can show. */
void
location_add(struct exchange *x, const void *row)
{
    const struct route *r = x->match.route;
    const struct field *id = shape_field(r->out, STR("id"));
    if (!id || id->kind != KIND_UUID)
        return;
    struct str wanted = str_printf(x->arena, "%s/{id}", r->path);
    for (size_t i = 0; i < router_count(x->http->router); i++) {
        const struct route *other = router_route(x->http->router, i);
        if (other->method != GET || !str_is(wanted, other->path))
            continue;
        struct str text = uuid_format(x->arena, *(const struct uuid *)shape_at_const(id, row));
        reply_header(&x->scope, "Location",
                     str_printf(x->arena, "/api/v1" STR_FMT "/" STR_FMT, STR_ARG(x->path), STR_ARG(text)));
        return;
    }
}
