/* blob: what was finished is there and whole, what was not is not there at all. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/base/crypto.h"
#include "core/db/blob.h"
#include "tests/unit/claims.h"

struct bench {
    struct arena *arena;
    struct scope scope;
    struct blob_store *store;
    char folder[96];
};

static int
set_up(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    assert_true(crypto_start());
    b->arena = arena_new(1 << 16);
    b->scope = scope_new(b->arena, (struct instant){ 1 });
    temporary_name(b->folder, sizeof b->folder, "blob");
    assert_non_null(mkdtemp(b->folder));
    assert_true(blob_store_open(&b->scope, b->folder, &b->store));
    *state = b;
    return 0;
}

static int
tear_down(void **state)
{
    struct bench *b = *state;
    char command[160];
    arena_free(b->arena);
    blob_store_close(b->store);
    snprintf(command, sizeof command, "rm -rf %s", b->folder);
    assert_int_equal(system(command), 0);
    free(b);
    return 0;
}

static struct blob_id
store_text(struct bench *b, const char *text)
{
    struct blob_writer *w;
    struct blob_facts facts;
    assert_true(blob_begin(&b->scope, b->store, &w));
    assert_true(blob_write(&b->scope, w, text, strlen(text)));
    assert_true(blob_finish(&b->scope, w, &facts));
    assert_int_equal(facts.bytes, strlen(text));
    return facts.id;
}

static int
files_incoming(const struct bench *b)
{
    char path[256];
    snprintf(path, sizeof path, "%s/incoming", b->folder);
    DIR *folder = opendir(path);
    assert_non_null(folder);
    int count = 0;
    for (struct dirent *e; (e = readdir(folder));)
        count += e->d_name[0] != '.';
    closedir(folder);
    return count;
}

static bool
read_all(struct bench *b, struct blob_id id, struct text *into)
{
    struct blob_reader *r;
    char piece[7];
    size_t got;
    if (!blob_open(&b->scope, b->store, id, &r))
        return false;
    do {
        if (!blob_read(&b->scope, r, piece, sizeof piece, &got))
            return false;
        text_add(into, (struct str){ piece, got });
    } while (got > 0);
    return true;
}

static void
blob_gives_back_what_was_written(void **state)
{
    struct bench *b = *state;
    struct blob_id id = store_text(b, "a memory dump, in several pieces");
    struct bytes expected = sha256_of(b->arena, STR("a memory dump, in several pieces"));
    assert_memory_equal(id.sha256, expected.raw.at, sizeof id.sha256);
    struct text content = text_new(b->arena, 1000);
    assert_true(read_all(b, id, &content));
    assert_string_equal(content.at, "a memory dump, in several pieces");
    assert_int_equal(files_incoming(b), 0);
}

static void
the_same_content_is_one_blob(void **state)
{
    struct bench *b = *state;
    struct blob_id first = store_text(b, "twice"), second = store_text(b, "twice");
    assert_memory_equal(first.sha256, second.sha256, sizeof first.sha256);
    assert_int_equal(files_incoming(b), 0);
}

static void
what_was_not_finished_leaves_nothing(void **state)
{
    struct bench *b = *state;
    struct blob_writer *w;
    assert_true(blob_begin(&b->scope, b->store, &w));
    assert_true(blob_write(&b->scope, w, "half", 4));
    assert_int_equal(files_incoming(b), 1);
    arena_reset(b->arena); /* the request ended */
    assert_int_equal(files_incoming(b), 0);
}

static void
an_unknown_blob_is_not_found(void **state)
{
    struct bench *b = *state;
    struct blob_reader *r;
    assert_false(blob_open(&b->scope, b->store, (struct blob_id){ { 1 } }, &r));
    assert_ptr_equal(b->scope.failure.problem, &problem_not_found);
}

static void
damage_is_told_when_reading(void **state)
{
    struct bench *b = *state;
    struct blob_id id = store_text(b, "evidence");
    char command[400];
    snprintf(command, sizeof command, "for f in %s/objects/*/*; do printf EVIDENCE > $f; done", b->folder);
    assert_int_equal(system(command), 0);
    struct text content = text_new(b->arena, 1000);
    assert_false(read_all(b, id, &content));
    assert_ptr_equal(b->scope.failure.problem, &problem_internal);
}

static void
a_full_disk_is_said_and_leaves_nothing(void **state)
{
    struct bench *b = *state;
    struct blob_writer *w;
    struct rlimit before, small;
    char block[4096] = { 0 };
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = (struct rlimit){ 10000, before.rlim_max };
    signal(SIGXFSZ, SIG_IGN);
    assert_true(blob_begin(&b->scope, b->store, &w));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    bool written = true;
    for (int i = 0; i < 5 && written; i++)
        written = blob_write(&b->scope, w, block, sizeof block);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_false(written);
    assert_ptr_equal(b->scope.failure.problem, &problem_storage_full);
    assert_int_equal(files_incoming(b), 0);
    struct blob_facts facts;
    assert_false(blob_finish(&b->scope, w, &facts));
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CLAIM(blob_gives_back_what_was_written),
        CLAIM(the_same_content_is_one_blob),
        CLAIM(what_was_not_finished_leaves_nothing),
        CLAIM(an_unknown_blob_is_not_found),
        CLAIM(damage_is_told_when_reading),
        CLAIM(a_full_disk_is_said_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
