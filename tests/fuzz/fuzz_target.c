/* Request targets of strangers: path and query string never crash the router, and whatever it lets through is plain
 * text that cannot climb out of anything. */
#include <assert.h>

#include "server/http/feed.h"
#include "server/http/input.h"
#include "server/http/peers.h"
#include "server/http/portal.h"
#include "server/http/router.h"
#include "server/http/url.h"
#include "tests/fuzz/fuzz.h"

struct ask {
    struct str id, name;
};

static const struct shape ask_shape = SHAPE(ask, FIELD(ask, id, "Which"), FIELD(ask, name, "Its name"));

static bool
nothing(struct scope *s, const void *in, void *out)
{
    (void)s;
    (void)in;
    (void)out;
    return true;
}

static const struct route rows[] = {
    { GET, "/people", SIGNED_IN, "prose", .in = &ask_shape, .out = &ask_shape, .read = nothing },
    { GET, "/people/{id}", SIGNED_IN, "prose", .in = &ask_shape, .out = &ask_shape, .read = nothing },
    { GET, "/people/bulk", SIGNED_IN, "prose", .in = &ask_shape, .out = &ask_shape, .read = nothing },
    { POST, "/people/{id}/{name}", SIGNED_IN, "prose", .in = &ask_shape, .out = &ask_shape, .write = nothing },
};
static const struct routes table = ROUTES(rows);
static const struct routes *const tables[] = { &table };

static void
check_path(struct arena *a, struct str path)
{
    static const enum method methods[] = { GET, POST, DELETE };
    struct router *r;
    struct str why;
    struct match m;
    assert(router_new(a, tables, 1, &r, &why));
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        if (router_match(r, a, methods[i], path, &m) != MATCH_FOUND)
            continue;
        for (size_t k = 0; k < m.count; k++) {
            assert(str_is_utf8(m.values[k]) && m.values[k].len > 0);
            assert(!str_contains(m.values[k], STR("/")) && !str_is(m.values[k], ".."));
        }
    }
}

static void
check_query(struct arena *a, struct str query)
{
    struct str name, value;
    bool bad = false;
    size_t count = 0;
    while (url_query_next(a, &query, &name, &value, &bad)) {
        assert(str_is_utf8(name) && str_is_utf8(value));
        assert(++count <= 100000);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(16 * 1024);
    struct str input = { (const char *)data, size }, path, query;
    struct feed_token token;
    int64_t version;
    url_split(input, &path, &query);
    check_path(a, path);
    check_query(a, query);
    struct str escaped, back;
    if (str_is_utf8(input)) {
        url_encode(a, input, &escaped);
        assert(!str_contains(escaped, STR("&")));
        (void)url_segment(a, escaped, &back);
    }
    (void)feed_token_parse(input, &token);
    (void)version_parse(input, &version);
    (void)encoding_is_welcome(input, "br");
    struct proxies *p = proxies_parse(a, input);
    if (p)
        (void)client_address(a, p, STR("127.0.0.1"), input);
    arena_free(a);
    return 0;
}
