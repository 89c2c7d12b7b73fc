/* What a form takes and refuses, without a database. */
#include "tests/unit/claims.h"

#include "workflows/forms.h"

static struct form_choice yes_no[] = { { STR("yes"), STR("Yes"), STR("はい") }, { STR("no"), STR("No"), STR("いいえ") } };
static struct form_field fields[] = {
    { .key = STR("name"), .kind = FORM_TEXT, .label_en = STR("Name"), .label_ja = STR("名前"), .required = true,
      .min = INT_NONE, .max = INT_NONE },
    { .key = STR("opened"), .kind = FORM_CHOICE, .min = INT_NONE, .max = INT_NONE, .choices = { yes_no, 2 } },
    { .key = STR("products"), .kind = FORM_NUMBER, .min = 0, .max = INT_NONE, .summed = true },
    { .key = STR("agents"), .kind = FORM_NUMBER, .min = 0, .max = 60, .summed = true },
    { .key = STR("date"), .kind = FORM_DATE, .min = INT_NONE, .max = INT_NONE },
    { .key = STR("hash"), .kind = FORM_HASH, .min = INT_NONE, .max = INT_NONE },
};

struct tried {
    struct arena *arena;
    struct scope s;
    struct rows answers;
    bool taken;
};

static struct tried
fill(struct form_entry *entries, size_t count)
{
    struct ticket_form form = { .fields = { fields, COUNT_OF(fields) }, .sum_max = 100 };
    struct tried t = { .arena = arena_new(1 << 20) };
    struct rows in = { entries, count };
    t.s = scope_new(t.arena, (struct instant){ 1 });
    t.taken = form_check(&t.s, &form, &in, &t.answers);
    return t;
}

#define FILL(...) fill((struct form_entry[]){ __VA_ARGS__ }, COUNT_OF(((struct form_entry[]){ __VA_ARGS__ })))
#define NAMED { STR("name"), STR("n") }

static void
refused_at(struct tried t, const char *pointer, enum fault fault)
{
    assert_false(t.taken);
    assert_int_equal(t.s.failure.violation_count, 1);
    assert_true(str_is(t.s.failure.violations[0].pointer, pointer));
    assert_int_equal(t.s.failure.violations[0].fault, fault);
    arena_free(t.arena);
}

static void
taken_as(struct tried t, size_t nth, const char *value)
{
    assert_true(t.taken);
    assert_true(nth < t.answers.count);
    assert_true(str_is(((struct form_answer *)t.answers.items)[nth].value, value));
    arena_free(t.arena);
}

static void
what_is_mandatory_must_be_filled(void **state)
{
    (void)state;
    refused_at(fill(NULL, 0), "/answers/name", FAULT_REQUIRED);
    refused_at(FILL({ STR("name"), STR("   ") }), "/answers/name", FAULT_REQUIRED);
    taken_as(FILL({ STR("name"), STR("  x ") }), 0, "x");
}

static void
a_choice_is_one_of_those_offered(void **state)
{
    (void)state;
    refused_at(FILL(NAMED, { STR("opened"), STR("Yes") }), "/answers/opened", FAULT_NOT_IN_DOMAIN);
    struct tried t = FILL(NAMED, { STR("opened"), STR("yes") });
    assert_true(str_is(((struct form_answer *)t.answers.items)[1].shown_ja, "はい"));
    taken_as(t, 1, "yes");
}

static void
numbers_keep_their_bounds_and_their_sum(void **state)
{
    (void)state;
    refused_at(FILL(NAMED, { STR("agents"), STR("61") }), "/answers/agents", FAULT_TOO_LARGE);
    refused_at(FILL(NAMED, { STR("agents"), STR("-1") }), "/answers/agents", FAULT_TOO_SMALL);
    refused_at(FILL(NAMED, { STR("agents"), STR("1.5") }), "/answers/agents", FAULT_WRONG_TYPE);
    refused_at(FILL(NAMED, { STR("agents"), STR("50") }, { STR("products"), STR("51") }), "/answers", FAULT_TOO_LARGE);
    taken_as(FILL(NAMED, { STR("agents"), STR("50") }, { STR("products"), STR("50") }), 1, "50");
    refused_at(FILL(NAMED, { STR("agents"), STR("60") }, { STR("products"), STR("9223372036854775807") }),
               "/answers/agents", FAULT_TOO_LARGE);
}

static void
dates_exist_and_hashes_have_their_length(void **state)
{
    (void)state;
    refused_at(FILL(NAMED, { STR("date"), STR("2026-02-30") }), "/answers/date", FAULT_BAD_FORMAT);
    taken_as(FILL(NAMED, { STR("date"), STR("2028-02-29") }), 1, "2028-02-29");
    refused_at(FILL(NAMED, { STR("hash"), STR("4b1c9d0e2f3a5b6c7d8e9f0011223344556677a") }), "/answers/hash",
               FAULT_BAD_FORMAT);
    refused_at(FILL(NAMED, { STR("hash"), STR("zb1c9d0e2f3a5b6c7d8e9f0011223344") }), "/answers/hash",
               FAULT_BAD_FORMAT);
    taken_as(FILL(NAMED, { STR("hash"), STR("4B1C9D0E2F3A5B6C7D8E9F0011223344") }), 1,
             "4b1c9d0e2f3a5b6c7d8e9f0011223344");
}

static void
what_the_form_does_not_ask_is_refused(void **state)
{
    (void)state;
    refused_at(FILL(NAMED, { STR("colour"), STR("red") }), "/answers/colour", FAULT_UNKNOWN);
    refused_at(FILL(NAMED, { STR("name"), STR("twice") }), "/answers/name", FAULT_DUPLICATE_KEY);
}

static void
everything_wrong_is_told_at_once(void **state)
{
    (void)state;
    struct tried t = FILL({ STR("agents"), STR("x") }, { STR("date"), STR("x") });
    assert_false(t.taken);
    assert_int_equal(t.s.failure.violation_count, 3);
    arena_free(t.arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_mandatory_must_be_filled),
        cmocka_unit_test(a_choice_is_one_of_those_offered),
        cmocka_unit_test(numbers_keep_their_bounds_and_their_sum),
        cmocka_unit_test(dates_exist_and_hashes_have_their_length),
        cmocka_unit_test(what_the_form_does_not_ask_is_refused),
        cmocka_unit_test(everything_wrong_is_told_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
