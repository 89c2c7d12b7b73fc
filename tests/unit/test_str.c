#include <setjmp.h>
#include <stdarg.h>

#include "core/base/str.h"

#include <cmocka.h>

static void
absent_is_not_empty(void **state)
{
    (void)state;
    assert_null(str_of(NULL).at);
    assert_non_null(STR("").at);
    assert_true(str_eq(STR_NONE, STR("")));
}

static void
cut_takes_the_part_before_the_mark_and_then_the_rest(void **state)
{
    struct str rest = STR("a,,b"), part;

    (void)state;
    assert_true(str_cut(&rest, ',', &part));
    assert_true(str_is(part, "a"));
    assert_true(str_cut(&rest, ',', &part));
    assert_int_equal(part.len, 0);
    assert_true(str_cut(&rest, ',', &part));
    assert_true(str_is(part, "b"));
    assert_false(str_cut(&rest, ',', &part));
}

static void
int_refuses_what_is_not_wholly_a_number(void **state)
{
    const struct str refused[] = { STR(""), STR("-"), STR("+ 1"), STR(" 1"), STR("1 "), STR("0x10"), STR("1e3"),
                                   STR("9223372036854775808"), STR("-9223372036854775809"), STR_NONE };
    int64_t value = 7;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        assert_false(str_int(refused[i], &value));
    assert_true(str_int(STR("-9223372036854775808"), &value));
    assert_true(value == INT64_MIN);
    assert_true(str_int(STR("9223372036854775807"), &value));
    assert_true(value == INT64_MAX);
}

static void
utf8_refuses_overlong_surrogate_truncated_and_nul(void **state)
{
    const struct str refused[] = { STR("\xc0\xaf"), STR("\xe0\x80\xaf"), STR("\xed\xa0\x80"), STR("\xf4\x90\x80\x80"),
                                   STR("\xe6\xab"), STR("\x80"), STR("a\0b"), STR("\xff") };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        assert_false(str_is_utf8(refused[i]));
    assert_true(str_is_utf8(STR("櫓 yagura \xf0\x9f\x8f\xaf")));
    assert_int_equal(str_characters(STR("櫓 y")), 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absent_is_not_empty),
        cmocka_unit_test(cut_takes_the_part_before_the_mark_and_then_the_rest),
        cmocka_unit_test(int_refuses_what_is_not_wholly_a_number),
        cmocka_unit_test(utf8_refuses_overlong_surrogate_truncated_and_nul),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
