#include "claims.h"

#include "server/http/router.h"
#include "server/http/url.h"

static bool
nothing(struct scope *s, const void *in, void *out)
{
    (void)s;
    (void)in;
    (void)out;
    return true;
}

struct ask {
    struct uuid id;
    struct str name;
};

static const struct shape ask_shape = SHAPE(ask, FIELD(ask, id, "Which"), FIELD(ask, name, "Its name"));

#define ROUTE(verb, where) \
    { verb, where, SIGNED_IN, "prose", .in = &ask_shape, .out = &ask_shape, .write = nothing }

static const struct route good_rows[] = {
    ROUTE(GET, "/people"),
    ROUTE(POST, "/people"),
    ROUTE(GET, "/people/{id}"),
    ROUTE(POST, "/people/bulk"),
    ROUTE(PUT, "/people/{id}"),
    ROUTE(POST, "/people/{id}/disable"),
};
static const struct routes good = ROUTES(good_rows);
static const struct routes *const good_tables[] = { &good };

struct fixture {
    struct arena *arena;
    struct router *router;
};

static int
set_up(void **state)
{
    static struct fixture f;
    struct str why;
    f.arena = arena_new(64 * 1024);
    *state = &f;
    return router_new(f.arena, good_tables, 1, &f.router, &why) ? 0 : -1;
}

static int
tear_down(void **state)
{
    arena_free(((struct fixture *)*state)->arena);
    return 0;
}

static enum match_result
match(void **state, enum method method, const char *path, struct match *m)
{
    struct fixture *f = *state;
    return router_match(f->router, f->arena, method, str_of(path), m);
}

static void
a_literal_comes_before_a_member(void **state)
{
    struct match m;
    assert_int_equal(match(state, POST, "/people/bulk", &m), MATCH_FOUND);
    assert_string_equal(m.route->path, "/people/bulk");
    assert_int_equal(match(state, GET, "/people/bulk", &m), MATCH_FOUND);
    assert_string_equal(m.route->path, "/people/{id}");
    assert_true(str_is(m.values[0], "bulk"));
}

static void
members_are_decoded_and_named(void **state)
{
    struct match m;
    assert_int_equal(match(state, POST, "/people/%E5%B1%B1%20x/disable", &m), MATCH_FOUND);
    assert_int_equal(m.count, 1);
    assert_true(str_is(m.names[0], "id"));
    assert_true(str_is(m.values[0], "山 x"));
}

static void
a_path_without_the_method_says_which_are_allowed(void **state)
{
    struct fixture *f = *state;
    struct match m;
    assert_int_equal(match(state, DELETE, "/people/7", &m), MATCH_NO_METHOD);
    assert_true(str_is(allow_header(f->arena, m.allowed), "GET, HEAD, PUT"));
}

static void
doubtful_paths_are_refused(void **state)
{
    static const char *const paths[] = { "/people/%00", "/people/%", "/people/%4", "/people/%zz", "/people/..",
                                         "/people/%2e%2E", "/people/a%2Fb", "/people/%5c", "/people/%C0%AF",
                                         "/people/%ED%A0%80", "/people/%0a", "people" };
    struct match m;
    for (size_t i = 0; i < COUNT_OF(paths); i++)
        if (match(state, GET, paths[i], &m) != MATCH_BAD_PATH)
            claim_failed("%s was not refused", paths[i]);
}

static void
what_nearly_fits_does_not_exist(void **state)
{
    static const char *const paths[] = { "", "/", "/people/", "/People", "//people", "/people//disable",
                                         "/people/1/2/3", "/people/1/disable/x", "/a/b/c/d/e/f/g/h/i/j/k" };
    struct match m;
    for (size_t i = 0; i < COUNT_OF(paths); i++)
        if (match(state, POST, paths[i], &m) != MATCH_NO_PATH)
            claim_failed("%s was found", paths[i]);
}

static void
tables_that_contradict_themselves_do_not_start(void **state)
{
    const struct route bad[] = {
        ROUTE(GET, "/people/{name}"),
        ROUTE(GET, "/people/{nobody}"),
        ROUTE(GET, "people"),
        { GET, "/two", SIGNED_IN, "prose", .out = &ask_shape, .write = nothing, .read = nothing },
        { GET, "/none", SIGNED_IN, "prose", .out = &ask_shape },
        { GET, "/silent", SIGNED_IN, NULL, .out = &ask_shape, .read = nothing },
        { POST, "/levelless", { 5, LEVEL_NONE }, "prose", .out = &ask_shape, .write = nothing },
        { PUT, "/versionless", SIGNED_IN, "prose", .in = &ask_shape, .write = nothing, .if_match = true },
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const struct route rows[] = { ROUTE(GET, "/people/{id}"), bad[i] };
        const struct routes table = ROUTES(rows);
        const struct routes *const tables[] = { &table };
        struct router *r;
        struct str why = STR_NONE;
        if (router_new(f->arena, tables, 1, &r, &why))
            claim_failed("%s started", bad[i].path);
        assert_true(why.len > 0);
    }
}

static void
query_strings_are_read_strictly(void **state)
{
    struct fixture *f = *state;
    struct str rest = STR("a=1&b=x+y%26z&&c="), name, value;
    bool bad = false;
    assert_true(url_query_next(f->arena, &rest, &name, &value, &bad));
    assert_true(str_is(name, "a") && str_is(value, "1"));
    assert_true(url_query_next(f->arena, &rest, &name, &value, &bad));
    assert_true(str_is(name, "b") && str_is(value, "x y&z"));
    assert_true(url_query_next(f->arena, &rest, &name, &value, &bad));
    assert_true(str_is(name, "c") && value.at && value.len == 0);
    assert_false(url_query_next(f->arena, &rest, &name, &value, &bad));
    assert_false(bad);
    static const char *const doubtful[] = { "=x", "a=%00", "a=%", "a=%C3", "%0a=1" };
    for (size_t i = 0; i < COUNT_OF(doubtful); i++) {
        rest = str_of(doubtful[i]);
        bad = false;
        assert_false(url_query_next(f->arena, &rest, &name, &value, &bad));
        assert_true(bad);
    }
}

static void
targets_are_split_into_path_and_query(void **state)
{
    struct str path, query;
    (void)state;
    url_split(STR("/a/b?c=d?e"), &path, &query);
    assert_true(str_is(path, "/a/b") && str_is(query, "c=d?e"));
    url_split(STR("http://host:1/a"), &path, &query);
    assert_true(str_is(path, "/a") && query.at && query.len == 0);
    url_split(STR("http://host"), &path, &query);
    assert_int_equal(path.len, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_literal_comes_before_a_member, set_up, tear_down),
        cmocka_unit_test_setup_teardown(members_are_decoded_and_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_path_without_the_method_says_which_are_allowed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(doubtful_paths_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_nearly_fits_does_not_exist, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tables_that_contradict_themselves_do_not_start, set_up, tear_down),
        cmocka_unit_test_setup_teardown(query_strings_are_read_strictly, set_up, tear_down),
        cmocka_unit_test_setup_teardown(targets_are_split_into_path_and_query, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
