#include "tests/unit/database.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

#include "core/base/log.h"
#include "core/db/job.h"

/* What jobs do here is rows of the table `effect`, which the tests count. */
struct effect {
    struct str what;
    int64_t number;
    struct str handed_on; /* outside the shape: from run to act and finish */
};

static const struct shape effect_shape = SHAPE(effect,
    FIELD(effect, what, "A word"),
    FIELD(effect, number, "A number"));

static const struct query leave = {
    .name = "leave", .args = &effect_shape,
    .sql = "INSERT INTO effect (what, number, tenants, role) VALUES (:what, :number, yagura_tenants(), "
           "current_user)" };

static const struct uuid tenant_a = { { 0xAA } };
static struct database database;
static const struct clock system_clock;

static bool
leave_effect(struct scope *s, void *args)
{
    return db_run(s, &leave, args, NULL);
}

static bool
fail_on_odd_numbers(struct scope *s, void *args)
{
    const struct effect *e = args;
    return leave_effect(s, args) && (e->number % 2 == 0
                                     || fail(s, &problem_conflict, "%lld is odd", (long long)e->number));
}

static bool
fail_without_a_reason(struct scope *s, void *args)
{
    (void)s;
    (void)args;
    return false;
}

static bool
say(struct scope *s, const char *what, int64_t number)
{
    struct effect e = { .what = str_of(what), .number = number };
    return leave_effect(s, &e);
}

static bool
prepare(struct scope *s, void *args)
{
    struct effect *e = args;
    e->handed_on = str_printf(s->arena, "from run %lld", (long long)e->number);
    return say(s, "run", e->number);
}

/* Odd numbers fail the first time: a number of the process, as a mail server would remember. */
static _Atomic int acts;

static bool
act_outside(struct scope *s, void *args)
{
    const struct effect *e = args;
    acts++;
    if (s->db || !str_starts(e->handed_on, STR("from run")))
        return fail(s, &problem_internal, "act came with a transaction, or without what run left");
    return e->number % 2 == 0 || acts > 1 || fail(s, &problem_unavailable, "mail server is gone");
}

static bool
finish_inside(struct scope *s, void *args, bool acted)
{
    const struct effect *e = args;
    return say(s, acted ? "finished" : "not acted", e->number);
}

static bool
act_for_ever(struct scope *s, void *args)
{
    (void)s;
    (void)args;
    acts++;
    return write(STDOUT_FILENO, "", 0) == 0 && pause() == 0;
}

static const struct job_kind plain = { .name = "plain", .prose = "", .args = &effect_shape, .run = leave_effect };
static const struct job_kind choosy = { .name = "choosy", .prose = "", .args = &effect_shape,
                                        .run = fail_on_odd_numbers,
                                        .max_attempts = 1 };
static const struct job_kind silent = { .name = "silent", .prose = "", .run = fail_without_a_reason,
                                        .back_off_first_s = 100 };
static const struct job_kind mail = { .name = "mail", .prose = "", .args = &effect_shape, .run = prepare,
                                      .act = act_outside, .finish = finish_inside, .back_off_first_s = 1 };
static const struct job_kind endless = { .name = "endless", .prose = "", .args = &effect_shape, .run = prepare,
                                         .act = act_for_ever, .finish = finish_inside };

static int gate = -1; /* nobody passes until it can be read */

static bool
act_behind_the_gate(struct scope *s, void *args)
{
    (void)s;
    (void)args;
    struct pollfd p = { .fd = gate, .events = POLLIN };
    acts++;
    return poll(&p, 1, 60000) == 1;
}

static const struct job_kind stalled = { .name = "stalled", .prose = "", .args = &effect_shape, .run = prepare,
                                         .act = act_behind_the_gate };

static bool
add_successor(struct scope *s, void *args)
{
    struct effect *e = args;
    struct effect next = { .what = STR("chain"), .number = e->number + 1 };
    static const struct job_kind chain = { .name = "chain", .prose = "", .args = &effect_shape,
                                           .run = add_successor };
    return leave_effect(s, args) && (e->number == 5
                                     || job_add(s, &chain, tenant_a, &next, (struct instant){ 0 }, STR("one")));
}

static const struct job_kind chain = { .name = "chain", .prose = "", .args = &effect_shape, .run = add_successor };

static bool
count_tenants(struct scope *s, void *args)
{
    (void)args;
    return job_see_every_tenant(s) && say(s, "everyone", 0);
}

static const struct job_kind everyone = { .name = "everyone", .prose = "", .run = count_tenants };

static const struct job_kind *const kinds[] = { &plain, &choosy, &silent, &mail, &chain, &everyone };
static const struct job_catalogue catalogue = { kinds, COUNT_OF(kinds) };
static const struct job_kind *const stalled_kinds[] = { &stalled, &plain };
static const struct job_catalogue stalled_catalogue = { stalled_kinds, COUNT_OF(stalled_kinds) };
static const struct job_kind *const endless_kinds[] = { &endless };
static const struct job_catalogue endless_catalogue = { endless_kinds, 1 };

static int
set_up_all(void **state)
{
    (void)state;
    log_start(LOG_ERROR);
    database_make(&database, "job");
    PGconn *c = database_connect(database.url);
    database_run(c, "CREATE TABLE effect (what text, number bigint, tenants uuid[], role text);"
                    "GRANT SELECT, INSERT ON effect TO yagura_jobs;"
                    "CREATE TABLE tenant (id uuid); INSERT INTO tenant SELECT gen_random_uuid() FROM "
                    "generate_series(1, 3)");
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

struct desk {
    struct arena *arena;
    struct scope s;
    struct db *db;
    struct db_settings settings;
    struct job_workers *workers;
};

static int
set_up(void **state)
{
    struct arena *a = arena_new(1 << 16);
    struct desk *d = arena_new_of(a, struct desk);
    const struct db_settings api = { .url = database.url, .role = "yagura_api" };
    *d = (struct desk){ .arena = a, .db = db_open(&api), .settings = { .url = database.url, .role = "yagura_jobs" } };
    d->s = scope_new(a, clock_now(&system_clock));
    database_run(database.admin, "TRUNCATE job, effect");
    acts = 0;
    *state = d;
    return 0;
}

static int
tear_down(void **state)
{
    struct desk *d = *state;
    job_workers_stop(d->workers);
    db_end(&d->s);
    db_close(d->db);
    arena_free(d->arena);
    return 0;
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
add(struct desk *d, const struct job_kind *kind, int64_t number)
{
    const struct effect e = { .what = str_of(kind->name), .number = number };
    must(d, job_add(&d->s, kind, tenant_a, &e, (struct instant){ 0 }, STR_NONE));
}

static void
start(struct desk *d, const struct job_catalogue *c, int threads)
{
    d->workers = job_workers_start(&d->settings, &system_clock, c, NULL, threads);
    assert_non_null(d->workers);
}

/* Until the claim holds, which a broken engine never makes it. */
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

static int64_t
number(const char *sql)
{
    return database_number(database.admin, sql);
}

#define OPEN_JOBS "SELECT count(*) FROM job WHERE state IN ('ready', 'acting')"

static void
a_job_runs_once_with_its_arguments_for_its_tenant(void **state)
{
    struct desk *d = *state;
    begin(d);
    for (int i = 0; i < 120; i++)
        add(d, &plain, i);
    start(d, &catalogue, 3);
    assert_int_equal(number("SELECT count(*) FROM job"), 0); /* not before the commit */
    must(d, db_commit(&d->s));
    await(OPEN_JOBS, 0);
    assert_int_equal(number("SELECT count(*) FROM effect"), 120);
    assert_int_equal(number("SELECT count(DISTINCT number) FROM effect WHERE what = 'plain' AND role = "
                            "'yagura_jobs' AND "
                            "tenants = '{aa000000-0000-0000-0000-000000000000}'"), 120);
    assert_int_equal(number("SELECT count(*) FROM job WHERE state = 'done' AND attempts = 1 AND ended_at IS NOT "
                            "NULL"), 120);
}

static void
a_job_that_is_not_due_waits(void **state)
{
    struct desk *d = *state;
    const struct effect e = { .what = STR("later") };
    begin(d);
    must(d, job_add(&d->s, &plain, tenant_a, &e, instant_plus(d->s.now, HOURS(1)), STR_NONE));
    add(d, &plain, 1);
    must(d, db_commit(&d->s));
    start(d, &catalogue, 1);
    await(OPEN_JOBS, 1);
    assert_int_equal(number("SELECT count(*) FROM effect WHERE what = 'later'"), 0);
    database_run(database.admin, "UPDATE job SET run_at = now() WHERE state = 'ready'");
    await(OPEN_JOBS, 0);
    assert_int_equal(number("SELECT count(*) FROM effect WHERE what = 'later'"), 1);
}

static void
one_bad_job_neither_stops_nor_repeats_its_neighbours(void **state)
{
    struct desk *d = *state;
    begin(d);
    for (int i = 0; i < 40; i++)
        add(d, &choosy, i);
    add(d, &silent, 0);
    must(d, db_commit(&d->s));
    start(d, &catalogue, 2);
    await(OPEN_JOBS " AND kind = 'choosy'", 0);
    await("SELECT attempts FROM job WHERE kind = 'silent'", 1);
    assert_int_equal(number("SELECT count(*) FROM effect"), 20);
    assert_int_equal(number("SELECT count(DISTINCT number) FROM effect WHERE number % 2 = 0"), 20);
    assert_int_equal(number("SELECT count(*) FROM job WHERE state = 'dead' AND last_error = "
                            "'conflict: ' || (args->>'number') || ' is odd' AND attempts = 1"), 20);
    assert_int_equal(number("SELECT count(*) FROM job WHERE kind = 'silent' AND state = 'ready' AND attempts = 1 "
                            "AND "
                            "last_error LIKE '%without a reason%' AND run_at BETWEEN now() + interval '60 s' AND "
                            "now() + "
                            "interval '130 s'"), 1);
}

static void
a_unique_key_keeps_a_second_one_out_until_the_first_runs(void **state)
{
    struct desk *d = *state;
    const struct effect e = { .what = STR("chain"), .number = 1 };
    begin(d);
    for (int i = 0; i < 3; i++)
        must(d, job_add(&d->s, &chain, tenant_a, &e, (struct instant){ 0 }, STR("one")));
    must(d, db_commit(&d->s));
    assert_int_equal(number("SELECT count(*) FROM job"), 1);
    start(d, &catalogue, 2);
    await("SELECT count(*) FROM effect WHERE what = 'chain'", 5);
    await(OPEN_JOBS, 0);
    assert_int_equal(number("SELECT count(*) FROM job"), 5);
}

static void
acting_goes_from_run_over_act_to_finish(void **state)
{
    struct desk *d = *state;
    begin(d);
    add(d, &mail, 2);
    must(d, db_commit(&d->s));
    start(d, &catalogue, 2);
    await(OPEN_JOBS, 0);
    assert_int_equal(number("SELECT count(*) FROM effect WHERE what = 'run'"), 1);
    assert_int_equal(number("SELECT count(*) FROM effect WHERE what = 'finished' AND array_length(tenants, 1) = "
                            "1"), 1);
    assert_int_equal(number("SELECT count(*) FROM job WHERE state = 'done'"), 1);
    assert_int_equal(acts, 1);
    assert_int_equal(number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), 0);
}

static void
what_could_not_be_done_outside_comes_again(void **state)
{
    struct desk *d = *state;
    begin(d);
    add(d, &mail, 3);
    must(d, db_commit(&d->s));
    start(d, &catalogue, 2);
    await("SELECT count(*) FROM job WHERE state = 'done'", 1);
    assert_int_equal(number("SELECT count(*) FROM effect WHERE what = 'not acted'"), 1);
    assert_int_equal(number("SELECT count(*) FROM effect WHERE what = 'finished'"), 1);
    assert_int_equal(number("SELECT count(*) FROM effect WHERE what = 'run'"), 2);
    assert_int_equal(number("SELECT count(*) FROM job WHERE attempts = 2 AND last_error = 'unavailable: mail server "
                            "is gone'"), 1);
    assert_int_equal(acts, 2);
}

static _Atomic int slow_now, slow_most;

static bool
act_slowly(struct scope *s, void *args)
{
    (void)s;
    (void)args;
    int now = ++slow_now;
    if (now > slow_most)
        slow_most = now;
    usleep(30000); /* the slow server itself: long enough that all threads would meet here */
    slow_now--;
    return true;
}

static void
a_slow_kind_leaves_threads_for_the_others(void **state)
{
    struct desk *d = *state;
    static const struct job_kind slow = { .name = "slow", .prose = "", .args = &effect_shape, .run = prepare,
                                          .act = act_slowly, .finish = finish_inside, .parallel_max = 2 };
    static const struct job_kind *const here[] = { &slow, &plain };
    static const struct job_catalogue catalogue_here = { here, 2 };
    begin(d);
    for (int i = 0; i < 30; i++)
        add(d, &slow, i);
    must(d, db_commit(&d->s));
    start(d, &catalogue_here, 6);
    await(OPEN_JOBS, 0);
    assert_int_equal(number("SELECT count(*) FROM effect WHERE what = 'finished'"), 30);
    assert_int_equal(slow_most, 2);
}

/* Workers in a process of their own, to be killed. */
static pid_t
start_process(const struct job_catalogue *c)
{
    pid_t child = fork();
    if (child != 0)
        return child;
    const struct db_settings settings = { .url = database.url, .role = "yagura_jobs" };
    if (!job_workers_start(&settings, &system_clock, c, NULL, 2))
        _exit(1);
    for (;;)
        pause();
}

static void
kill_hard(pid_t child)
{
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void
killed_workers_lose_nothing_and_repeat_nothing(void **state)
{
    struct desk *d = *state;
    begin(d);
    for (int i = 0; i < 5000; i++)
        add(d, &plain, i);
    must(d, db_commit(&d->s));
    pid_t other = start_process(&catalogue);
    for (int i = 1; i <= 5; i++) {
        pid_t child = start_process(&catalogue);
        int64_t done = number("SELECT count(*) FROM effect"), goal = done + 200 < 5000 ? done + 200 : 5000;
        while (number("SELECT count(*) FROM effect") < goal)
            usleep(500);
        kill_hard(child);
    }
    await(OPEN_JOBS, 0);
    kill_hard(other);
    assert_int_equal(number("SELECT count(*) FROM effect"), 5000);
    assert_int_equal(number("SELECT count(DISTINCT number) FROM effect"), 5000);
}

static void
a_job_whose_worker_was_killed_while_acting_is_taken_up_by_another(void **state)
{
    struct desk *d = *state;
    static const struct job_kind endless_here =
        { .name = "endless", .prose = "", .args = &effect_shape, .run = prepare,
                                                  .act = act_outside, .finish = finish_inside };
    static const struct job_kind *const here[] = { &endless_here };
    static const struct job_catalogue catalogue_here = { here, 1 };
    begin(d);
    add(d, &endless, 4);
    must(d, db_commit(&d->s));
    pid_t child = start_process(&endless_catalogue);
    await("SELECT count(*) FROM job WHERE state = 'acting'", 1);
    start(d, &catalogue_here, 1);
    usleep(2500000); /* longer than the look for abandoned jobs: this one is not */
    assert_int_equal(number("SELECT count(*) FROM job WHERE state = 'acting' AND attempts = 1"), 1);
    assert_int_equal(acts, 0);
    kill_hard(child);
    await("SELECT count(*) FROM job WHERE state = 'done' AND attempts = 2", 1);
    assert_int_equal(acts, 1);
}

static void
a_server_that_stalls_holds_up_nothing_inside_the_database(void **state)
{
    struct desk *d = *state;
    const uint64_t open = 1;
    gate = eventfd(0, EFD_CLOEXEC);
    acts = 0;
    begin(d);
    for (int i = 0; i < 10; i++)
        add(d, &stalled, i);
    must(d, db_commit(&d->s));
    start(d, &stalled_catalogue, 3);
    await("SELECT count(*) FROM job WHERE state = 'acting'", 2);
    begin(d);
    add(d, &plain, 1);
    must(d, db_commit(&d->s));
    await("SELECT count(*) FROM job WHERE kind = 'plain' AND state = 'done'", 1);
    assert_int_equal(number("SELECT count(*) FROM job WHERE kind = 'stalled' AND state = 'done'"), 0);
    assert_int_equal(write(gate, &open, sizeof open), sizeof open);
    await(OPEN_JOBS, 0);
    assert_int_equal(acts, 10);
    close(gate);
}

static void
workers_outlive_a_restart_of_the_database(void **state)
{
    struct desk *d = *state;
    start(d, &catalogue, 2);
    await("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%' OR "
          "wait_event = 'ClientRead' AND usename = 'yagura' AND datname = current_database() AND pid <> "
          "pg_backend_pid()", 2);
    database_run(database.admin, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = "
                                 "current_database() AND pid <> pg_backend_pid()");
    begin(d);
    add(d, &plain, 1);
    must(d, db_commit(&d->s));
    await(OPEN_JOBS, 0);
    assert_int_equal(number("SELECT count(*) FROM effect"), 1);
}

static void
work_of_the_platform_sees_all_only_when_it_asks(void **state)
{
    struct desk *d = *state;
    const struct uuid none = { { 0 } };
    const struct effect e = { .what = STR("alone") };
    struct uuid provider;
    assert_true(uuid_parse(STR("00000000-0000-7000-8000-000000000001"), &provider));
    must(d, db_begin(&d->s, d->db, (struct uuids){ &provider, 1 }));
    must(d, job_add(&d->s, &everyone, none, NULL, (struct instant){ 0 }, STR_NONE));
    must(d, job_add(&d->s, &plain, none, &e, (struct instant){ 0 }, STR_NONE));
    must(d, db_commit(&d->s));
    start(d, &catalogue, 1);
    await(OPEN_JOBS, 0);
    assert_int_equal(number("SELECT count(*) FROM effect WHERE what = 'everyone' AND array_length(tenants, 1) = "
                            "3"), 1);
    assert_int_equal(number("SELECT count(*) FROM effect WHERE what = 'alone' AND array_length(tenants, 1) = 1"),
                     1);
}

static void
its_queries_fit_the_database(void **state)
{
    struct desk *d = *state;
    const struct db_catalogue c = { .queries = job_queries, .query_count = job_query_count };
    must(d, db_check(&d->s, d->db, &c));
}

static void
old_rows_are_swept(void **state)
{
    struct desk *d = *state;
    database_run(database.admin,
                 "INSERT INTO job (id, kind, state, run_at, created_at, ended_at) VALUES "
                 "(gen_random_uuid(), 'plain', 'done', now(), now(), now() - interval '25 hours'),"
                 "(gen_random_uuid(), 'plain', 'done', now(), now(), now() - interval '23 hours'),"
                 "(gen_random_uuid(), 'plain', 'dead', now(), now(), now() - interval '25 hours');"
                 "INSERT INTO change (tenant_id, at, noun, verb) VALUES (gen_random_uuid(), now() - interval '8 "
                 "days', 'x', 'y')");
    start(d, &catalogue, 1);
    await("SELECT count(*) FROM job", 2);
    await("SELECT count(*) FROM change", 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_job_runs_once_with_its_arguments_for_its_tenant, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_job_that_is_not_due_waits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_bad_job_neither_stops_nor_repeats_its_neighbours, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_unique_key_keeps_a_second_one_out_until_the_first_runs, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(acting_goes_from_run_over_act_to_finish, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_could_not_be_done_outside_comes_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_slow_kind_leaves_threads_for_the_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(killed_workers_lose_nothing_and_repeat_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_job_whose_worker_was_killed_while_acting_is_taken_up_by_another, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_server_that_stalls_holds_up_nothing_inside_the_database, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(workers_outlive_a_restart_of_the_database, set_up, tear_down),
        cmocka_unit_test_setup_teardown(work_of_the_platform_sees_all_only_when_it_asks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(its_queries_fit_the_database, set_up, tear_down),
        cmocka_unit_test_setup_teardown(old_rows_are_swept, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
