/* Which part of a file a Range header asks for. */
#include "server/http/file_answer.h"
#include "tests/unit/claims.h"

static void
expect_part(const char *header, int64_t size, int64_t first, int64_t length)
{
    int64_t at, bytes;
    assert_int_equal(range_parse(str_of(header), size, &at, &bytes), RANGE_PART);
    assert_int_equal(at, first);
    assert_int_equal(bytes, length);
}

static void
parts_are_cut_to_the_file(void **state)
{
    (void)state;
    expect_part("bytes=0-99", 1000, 0, 100);
    expect_part("bytes=990-2000", 1000, 990, 10);
    expect_part("bytes=5-", 1000, 5, 995);
    expect_part("bytes=-5", 1000, 995, 5);
    expect_part("bytes=-5000", 1000, 0, 1000);
    expect_part(" bytes=0-0 ", 1, 0, 1);
}

static void
what_is_behind_the_end_is_impossible(void **state)
{
    int64_t at, bytes;
    (void)state;
    assert_int_equal(range_parse(STR("bytes=1000-"), 1000, &at, &bytes), RANGE_IMPOSSIBLE);
    assert_int_equal(range_parse(STR("bytes=-0"), 1000, &at, &bytes), RANGE_IMPOSSIBLE);
    assert_int_equal(range_parse(STR("bytes=0-"), 0, &at, &bytes), RANGE_IMPOSSIBLE);
}

static void
what_is_no_single_range_counts_as_none(void **state)
{
    static const char *const headers[] = { "bytes=", "bytes=-", "bytes=a-b", "bytes=5-1", "bytes=0-1,3-4", "lines=0-1",
                                           "bytes", "", "bytes=99999999999999999999-", "bytes=0-1-2", "bytes=--5" };
    int64_t at, bytes;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(headers); i++)
        if (range_parse(str_of(headers[i]), 1000, &at, &bytes) != RANGE_NONE)
            claim_failed("'%s' is a range", headers[i]);
    assert_int_equal(range_parse(STR_NONE, 1000, &at, &bytes), RANGE_NONE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_cut_to_the_file),
        cmocka_unit_test(what_is_behind_the_end_is_impossible),
        cmocka_unit_test(what_is_no_single_range_counts_as_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
