/* Keys of jobs, seen from transactions that are open beside the workers. */
#include "tests/unit/database.h"

#include <poll.h>
#include <sys/eventfd.h>

#include "core/base/log.h"
#include "core/db/job.h"

static struct database database;
static const struct clock system_clock;
static const struct uuid tenant_a = { { 0xAA } };

/* Each run counts the notes it sees, waits for the one row of `held`, and stays behind the gate when there is one. */
static _Atomic int runs, now_running, most_running;
static int gate = -1;

static const struct query look = {
    .name = "look", .sql = "INSERT INTO effect (notes) SELECT count(*) FROM note" };
static const struct query touch = {
    .name = "touch", .sql = "UPDATE held SET n = n + 1" };
static const struct query note = {
    .name = "note", .sql = "INSERT INTO note DEFAULT VALUES" };

static bool
look_and_touch(struct scope *s, void *args)
{
    (void)args;
    struct pollfd p = { .fd = gate, .events = POLLIN };
    int together = ++now_running;
    if (together > most_running)
        most_running = together;
    runs++;
    bool good = (gate < 0 || poll(&p, 1, 60000) == 1) && db_run(s, &look, NULL, NULL) && db_run(s, &touch, NULL, NULL);
    now_running--;
    return good;
}

static bool
do_nothing(struct scope *s, void *args)
{
    (void)args;
    return s->db != NULL;
}

static const struct job_kind gather = { .name = "gather", .prose = "", .run = look_and_touch };
static const struct job_kind other = { .name = "other", .prose = "", .run = do_nothing };
static const struct job_kind calm = { .name = "calm", .prose = "", .run = look_and_touch, .unhurried = true };
static const struct job_kind *const kinds[] = { &gather, &other, &calm };
static const struct job_catalogue catalogue = { kinds, COUNT_OF(kinds) };

/* Somebody with a transaction of their own. */
struct desk {
    struct arena *arena;
    struct scope s;
    struct db *db;
};

static struct desk
sit_down(void)
{
    const struct db_settings api = { .url = database.url, .role = "yagura_api" };
    struct desk d = { .arena = arena_new(1 << 16), .db = db_open(&api) };
    d.s = scope_new(d.arena, clock_now(&system_clock));
    return d;
}

static void
stand_up(struct desk *d)
{
    db_end(&d->s);
    db_close(d->db);
    arena_free(d->arena);
}

static void
must(const struct desk *d, bool well)
{
    if (!well)
        claim_failed("%s: " STR_FMT, d->s.failure.problem->slug, STR_ARG(d->s.failure.detail));
}

static void
begin(struct desk *d)
{
    struct uuid *tenant = arena_new_of(d->arena, struct uuid);
    *tenant = tenant_a;
    must(d, db_begin(&d->s, d->db, (struct uuids){ tenant, 1 }));
}

static void
add(struct desk *d)
{
    must(d, job_add(&d->s, &gather, tenant_a, NULL, (struct instant){ 0 }, STR("one")));
}

static void
await(const char *sql, int64_t expected)
{
    int64_t value = -1;
    for (int i = 0; i < 3000 && value != expected; i++) {
        value = database_number(database.admin, sql);
        if (value != expected)
            usleep(10000);
    }
    if (value != expected)
        claim_failed("%s: %lld instead of %lld", sql, (long long)value, (long long)expected);
}

static void
await_runs(int count)
{
    for (int i = 0; i < 3000 && runs != count; i++)
        usleep(10000);
    assert_int_equal(runs, count);
}

static int64_t
number(const char *sql)
{
    return database_number(database.admin, sql);
}

static void
open_gate(void)
{
    const uint64_t one = 1;
    assert_int_equal(write(gate, &one, sizeof one), sizeof one);
}

#define OPEN_JOBS "SELECT count(*) FROM job WHERE state = 'ready'"

static int
set_up_all(void **state)
{
    (void)state;
    log_start(LOG_ERROR);
    database_make(&database, "job_keys");
    PGconn *c = database_connect(database.url);
    database_run(c, "CREATE TABLE effect (notes bigint); CREATE TABLE note (id int GENERATED ALWAYS AS IDENTITY);"
                    "CREATE TABLE held (n int); INSERT INTO held VALUES (0);"
                    "GRANT ALL ON effect, note, held TO yagura_jobs, yagura_api");
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

static struct job_workers *
start(int threads)
{
    static struct db_settings settings;
    settings = (struct db_settings){ .url = database.url, .role = "yagura_jobs" };
    struct job_workers *w = job_workers_start(&settings, &system_clock, &catalogue, NULL, threads);
    assert_non_null(w);
    return w;
}

static int
begin_anew(void **state)
{
    (void)state;
    database_run(database.admin, "TRUNCATE job, effect, note");
    runs = most_running = 0;
    gate = -1;
    return 0;
}

/* The circle: the job waits for a row that the adder holds, and the adder would wait for the job. */
static void
who_adds_waits_for_no_worker(void **state)
{
    (void)state;
    struct desk d = sit_down(), first = sit_down();
    begin(&first);
    add(&first);
    begin(&d);
    must(&d, db_run(&d.s, &touch, NULL, NULL));
    must(&first, db_commit(&first.s));
    struct job_workers *w = start(2);
    await("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'", 1);
    must(&d, db_run(&d.s, &note, NULL, NULL));
    add(&d);
    assert_int_equal(number("SELECT count(*) FROM pg_locks WHERE NOT granted"), 1); /* the job alone */
    must(&d, db_commit(&d.s));
    await(OPEN_JOBS, 0);
    job_workers_stop(w);
    assert_int_equal(runs, 2); /* once for each who added; nobody was thrown out of a circle */
    assert_int_equal(number("SELECT max(notes) FROM effect"), 1);
    assert_int_equal(number("SELECT count(*) FROM job WHERE last_error IS NOT NULL"), 0);
    stand_up(&d);
    stand_up(&first);
}

/* Three add while one runs, none of whom sees the others: it runs once more, after it, and sees what all wrote. */
static void
added_while_one_runs_it_runs_once_more(void **state)
{
    (void)state;
    struct desk d[3] = { sit_down(), sit_down(), sit_down() }, first = sit_down();
    gate = eventfd(0, EFD_CLOEXEC);
    begin(&first);
    add(&first);
    must(&first, db_commit(&first.s));
    struct job_workers *w = start(3);
    await_runs(1);
    for (int i = 0; i < 3; i++) {
        begin(&d[i]);
        must(&d[i], db_run(&d[i].s, &note, NULL, NULL));
        add(&d[i]);
    }
    for (int i = 0; i < 3; i++)
        must(&d[i], db_commit(&d[i].s));
    begin(&first);
    must(&first, job_add(&first.s, &other, tenant_a, NULL, (struct instant){ 0 }, STR_NONE));
    must(&first, db_commit(&first.s));
    await(OPEN_JOBS " AND kind = 'other'", 0); /* the workers have looked, and left the twins alone */
    assert_int_equal(runs, 1);
    assert_int_equal(number(OPEN_JOBS " AND kind = 'gather'"), 4); /* the one that runs still looks ready from here */
    open_gate();
    await(OPEN_JOBS, 0);
    job_workers_stop(w);
    assert_int_equal(runs, 2);
    assert_int_equal(most_running, 1);
    assert_int_equal(number("SELECT max(notes) FROM effect"), 3);
    for (int i = 0; i < 3; i++)
        stand_up(&d[i]);
    stand_up(&first);
    close(gate);
}

/* One that waits already would be run before the adder's transaction has ended, and miss what it wrote. */
static void
one_that_waits_is_kept_until_the_adder_has_ended(void **state)
{
    (void)state;
    struct desk d = sit_down(), first = sit_down();
    begin(&first);
    add(&first);
    must(&first, db_commit(&first.s));
    begin(&d);
    must(&d, db_run(&d.s, &note, NULL, NULL));
    add(&d);
    begin(&first);
    must(&first, job_add(&first.s, &other, tenant_a, NULL, (struct instant){ 0 }, STR_NONE));
    must(&first, db_commit(&first.s));
    struct job_workers *w = start(2);
    await(OPEN_JOBS " AND kind = 'other'", 0);
    assert_int_equal(runs, 0);
    must(&d, db_commit(&d.s));
    await(OPEN_JOBS, 0);
    job_workers_stop(w);
    assert_int_equal(number("SELECT count(*) FROM job WHERE kind = 'gather'"), 1);
    assert_int_equal(number("SELECT min(notes) FROM effect"), 1);
    stand_up(&d);
    stand_up(&first);
}

/* A stream of adders, one of whom is always there, keeps nobody away for long. */
static void
one_that_is_overdue_is_held_by_nobody(void **state)
{
    (void)state;
    struct desk d = sit_down(), first = sit_down();
    begin(&first);
    add(&first);
    must(&first, db_commit(&first.s));
    database_run(database.admin, "UPDATE job SET run_at = now() - interval '10 s'");
    begin(&d);
    must(&d, db_run(&d.s, &note, NULL, NULL));
    add(&d);
    struct job_workers *w = start(2);
    await_runs(1);
    await("SELECT count(*) FROM effect WHERE notes = 0", 1);
    must(&d, db_commit(&d.s));
    await(OPEN_JOBS, 0);
    job_workers_stop(w);
    assert_int_equal(number("SELECT count(*) FROM effect WHERE notes = 1"), 1);
    assert_int_equal(runs, 2);
    stand_up(&d);
    stand_up(&first);
}

/* Of a key that nobody held when several added, one runs for all. */
static void
twins_are_done_as_one(void **state)
{
    (void)state;
    struct desk d[4] = { sit_down(), sit_down(), sit_down(), sit_down() };
    for (int i = 0; i < 4; i++) {
        begin(&d[i]);
        add(&d[i]);
    }
    for (int i = 0; i < 4; i++) {
        must(&d[i], db_commit(&d[i].s));
        stand_up(&d[i]);
    }
    assert_int_equal(number(OPEN_JOBS), 4);
    struct job_workers *w = start(3);
    await(OPEN_JOBS, 0);
    job_workers_stop(w);
    assert_int_equal(runs, 1);
    assert_int_equal(number("SELECT count(*) FROM job WHERE state = 'done' AND attempts = 1"), 1);
}

static int
calls_heard(PGconn *c)
{
    int heard = 0;
    database_run(c, "SELECT 1");
    for (PGnotify *n; (n = PQnotifies(c)); heard++)
        PQfreemem(n);
    return heard;
}

/* Many are added, nobody is called, and one runs for all of them at the next look. */
static void
an_unhurried_one_wakes_nobody_and_is_done_all_the_same(void **state)
{
    (void)state;
    struct desk d = sit_down();
    PGconn *listener = database_connect(database.url);
    database_run(listener, "LISTEN yagura_job");
    for (int i = 0; i < 5; i++) {
        begin(&d);
        must(&d, job_add(&d.s, &calm, tenant_a, NULL, (struct instant){ 0 }, STR("one")) && db_commit(&d.s));
    }
    assert_int_equal(calls_heard(listener), 0);
    begin(&d);
    must(&d, job_add(&d.s, &other, tenant_a, NULL, (struct instant){ 0 }, STR("one")) && db_commit(&d.s));
    assert_int_equal(calls_heard(listener), 1);
    struct job_workers *w = start(2);
    await(OPEN_JOBS, 0);
    job_workers_stop(w);
    assert_int_equal(runs, 1);
    PQfinish(listener);
    stand_up(&d);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(who_adds_waits_for_no_worker, begin_anew),
        cmocka_unit_test_setup(added_while_one_runs_it_runs_once_more, begin_anew),
        cmocka_unit_test_setup(one_that_waits_is_kept_until_the_adder_has_ended, begin_anew),
        cmocka_unit_test_setup(one_that_is_overdue_is_held_by_nobody, begin_anew),
        cmocka_unit_test_setup(twins_are_done_as_one, begin_anew),
        cmocka_unit_test_setup(an_unhurried_one_wakes_nobody_and_is_done_all_the_same, begin_anew),
    };
    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
