/* migrate: forward only, each file once, and whatever contradicts the past is named. */
#include <sys/stat.h>

#include "core/db/migrate.h"
#include "tests/unit/database.h"

struct bench {
    struct database database;
    struct arena *arena;
    struct scope scope;
    char folder[96];
};

static void
write_file(const struct bench *b, const char *name, const char *sql)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", b->folder, name);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs(sql, f);
    fclose(f);
}

static void
remove_file(const struct bench *b, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", b->folder, name);
    assert_int_equal(unlink(path), 0);
}

static int
set_up(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    database_make(&b->database, "migrate");
    b->arena = arena_new(1 << 16);
    b->scope = scope_new(b->arena, (struct instant){ 1 });
    temporary_name(b->folder, sizeof b->folder, "migrate");
    assert_non_null(mkdtemp(b->folder));
    write_file(b, "0001_first.sql", "CREATE TABLE first (n int);\nINSERT INTO first VALUES (1);");
    write_file(b, "0002_second.sql", "CREATE TABLE second (n int);");
    *state = b;
    return 0;
}

static int
tear_down(void **state)
{
    struct bench *b = *state;
    char command[128];
    arena_free(b->arena);
    database_end(&b->database);
    snprintf(command, sizeof command, "rm -rf %s", b->folder);
    assert_int_equal(system(command), 0);
    free(b);
    return 0;
}

static int
run(struct bench *b)
{
    int applied = -1;
    scope_forgive(&b->scope);
    bool done = migrate_run(&b->scope, b->database.url, b->folder, &applied);
    struct str detail = b->scope.failure.detail;
    if (!done)
        printf("# " STR_FMT "\n", STR_ARG(detail));
    return done ? applied : -1;
}

static void
refused_saying(struct bench *b, const char *words)
{
    int applied;
    scope_forgive(&b->scope);
    assert_false(migrate_run(&b->scope, b->database.url, b->folder, &applied));
    if (!str_contains(b->scope.failure.detail, str_of(words)))
        claim_failed("says " STR_FMT, STR_ARG(b->scope.failure.detail));
    arena_reset(b->arena); /* the connection and its lock end with the scope */
    b->scope = scope_new(b->arena, (struct instant){ 1 });
}

static int
run_alone(struct bench *b)
{
    int applied = run(b);
    arena_reset(b->arena);
    b->scope = scope_new(b->arena, (struct instant){ 1 });
    return applied;
}

static void
each_file_runs_once_and_in_order(void **state)
{
    struct bench *b = *state;
    int pending;
    assert_true(migrate_pending(&b->scope, b->database.url, b->folder, &pending));
    assert_int_equal(pending, 2);
    assert_int_equal(run_alone(b), 2);
    assert_int_equal(run_alone(b), 0);
    write_file(b, "0010_third.sql", "INSERT INTO first VALUES (2);");
    assert_int_equal(run_alone(b), 1);
    assert_int_equal(database_number(b->database.admin, "SELECT count(*) FROM first"), 2);
    assert_true(migrate_pending(&b->scope, b->database.url, b->folder, &pending));
    assert_int_equal(pending, 0);
}

static void
a_failing_file_names_its_line_and_leaves_nothing(void **state)
{
    struct bench *b = *state;
    write_file(b, "0003_broken.sql", "CREATE TABLE third (n int);\n-- 説明\nSELEKT 1;\n");
    refused_saying(b, "0003_broken.sql:3: syntax error");
    assert_int_equal(database_number(b->database.admin, "SELECT count(*) FROM pg_class WHERE relname = 'third'"), 0);
    assert_int_equal(database_number(b->database.admin, "SELECT count(*) FROM schema_migration"), 2);
    write_file(b, "0003_broken.sql", "CREATE TABLE third (n int);");
    assert_int_equal(run_alone(b), 1);
}

static void
a_file_that_changed_after_it_ran_is_refused(void **state)
{
    struct bench *b = *state;
    assert_int_equal(run_alone(b), 2);
    write_file(b, "0002_second.sql", "CREATE TABLE second (n bigint);");
    refused_saying(b, "0002_second.sql was changed after it ran");
}

static void
the_past_is_neither_thinned_nor_added_to(void **state)
{
    struct bench *b = *state;
    write_file(b, "0005_fifth.sql", "SELECT 1;");
    assert_int_equal(run_alone(b), 3);
    write_file(b, "0003_late.sql", "SELECT 1;");
    refused_saying(b, "0003_late.sql was added below one that already ran");
    remove_file(b, "0003_late.sql");
    remove_file(b, "0002_second.sql");
    refused_saying(b, "0002_second.sql ran here before but is missing");
}

static void
names_and_numbers_must_make_sense(void **state)
{
    struct bench *b = *state;
    write_file(b, "0002_again.sql", "SELECT 1;");
    refused_saying(b, "have the same number");
    remove_file(b, "0002_again.sql");
    write_file(b, "later.sql", "SELECT 1;");
    refused_saying(b, "later.sql is not named NUMBER_name.sql");
}

static void
a_file_may_ask_for_no_transaction(void **state)
{
    struct bench *b = *state;
    write_file(b, "0003_index.sql", "-- no-transaction\nCREATE INDEX CONCURRENTLY first_n ON first (n);");
    assert_int_equal(run_alone(b), 3);
    assert_int_equal(database_number(b->database.admin, "SELECT count(*) FROM pg_class WHERE relname = 'first_n'"), 1);
}

static void
a_missing_database_is_unavailable(void **state)
{
    struct bench *b = *state;
    int applied;
    assert_false(migrate_run(&b->scope, "host=/nowhere user=nobody dbname=none", b->folder, &applied));
    assert_ptr_equal(b->scope.failure.problem, &problem_unavailable);
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CLAIM(each_file_runs_once_and_in_order),
        CLAIM(a_failing_file_names_its_line_and_leaves_nothing),
        CLAIM(a_file_that_changed_after_it_ran_is_refused),
        CLAIM(the_past_is_neither_thinned_nor_added_to),
        CLAIM(names_and_numbers_must_make_sense),
        CLAIM(a_file_may_ask_for_no_transaction),
        CLAIM(a_missing_database_is_unavailable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
