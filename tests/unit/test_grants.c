#include "tests/unit/claims.h"

#include "model/permission.h"
#include "model/principal.h"

static void
every_function_and_level_reads_back_as_it_is_written(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(4096);
    for (uint8_t f = FUNCTION_SIGNED_IN + 1; f < FUNCTION_COUNT; f++)
        for (uint8_t level = LEVEL_READ; level <= LEVEL_WRITE; level++) {
            struct permission p;
            assert_true(grant_parse(grant_format(a, (struct permission){ f, level }), &p));
            assert_int_equal(p.function, f);
            assert_int_equal(p.level, level);
        }
}

static void
what_is_no_grant_is_refused(void **state)
{
    static const char *const wrong[] = { "", ":", "people", "people:", ":write", "people:delete", "people:write:x",
                                         "People:write", "people :write", "public:read", "nothing:read" };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct permission p;
        if (grant_parse(str_of(wrong[i]), &p))
            claim_failed("'%s' was taken for a grant", wrong[i]);
    }
}

static void
the_highest_level_of_a_function_counts(void **state)
{
    (void)state;
    struct str grants[] = { STR("people:write"), STR("people:read"), STR("audit:read"), STR("tomorrow:write") };
    struct principal who = { .kind = PRINCIPAL_SESSION };
    grants_to_levels((struct strs){ grants, COUNT_OF(grants) }, who.levels);
    assert_true(principal_may(&who, CAN_WRITE(PEOPLE)));
    assert_true(principal_may(&who, CAN_READ(AUDIT)));
    assert_false(principal_may(&who, CAN_USE(AUDIT)));
    assert_false(principal_may(&who, CAN_READ(TENANTS)));
    assert_true(principal_may(&who, SIGNED_IN));
}

static struct principal_row
open_row(void)
{
    static struct str grants[] = { STR("people:write") };
    return (struct principal_row){ .outcome = OUTCOME_OPEN, .side = SIDE_PROVIDER, .stage = STAGE_COMPLETE,
                                   .grants = { grants, 1 } };
}

static void
a_session_before_its_second_factor_may_nothing(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(4096);
    struct principal_ask ask = { .kind = STR("session") };
    for (enum session_stage stage = STAGE_TOTP_ENROLMENT; stage <= STAGE_COMPLETE; stage++) {
        struct scope s = scope_new(a, (struct instant){ 1 });
        struct principal_row row = open_row();
        struct principal who;
        row.stage = stage;
        assert_true(principal_read(&s, &ask, &row, &who));
        assert_int_equal(principal_may(&who, CAN_READ(PEOPLE)), stage == STAGE_COMPLETE);
    }
}

static void
every_other_outcome_is_a_refusal_that_says_no_more_than_it_must(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(4096);
    struct principal_ask ask = { .kind = STR("session") };
    for (int outcome = OUTCOME_NONE; outcome <= OUTCOME_TENANT; outcome++) {
        struct scope s = scope_new(a, (struct instant){ 1 });
        struct principal_row row = open_row();
        struct principal who = { 0 };
        if (outcome == OUTCOME_OPEN)
            continue;
        row.outcome = (enum principal_outcome)outcome;
        assert_false(principal_read(&s, &ask, &row, &who));
        assert_int_equal(s.failure.problem->status, outcome == OUTCOME_TENANT ? 404 : 401);
        assert_int_equal(who.kind, PRINCIPAL_NONE);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_function_and_level_reads_back_as_it_is_written),
        cmocka_unit_test(what_is_no_grant_is_refused),
        cmocka_unit_test(the_highest_level_of_a_function_counts),
        cmocka_unit_test(a_session_before_its_second_factor_may_nothing),
        cmocka_unit_test(every_other_outcome_is_a_refusal_that_says_no_more_than_it_must),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
