#include "tests/unit/database.h"

#include "core/base/text.h"

enum state { STATE_NONE, STATE_NEW, STATE_OPEN, STATE_CLOSED };
static const struct domain state_domain = DOMAIN(state, "new", "open", "closed");

struct item {
    struct uuid id;
    struct str name, note, day;
    enum state state;
    bool urgent;
    int64_t level, size;
    double share;
    struct instant opened_at;
    struct strs tags;
    struct uuids people;
    struct str secret;
};

static const struct shape item_shape = SHAPE(item,
    FIELD(item, id, "Identity"),
    FIELD(item, name, "Name", .required = true, .filter = true, .sort = true, .search = true),
    FIELD(item, note, "Note", .filter = true, .sort = true, .search = true),
    FIELD(item, day, "Day", .format = FORMAT_DATE, .filter = true, .sort = true),
    FIELD(item, state, "State", .of = &state_domain, .filter = true, .sort = true),
    FIELD(item, urgent, "Urgent", .filter = true, .sort = true),
    FIELD(item, level, "Level", .filter = true, .sort = true, .max = 3),
    FIELD(item, size, "Size", .optional = true, .filter = true, .sort = true),
    FIELD(item, share, "Share", .filter = true, .sort = true),
    FIELD(item, opened_at, "Opened", .filter = true, .sort = true),
    FIELD(item, tags, "Tags", .filter = true),
    FIELD(item, people, "People", .filter = true),
    FIELD(item, secret, "Not for asking"));

struct item_args {
    int64_t least;
};

static const struct shape item_args_shape = SHAPE(item_args, FIELD(item_args, least, "Least level", .max = 100));

static const struct listing items = {
    .name = "items", .args = &item_args_shape, .row = &item_shape, .key = "id", .sort = "-opened_at",
    .from = "SELECT id, name, note, day, state, urgent, level, size, share, opened_at, tags, people, secret FROM "
            "item "
            "WHERE level >= :least",
    .limit_default = 7, .limit_max = 40,
};

static struct database database;

struct desk {
    struct arena *arena;
    struct scope s;
    struct db *db;
    struct item_args args;
};

/* 200 rows in which every sortable column repeats, and most have some NULL. */
static const char schema[] =
    "CREATE TABLE item AS SELECT ('00000000-0000-0000-0000-' || lpad(i::text, 12, '0'))::uuid AS id, "
    "'name ' || (i % 10) AS name, CASE WHEN i % 3 > 0 THEN 'note ' || (i % 4) END AS note, "
    "CASE WHEN i % 5 > 0 THEN '2026-01-01'::date + i % 9 END AS day, "
    "(ARRAY['new', 'open', 'closed'])[1 + i % 3] AS state, i % 2 = 0 AS urgent, (i % 4)::int2 AS level, "
    "CASE WHEN i % 7 > 0 THEN (i % 6)::int END AS size, (i % 8) / 10.0::float8 AS share, "
    "CASE WHEN i % 6 > 0 THEN '2026-01-01Z'::timestamptz + (i % 11) * interval '1.000001 s' END AS opened_at, "
    "CASE WHEN i % 5 > 0 THEN ARRAY['even ' || i % 2, '50%'] END AS tags, "
    "ARRAY[('00000000-0000-0000-0000-' || lpad((i % 2)::text, 12, '0'))::uuid] AS people, 'x' AS secret "
    "FROM generate_series(1, 200) AS i; GRANT SELECT ON item TO yagura_api;"
    "UPDATE item SET name = 'per_cent 100% \\ \"quoted\"' WHERE id::text LIKE '%05'; UPDATE item SET name = '櫓の Ａ' "
    "WHERE id::text LIKE '%17'";

static int
set_up_all(void **state)
{
    (void)state;
    database_make(&database, "listing");
    PGconn *c = database_connect(database.url);
    database_run(c, schema);
    PQfinish(c);
    return 0;
}

static int
tear_down_all(void **state)
{
    (void)state;
    database_end(&database);
    return 0;
}

static int
set_up(void **state)
{
    const struct db_settings settings = { .url = database.url, .role = "yagura_api" };
    struct arena *a = arena_new(1 << 18);
    struct desk *d = arena_new_of(a, struct desk);
    *d = (struct desk){ .arena = a, .db = db_open(&settings) };
    d->s = scope_new(a, clock_now(&(struct clock){ 0 }));
    assert_true(db_begin(&d->s, d->db, (struct uuids){ 0 }));
    *state = d;
    return 0;
}

static int
tear_down(void **state)
{
    struct desk *d = *state;
    db_end(&d->s);
    db_close(d->db);
    arena_free(d->arena);
    return 0;
}

static void
must(struct desk *d, const char *query, bool well)
{
    if (!well)
        claim_failed("%s: %s " STR_FMT " " STR_FMT, query, d->s.failure.problem->slug, STR_ARG(d->s.failure.detail),
                     STR_ARG(d->s.failure.violations[0].pointer));
}

static struct page
page_of(struct desk *d, const char *query)
{
    struct listing_ask *ask;
    struct page page;
    must(d, query, listing_read(&d->s, &items, str_of(query), &d->args, &ask));
    must(d, query, db_page(&d->s, &items, &d->args, ask, &page));
    return page;
}

static int64_t
count_of(struct desk *d, const char *query)
{
    const char *all = str_c(d->arena, str_printf(d->arena, "%s&total=true&limit=1", query));
    return page_of(d, all).total;
}

static int64_t
truth(const char *where)
{
    char sql[600];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM item WHERE %s", where);
    return database_number(database.admin, sql);
}

static void
assert_count(struct desk *d, const char *query, const char *where)
{
    int64_t got = count_of(d, query), expected = truth(where);
    if (got != expected || expected == 0)
        claim_failed("%s gives %lld, %s gives %lld", query, (long long)got, where, (long long)expected);
}

static void
assert_refused(struct desk *d, const char *query, const char *pointer, enum fault fault)
{
    struct listing_ask *ask;
    scope_forgive(&d->s);
    bool read = listing_read(&d->s, &items, str_of(query), &d->args, &ask);
    const struct failure *f = &d->s.failure;
    if (read || f->violation_count != 1 || f->violations[0].fault != fault
        || !str_is(f->violations[0].pointer, pointer))
        claim_failed("%s: %s, %zu violations, first %d at " STR_FMT, query, read ? "taken" : f->problem->slug,
                     f->violation_count, (int)f->violations[0].fault, STR_ARG(f->violations[0].pointer));
    scope_forgive(&d->s);
}

/* The ids of all pages of `limit` rows, in order, and the same from one plain query. */
static void
assert_pages(struct desk *d, const char *sort, const char *order, int limit)
{
    char sql[400];
    snprintf(sql, sizeof sql, "SELECT id FROM item ORDER BY %s", order);
    PGresult *expected = PQexec(database.admin, sql);
    struct str cursor = STR_NONE;
    int seen = 0;
    do {
        struct str query = str_printf(d->arena, "sort=%s&limit=%d&cursor=" STR_FMT, sort, limit, STR_ARG(cursor));
        if (!cursor.at)
            query = str_printf(d->arena, "sort=%s&limit=%d", sort, limit);
        struct page page = page_of(d, query.at);
        for (size_t i = 0; i < page.rows.count; i++, seen++) {
            struct str id = uuid_format(d->arena, ((struct item *)page.rows.items)[i].id);
            if (seen >= PQntuples(expected) || !str_is(id, PQgetvalue(expected, seen, 0)))
                claim_failed("sort=%s, limit %d: row %d is " STR_FMT, sort, limit, seen, STR_ARG(id));
        }
        cursor = page.next_cursor;
    } while (cursor.at);
    assert_int_equal(seen, PQntuples(expected));
    PQclear(expected);
}

static void
pages_follow_each_other_without_a_gap_in_every_order(void **state)
{
    struct desk *d = *state;
    static const char *const columns[] = { "name", "note", "day", "state", "urgent", "level", "size", "share",
                                           "opened_at", "id" };
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        for (int descending = 0; descending < 2; descending++) {
            const char *c = columns[i], *direction = descending ? " DESC" : "", *minus = descending ? "-" : "";
            assert_pages(d, str_printf(d->arena, "%s%s", minus, c).at,
                         str_printf(d->arena, "%s%s, id%s", c, direction, direction).at, 13);
        }
    assert_pages(d, "size,-share", "size, share DESC, id DESC", 17);
    assert_pages(d, "-size,opened_at,-id", "size DESC, opened_at, id DESC", 40);
    assert_pages(d, "-note,day,urgent", "note DESC, day, urgent, id", 1);
}

static void
the_default_order_and_limit_hold_when_nothing_is_asked(void **state)
{
    struct desk *d = *state;
    struct page page = page_of(d, "");
    assert_int_equal(page.rows.count, 7);
    assert_true(page.total == INT_NONE);
    assert_non_null(page.next_cursor.at);
    must(d, "plain", db_page(&d->s, &items, &d->args, NULL, &page));
    assert_int_equal(page.rows.count, 7);
    page = page_of(d, "limit=40&size=1&level=1&total=true");
    assert_null(page.next_cursor.at);
    assert_int_equal(page.total, page.rows.count);
}

static void
filters_mean_what_they_say(void **state)
{
    struct desk *d = *state;
    assert_count(d, "state=open", "state = 'open'");
    assert_count(d, "state=open&state=new", "state IN ('open', 'new')");
    assert_count(d, "state.ne=open&state.ne=new", "state = 'closed'");
    assert_count(d, "note.ne=note%201", "note IS DISTINCT FROM 'note 1'");
    assert_count(d, "urgent=true&level=2", "urgent AND level = 2");
    assert_count(d, "level.gte=1&level.lt=3", "level IN (1, 2)");
    assert_count(d, "level.gt=1&level.lte=3", "level IN (2, 3)");
    assert_count(d, "level=2&level=3", "level IN (2, 3)");
    assert_count(d, "share.gte=0.25", "share >= 0.25");
    assert_count(d, "share=0.5", "share = 0.5");
    assert_count(d, "opened_at.gte=2026-01-01T09:00:03%2B09:00", "opened_at >= '2026-01-01 00:00:03Z'");
    assert_count(d, "opened_at=2026-01-01T00:00:05.000005Z", "opened_at = '2026-01-01 00:00:05.000005Z'");
    assert_count(d, "day=2026-01-03", "day = '2026-01-03'");
    assert_count(d, "day.gt=2026-01-03&day.lte=2026-01-05", "day IN ('2026-01-04', '2026-01-05')");
    assert_count(d, "size.absent=true", "size IS NULL");
    assert_count(d, "size.absent=false&size=3", "size = 3");
    assert_count(d, "id=00000000-0000-0000-0000-000000000005", "id = '00000000-0000-0000-0000-000000000005'");
    assert_count(d, "id=00000000-0000-0000-0000-000000000005&id=00000000-0000-0000-0000-000000000007",
                 "id::text ~ '00[57]$'");
    assert_count(d, "tags=even+1", "tags && ARRAY['even 1']");
    assert_count(d, "tags=even+1&tags=even%200", "tags IS NOT NULL");
    assert_count(d, "tags.ne=even+1", "tags IS NULL OR NOT 'even 1' = ANY (tags)");
    assert_count(d, "people=00000000-0000-0000-0000-000000000001", "id::text ~ '[13579]$'");
    assert_count(d, "least=2", "level >= 2");
    d->args.least = 0;
    assert_int_equal(count_of(d, "name=%27%3B+DROP+TABLE+item%3B--"), 0);
    assert_int_equal(count_of(d, "tags=%22%7D%2C%7B%5C"), 0);
}

static void
search_finds_words_in_any_searchable_column_and_no_wildcards(void **state)
{
    struct desk *d = *state;
    assert_count(d, "q=NAME+3", "name = 'name 3' OR (name ILIKE '%name%' AND note LIKE '%3%')");
    assert_count(d, "q=100%25", "name LIKE '%100\\%%'");
    assert_count(d, "q=per_cent", "name LIKE 'per\\_cent%'");
    assert_count(d, "q=%5C+%22quoted", "name LIKE 'per%'");
    assert_count(d, "q=%E6%AB%93%E3%80%80%EF%BC%A1", "name LIKE '櫓%'");
    assert_count(d, "name.contains=CENT", "name LIKE 'per%'");
    assert_int_equal(count_of(d, "q=e_cent"), 0);
    assert_int_equal(count_of(d, "q=p%25t"), 0);
    assert_int_equal(count_of(d, "name.contains=%25"), truth("name LIKE 'per%'"));
    assert_int_equal(count_of(d, "q=+++"), 200);
}

static const char *
many(struct desk *d, int values)
{
    struct text t = text_new(d->arena, 1 << 16);
    for (int i = 0; i < values; i++)
        text_add_c(&t, i ? "&level=1" : "level=1");
    return str_c(d->arena, text_str(&t));
}

static void
what_cannot_be_asked_is_refused_by_name(void **state)
{
    struct desk *d = *state;
    assert_refused(d, "colour=red", "/colour", FAULT_UNKNOWN);
    assert_refused(d, "secret=x", "/secret", FAULT_UNKNOWN);
    assert_refused(d, "secret.absent=true", "/secret.absent", FAULT_UNKNOWN);
    assert_refused(d, "name.like=x", "/name.like", FAULT_UNKNOWN);
    assert_refused(d, "state=ajar", "/state", FAULT_NOT_IN_DOMAIN);
    assert_refused(d, "urgent=yes", "/urgent", FAULT_WRONG_TYPE);
    assert_refused(d, "urgent.gt=true", "/urgent.gt", FAULT_NOT_ALLOWED);
    assert_refused(d, "level.contains=1", "/level.contains", FAULT_NOT_ALLOWED);
    assert_refused(d, "level=one", "/level", FAULT_WRONG_TYPE);
    assert_refused(d, "level=", "/level", FAULT_WRONG_TYPE);
    assert_refused(d, "level.gt=1&level.gt=2", "/level.gt", FAULT_DUPLICATE_KEY);
    assert_refused(d, "opened_at.gte=yesterday", "/opened_at.gte", FAULT_BAD_INSTANT);
    assert_refused(d, "id=7", "/id", FAULT_BAD_UUID);
    assert_refused(d, "id.ne=00000000-0000-0000-0000-000000000005", "/id.ne", FAULT_UNKNOWN);
    assert_refused(d, many(d, 201), "/level", FAULT_TOO_MANY);
    assert_refused(d, "size.absent=maybe", "/size.absent", FAULT_WRONG_TYPE);
    assert_refused(d, "limit=0", "/limit", FAULT_TOO_SMALL);
    assert_refused(d, "limit=41", "/limit", FAULT_TOO_LARGE);
    assert_refused(d, "limit=x", "/limit", FAULT_WRONG_TYPE);
    assert_refused(d, "total=1", "/total", FAULT_WRONG_TYPE);
    assert_refused(d, "sort=secret", "/sort", FAULT_NOT_IN_DOMAIN);
    assert_refused(d, "sort=tags", "/sort", FAULT_NOT_IN_DOMAIN);
    assert_refused(d, "sort=name,-name", "/sort", FAULT_DUPLICATE_KEY);
    assert_refused(d, "sort=name,note,day,state", "/sort", FAULT_TOO_MANY);
    assert_refused(d, "least=101", "/least", FAULT_TOO_LARGE);
}

static void
broken_query_strings_are_malformed(void **state)
{
    struct desk *d = *state;
    static const char *const broken[] = { "name=%", "name=%4", "name=%zz", "%=1", "name=%ff", "name=%00",
                                          "name=%ed%a0%80" };
    struct listing_ask *ask;
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        assert_false(listing_read(&d->s, &items, str_of(broken[i]), &d->args, &ask));
        assert_ptr_equal(d->s.failure.problem, &problem_malformed);
        scope_forgive(&d->s);
    }
    must(d, "&&", listing_read(&d->s, &items, STR("&&"), &d->args, &ask));
}

static void
a_cursor_belongs_to_its_order_and_cannot_be_made_up(void **state)
{
    struct desk *d = *state;
    struct str cursor = page_of(d, "sort=-size").next_cursor;
    assert_refused(d, str_printf(d->arena, "sort=size&cursor=" STR_FMT, STR_ARG(cursor)).at, "/cursor",
                   FAULT_BAD_FORMAT);
    assert_refused(d, "cursor=", "/cursor", FAULT_BAD_FORMAT);
    assert_refused(d, "cursor=%21%21", "/cursor", FAULT_BAD_FORMAT);
    static const char *const forged[] = {
        "7", "[]", "[\"-size,-id\"]", "[\"-size,-id\",\"x\",\"y\"]", "[\"-size,-id\",\"1\",null]",
            "[\"-size,-id\",1,2]",
        "[\"-size,-id\",\"1\",\"00000000-0000-0000-0000-000000000005\",\"more\"]", "[\"-size,-id\",\"1\"", "",
        "[\"-size,-id\",\"1; DROP TABLE item\",\"00000000-0000-0000-0000-000000000005\"]" };
    for (size_t i = 0; i < COUNT_OF(forged); i++) {
        struct str text = base64url_of(d->arena, (struct bytes){ str_of(forged[i]) });
        assert_refused(d, str_printf(d->arena, "sort=-size&cursor=" STR_FMT, STR_ARG(text)).at, "/cursor",
                       FAULT_BAD_FORMAT);
    }
    const struct bytes sound = { STR("[\"-size,-id\",\"1\",\"00000000-0000-0000-0000-000000000005\"]") };
    struct str good = base64url_of(d->arena, sound);
    (void)page_of(d, str_printf(d->arena, "sort=-size&cursor=" STR_FMT, STR_ARG(good)).at);
}

static void
an_export_follows_the_pages_to_their_end(void **state)
{
    struct desk *d = *state;
    struct listing_ask *ask;
    struct page page;
    size_t seen = 0;
    must(d, "", listing_read(&d->s, &items, STR("sort=note&limit=3"), &d->args, &ask));
    must(d, "", db_page(&d->s, &items, &d->args, ask, &page));
    for (seen = page.rows.count; page.next_cursor.at; seen += page.rows.count) {
        must(d, "", listing_continue(&d->s, &items, ask, page.next_cursor, 90));
        must(d, "", db_page(&d->s, &items, &d->args, ask, &page));
    }
    assert_int_equal(seen, 200);
}

static void
listings_are_checked_with_all_they_offer(void **state)
{
    struct desk *d = *state;
    static struct field fields[] = { FIELD(item, id, "Identity"),
                                     FIELD(item, people, "A list", .filter = true, .sort = true) };
    static const struct shape wrong_shape = { .name = "wrong", .size = sizeof(struct item), .fields = fields,
                                              .count = 2 };
    static const struct listing lacks_column = { .name = "lacks", .row = &item_shape, .key = "id", .sort = "id",
                                                 .from = "SELECT id, name FROM item" };
    static const struct listing bad_type = { .name = "bad_type", .row = &wrong_shape, .key = "id", .sort = "id",
                                             .from = "SELECT id, name AS people FROM item" };
    static const struct listing no_key = { .name = "no_key", .row = &item_shape, .key = "key", .sort = "id",
                                           .from = "SELECT 1" };
    const struct listing *good = &items, *bad[] = { &lacks_column, &bad_type, &no_key };
    struct db_catalogue c = { .listings = &good, .listing_count = 1 };
    db_end(&d->s);
    must(d, "check", db_check(&d->s, d->db, &c));
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        c.listings = &bad[i];
        assert_false(db_check(&d->s, d->db, &c));
        assert_true(str_starts(d->s.failure.detail, str_of(bad[i]->name)));
        scope_forgive(&d->s);
    }
}

static void
a_total_of_what_was_asked_comes_in_the_same_round_trip(void **state)
{
    struct desk *d = *state;
    (void)page_of(d, "limit=1");
    int64_t before = db_statements(d->db);
    struct page page = page_of(d, "state=open&total=true&limit=2");
    assert_int_equal(page.rows.count, 2);
    assert_int_equal(page.total, truth("state = 'open'"));
    assert_int_equal(db_statements(d->db) - before, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pages_follow_each_other_without_a_gap_in_every_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_default_order_and_limit_hold_when_nothing_is_asked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(filters_mean_what_they_say, set_up, tear_down),
        cmocka_unit_test_setup_teardown(search_finds_words_in_any_searchable_column_and_no_wildcards, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_asked_is_refused_by_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(broken_query_strings_are_malformed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_cursor_belongs_to_its_order_and_cannot_be_made_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_export_follows_the_pages_to_their_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(listings_are_checked_with_all_they_offer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_total_of_what_was_asked_comes_in_the_same_round_trip, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
