/* The rules that come with the product, against the events written beside them. */
#include "tests/unit/claims.h"

#include "xdr/rules_command.h"

static void
every_starter_rule_loads(void **state)
{
    (void)state;
    char *arguments[] = { (char[]){ "check" }, (char[]){ YAGURA_SOURCE_DIR "/rules" } };
    assert_int_equal(rules_command(2, arguments), 0);
}

static void
every_starter_rule_passes_its_tests(void **state)
{
    (void)state;
    char *arguments[] = { (char[]){ "test" }, (char[]){ YAGURA_SOURCE_DIR "/rules" } };
    assert_int_equal(rules_command(2, arguments), 0);
}

static void
a_rule_that_fails_its_test_is_told(void **state)
{
    (void)state;
    char *arguments[] = { (char[]){ "test" }, (char[]){ YAGURA_SOURCE_DIR "/tests/fixtures/failing_rules" } };
    assert_int_equal(rules_command(2, arguments), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_starter_rule_loads),
        cmocka_unit_test(every_starter_rule_passes_its_tests),
        cmocka_unit_test(a_rule_that_fails_its_test_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
