/* The wizard's conditions become a text that means exactly what was written, whatever the values hold; proposals begin
 * with the narrowest; worlds keep customers apart. */
#include "workflows/exclusion_text.h"

#include "core/base/text.h"
#include "model/tenant.h"
#include "tests/unit/claims.h"
#include "workflows/rule_text.h"
#include "workflows/rule_world.h"
#include "xdr/engine.h"

static struct str
event_with(struct arena *a, struct str command)
{
    struct text t = text_new(a, 1 << 20);
    text_add_c(&t, "{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1,\"Image\":\"C:\\\\x.exe\","
                   "\"User\":\"A\\\\b\",\"CommandLine\":");
    json_write_str(&t, command);
    text_add_char(&t, '}');
    return text_str(&t);
}

static bool
covers(struct arena *a, enum exclusion_operator operator, struct str value, struct str command)
{
    struct exclusion_condition one = { STR("CommandLine"), operator, value, true };
    struct rows conditions = { &one, 1 };
    struct str text = exclusion_text_write(a, (struct uuid){ { 1 } }, STR("A \"title\": with # signs"), &conditions);
    struct rule_reading reading;
    assert_true(rule_text_read(a, RULE_IN_SIGMA, text, true, &reading, NULL));
    struct engine *e = engine_compile(reading.set);
    struct matcher *m = matcher_new(e);
    assert_null(matcher_run(m, event_with(a, command)).problem);
    bool holds = matcher_holds(m, 0);
    matcher_free(m);
    engine_free(e);
    return holds;
}

static void
a_condition_means_its_value_and_nothing_else(void **state)
{
    (void)state;
    static const char *const values[] = {
        "plain", "C:\\a\\b.exe", "\\\\server\\share\\", "a*b?c", "\\*", "\\\\*\\?", "ends with \\",
        "'single' \"double\"",
        "tab\there", "line\nbreak", "日本語 – ダッシュ", "%name%", "re: |contains", "- --- #x", "null", "true", "1", "~",
        "{\"json\": [1]}", " spaces ", "\\", "*", "?" };
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        scoped(arena_end) struct arena *a = arena_new(1 << 16);
        struct str v = str_of(values[i]);
        assert_true(covers(a, CONDITION_EQUALS, v, v));
        assert_false(covers(a, CONDITION_EQUALS, v, str_printf(a, STR_FMT "x", STR_ARG(v))));
        assert_false(covers(a, CONDITION_EQUALS, v, str_printf(a, "x" STR_FMT, STR_ARG(v))));
        assert_true(covers(a, CONDITION_STARTS, v, str_printf(a, STR_FMT "x", STR_ARG(v))));
        assert_true(covers(a, CONDITION_ENDS, v, str_printf(a, "x" STR_FMT, STR_ARG(v))));
        assert_true(covers(a, CONDITION_CONTAINS, v, str_printf(a, "x" STR_FMT "x", STR_ARG(v))));
        assert_false(covers(a, CONDITION_CONTAINS, v, STR("something else")));
    }
}

static void
nothing_switched_on_is_no_text(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct exclusion_condition one = { STR("Image"), CONDITION_EQUALS, STR("x"), false };
    assert_null(exclusion_text_write(a, (struct uuid){ { 1 } }, STR("t"), &(struct rows){ &one, 1 }).at);
}

static void
a_proposal_begins_with_the_narrowest(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct exclusion_proposal p;
    struct detection d = { .title = STR("T"), .computer_id = { { 7 } }, .command_line = STR("x.exe /a"),
                           .process_path = STR("C:\\x.exe"), .user_name = STR("A\\b"),
                           .parent_path = STR("C:\\lost.exe"),
                           .event = event_with(a, STR("x.exe /a")),
                           .matched = { STR("[{\"field\":\"CommandLine\",\"value\":\"x.exe /a\"}]") } };
    exclusion_propose(a, &d, &p);
    const struct exclusion_step *steps = p.steps.items;
    const struct exclusion_condition *conditions = p.conditions.items;
    assert_int_equal(p.steps.count, 3);
    assert_true(str_is(steps[0].name, "exact"));
    assert_int_equal(steps[0].scope, EXCLUDE_COMPUTER);
    assert_int_equal(steps[0].fields.count, 3); /* the event knows no parent, so none is proposed */
    assert_int_equal(p.conditions.count, 3);
    for (size_t i = 0; i < p.conditions.count; i++)
        assert_true(conditions[i].enabled);
    assert_true(steps[1].fields.count < steps[0].fields.count);
    assert_true(steps[2].fields.count < steps[1].fields.count);
}

static struct rule_world_row
row_of(uint8_t tenant, uint8_t id, const char *body)
{
    struct rule_world_row row = { .tenant_id = { { tenant } }, .id = { { 0x10, id } }, .language = RULE_IN_SIGMA,
                                  .state = RULE_ACTIVE, .key = STR("same"), .body = str_of(body), .title = STR("T"),
                                  .version = 1, .score = 50 };
    return row;
}

#define RULE(word)                                                                                          \
    "title: T\nid: same\nlogsource: {category: process_creation}\ndetection:\n  a: {CommandLine|contains: " word \
    "}\n  condition: a\n"

static void
two_customers_may_own_rules_of_one_id(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 16);
    struct rule_world_row rows[] = { row_of(1, 1, RULE("red")), row_of(2, 2, RULE("blue")),
                                     row_of(2, 3, "title: x\n") };
    struct world_input in = { .rules = { rows, COUNT_OF(rows) }, .generation = 5 };
    struct rule_world *w = rule_world_build(a, &in);
    assert_int_equal(w->set->rule_count, 2);
    assert_int_equal(w->refusal_count, 1); /* what cannot be read leaves the others in place */
    struct matcher *m = matcher_new(w->engine);
    struct matches found = matcher_run(m, event_with(a, STR("blue")));
    assert_int_equal(found.count, 1);
    const struct rule_world_row *row = &w->rows[w->infos[found.rules[0]].row];
    assert_true(rule_world_asks(w, row, (struct uuid){ { 2 } }));
    assert_false(rule_world_asks(w, row, (struct uuid){ { 1 } }));
    matcher_free(m);
    rule_world_end(w);
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_condition_means_its_value_and_nothing_else),
        cmocka_unit_test(nothing_switched_on_is_no_text),
        cmocka_unit_test(a_proposal_begins_with_the_narrowest),
        cmocka_unit_test(two_customers_may_own_rules_of_one_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
