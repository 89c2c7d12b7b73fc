/* query_text: what people write to find cases, understood or refused with the place and what was meant. */
#include "tests/unit/claims.h"

#include "core/base/text.h"
#include "model/ticket_query.h"

static struct arena *arena;

static int
set_up(void **state)
{
    (void)state;
    arena = arena_new(1 << 16);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct query_reading *
reading_of(const char *text)
{
    struct query_reading *r = arena_new_of(arena, struct query_reading);
    query_text_read(arena, &ticket_query_language, str_of(text), r);
    return r;
}

/* "-status:open,!new severity:..": terms spelled back, a word of the table with its row's spelling. */
static const char *
spelled(const char *text)
{
    static const char *const signs[] = { [FILTER_IS] = ":", [FILTER_GTE] = ">=", [FILTER_GT] = ">",
                                         [FILTER_LTE] = "<=", [FILTER_LT] = "<" };
    const struct query_reading *r = reading_of(text);
    struct text t = text_new(arena, 10000);
    if (!r->understood)
        return str_c(arena, r->fault.en);
    for (size_t i = 0; i < r->count; i++) {
        const struct query_term *term = &r->terms[i];
        text_addf(&t, "%s%s", i ? "|" : "", term->negated ? "-" : "");
        if (term->field)
            text_addf(&t, "%s%s", term->field->name, signs[term->op]);
        for (size_t k = 0; k < term->value_count; k++)
            text_addf(&t, "%s%s" STR_FMT "%s", k ? "," : "", term->quoted ? "'" : "", STR_ARG(term->values[k].text),
                      term->values[k].word ? "!" : term->quoted ? "'" : "");
    }
    return str_c(arena, text_str(&t));
}

static void
the_example_of_the_manual_is_understood(void **state)
{
    (void)state;
    assert_string_equal(spelled("severity:A status:open assignee:me due<2h tag:ransomware customer:aoba "
                                "\"exact words\" -waiting"),
                        "severity:A!|status:open!|assignee:me!|due<2h|tag:ransomware|customer:aoba|'exact words'|"
                        "-waiting");
}

static void
japanese_names_words_colons_spaces_and_quotes_mean_the_same(void **state)
{
    (void)state;
    assert_string_equal(spelled("状態：対応中　担当者:自分 期限<2h 「横展開の痕跡」"),
                        "status:対応中!|assignee:自分!|due<2h|'横展開の痕跡'");
    assert_string_equal(spelled("端末が隔離されたまま"), "端末が隔離されたまま");
}

static void
commas_are_or_and_quotes_keep_spaces_and_commas(void **state)
{
    (void)state;
    assert_string_equal(spelled("severity:a,b customer:\"Harbor Logistics, Ltd.\",aoba"),
                        "severity:a!,b!|customer:Harbor Logistics, Ltd.,aoba");
    assert_string_equal(spelled("-assignee:me,none"), "-assignee:me!,none!");
}

static void
addresses_of_machines_files_and_pages_are_words(void **state)
{
    (void)state;
    assert_string_equal(spelled("https://example.com/a:b C:\\Users\\x 10.0.0.5:443 std::string CVE-2026-1234"),
                        "https://example.com/a:b|C:\\Users\\x|10.0.0.5:443|std::string|CVE-2026-1234");
}

static void
what_is_not_understood_is_told_with_its_place_and_what_was_meant(void **state)
{
    (void)state;
    static const struct { const char *text; size_t at, len; const char *suggestion, *says; } rows[] = {
        { "severty:a", 0, 7, "severity", "no field" },
        { "不明 severty:a", 3, 7, "severity", "no field" },
        { "status:opne", 7, 4, "open", "takes one of" },
        { "status:wait", 7, 4, "waiting", "takes one of" },
        { "status:", 6, 1, NULL, "missing" },
        { "status:open,", 11, 1, NULL, "missing" },
        { "due<soon", 4, 4, NULL, "a time" },
        { "due:2026-13-01", 4, 10, NULL, "a time" },
        { "subject>x", 0, 8, NULL, "numbers and times" },
        { "messages:many", 9, 4, NULL, "a number" },
        { "due<1h,2h", 0, 7, NULL, "too many" },
        { "\"never closed", 0, 13, NULL, "not closed" },
        { "customer:\"a\"b", 12, 1, NULL, "a space" },
        { "-", 0, 1, NULL, "missing" },
        { "due<none", 4, 4, NULL, "colon" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct query_reading *r = reading_of(rows[i].text);
        assert_false(r->understood);
        if (r->fault.at != rows[i].at || r->fault.len != rows[i].len || !str_contains(r->fault.en, str_of(rows[i].says))
            || !str_is(r->fault.suggestion, rows[i].suggestion ? rows[i].suggestion : ""))
            claim_failed("%s: %zu+%zu " STR_FMT, rows[i].text, r->fault.at, r->fault.len, STR_ARG(r->fault.en));
        assert_true(str_contains(r->fault.ja, STR("文字目")));
    }
}

static void
texts_terms_and_values_are_bounded(void **state)
{
    (void)state;
    struct text t = text_new(arena, 10000);
    for (int i = 0; i <= QUERY_TERMS_MAX; i++)
        text_addf(&t, "w%d ", i);
    assert_false(reading_of(str_c(arena, text_str(&t)))->understood);
    t = text_new(arena, 10000);
    for (int i = 0; i <= QUERY_TEXT_MAX; i++)
        text_add_c(&t, "櫓");
    assert_non_null(strstr(spelled(str_c(arena, text_str(&t))), "too long"));
    t = text_new(arena, 10000);
    text_add_c(&t, "tag:x");
    for (int i = 0; i < QUERY_VALUES_MAX; i++)
        text_add_c(&t, ",x");
    assert_non_null(strstr(spelled(str_c(arena, text_str(&t))), "too many values"));
}

static struct query_time
time_of(const char *text, const char *now, bool back)
{
    const struct zone *zone;
    struct instant at;
    struct query_time time;
    assert_true(zone_load(arena, STR("Asia/Tokyo"), &zone) && instant_parse(str_of(now), &at));
    assert_true(query_time_read(str_of(text), at, zone, back, &time));
    return time;
}

static void
assert_at(struct query_time time, const char *expected)
{
    assert_string_equal(instant_format(arena, time.at).at, expected);
}

static void
spans_look_ahead_or_back_and_days_are_days_of_the_zone(void **state)
{
    (void)state;
    const char *now = "2026-11-21T20:00:00Z"; /* the 22nd in Tokyo */
    assert_at(time_of("2h", now, false), "2026-11-21T22:00:00.000000Z");
    assert_at(time_of("2d", now, true), "2026-11-19T20:00:00.000000Z");
    assert_at(time_of("now", now, true), "2026-11-21T20:00:00.000000Z");
    assert_at(time_of("today", now, false), "2026-11-21T15:00:00.000000Z");
    assert_at(time_of("昨日", now, false), "2026-11-20T15:00:00.000000Z");
    assert_int_equal(time_of("tomorrow", now, false).lasts_us, DAYS(1));
    assert_at(time_of("2026-11-21T09:30", now, false), "2026-11-21T00:30:00.000000Z");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_example_of_the_manual_is_understood, set_up, tear_down),
        cmocka_unit_test_setup_teardown(japanese_names_words_colons_spaces_and_quotes_mean_the_same, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(commas_are_or_and_quotes_keep_spaces_and_commas, set_up, tear_down),
        cmocka_unit_test_setup_teardown(addresses_of_machines_files_and_pages_are_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_understood_is_told_with_its_place_and_what_was_meant, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(texts_terms_and_values_are_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(spans_look_ahead_or_back_and_days_are_days_of_the_zone, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
