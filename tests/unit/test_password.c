#include "tests/unit/claims.h"

#include "workflows/password.h"

static struct scope
trial(struct arena *a)
{
    return scope_new(a, (struct instant){ SECONDS(1790000000) });
}

static void
common_passwords_are_seen_through_their_disguise(void **state)
{
    static const char *const common[] = {
        "Password12345!", "passwordpassword", "P@ssw0rd2026", "administrator1", "qwertyuiop123", "aaaaaaaaaaaa",
        "abcdefghijkl", "123456789012", "098765432109", "letmeinletmein", "Sunshine2024!!", "iloveyou12345",
        "1qaz2wsx3edc!", "sakura20261121", "Welcome2026!!", "zxcvbnmasdfgh", "QWERTYqwerty!!",
    };
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(64 << 10);
    for (size_t i = 0; i < COUNT_OF(common); i++)
        if (!password_is_common(a, str_of(common[i])))
            claim_failed("%s passed", common[i]);
}

static void
passwords_made_of_many_ideas_are_fine(void **state)
{
    static const char *const fine[] = {
        "yagura-demo-2026", "green harbour 47 lantern", "correct horse battery staple", "x7!kQ2#vR9$m",
        "桜の木の下で待っている春", "dragon monkey sunshine river", "Tr0ub4dor&3xyz",
    };
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(64 << 10);
    for (size_t i = 0; i < COUNT_OF(fine); i++)
        if (password_is_common(a, str_of(fine[i])))
            claim_failed("%s was refused", fine[i]);
}

static enum fault
fault_of(const char *password)
{
    scoped(arena_end) struct arena *a = arena_new(64 << 10);
    struct scope s = trial(a);
    if (password_acceptable(&s, str_of(password), STR("ito.kenichi@aoba-seisaku.example"), STR("Kenichi Ito")))
        return FAULT_NONE;
    assert_true(str_is(s.failure.violations[0].pointer, "/password"));
    return s.failure.violations[0].fault;
}

static void
length_is_counted_in_characters(void **state)
{
    (void)state;
    assert_int_equal(fault_of("k7#mQ2!vX9z"), FAULT_TOO_SHORT);
    assert_int_equal(fault_of("k7#mQ2!vX9zp"), FAULT_NONE);
    assert_int_equal(fault_of("桜の木の下で待つ春の日"), FAULT_TOO_SHORT); /* 11, in 33 bytes */
    assert_int_equal(fault_of("桜の木の下で待つ春の日々"), FAULT_NONE);
    char longest[PASSWORD_CHARACTERS_MAX + 2];
    for (size_t i = 0; i <= PASSWORD_CHARACTERS_MAX; i++)
        longest[i] = (char)('!' + i * 7 % 90);
    longest[PASSWORD_CHARACTERS_MAX + 1] = 0;
    assert_int_equal(fault_of(longest), FAULT_TOO_LONG);
}

static void
ones_own_name_and_address_are_no_password(void **state)
{
    (void)state;
    assert_int_equal(fault_of("KenichiIto2026"), FAULT_COMMON_PASSWORD);
    assert_int_equal(fault_of("seisakukenichi!"), FAULT_COMMON_PASSWORD);
    assert_int_equal(fault_of("kenichi likes 3 green tea"), FAULT_NONE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(common_passwords_are_seen_through_their_disguise),
        cmocka_unit_test(passwords_made_of_many_ideas_are_fine),
        cmocka_unit_test(length_is_counted_in_characters),
        cmocka_unit_test(ones_own_name_and_address_are_no_password),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
