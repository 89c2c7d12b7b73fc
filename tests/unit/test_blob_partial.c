/* What arrives in parts: resumed where it was safe, with the hashes of the whole; what is sealed opens with its key. */
#include <dirent.h>
#include <sys/stat.h>

#include "core/base/crypto.h"
#include "core/db/blob_partial.h"
#include "tests/unit/claims.h"

struct bench {
    struct arena *arena;
    struct scope scope;
    struct blob_store *store;
    char folder[96];
    struct uuid id;
};

static int
set_up(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    assert_true(crypto_start());
    b->arena = arena_new(1 << 16);
    b->scope = scope_new(b->arena, (struct instant){ SECONDS(1795000000) });
    b->id = uuid_new(b->scope.now);
    temporary_name(b->folder, sizeof b->folder, "part");
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

static int
files_in(const struct bench *b, const char *shelf)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", b->folder, shelf);
    DIR *folder = opendir(path);
    assert_non_null(folder);
    int count = 0;
    for (struct dirent *e; (e = readdir(folder));)
        count += e->d_name[0] != '.';
    closedir(folder);
    return count;
}

static struct partial *
at(struct bench *b, int64_t offset, struct bytes state)
{
    struct partial *p;
    assert_true(partial_open(&b->scope, b->store, b->id, &p));
    assert_true(partial_resume(&b->scope, p, offset, state));
    return p;
}

static void
put(struct bench *b, struct partial *p, const char *text)
{
    assert_true(partial_write(&b->scope, p, text, strlen(text)));
}

static void
expect_hashes(struct bench *b, const struct digests *found, const char *sha1, const char *md5)
{
    struct bytes one = { { (const char *)found->sha1, sizeof found->sha1 } };
    struct bytes two = { { (const char *)found->md5, sizeof found->md5 } };
    assert_string_equal(hex_of(b->arena, one).at, sha1);
    assert_string_equal(hex_of(b->arena, two).at, md5);
}

/* of "hello world", by sha1sum and md5sum */
#define HELLO_SHA1 "2aae6c35c94fcfb415dbe95f408b9ce91ee846ed"
#define HELLO_MD5 "5eb63bbbe01eeed093cb22bb8f5acdc3"

static void
expect_hello(struct bench *b, struct partial *p)
{
    struct blob_facts facts;
    struct bytes expected = sha256_of(b->arena, STR("hello world"));
    assert_true(partial_settle(&b->scope, p, &facts));
    assert_memory_equal(facts.id.sha256, expected.raw.at, 32);
    assert_int_equal(facts.bytes, 11);
    expect_hashes(b, &facts.digests, HELLO_SHA1, HELLO_MD5);
}

static void
a_file_goes_on_where_it_was_safe(void **state)
{
    struct bench *b = *state;
    struct partial *p = at(b, 0, (struct bytes){ STR_NONE });
    put(b, p, "hello ");
    struct bytes kept = partial_state(b->arena, p);
    put(b, p, "wor and what nobody noted");
    assert_true(partial_sync(&b->scope, p));
    partial_close(p); /* the process died */
    p = at(b, 6, kept);
    put(b, p, "world");
    expect_hello(b, p);
    partial_drop(p);
    assert_int_equal(files_in(b, "partial"), 0);
}

static void
a_state_that_cannot_be_read_costs_reading_the_file(void **state)
{
    struct bench *b = *state;
    struct partial *p = at(b, 0, (struct bytes){ STR_NONE });
    put(b, p, "hello ");
    partial_close(p);
    p = at(b, 6, (struct bytes){ STR("of another machine") });
    put(b, p, "world");
    expect_hello(b, p);
}

static void
one_writes_at_a_time(void **state)
{
    struct bench *b = *state;
    struct partial *first = at(b, 0, (struct bytes){ STR_NONE }), *second;
    assert_false(partial_open(&b->scope, b->store, b->id, &second));
    assert_ptr_equal(b->scope.failure.problem, &partial_busy);
    scope_forgive(&b->scope);
    partial_close(first);
    assert_true(partial_open(&b->scope, b->store, b->id, &second));
}

static void
what_the_store_lost_is_said(void **state)
{
    struct bench *b = *state;
    struct partial *p;
    assert_true(partial_open(&b->scope, b->store, b->id, &p));
    assert_false(partial_resume(&b->scope, p, 6, (struct bytes){ STR_NONE }));
    assert_ptr_equal(b->scope.failure.problem, &partial_gone);
}

static bool
reads_as(struct bench *b, struct blob_reader *r, const char *expected)
{
    struct text t = text_new(b->arena, 1 << 20);
    char piece[1000];
    size_t got = 1;
    while (got) {
        if (!blob_read(&b->scope, r, piece, sizeof piece, &got))
            return false;
        text_add(&t, (struct str){ piece, got });
    }
    return str_is(text_str(&t), expected);
}

static void
settled_but_never_noted_it_can_be_gone_on_with_and_the_blob_stays(void **state)
{
    struct bench *b = *state;
    struct partial *p = at(b, 0, (struct bytes){ STR_NONE });
    struct blob_facts first, second;
    struct blob_reader *r;
    put(b, p, "hello ");
    struct bytes kept = partial_state(b->arena, p);
    put(b, p, "world");
    assert_true(partial_settle(&b->scope, p, &first));
    partial_close(p); /* the commit failed */
    p = at(b, 6, kept);
    put(b, p, "there");
    assert_true(partial_settle(&b->scope, p, &second));
    assert_true(blob_open(&b->scope, b->store, first.id, &r));
    assert_true(reads_as(b, r, "hello world"));
    assert_true(blob_open(&b->scope, b->store, second.id, &r));
    assert_true(reads_as(b, r, "hello there"));
}

static struct blob_id
store_bytes(struct bench *b, const char *data, size_t bytes)
{
    struct blob_writer *w;
    struct blob_facts facts;
    assert_true(blob_begin(&b->scope, b->store, &w));
    assert_true(blob_write(&b->scope, w, data, bytes));
    assert_true(blob_finish(&b->scope, w, &facts));
    return facts.id;
}

static void
a_sealed_blob_opens_with_its_key_alone(void **state)
{
    struct bench *b = *state;
    static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 200000 };
    const struct secret_key key = { { 1 } }, other = { { 2 } };
    char *data = arena_alloc(b->arena, 200001);
    memset(data, 'm', 200000);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct blob_reader *r;
        struct blob_id id = store_bytes(b, data, sizes[i]);
        assert_true(blob_seal(&b->scope, b->store, &key, id));
        assert_true(blob_remove(&b->scope, b->store, id));
        assert_false(blob_open(&b->scope, b->store, id, &r));
        scope_forgive(&b->scope);
        assert_true(blob_open_sealed(&b->scope, b->store, &key, id, &r));
        assert_int_equal(blob_size(r), sizes[i]);
        struct str content = str_head((struct str){ data, 200000 }, sizes[i]);
        assert_true(reads_as(b, r, str_copy(b->arena, content).at));
        bool opened = blob_open_sealed(&b->scope, b->store, &other, id, &r);
        assert_false(opened && reads_as(b, r, ""));
        scope_forgive(&b->scope);
    }
    assert_int_equal(files_in(b, "incoming"), 0);
}

static void
a_sealed_blob_that_was_touched_or_cut_does_not_open(void **state)
{
    struct bench *b = *state;
    const struct secret_key key = { { 1 } };
    static const char *const damages[] = { "truncate -s -1 %s/sealed/*/*", "truncate -s 24 %s/sealed/*/*",
        "printf x | dd of=$(echo %s/sealed/*/*) bs=1 seek=100 conv=notrunc 2>/dev/null" };
    char *data = arena_alloc(b->arena, 70000);
    for (size_t i = 0; i < COUNT_OF(damages); i++) {
        char command[400];
        struct blob_reader *r;
        struct blob_id id = store_bytes(b, data, 70000);
        assert_true(blob_seal(&b->scope, b->store, &key, id));
        snprintf(command, sizeof command, damages[i], b->folder);
        assert_int_equal(system(command), 0);
        assert_true(blob_open_sealed(&b->scope, b->store, &key, id, &r));
        assert_false(reads_as(b, r, ""));
        assert_ptr_equal(b->scope.failure.problem, &problem_internal);
        scope_forgive(&b->scope);
    }
}

static void
old_parts_are_listed_and_new_ones_are_not(void **state)
{
    struct bench *b = *state;
    struct uuids found;
    partial_close(at(b, 0, (struct bytes){ STR_NONE }));
    struct instant now = { SECONDS((int64_t)time(NULL)) };
    assert_true(partial_list(&b->scope, b->store, instant_plus(now, -HOURS(1)), &found));
    assert_int_equal(found.count, 0);
    assert_true(partial_list(&b->scope, b->store, instant_plus(now, HOURS(1)), &found));
    assert_int_equal(found.count, 1);
    assert_true(uuid_eq(found.items[0], b->id));
}

static void
what_a_killed_process_left_is_swept_when_it_is_old(void **state)
{
    struct bench *b = *state;
    struct blob_writer *w;
    char command[400];
    int64_t gone;
    struct instant now = { SECONDS((int64_t)time(NULL)) };
    assert_true(blob_begin(&b->scope, b->store, &w)); /* somebody writes right now */
    snprintf(command, sizeof command, "touch -d '2 days ago' %s/incoming/dead %s/partial/x.copy", b->folder, b->folder);
    assert_int_equal(system(command), 0);
    partial_close(at(b, 0, (struct bytes){ STR_NONE }));
    assert_true(blob_sweep(&b->scope, b->store, instant_plus(now, -DAYS(1)), &gone));
    assert_int_equal(gone, 2);
    assert_int_equal(files_in(b, "incoming"), 1);
    assert_int_equal(files_in(b, "partial"), 1);
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CLAIM(a_file_goes_on_where_it_was_safe),
        CLAIM(a_state_that_cannot_be_read_costs_reading_the_file),
        CLAIM(one_writes_at_a_time),
        CLAIM(what_the_store_lost_is_said),
        CLAIM(settled_but_never_noted_it_can_be_gone_on_with_and_the_blob_stays),
        CLAIM(a_sealed_blob_opens_with_its_key_alone),
        CLAIM(a_sealed_blob_that_was_touched_or_cut_does_not_open),
        CLAIM(old_parts_are_listed_and_new_ones_are_not),
        CLAIM(what_a_killed_process_left_is_swept_when_it_is_old),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
