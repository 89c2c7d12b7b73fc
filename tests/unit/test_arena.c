#include <setjmp.h>
#include <stdarg.h>
#include <stdalign.h>
#include <stdlib.h>

#include "core/base/arena.h"

#include <cmocka.h>

static bool
is_zero(const char *at, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (at[i])
            return false;
    return true;
}

static bool
is_all(const char *at, size_t bytes, char value)
{
    for (size_t i = 0; i < bytes; i++)
        if (at[i] != value)
            return false;
    return true;
}

/* Sizes around those from which a piece gets a block, and a block pages, of its own. */
static void
every_piece_is_zeroed_aligned_and_its_own(void **state)
{
    const size_t sizes[] = { 1, 15, 4096, 300 << 10, (2 << 20) - 64, 2 << 20, (2 << 20) + 1, 5 << 20, 3 };
    const size_t blocks[] = { 64, 1 << 20, 4 << 20 };
    char *pieces[COUNT_OF(sizes)];

    (void)state;
    for (size_t b = 0; b < COUNT_OF(blocks); b++) {
        struct arena *a = arena_new(blocks[b]);
        for (int life = 0; life < 3; life++) { /* what a life wrote is gone in the next one */
            for (size_t i = 0; i < COUNT_OF(sizes); i++) {
                pieces[i] = arena_alloc(a, sizes[i]);
                assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
                assert_true(is_zero(pieces[i], sizes[i]));
                memset(pieces[i], (int)i + 1, sizes[i]);
            }
            for (size_t i = 0; i < COUNT_OF(sizes); i++)
                assert_true(is_all(pieces[i], sizes[i], (char)(i + 1)));
            assert_true(arena_used(a) >= 5 << 20);
            arena_reset(a);
            assert_int_equal(arena_used(a), 0);
        }
        arena_free(a);
    }
}

static void
note_end(void *handle)
{
    static int order;
    *(int *)handle = ++order;
}

static void
what_was_deferred_last_ends_first(void **state)
{
    struct arena *a = arena_new(64);
    int first = 0, last = 0;

    (void)state;
    arena_defer(a, note_end, &first);
    arena_defer(a, note_end, &last);
    arena_free(a);
    assert_int_equal(last, 1);
    assert_int_equal(first, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_piece_is_zeroed_aligned_and_its_own),
                                        cmocka_unit_test(what_was_deferred_last_ends_first) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
