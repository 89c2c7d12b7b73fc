/* The XML front end: what a rule says about itself, what it does, and what is not let in. */
#include "tests/unit/claims.h"

#include "core/base/text.h"
#include "xdr/engine.h"
#include "xdr/rules_command.h"
#include "xdr/rulexml/rulexml.h"

#define DEFINITION "<definition><process><condition component='FileItem' property='FileName' condition='is'" \
                   " value='a.exe'/></process></definition>"

static struct arena *arena;

static struct ruleset *
set_of(const char *text)
{
    struct ruleset *set = ruleset_new(arena, NULL);
    ruleset_add_xml(set, STR("rule.xml"), str_of(text));
    ruleset_finish(set);
    return set;
}

static const struct rule *
rule_of(const char *text)
{
    const struct ruleset *set = set_of(text);
    if (set->refusal_count)
        claim_failed(STR_FMT, STR_ARG(set->refusals[0].reason));
    assert_true(set->rule_count > 0);
    return &set->rules[0];
}

static void
refused(const char *text, const char *reason, int line)
{
    const struct ruleset *set = set_of(text);
    assert_int_equal(set->rule_count, 0);
    assert_int_equal(set->refusal_count, 1);
    if (!str_contains(set->refusals[0].reason, str_of(reason)))
        claim_failed("refused for \"" STR_FMT "\"", STR_ARG(set->refusals[0].reason));
    assert_int_equal(set->refusals[0].line, line);
    assert_true(str_is(set->refusals[0].file, "rule.xml"));
}

static void
assert_text(struct str have, const char *want)
{
    if (!str_is(have, want))
        claim_failed("\"" STR_FMT "\" is not \"%s\"", STR_ARG(have), want);
}

static void
the_description_is_read_in_every_spelling(void **state)
{
    (void)state;
    const struct rule *r = rule_of(
        "<rule><description><name>Shell by Office [E0502]</name><category>Office</category><os>Windows</os>"
        "<severity>75</severity><mitreattackid> T1059.001, T1204 </mitreattackid><explanation>Why.</explanation>"
        "<malicious_causes>Bad.</malicious_causes><benigncauses>1. Good.\n 2. Better.\n</benigncauses>"
        "<recommendedActions>Look.</recommendedActions><guid>0a1b2c3d-0000-4000-8000-000000000001</guid>"
        "</description>" DEFINITION "<maliciousTarget name='current'/></rule>");
    assert_text(r->id, "0a1b2c3d-0000-4000-8000-000000000001");
    assert_text(r->name, "E0502");
    assert_text(r->title, "Shell by Office [E0502]");
    assert_text(r->category, "Office");
    assert_text(r->logsource.product, "windows");
    assert_text(r->logsource.category, "process_creation");
    assert_text(r->description, "Why.");
    assert_text(r->malicious_causes, "Bad.");
    assert_text(r->recommended_actions, "Look.");
    assert_text(r->malicious_target, "current");
    assert_int_equal(r->falsepositives.count, 2);
    assert_text(r->falsepositives.items[1], "2. Better.");
    assert_int_equal(r->tags.count, 2);
    assert_text(r->tags.items[0], "attack.t1059.001");
    assert_text(r->tags.items[1], "attack.t1204");
    assert_int_equal(r->score, 75);
    assert_int_equal(r->language, RULE_XML);
}

static void
the_score_gives_the_level(void **state)
{
    (void)state;
    static const struct {
        const char *severity, *level;
        int score;
    } rows[] = { { "1", "informational", 1 }, { "22", "informational", 22 }, { "23", "low", 23 }, { "39", "low", 39 },
                 { "40", "medium", 40 }, { "69", "medium", 69 }, { "70", "high", 70 }, { "89", "high", 89 },
                 { "90", "critical", 90 }, { "100", "critical", 100 } };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct rule *r = rule_of(str_printf(arena, "<rule><description><name>n</name><severity>%s</severity>"
                                                         "</description>" DEFINITION "</rule>", rows[i].severity).at);
        assert_int_equal(r->score, rows[i].score);
        assert_text(r->level, rows[i].level);
    }
    assert_int_equal(rule_of("<rule><description><name>n</name></description>" DEFINITION "</rule>")->score, 60);
}

static void
actions_keep_their_order_and_values(void **state)
{
    (void)state;
    const struct rule *r = rule_of("<rule><description><name>n</name></description>" DEFINITION
                                   "<actions><action name='triggerdetection'/><action name='KillProcess'/>"
                                   "<action name='IncreaseParentRiskScore' value='200'/></actions></rule>");
    assert_int_equal(r->action_count, 3);
    assert_text(r->actions[0].name, "TriggerDetection");
    assert_null(r->actions[0].value.at);
    assert_text(r->actions[1].name, "KillProcess");
    assert_text(r->actions[2].name, "IncreaseParentRiskScore");
    assert_text(r->actions[2].value, "200");
}

static void
the_old_single_action_is_understood(void **state)
{
    (void)state;
    const struct rule *r = rule_of("<rule><description><name>n</name></description>" DEFINITION
                                   "<maliciousProcess process='parent'/><action>MarkAsScript</action></rule>");
    assert_int_equal(r->action_count, 1);
    assert_text(r->actions[0].name, "MarkAsScript");
    assert_text(r->malicious_target, "parent");
}

static void
several_operations_are_one_rule_in_several_entries(void **state)
{
    (void)state;
    const struct ruleset *set = set_of(
        "<rule><description><name>n</name><guid>g-1</guid></description><definition><operations>"
        "<operation type='WriteFile'/><operation type='TcpIpConnect'/><operation type='TcpIpAccept'/>"
        "<operation type='DeleteFile'/></operations></definition></rule>");
    static const char *const categories[] = { "file_event", "network_connection", "file_delete",
                                              "file_delete_detected" };
    assert_int_equal(set->refusal_count, 0);
    assert_int_equal(set->rule_count, COUNT_OF(categories));
    for (size_t i = 0; i < COUNT_OF(categories); i++) {
        assert_text(set->rules[i].id, "g-1");
        assert_text(set->rules[i].logsource.category, categories[i]);
    }
}

static void
the_same_id_in_two_files_is_refused(void **state)
{
    (void)state;
    const char *text = "<rule><description><name>n</name><guid>g-1</guid></description>" DEFINITION "</rule>";
    struct ruleset *set = ruleset_new(arena, NULL);
    assert_true(ruleset_add_xml(set, STR("one.xml"), str_of(text)));
    assert_false(ruleset_add_xml(set, STR("two.xml"), str_of(text)));
    assert_int_equal(set->rule_count, 1);
    assert_text(set->refusals[0].file, "two.xml");
}

static void
a_rule_about_reputation_says_that_it_is_partly_evaluable(void **state)
{
    (void)state;
    const struct rule *r = rule_of("<rule><description><name>n</name><mitreattackid>T1</mitreattackid></description>"
                                   "<definition><process><condition component='LiveGrid' property='Popularity'"
                                   " condition='less' value='100'/></process></definition></rule>");
    assert_int_equal(r->tags.count, 2);
    assert_text(r->tags.items[1], "yagura.partly-evaluable");
    r = rule_of("<rule><description><name>n</name><mitreattackid>T1</mitreattackid></description>" DEFINITION
                "</rule>");
    assert_int_equal(r->tags.count, 1);
}

static bool
holds(const struct ruleset *set, const char *event)
{
    struct engine *engine = engine_compile(set);
    struct matcher *m = matcher_new(engine);
    struct matches found = matcher_run(m, str_of(event));
    assert_null(found.problem);
    assert_int_equal(found.count, 0);
    bool held = false;
    for (uint32_t i = 0; i < set->rule_count; i++)
        held = held || matcher_holds(m, i);
    matcher_free(m);
    engine_free(engine);
    return held;
}

static void
an_exclusion_waits_to_be_asked(void **state)
{
    (void)state;
    const struct ruleset *set = set_of("<rule><description><name>n</name><category>Exclusion</category></description>"
                                       DEFINITION "</rule>");
    assert_true(set->rules[0].on_demand);
    assert_null(set->rules[0].logsource.category.at);
    assert_true(holds(set, "{\"product\":\"windows\",\"category\":\"process_creation\",\"Image\":\"C:\\\\a.exe\"}"));
    assert_true(holds(set, "{\"product\":\"windows\",\"category\":\"file_event\",\"Image\":\"C:\\\\a.exe\"}"));
    assert_true(holds(set, "{\"product\":\"windows\",\"category\":\"process_access\","
                           "\"SourceImage\":\"C:\\\\a.exe\"}"));
    assert_false(holds(set, "{\"product\":\"windows\",\"category\":\"file_event\",\"Image\":\"C:\\\\b.exe\"}"));
}

static void
an_exclusion_with_an_operation_is_about_its_events(void **state)
{
    (void)state;
    const struct ruleset *set = set_of(
        "<rule><description><name>n</name><category>exclusion</category></description><definition><operations>"
        "<operation type='WriteFile'><condition component='FileItem' property='Extension' condition='is' value='tmp'/>"
        "</operation></operations></definition></rule>");
    assert_true(holds(set, "{\"product\":\"linux\",\"category\":\"file_event\",\"TargetFilename\":\"/a.tmp\"}"));
    assert_false(holds(set, "{\"product\":\"linux\",\"category\":\"file_delete\",\"TargetFilename\":\"/a.tmp\"}"));
}

static void
tests_beside_an_xml_rule_cover_all_its_operations(void **state)
{
    (void)state;
    char *arguments[] = { (char[]){ "test" }, (char[]){ YAGURA_SOURCE_DIR "/tests/fixtures/xml_rules" } };
    assert_int_equal(rules_command(2, arguments), 0);
}

static void
a_refusal_names_its_line(void **state)
{
    (void)state;
    refused("<rule>\n<description><name>n</name></description>\n<definition>\n<process>\n"
            "<condition component='FileItem' property='FileName' condition='resembles' value='a'/>\n"
            "</process></definition></rule>", "resembles", 5);
    refused("<rule>\n<description>\n</rule>", "XML", 3);
    refused("", "XML", 1);
}

static void
entities_and_document_types_stay_outside(void **state)
{
    (void)state;
    refused("<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>\n<rule>&b;</rule>",
            "document type", 1);
    refused("<!DOCTYPE rule SYSTEM 'file:///etc/passwd'>\n<rule/>", "document type", 1);
    refused("<?xml version='1.0' encoding='UTF-7'?>\n+ADwAIQ-DOCTYPE rule+AD4-<rule/>", "XML", 2);
    refused("<rule>\n<description><name>&passwd;</name></description>" DEFINITION "</rule>", "XML", 2);
    refused("<rule>\xFF\xFE</rule>", "UTF-8", 0);
}

static void
long_and_deep_rules_are_bounded(void **state)
{
    (void)state;
    enum { LONG = (1 << 20) + 1, DEEP = 5000, MANY = 30 * 1000 };
    struct text t = text_new(arena, 64 << 20);
    for (size_t i = 0; i < LONG; i++)
        text_add_char(&t, ' ');
    refused(text_str(&t).at, "too long", 0);
    t = text_new(arena, 64 << 20);
    for (size_t i = 0; i < DEEP; i++)
        text_add_c(&t, "<operator type='NOT'>");
    refused(text_str(&t).at, "XML", 1);
    t = text_new(arena, 64 << 20);
    text_add_c(&t, "<rule><description><name>n</name></description><definition><process><operator type='OR'>");
    for (size_t i = 0; i < MANY / 10; i++)
        text_add_c(&t, "<condition component='FileItem' property='Path' condition='starts' value='%TEMP%%TEMP%\\x'/>");
    text_add_c(&t, "</operator></process></definition></rule>");
    refused(text_str(&t).at, "too many conditions", 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_description_is_read_in_every_spelling),
        cmocka_unit_test(the_score_gives_the_level),
        cmocka_unit_test(actions_keep_their_order_and_values),
        cmocka_unit_test(the_old_single_action_is_understood),
        cmocka_unit_test(several_operations_are_one_rule_in_several_entries),
        cmocka_unit_test(the_same_id_in_two_files_is_refused),
        cmocka_unit_test(a_rule_about_reputation_says_that_it_is_partly_evaluable),
        cmocka_unit_test(an_exclusion_waits_to_be_asked),
        cmocka_unit_test(an_exclusion_with_an_operation_is_about_its_events),
        cmocka_unit_test(tests_beside_an_xml_rule_cover_all_its_operations),
        cmocka_unit_test(a_refusal_names_its_line),
        cmocka_unit_test(entities_and_document_types_stay_outside),
        cmocka_unit_test(long_and_deep_rules_are_bounded),
    };
    arena = arena_new(1 << 20);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
