#include "tests/unit/database.h"

#include "core/db/change.h"

enum plan { PLAN_NONE, PLAN_LITE, PLAN_MSS };
static const struct domain plan_domain = DOMAIN(plan, "lite", "mss");

struct child {
    struct str name;
    int64_t share;
};

static const struct shape child_shape = SHAPE(child, FIELD(child, name, "Name"), FIELD(child, share, "Percent"));

struct thing {
    struct uuid tenant_id, id, other_id;
    struct str name, note, day;
    enum plan plan;
    bool open;
    int64_t level, size;
    double ratio;
    struct instant due_at;
    struct strs words;
    struct uuids people;
    struct json extra;
    struct bytes image;
    struct rows children;
    int64_t version;
};

static const struct shape thing_shape = SHAPE(thing,
    FIELD(thing, tenant_id, "Whose", .filter = true),
    FIELD(thing, id, "Identity"),
    FIELD(thing, other_id, "Another"),
    FIELD(thing, name, "Name", .required = true),
    FIELD(thing, note, "Note"),
    FIELD(thing, day, "A date"),
    FIELD(thing, plan, "Plan", .of = &plan_domain),
    FIELD(thing, open, "Open"),
    FIELD(thing, level, "Level"),
    FIELD(thing, size, "Size", .optional = true),
    FIELD(thing, ratio, "Ratio"),
    FIELD(thing, due_at, "Due"),
    FIELD(thing, words, "Words"),
    FIELD(thing, people, "People"),
    FIELD(thing, extra, "Extra"),
    FIELD(thing, image, "Image"),
    FIELD(thing, children, "Children", .items = &child_shape),
    FIELD(thing, version, "Version"));

#define THING_COLUMNS \
    "tenant_id, id, other_id, name, note, day, plan, open, level, size, ratio, due_at, words, people, extra, image, " \
    "children, version"

static const struct query thing_insert = {
    .name = "thing_insert", .args = &thing_shape, .row = &thing_shape,
    .sql = "INSERT INTO thing (" THING_COLUMNS ") VALUES (:tenant_id, :id, :other_id, :name, :note, :day::date, :plan, "
           ":open, :level, :size, :ratio, :due_at, :words, :people, :extra, :image, :children, 1) RETURNING "
           THING_COLUMNS };
static const struct query thing_by_id = {
    .name = "thing_by_id", .args = &id_args_shape, .row = &thing_shape,
    .sql = "SELECT " THING_COLUMNS " FROM thing WHERE id = :id" };
static const struct query thing_all = {
    .name = "thing_all", .row = &thing_shape, .sql = "SELECT " THING_COLUMNS " FROM thing ORDER BY name" };
static const struct query thing_rename = {
    .name = "thing_rename", .args = &thing_shape, .row = &thing_shape,
    .sql = "UPDATE thing SET name = :name, version = version + 1 WHERE id = :id AND version = :version "
           "RETURNING " THING_COLUMNS };
static const struct query thing_delete = {
    .name = "thing_delete", .args = &id_args_shape, .sql = "DELETE FROM thing WHERE id = :id" };

static struct database database;
static const struct uuid tenant_a = { { 0xAA } }, tenant_b = { { 0xBB } };

struct desk {
    struct arena *arena;
    struct scope s;
    struct db *db;
};

static const char schema[] =
    "CREATE TABLE thing (tenant_id uuid NOT NULL, id uuid PRIMARY KEY,"
    " other_id uuid CONSTRAINT thing_other_id_fkey REFERENCES thing (id), name text NOT NULL, note varchar(200),"
    " day date, plan text CONSTRAINT thing_plan_check CHECK (plan IN ('lite', 'mss')), open bool NOT NULL,"
    " level int NOT NULL CONSTRAINT thing_level_check CHECK (level < 100), size bigint, ratio float8,"
    " due_at timestamptz, words text[], people uuid[], extra jsonb, image bytea, children jsonb, version bigint,"
    " CONSTRAINT thing_tenant_id_name_key UNIQUE (tenant_id, name));"
    "ALTER TABLE thing ENABLE ROW LEVEL SECURITY; ALTER TABLE thing FORCE ROW LEVEL SECURITY;"
    "CREATE POLICY thing_of_tenant ON thing USING (tenant_id = ANY (yagura_tenants()));"
    "GRANT SELECT, INSERT, UPDATE, DELETE ON thing TO yagura_api;"
    "CREATE FUNCTION complain(state text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'as asked' USING ERRCODE = state; END $$;";

static int
set_up_all(void **state)
{
    (void)state;
    database_make(&database, "db");
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

static struct uuids
see(const struct uuid *tenant)
{
    return (struct uuids){ (struct uuid *)(uintptr_t)tenant, 1 };
}

static int
set_up(void **state)
{
    const struct db_settings settings = { .url = database.url, .role = "yagura_api" };
    struct arena *a = arena_new(1 << 16);
    struct desk *d = arena_new_of(a, struct desk);
    *d = (struct desk){ .arena = a, .db = db_open(&settings) };
    d->s = scope_new(a, clock_now(&(struct clock){ 0 }));
    database_run(database.admin, "TRUNCATE thing");
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
assert_well(const struct desk *d, bool well)
{
    const struct failure *f = &d->s.failure;
    if (!well || f->problem)
        claim_failed("%s: " STR_FMT, f->problem ? f->problem->slug : "false without a reason", STR_ARG(f->detail));
}

static void
assert_failed(struct desk *d, bool well, const struct problem *p, const char *pointer, enum fault fault)
{
    const struct failure *f = &d->s.failure;
    if (well || f->problem != p)
        claim_failed("expected %s, got %s: " STR_FMT, p->slug, f->problem ? f->problem->slug : "nothing",
                     STR_ARG(f->detail));
    if (pointer && (f->violation_count != 1 || f->violations[0].fault != fault
                    || !str_is(f->violations[0].pointer, pointer)))
        claim_failed("%s: expected a violation at %s, got " STR_FMT, p->slug, pointer,
                     STR_ARG(f->violations[0].pointer));
    scope_forgive(&d->s);
}

static struct thing
thing_named(struct desk *d, const char *name)
{
    return (struct thing){ .tenant_id = tenant_a, .id = uuid_new(d->s.now), .name = str_of(name),
                           .size = INT_NONE };
}

static void
every_kind_of_value_goes_in_and_comes_back(void **state)
{
    struct desk *d = *state;
    struct str words[] = { STR("plain"), STR("with \"quotes\", {braces} and \\"), STR("") };
    struct uuid people[] = { tenant_a, tenant_b };
    struct child children[] = { { STR("a\"b"), 40 }, { STR("櫓"), 60 } };
    struct thing in = thing_named(d, "櫓 'quoted'"), out;
    in.other_id = in.id;
    in.note = STR("");
    in.day = STR("2026-02-28");
    in.plan = PLAN_MSS;
    in.open = true;
    in.level = -7;
    in.size = INT64_MAX;
    in.ratio = 0.1;
    in.due_at = (struct instant){ 1790000000123456 };
    in.words = (struct strs){ words, 3 };
    in.people = (struct uuids){ people, 2 };
    in.extra = (struct json){ STR("{\"a\": [1, null]}") };
    in.image = (struct bytes){ STR("\x00\xff\x01") };
    in.children = (struct rows){ children, 2 };
    assert_well(d, db_begin(&d->s, d->db, see(&tenant_a)));
    assert_well(d, db_one(&d->s, &thing_insert, &in, &out));
    assert_well(d, db_commit(&d->s));

    struct text a = text_new(d->arena, 10000), b = text_new(d->arena, 10000);
    in.version = 1;
    shape_write_json(&a, &thing_shape, &in);
    shape_write_json(&b, &thing_shape, &out);
    if (!str_eq(text_str(&a), text_str(&b)))
        claim_failed(STR_FMT "\n" STR_FMT, STR_ARG(text_str(&a)), STR_ARG(text_str(&b)));
}

static void
absence_is_null_both_ways(void **state)
{
    struct desk *d = *state;
    struct thing in = thing_named(d, "bare"), out;
    memset(&out, 0xEE, sizeof out);
    assert_well(d, db_begin(&d->s, d->db, see(&tenant_a)));
    assert_well(d, db_one(&d->s, &thing_insert, &in, &out));
    assert_null(out.note.at);
    assert_true(out.size == INT_NONE && out.plan == PLAN_NONE && uuid_is_none(out.other_id) && out.due_at.us == 0);
    assert_true(!out.words.items && !out.people.items && !out.extra.raw.at && !out.image.raw.at
                && !out.children.items);
    assert_well(d, db_commit(&d->s));
    assert_int_equal(database_number(database.admin,
                                     "SELECT count(*) FROM thing WHERE note IS NULL AND words IS NULL AND "
                                     "size IS NULL AND due_at IS NULL AND extra IS NULL AND image IS NULL"), 1);
}

static void
a_transaction_sees_its_tenants_and_no_other(void **state)
{
    struct desk *d = *state;
    struct thing in = thing_named(d, "mine"), out;
    struct rows rows;
    assert_well(d, db_begin(&d->s, d->db, see(&tenant_a)));
    assert_well(d, db_one(&d->s, &thing_insert, &in, &out));
    assert_well(d, db_commit(&d->s));

    assert_well(d, db_begin(&d->s, d->db, see(&tenant_b)));
    assert_failed(d, db_one(&d->s, &thing_by_id, &(struct id_args){ in.id }, &out), &problem_not_found, NULL, 0);
    assert_well(d, db_list(&d->s, &thing_all, NULL, &rows));
    assert_int_equal(rows.count, 0);
    in.id = uuid_new(d->s.now);
    assert_failed(d, db_one(&d->s, &thing_insert, &in, &out), &problem_forbidden, NULL, 0);
    db_end(&d->s);

    assert_well(d, db_begin(&d->s, d->db, (struct uuids){ 0 }));
    assert_well(d, db_list(&d->s, &thing_all, NULL, &rows));
    assert_int_equal(rows.count, 0);
    assert_well(d, db_set_tenants(&d->s, see(&tenant_a)));
    assert_well(d, db_list(&d->s, &thing_all, NULL, &rows));
    assert_int_equal(rows.count, 1);
}

static void
what_was_not_committed_is_gone(void **state)
{
    struct desk *d = *state;
    struct thing in = thing_named(d, "gone"), out;
    assert_well(d, db_begin(&d->s, d->db, see(&tenant_a)));
    assert_well(d, db_one(&d->s, &thing_insert, &in, &out));
    db_end(&d->s);
    db_end(&d->s);
    assert_int_equal(database_number(database.admin, "SELECT count(*) FROM thing"), 0);
    assert_failed(d, db_one(&d->s, &thing_insert, &in, &out), &problem_internal, NULL, 0);
    assert_int_equal(database_number(database.admin, "SELECT count(*) FROM pg_stat_activity WHERE datname = "
                                     "current_database() AND state LIKE 'idle in%'"), 0);
}

static void
a_failed_transaction_does_not_commit(void **state)
{
    struct desk *d = *state;
    struct thing in = thing_named(d, "first"), out;
    assert_well(d, db_begin(&d->s, d->db, see(&tenant_a)));
    assert_well(d, db_one(&d->s, &thing_insert, &in, &out));
    assert_failed(d, db_one(&d->s, &thing_insert, &in, &out), &problem_conflict, NULL, 0);
    assert_failed(d, db_commit(&d->s), &problem_internal, NULL, 0);
    assert_int_equal(database_number(database.admin, "SELECT count(*) FROM thing"), 0);
}

static void
constraints_become_problems_at_their_field(void **state)
{
    struct desk *d = *state;
    struct thing in = thing_named(d, "taken"), out, bad;
    assert_well(d, db_begin(&d->s, d->db, see(&tenant_a)));
    assert_well(d, db_one(&d->s, &thing_insert, &in, &out));
    assert_well(d, db_commit(&d->s));
    struct thing other = thing_named(d, "other");
    struct broken {
        struct thing thing;
        const struct problem *problem;
        const char *pointer;
        enum fault fault;
    } cases[] = {
        { other, &problem_conflict, "/name", FAULT_TAKEN },
        { other, &problem_invalid, "/other_id", FAULT_NOT_FOUND },
        { other, &problem_invalid, "/level", FAULT_NOT_IN_DOMAIN },
        { other, &problem_invalid, "/name", FAULT_REQUIRED },
        { other, &problem_invalid, NULL, FAULT_NONE },
    };
    cases[0].thing.name = in.name;
    cases[1].thing.other_id = tenant_b;
    cases[2].thing.level = 100;
    cases[3].thing.name = STR_NONE;
    cases[4].thing.level = INT64_MAX; /* the column is an int */
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        bad = cases[i].thing;
        assert_well(d, db_begin(&d->s, d->db, see(&tenant_a)));
        assert_failed(d, db_one(&d->s, &thing_insert, &bad, &out), cases[i].problem, cases[i].pointer,
                      cases[i].fault);
        db_end(&d->s);
    }
}

struct complaint {
    struct str state;
};
static const struct shape complaint_shape = SHAPE(complaint, FIELD(complaint, state, "SQLSTATE"));
static const struct query complain = { .name = "complain", .sql = "SELECT complain(:state)",
                                       .args = &complaint_shape };

static void
states_of_the_server_become_problems(void **state)
{
    struct desk *d = *state;
    static const struct { const char *state; const struct problem *problem; } cases[] = {
        { "40001", &problem_busy }, { "40P01", &problem_busy }, { "57014", &problem_unavailable },
        { "53100", &problem_storage_full }, { "53300", &problem_unavailable }, { "YG404", &problem_not_found },
        { "YG409", &problem_conflict }, { "YG422", &problem_invalid }, { "42601", &problem_internal },
        { "P0001", &problem_internal }, { "25006", &problem_unavailable } };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct complaint c = { str_of(cases[i].state) };
        assert_well(d, db_begin(&d->s, d->db, see(&tenant_a)));
        bool well = db_run(&d->s, &complain, &c, NULL);
        if (cases[i].problem == &problem_unavailable)
            assert_true(d->s.failure.retry_after_s > 0);
        assert_failed(d, well, cases[i].problem, NULL, 0);
        db_end(&d->s);
    }
}

static void
a_savepoint_keeps_what_stood_before_it(void **state)
{
    struct desk *d = *state;
    struct thing first = thing_named(d, "first"), second = thing_named(d, "first"), out;
    struct thing third = thing_named(d, "third");
    assert_well(d, db_begin(&d->s, d->db, see(&tenant_a)));
    assert_well(d, db_savepoint(&d->s));
    assert_well(d, db_savepoint_rollback(&d->s)); /* nothing was sent yet */
    for (int i = 0; i < 20; i++) {                /* more than may be noted */
        assert_well(d, db_savepoint(&d->s));
        assert_well(d, db_savepoint_release(&d->s));
    }
    assert_well(d, db_one(&d->s, &thing_insert, &first, &out));
    assert_well(d, db_savepoint(&d->s));
    assert_failed(d, db_one(&d->s, &thing_insert, &second, &out), &problem_conflict, "/name", FAULT_TAKEN);
    assert_well(d, db_savepoint_rollback(&d->s));
    assert_well(d, db_savepoint(&d->s));
    assert_well(d, db_one(&d->s, &thing_insert, &third, &out));
    assert_well(d, db_savepoint_release(&d->s));
    assert_well(d, db_commit(&d->s));
    assert_int_equal(database_number(database.admin, "SELECT count(*) FROM thing"), 2);
}

static void
an_update_tells_stale_from_missing(void **state)
{
    struct desk *d = *state;
    struct thing t = thing_named(d, "one"), out;
    assert_well(d, db_begin(&d->s, d->db, see(&tenant_a)));
    assert_well(d, db_one(&d->s, &thing_insert, &t, &out));
    t.name = STR("two");
    t.version = 1;
    assert_well(d, db_update(&d->s, &thing_rename, &t, &out, &thing_by_id, t.id));
    assert_true(str_is(out.name, "two") && out.version == 2);
    assert_failed(d, db_update(&d->s, &thing_rename, &t, &out, &thing_by_id, t.id), &problem_stale, NULL, 0);
    t.id = tenant_b;
    assert_failed(d, db_update(&d->s, &thing_rename, &t, &out, &thing_by_id, t.id), &problem_not_found, NULL, 0);
    int64_t affected = -1;
    assert_well(d, db_run(&d->s, &thing_delete, &(struct id_args){ out.id }, &affected));
    assert_int_equal(affected, 1);
}

static void
a_server_that_went_away_is_found_again(void **state)
{
    struct desk *d = *state;
    struct rows rows;
    assert_well(d, db_begin(&d->s, d->db, see(&tenant_a)));
    assert_well(d, db_list(&d->s, &thing_all, NULL, &rows));
    database_run(database.admin, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = "
                                 "current_database() AND pid <> pg_backend_pid()");
    assert_failed(d, db_list(&d->s, &thing_all, NULL, &rows), &problem_unavailable, NULL, 0);
    assert_failed(d, db_list(&d->s, &thing_all, NULL, &rows), &problem_unavailable, NULL, 0);
    db_end(&d->s);
    assert_well(d, db_begin(&d->s, d->db, see(&tenant_a)));
    assert_well(d, db_list(&d->s, &thing_all, NULL, &rows));
    assert_well(d, db_commit(&d->s));
    database_run(database.admin, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = "
                                 "current_database() AND pid <> pg_backend_pid()");
    assert_well(d, db_begin(&d->s, d->db, see(&tenant_a))); /* seen before anything is lost */
    assert_well(d, db_list(&d->s, &thing_all, NULL, &rows));
}

static void
nobody_who_could_bypass_the_policies_is_let_in(void **state)
{
    struct desk *d = *state;
    const struct db_settings superuser = { .url = database.admin_url, .role = "postgres" };
    const struct db_settings nowhere = { .url = "host=/nonexistent dbname=x" };
    struct db *db = db_open(&superuser);
    assert_failed(d, db_begin(&d->s, db, see(&tenant_a)), &problem_unavailable, NULL, 0);
    db_close(db);
    db = db_open(&nowhere);
    assert_failed(d, db_begin(&d->s, db, see(&tenant_a)), &problem_unavailable, NULL, 0);
    assert_failed(d, db_begin(&d->s, db, see(&tenant_a)), &problem_unavailable, NULL, 0);
    db_close(db);
}

static void
a_plan_that_no_longer_fits_its_table_is_made_anew(void **state)
{
    struct desk *d = *state;
    static const struct query star = { .name = "star", .sql = "SELECT * FROM moving", .row = &complaint_shape };
    struct rows rows;
    PGconn *c = database_connect(database.url);
    database_run(c, "CREATE TABLE moving (state text); GRANT SELECT ON moving TO yagura_api");
    assert_well(d, db_begin(&d->s, d->db, see(&tenant_a)));
    assert_well(d, db_list(&d->s, &star, NULL, &rows));
    assert_well(d, db_commit(&d->s));
    database_run(c, "ALTER TABLE moving ALTER state TYPE varchar(10)");
    PQfinish(c);
    assert_well(d, db_begin(&d->s, d->db, see(&tenant_a)));
    assert_failed(d, db_list(&d->s, &star, NULL, &rows), &problem_busy, NULL, 0);
    db_end(&d->s);
    assert_well(d, db_begin(&d->s, d->db, see(&tenant_a)));
    assert_well(d, db_list(&d->s, &star, NULL, &rows));
}

struct entry {
    struct uuid tenant_id;
    struct str refused;
};
static const struct shape entry_shape = SHAPE(entry, FIELD(entry, tenant_id, "Who"),
                                              FIELD(entry, refused, "Why not"));
static const struct query enter = {
    .name = "enter", .args = &id_args_shape, .row = &entry_shape,
    .sql = "SELECT :id AS tenant_id, CASE WHEN :id = 'bb000000-0000-0000-0000-000000000000' THEN 'locked' END AS "
           "refused, "
           "set_config('yagura.tenants', '{' || :id || '}', true) AS ignored" };
static const struct query enter_well = {
    .name = "enter", .args = &id_args_shape, .row = &entry_shape,
    .sql = "SELECT :id AS tenant_id, CASE WHEN :id = 'bb000000-0000-0000-0000-000000000000' THEN 'locked' END AS "
           "refused "
           "FROM set_config('yagura.tenants', '{' || :id || '}', true) AS ignored" };
static const struct query enter_nobody = {
    .name = "enter_nobody", .args = &id_args_shape, .row = &entry_shape,
    .sql = "SELECT :id AS tenant_id, NULL AS refused WHERE false" };

static void
an_opening_decides_what_the_query_behind_it_sees(void **state)
{
    struct desk *d = *state;
    struct thing in = thing_named(d, "mine"), out;
    struct entry entry;
    assert_well(d, db_begin(&d->s, d->db, see(&tenant_a)));
    assert_well(d, db_one(&d->s, &thing_insert, &in, &out));
    assert_well(d, db_commit(&d->s));

    struct id_args who = { tenant_a };
    struct db_opening o = { .opening = &enter_well, .opening_args = &who, .opening_row = &entry, .then = &thing_all,
                            .commit = true };
    assert_well(d, db_begin_with(&d->s, d->db, &o));
    assert_int_equal(o.then_rows.count, 1);
    assert_true(uuid_eq(entry.tenant_id, tenant_a));
    assert_failed(d, db_list(&d->s, &thing_all, NULL, &o.then_rows), &problem_internal, NULL, 0); /* committed */

    o.commit = false;
    assert_well(d, db_begin_with(&d->s, d->db, &o));
    assert_well(d, db_list(&d->s, &thing_all, NULL, &o.then_rows));
    assert_int_equal(o.then_rows.count, 1);
    db_end(&d->s);

    who.id = tenant_b;
    assert_failed(d, db_begin_with(&d->s, d->db, &o), &problem_unauthorized, NULL, 0);
    db_end(&d->s);
    o.opening = &enter_nobody;
    assert_failed(d, db_begin_with(&d->s, d->db, &o), &problem_unauthorized, NULL, 0);
    db_end(&d->s);
    o.opening = &enter; /* a column that no member takes */
    assert_failed(d, db_begin_with(&d->s, d->db, &o), &problem_internal, NULL, 0);
}

static void
the_catalogue_is_checked_against_the_database(void **state)
{
    struct desk *d = *state;
    static const struct query bad_sql = { .name = "bad_sql", .sql = "SELECT nothing FROM nowhere" };
    static const struct query bad_argument = { .name = "bad_argument", .sql = "SELECT :what",
                                               .args = &id_args_shape };
    static const struct query bad_column = { .name = "bad_column", .sql = "SELECT 1 AS level, 2 AS more",
                                             .row = &thing_shape };
    static const struct query bad_type = { .name = "bad_type", .sql = "SELECT 1.5 AS id", .row = &id_args_shape };
    static const struct query lacks = { .name = "lacks", .sql = "SELECT name FROM thing", .row = &thing_shape };
    const struct query *good[] = { &thing_insert, &thing_by_id, &thing_all, &thing_rename, &thing_delete, &complain,
                                   &change_record_query };
    const struct query *bad[] = { &bad_sql, &bad_argument, &bad_column, &bad_type, &lacks };
    struct db_catalogue c = { .queries = good, .query_count = COUNT_OF(good) };
    assert_well(d, db_check(&d->s, d->db, &c));
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        c = (struct db_catalogue){ .queries = &bad[i], .query_count = 1 };
        bool well = db_check(&d->s, d->db, &c);
        assert_true(str_starts(d->s.failure.detail, str_of(bad[i]->name)));
        assert_failed(d, well, &problem_internal, NULL, 0);
    }
}

static void
one_read_is_one_round_trip_and_few_statements(void **state)
{
    struct desk *d = *state;
    struct rows rows;
    int64_t before = db_statements(d->db);
    assert_well(d, db_begin(&d->s, d->db, see(&tenant_a)));
    assert_well(d, db_list(&d->s, &thing_all, NULL, &rows));
    assert_well(d, db_commit(&d->s));
    assert_int_equal(db_statements(d->db) - before, 4);
    before = db_statements(d->db);
    assert_well(d, db_begin(&d->s, d->db, see(&tenant_a)));
    assert_well(d, db_commit(&d->s)); /* nothing was asked: nothing is sent */
    assert_int_equal(db_statements(d->db) - before, 0);
}

static void
names_in_texts_and_comments_are_left_alone(void **state)
{
    struct desk *d = *state;
    static const struct query odd = {
        .name = "odd", .args = &complaint_shape, .row = &complaint_shape,
        .sql = "SELECT ':state' || $$:state$$ || $a$ $$ :state$a$ || \"x:state\" || :state /* :what */ -- :that's\n"
               "|| '''' || (ARRAY[1,2])[1 : 2]::text || :state::text AS state FROM (SELECT 'x' AS \"x:state\") AS "
               "t" };
    struct complaint in = { STR("V") }, out;
    assert_well(d, db_begin(&d->s, d->db, see(&tenant_a)));
    assert_well(d, db_one(&d->s, &odd, &in, &out));
    if (!str_is(out.state, ":state:state $$ :statexV'{1,2}V"))
        claim_failed(STR_FMT, STR_ARG(out.state));
}

static void
changes_are_announced_when_they_are_committed(void **state)
{
    struct desk *d = *state;
    const struct db_settings settings = { .url = database.url, .role = "yagura_api" };
    struct db *ear = db_open(&settings);
    bool notified = true;
    assert_well(d, db_listen(&d->s, ear, "yagura_change"));
    assert_well(d, db_begin(&d->s, d->db, see(&tenant_a)));
    assert_well(d, change_record(&d->s, tenant_a, "thing", tenant_b, "made"));
    assert_well(d, db_wait(&d->s, ear, 50, -1, &notified));
    assert_false(notified);
    assert_well(d, db_commit(&d->s));
    assert_well(d, db_wait(&d->s, ear, 5000, -1, &notified));
    assert_true(notified);
    assert_int_equal(database_number(database.admin,
                                     "SELECT count(*) FROM change WHERE noun = 'thing' AND verb = 'made'"), 1);
    int pipe_ends[2];
    assert_int_equal(pipe(pipe_ends), 0);
    assert_int_equal(write(pipe_ends[1], "x", 1), 1);
    assert_well(d, db_wait(&d->s, ear, 60000, pipe_ends[0], &notified));
    assert_false(notified);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    database_run(database.admin, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = "
                                 "current_database() AND pid <> pg_backend_pid()");
    assert_failed(d, db_wait(&d->s, ear, 5000, -1, &notified), &problem_unavailable, NULL, 0);
    db_close(ear);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_kind_of_value_goes_in_and_comes_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(absence_is_null_both_ways, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_transaction_sees_its_tenants_and_no_other, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_not_committed_is_gone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_failed_transaction_does_not_commit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(constraints_become_problems_at_their_field, set_up, tear_down),
        cmocka_unit_test_setup_teardown(states_of_the_server_become_problems, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_savepoint_keeps_what_stood_before_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_update_tells_stale_from_missing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_server_that_went_away_is_found_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody_who_could_bypass_the_policies_is_let_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_plan_that_no_longer_fits_its_table_is_made_anew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_opening_decides_what_the_query_behind_it_sees, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_catalogue_is_checked_against_the_database, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_read_is_one_round_trip_and_few_statements, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_in_texts_and_comments_are_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(changes_are_announced_when_they_are_committed, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
