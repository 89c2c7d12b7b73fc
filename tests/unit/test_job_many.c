/* Jobs that are claimed by hundreds and run together. */
#include "tests/unit/database.h"

#include "core/base/log.h"
#include "core/db/job.h"

struct effect {
    struct str what;
    int64_t number;
};

static const struct shape effect_shape = SHAPE(effect,
    FIELD(effect, what, "A word"), FIELD(effect, number, "A number"));

static const struct query leave = {
    .name = "leave", .args = &effect_shape,
    .sql = "INSERT INTO effect (what, number, tenants) VALUES (:what, :number, yagura_tenants())" };

static struct database database;
static const struct clock system_clock;

static bool
leave_alone(struct scope *s, void *args)
{
    return db_run(s, &leave, args, NULL);
}

/* Sevens are in somebody's way; where there is a number above a thousand, all of them fail. */
static bool
leave_together(struct scope *s, struct job_item *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct effect *e = items[i].args;
        const struct effect together = { STR("together"), e->number };
        items[i].later = e->number % 10 == 7;
        if (!items[i].later && !db_run(s, &leave, &together, NULL))
            return false;
        if (e->number > 1000)
            return fail(s, &problem_conflict, "%lld is too much", (long long)e->number);
    }
    return true;
}

static const struct job_kind crowd = { .name = "crowd", .prose = "", .args = &effect_shape, .run = leave_alone,
                                       .run_many = leave_together };
static const struct job_kind *const kinds[] = { &crowd };
static const struct job_catalogue catalogue = { kinds, 1 };

static int
set_up_all(void **state)
{
    (void)state;
    log_start(LOG_ERROR);
    database_make(&database, "job_many");
    PGconn *c = database_connect(database.url);
    database_run(c, "CREATE TABLE effect (what text, number bigint, tenants uuid[]);"
                    "GRANT SELECT, INSERT ON effect TO yagura_jobs");
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

static int64_t
number(const char *sql)
{
    return database_number(database.admin, sql);
}

/* Of two tenants by turns, each by one statement and once more, which the keys keep out. */
static void
add_crowd(int64_t first, size_t count)
{
    struct arena *a = arena_new(1 << 16);
    struct scope s = scope_new(a, clock_now(&system_clock));
    struct db *db = db_open(&(struct db_settings){ .url = database.url, .role = "yagura_api" });
    struct uuid tenants[] = { { { 0xAA } }, { { 0xBB } } };
    struct effect *effects = arena_array_of(a, count, struct effect);
    struct job_order *orders = arena_array_of(a, count, struct job_order);
    for (size_t i = 0; i < count; i++) {
        effects[i] = (struct effect){ STR("alone"), first + (int64_t)i };
        orders[i] = (struct job_order){ .tenant_id = tenants[i % 2], .args = &effects[i],
                                        .unique_key = str_printf(a, "%zu", i) };
    }
    database_run(database.admin, "TRUNCATE job, effect");
    assert_true(db_begin(&s, db, (struct uuids){ tenants, 2 }) && job_add_many(&s, &crowd, orders, count)
                && job_add_many(&s, &crowd, orders, count) && db_commit(&s));
    db_close(db);
    arena_free(a);
    assert_int_equal(number("SELECT count(*) FROM job"), count);
}

static void
work_off(int threads)
{
    const struct db_settings settings = { .url = database.url, .role = "yagura_jobs" };
    struct job_workers *w = job_workers_start(&settings, &system_clock, &catalogue, NULL, threads);
    assert_non_null(w);
    int64_t open = -1;
    for (int i = 0; i < 6000 && open != 0; i++) {
        open = number("SELECT count(*) FROM job WHERE state = 'ready'");
        usleep(10000);
    }
    job_workers_stop(w);
    assert_int_equal(open, 0);
}

static void
a_crowd_runs_together_and_who_is_in_the_way_comes_again_alone(void **state)
{
    (void)state;
    add_crowd(0, 120);
    work_off(1);
    assert_int_equal(number("SELECT count(DISTINCT number) FROM effect WHERE what = 'together' AND number % 10 <> 7 "
                            "AND array_length(tenants, 1) = 2"), 108);
    assert_int_equal(number("SELECT count(DISTINCT number) FROM effect WHERE what = 'alone' AND number % 10 = 7 "
                            "AND array_length(tenants, 1) = 1"), 12);
    assert_int_equal(number("SELECT count(*) FROM effect"), 120);
    assert_int_equal(number("SELECT count(*) FROM job WHERE state = 'done' AND attempts = 1"), 120);
}

static void
a_crowd_that_fails_leaves_nothing_and_each_comes_again_alone(void **state)
{
    (void)state;
    add_crowd(990, 20);
    work_off(2); /* the second may claim some of the small ones after the first had failed: those go together */
    assert_int_equal(number("SELECT count(DISTINCT number) FROM effect WHERE what = 'alone' AND number > 1000"), 9);
    assert_int_equal(number("SELECT count(DISTINCT number) FROM effect"), 20);
    assert_int_equal(number("SELECT count(*) FROM effect"), 20);
    assert_int_equal(number("SELECT count(*) FROM job WHERE state = 'done'"), 20);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crowd_runs_together_and_who_is_in_the_way_comes_again_alone),
        cmocka_unit_test(a_crowd_that_fails_leaves_nothing_and_each_comes_again_alone),
    };
    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
