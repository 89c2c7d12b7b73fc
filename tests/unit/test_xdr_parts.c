/* Parts of the detection engine by themselves: literal sets, folding, regular expressions' literals, correlations that
 * come late or grow without bound, and the kept rule set. */
#include "claims.h"

#include <unistd.h>

#include "xdr/correlation.h"
#include "xdr/engine.h"
#include "xdr/find.h"
#include "xdr/fold.h"
#include "xdr/litset.h"
#include "xdr/number.h"
#include "xdr/regex.h"
#include "xdr/rule_cache.h"

/* ---- literals ---- */

static struct str
with_slack(struct arena *a, const char *text)
{
    char *copy = arena_alloc(a, strlen(text) + FOLD_SLACK);
    memcpy(copy, text, strlen(text));
    return (struct str){ copy, strlen(text) };
}

static void
a_set_finds_exactly_the_literals_that_are_there(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    static const struct {
        enum literal_kind kind;
        const char *text;
    } given[] = { { LITERAL_EQUALS, "cmd.exe" },   { LITERAL_ENDS, "\\cmd.exe" }, { LITERAL_STARTS, "c:\\win" },
                  { LITERAL_INSIDE, "mimikatz" },  { LITERAL_INSIDE, "-enc" },    { LITERAL_INSIDE, "xyz" },
                  { LITERAL_INSIDE, "ab" },        { LITERAL_INSIDE, "q" },       { LITERAL_ENDS, "e" },
                  { LITERAL_INSIDE, "sekurlsa::" }, { LITERAL_STARTS, "" },       { LITERAL_INSIDE, "✊" } };
    static const struct {
        const char *text, *found; /* ids as letters from a on */
    } asked[] = { { "cmd.exe", "aik" },        { "c:\\windows\\cmd.exe", "bcik" }, { "run mimikatz now", "dk" },
                  { "x -enc y", "ek" },        { "axyz", "fk" },                   { "xxabxx", "gk" },
                  { "iraq", "hk" },            { "", "k" },                        { "sekurlsa:", "k" },
                  { "1sekurlsa::logon", "jk" }, { "a ✊ b", "kl" },                { "mimikat", "k" },
                  { "123456mimikatz", "dk" },  { "c:\\wi", "k" },                  { "me", "ik" } };
    struct literal literals[COUNT_OF(given)];
    for (size_t i = 0; i < COUNT_OF(given); i++)
        literals[i] = (struct literal){ given[i].kind, str_of(given[i].text), (uint32_t)i, 0 };
    runs_find(literals, COUNT_OF(given));
    const struct litset *set = litset_new(a, literals, COUNT_OF(given), ASKED_ALWAYS);
    uint32_t stamps[COUNT_OF(given)] = { 0 }, ids[COUNT_OF(given)];
    struct hits hits = { stamps, 0, ids, 0 };
    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        char found[COUNT_OF(given) + 1] = "";
        size_t count = 0;
        hits.now++;
        hits.count = 0;
        litset_scan(set, with_slack(a, asked[i].text), false, &hits);
        for (uint32_t id = 0; id < COUNT_OF(given); id++)
            if (stamps[id] == hits.now)
                found[count++] = (char)('a' + id);
        assert_string_equal(found, asked[i].found);
    }
}

static void
a_part_is_found_wherever_it_stands(void **state)
{
    (void)state;
    char text[100];
    memset(text, 'a', sizeof text);
    for (size_t len = 1; len <= 40; len++)
        for (size_t at = 0; at + len <= sizeof text; at++) {
            memset(text + at, 'b', len);
            struct str part = { "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", len };
            assert_int_equal(find_where((struct str){ text, sizeof text }, part), at);
            assert_false(find_part((struct str){ text, sizeof text }, (struct str){ part.at, len + 1 }));
            memset(text + at, 'a', len);
        }
}

static void
folding_keeps_lengths_and_drops_case(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 12);
    static const char *const pairs[][2] = { { "ABCXYZ[@`", "abcxyz[@`" }, { "ÄÖÜ×ß", "äöü×ß" }, { "ЖЯЁ", "жяё" },
                                            { "ΑΩ", "αω" }, { "ＡＺ", "ａｚ" }, { "ŁŽ", "łž" }, { "日本", "日本" } };
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        struct str folded = fold_copy(a, str_of(pairs[i][0]));
        assert_int_equal(folded.len, strlen(pairs[i][0]));
        assert_true(str_is(folded, pairs[i][1]));
    }
}

static void
a_regex_tells_a_literal_that_every_match_holds(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 12);
    static const struct {
        const char *source, *literal;
    } cases[] = { { "evil", "evil" },       { "ev.ill+x", "ill" },   { "a|b", "" },           { "(abc)?def", "def" },
                  { "\\\\cmd\\.exe", "\\cmd.exe" }, { "ab*cd", "cd" }, { "[a-z]{3}foo", "foo" }, { "x{0,3}yz", "yz" },
                  { "(?i)kiss", "i" },      { "fo{2}bar", "bar" }, { "(?x) a b", "" }, { "abc\\ё*de", "abc" } };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(str_c(a, regex_literal(a, str_of(cases[i].source), 0)), cases[i].literal);
}

static void
times_are_read_as_they_are_written(void **state)
{
    (void)state;
    int64_t ms, part;
    assert_true(time_of(STR("1970-01-02T00:00:00Z"), &ms) && ms == 86400000);
    assert_true(time_of(STR("1970-01-01 01:00:00.250+01:00"), &ms) && ms == 250);
    assert_true(time_of(STR("1700000000"), &ms) && ms == 1700000000000);
    assert_true(time_of(STR("1700000000123"), &ms) && ms == 1700000000123);
    assert_false(time_of(STR("yesterday"), &ms));
    assert_true(time_part(STR("2026-12-31T23:59:00+09:00"), PART_HOUR, &part) && part == 23);
    assert_true(time_part(STR("2027-01-01"), PART_WEEK, &part) && part == 53);
    assert_false(time_part(STR("x"), PART_HOUR, &part));
}

/* ---- correlations ---- */

static const char counting[] =
    "title: base\nname: base\nid: base\nlogsource: {product: windows}\ndetection: {s: {A: x}, condition: s}\n"
    "---\ntitle: three\nid: three\ncorrelation: {type: event_count, rules: [base], group-by: [User], timespan: 1m,\n"
    "  condition: {gte: 3}}\n";

struct stream {
    struct arena *arena;
    struct engine *engine;
    struct matcher *matcher;
    struct observations *seen;
    struct correlator *correlator;
    size_t fired;
};

static void
count_fired(void *to, const struct correlation *c, uint64_t event)
{
    (void)c;
    (void)event;
    ((struct stream *)to)->fired++;
}

static struct stream
stream_of(struct arena *a, const char *yaml)
{
    struct ruleset *set = ruleset_new(a, NULL);
    assert_true(ruleset_add_sigma(set, STR("rules.yml"), str_of(yaml)));
    ruleset_finish(set);
    struct engine *e = engine_compile(set);
    return (struct stream){ a, e, matcher_new(e), observations_new(a, e), correlator_new(a, e), 0 };
}

static size_t
send(struct stream *s, const char *user, int second)
{
    char event[200];
    s->fired = 0;
    snprintf(event, sizeof event,
             "{\"product\":\"windows\",\"A\":\"x\",\"User\":\"%s\",\"@timestamp\":\"2026-11-21T00:%02d:%02dZ\"}", user,
             second / 60, second % 60);
    struct matches found = matcher_run(s->matcher, str_of(event));
    for (size_t i = 0; i < found.count; i++)
        observations_add(s->seen, s->matcher, found.rules[i], 0);
    correlator_take(s->correlator, s->seen, count_fired, s);
    return s->fired;
}

static void
stream_end(struct stream *s)
{
    matcher_free(s->matcher);
    engine_free(s->engine);
}

static void
an_event_that_comes_late_completes_its_window(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct stream s = stream_of(a, counting);
    assert_int_equal(send(&s, "u", 10), 0);
    assert_int_equal(send(&s, "u", 50), 0);
    assert_int_equal(send(&s, "u", 30), 1); /* 10, 30, 50 */
    assert_int_equal(send(&s, "v", 30), 0);
    assert_int_equal(send(&s, "u", 600), 0);
    assert_int_equal(send(&s, "u", 20), 0); /* far too late for the last one */
    stream_end(&s);
}

static void
groups_without_end_do_not_take_memory_without_end(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct stream s = stream_of(a, counting);
    char user[20];
    for (int i = 0; i < 70000; i++) {
        snprintf(user, sizeof user, "u%d", i);
        send(&s, user, 1);
    }
    assert_true(correlator_stats(s.correlator).groups <= 65536);
    assert_true(correlator_stats(s.correlator).dropped >= 70000 - 65536);
    send(&s, "fresh", 2);
    send(&s, "fresh", 3);
    assert_int_equal(send(&s, "fresh", 4), 1);
    stream_end(&s);
}

static void
different_values_are_counted_as_they_come_and_go(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct stream s = stream_of(a, "title: base\nname: base\nid: base\nlogsource: {product: windows}\n"
                                   "detection: {s: {A: x}, condition: s}\n---\ntitle: v\nid: v\ncorrelation: {type: "
                                   "value_count, rules: [base], timespan: 1m, condition: {field: User, gte: 20}}\n");
    char user[20];
    for (int i = 0; i < 300; i++) {
        snprintf(user, sizeof user, "u%d", i % 60);
        /* One event every three seconds: 21 stand within a minute, each of another user. */
        assert_int_equal(send(&s, user, i * 3), i >= 19 ? 1 : 0);
    }
    for (int i = 0; i < 25; i++)
        assert_int_equal(send(&s, "same", 1000 + i), 0);
    stream_end(&s);
}

/* ---- the kept set ---- */

static void
a_kept_set_is_the_set_and_belongs_to_its_key(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    char path[128];
    temporary_name(path, sizeof path, "cache");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    struct ruleset *set = ruleset_new(a, NULL), *kept = ruleset_new(a, NULL), *other = ruleset_new(a, NULL);
    ruleset_add_sigma(set, STR("rules.yml"), str_of(counting));
    ruleset_add_sigma(set, STR("broken.yml"), STR("title: x\n"));
    ruleset_finish(set);
    assert_true(ruleset_write_cache(set, path, 7));
    assert_false(ruleset_read_cache(other, path, 8));
    assert_true(ruleset_read_cache(kept, path, 7));
    assert_int_equal(kept->rule_count, set->rule_count);
    assert_int_equal(kept->correlation_count, 1);
    assert_int_equal(kept->refusal_count, 1);
    assert_true(str_eq(kept->refusals[0].reason, set->refusals[0].reason));
    assert_non_null(ruleset_by_id(kept, STR("base")));
    struct engine *e = engine_compile(kept);
    struct matcher *m = matcher_new(e);
    assert_int_equal(matcher_run(m, STR("{\"product\":\"windows\",\"A\":\"X\"}")).count, 1);
    matcher_free(m);
    engine_free(e);
    assert_int_equal(truncate(path, 100), 0);
    assert_false(ruleset_read_cache(other, path, 7));
    unlink(path);
}

/* ---- questions of their own ---- */

static const char question[] =
    "title: a search\nid: q1\nlogsource:\n    product: windows\ndetection:\n"
    "    a:\n        Image|endswith: ['\\cmd.exe', '\\sh.exe']\n        CommandLine|contains|all: [whoami, '/all']\n"
    "    b:\n        User: root\n    c:\n        Image|fieldref: ParentImage\n    d:\n        - secretword\n"
    "    condition: (a or b or d) and not c\n";

static void
a_text_is_a_question_of_its_own(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct ruleset *set = ruleset_of_text(a, NULL, RULE_SIGMA, STR("search"), str_of(question));
    assert_int_equal(set->refusal_count, 0);
    struct engine *e = engine_compile(set);
    struct matcher *m = matcher_new(e);
    struct str event = STR("{\"product\":\"windows\",\"Image\":\"C:\\\\CMD.EXE\",\"User\":\"aoki\","
                           "\"CommandLine\":[\"x\",\"whoami /ALL\"],\"List\":{\"a\":\"a SecretWord\"}}");
    assert_int_equal(matcher_run(m, event).count, 0); /* it is asked, it does not match by itself */
    assert_null(matcher_read(m, event));
    assert_true(matcher_holds(m, 0));
    const struct matched_field *fields;
    assert_int_equal(matcher_matched_fields(m, a, 0, &fields), 3);
    assert_true(str_is(fields[0].name, "Image"));
    assert_true(str_is(fields[0].value, "C:\\CMD.EXE"));
    assert_true(str_is(fields[1].name, "CommandLine"));
    assert_true(str_is(fields[1].value, "whoami /ALL"));
    assert_null(fields[2].name.at);
    assert_true(str_is(fields[2].value, "a SecretWord"));
    assert_true(matcher_explain(m, a, 0)->holds);
    assert_null(matcher_read(m, STR("{\"product\":\"windows\",\"User\":\"aoki\"}")));
    assert_false(matcher_holds(m, 0));
    assert_int_equal(matcher_matched_fields(m, a, 0, &fields), 0);
    matcher_free(m);
    engine_free(e);
}

static void
a_condition_tells_the_fields_it_reads(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    const struct ruleset *set = ruleset_of_text(a, NULL, RULE_SIGMA, STR("search"), str_of(question));
    struct strs fields = expr_fields(a, set->rules[0].condition);
    static const char *const expected[] = { "Image", "CommandLine", "User", "ParentImage" };
    assert_int_equal(fields.count, COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        bool is_there = false;
        for (size_t j = 0; j < fields.count; j++)
            is_there = is_there || str_is(fields.items[j], expected[i]);
        assert_true(is_there);
    }
}

static void
a_question_that_is_none_is_refused_with_its_line(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    const struct ruleset *set = ruleset_of_text(a, NULL, RULE_XML, STR("exclusion"), STR("<definition>"));
    assert_int_equal(set->rule_count, 0);
    assert_int_equal(set->refusal_count, 1);
    assert_true(set->refusals[0].line > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_finds_exactly_the_literals_that_are_there),
        cmocka_unit_test(a_part_is_found_wherever_it_stands),
        cmocka_unit_test(folding_keeps_lengths_and_drops_case),
        cmocka_unit_test(a_regex_tells_a_literal_that_every_match_holds),
        cmocka_unit_test(times_are_read_as_they_are_written),
        cmocka_unit_test(an_event_that_comes_late_completes_its_window),
        cmocka_unit_test(groups_without_end_do_not_take_memory_without_end),
        cmocka_unit_test(different_values_are_counted_as_they_come_and_go),
        cmocka_unit_test(a_kept_set_is_the_set_and_belongs_to_its_key),
        cmocka_unit_test(a_text_is_a_question_of_its_own),
        cmocka_unit_test(a_condition_tells_the_fields_it_reads),
        cmocka_unit_test(a_question_that_is_none_is_refused_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
