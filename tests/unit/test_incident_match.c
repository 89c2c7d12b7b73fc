/* What is one story, and when a story is an incident: without a database. */
#include "tests/unit/claims.h"

#include "workflows/incident_match.h"
#include "workflows/incident_title.h"

enum { NODES = 24, ROUNDS = 400 };

static struct arena *arena;
static uint64_t dice = 88172645463325252ull;

static size_t
roll(size_t sides)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (size_t)(dice % sides);
}

static struct match_detection
some_detection(void)
{
    static const char *const computers[] = { "pc-1", "pc-2", "pc-3", "pc-4", "pc-5", "pc-6", "pc-7", "pc-8" };
    static const char *const hashes[] = { "", "", "", "aa", "bb", "cc" };
    int64_t at = MINUTES(roll(24 * 60));
    return (struct match_detection){
        .computer = str_of(computers[roll(8)]), .hash = str_of(hashes[roll(6)]), .path = STR("c:\\temp\\x.exe"),
        .rule = STR("r"), .score = 10, .first_at = { at }, .last_at = { at + MINUTES(roll(30)) } };
}

static size_t
mark(const struct match_detection *d, size_t node, struct match_mark *out)
{
    struct match_thing things[MATCH_THINGS_MAX];
    size_t count = 0, found = match_things(arena, d, ~0u, things);
    for (size_t i = 0; i < found; i++)
        if (things[i].joins)
            out[count++] = (struct match_mark){ node, things[i].kind, things[i].value,
                                                { d->first_at.us - HOURS(1) }, { d->last_at.us + HOURS(1) } };
    return count;
}

/* The stories of detections as they arrive one by one: each joins what stands, and what it joins becomes one. */
static void
one_by_one(const struct match_detection *d, const size_t *order, size_t *story)
{
    static struct match_mark marks[NODES * MATCH_THINGS_MAX];
    static size_t owner[NODES * MATCH_THINGS_MAX];
    struct match_mark round[NODES * MATCH_THINGS_MAX];
    size_t found[NODES + 1], count = 0;
    for (size_t i = 0; i < NODES; i++)
        story[i] = i;
    for (size_t i = 0; i < NODES; i++) {
        size_t fresh = mark(&d[order[i]], order[i], marks + count);
        for (size_t k = count; k < count + fresh; k++)
            owner[k] = order[i];
        count += fresh;
        memcpy(round, marks, count * sizeof *marks);
        for (size_t k = 0; k < count; k++)
            round[k].node = story[owner[k]];
        match_stories(round, count, NODES, found);
        for (size_t k = 0; k <= i; k++)
            story[order[k]] = found[story[order[k]]];
    }
}

static void
order_of_arrival_makes_no_difference(void **state)
{
    (void)state;
    for (size_t r = 0; r < ROUNDS; r++) {
        struct match_detection d[NODES];
        struct match_mark marks[NODES * MATCH_THINGS_MAX];
        size_t at_once[NODES], grown[NODES], order[NODES], count = 0;
        for (size_t i = 0; i < NODES; i++) {
            d[i] = some_detection();
            order[i] = i;
            count += mark(&d[i], i, marks + count);
        }
        for (size_t i = NODES - 1; i > 0; i--) {
            size_t k = roll(i + 1), kept = order[i];
            order[i] = order[k];
            order[k] = kept;
        }
        match_stories(marks, count, NODES, at_once);
        one_by_one(d, order, grown);
        for (size_t i = 0; i < NODES; i++)
            for (size_t k = 0; k < NODES; k++)
                assert_int_equal(at_once[i] == at_once[k], grown[i] == grown[k]);
        arena_reset(arena);
    }
}

/* The same, asked of every pair and followed to the end. */
static void
stories_are_what_pairs_lead_to(void **state)
{
    (void)state;
    for (size_t r = 0; r < ROUNDS; r++) {
        struct match_detection d[NODES];
        struct match_mark marks[NODES * MATCH_THINGS_MAX];
        bool together[NODES][NODES] = { { false } };
        size_t story[NODES], count = 0;
        for (size_t i = 0; i < NODES; i++) {
            d[i] = some_detection();
            count += mark(&d[i], i, marks + count);
        }
        for (size_t a = 0; a < count; a++)
            for (size_t b = 0; b < count; b++)
                if (marks[a].kind == marks[b].kind && str_eq(marks[a].value, marks[b].value)
                    && marks[a].from.us <= marks[b].to.us && marks[b].from.us <= marks[a].to.us)
                    together[marks[a].node][marks[b].node] = true;
        for (size_t k = 0; k < NODES; k++)
            for (size_t i = 0; i < NODES; i++)
                for (size_t j = 0; j < NODES; j++)
                    together[i][j] = together[i][j] || (together[i][k] && together[k][j]);
        match_stories(marks, count, NODES, story);
        for (size_t i = 0; i < NODES; i++)
            for (size_t k = 0; k < NODES; k++)
                assert_int_equal(story[i] == story[k], i == k || together[i][k]);
        arena_reset(arena);
    }
}

static bool
joins_by(const struct match_detection *d, enum match_kind kind)
{
    struct match_thing things[MATCH_THINGS_MAX];
    size_t count = match_things(arena, d, ~0u, things);
    for (size_t i = 0; i < count; i++)
        if (things[i].kind == kind)
            return things[i].joins;
    return false;
}

static void
what_everybody_has_joins_nobody(void **state)
{
    (void)state;
    struct str private = STR("10.0.0.5"), public = STR("203.0.113.9"), name = STR("evil.example");
    struct match_detection d = { .hash = STR("aa"), .path = STR("c:\\windows\\system32\\cmd.exe"), .score = 90,
                                 .rule = STR("r") };
    assert_false(joins_by(&d, MATCH_EXECUTABLE));
    d.path = STR("c:\\windows\\temp\\cmd.exe");
    assert_true(joins_by(&d, MATCH_EXECUTABLE));
    d.common = true;
    assert_false(joins_by(&d, MATCH_EXECUTABLE));
    d.addresses = (struct strs){ &private, 1 };
    assert_false(joins_by(&d, MATCH_ADDRESS));
    d.addresses = (struct strs){ &public, 1 };
    assert_true(joins_by(&d, MATCH_ADDRESS));
    d.addresses = (struct strs){ &name, 1 };
    assert_true(joins_by(&d, MATCH_DOMAIN));
    assert_true(joins_by(&d, MATCH_RULE));
    d.score = 69;
    assert_false(joins_by(&d, MATCH_RULE));
}

static struct match_rule
rule_of(void)
{
    return (struct match_rule){ .enabled = true, .min_score = INT64_MIN, .sum_score = INT64_MIN,
                                .min_detections = INT64_MIN, .min_tactics = INT64_MIN, .min_computers = INT64_MIN };
}

static void
every_condition_of_a_rule_must_hold(void **state)
{
    (void)state;
    struct str execution = STR("execution"), impact = STR("impact");
    const struct match_detection one = { .score = 50, .rule = STR("a"), .computer = STR("pc-1"),
                                         .tactics = { &execution, 1 }, .first_at = { 10 }, .last_at = { 10 } };
    const struct match_detection two = { .score = 40, .rule = STR("b"), .computer = STR("pc-2"),
                                         .tactics = { &impact, 1 }, .first_at = { 20 }, .last_at = { 20 } };
    const struct match_detection *story[] = { &one, &two };
    struct match_rule r = rule_of();
    r.sum_score = 90;
    r.min_computers = 2;
    assert_true(match_rule_holds(&r, story, 2));
    assert_false(match_rule_holds(&r, story, 1));
    r.min_score = 60;
    assert_false(match_rule_holds(&r, story, 2));
    r = rule_of();
    r.correlation = true;
    assert_false(match_rule_holds(&r, story, 2));
    struct str forwards[] = { execution, impact }, backwards[] = { impact, execution };
    r = rule_of();
    r.tactic_order = (struct strs){ forwards, 2 };
    assert_true(match_rule_holds(&r, story, 2));
    r.tactic_order = (struct strs){ backwards, 2 };
    assert_false(match_rule_holds(&r, story, 2));
    r = rule_of();
    r.min_detections = 2;
    r.rule_keys = (struct strs){ &(struct str){ "a", 1 }, 1 };
    assert_false(match_rule_holds(&r, story, 2));
    r.enabled = false;
    r.min_detections = 1;
    assert_false(match_rule_holds(&r, story, 2));
}

static void
a_title_says_what_happened_in_both_languages(void **state)
{
    (void)state;
    struct str chain[] = { STR("initial-access"), STR("execution"), STR("impact") };
    const struct incident_story story = { STR("Files are encrypted"), STR("ファイルの暗号化"), STR("PC-1"), 3,
                                          { chain, 3 } };
    struct incident_titles t = incident_title(arena, &story);
    assert_true(str_is(t.en, "Initial access to impact on PC-1 and 2 more: Files are encrypted"));
    assert_true(str_is(t.ja, "PC-1ほか2台: 初期侵入から破壊・暗号化まで(ファイルの暗号化)"));
    const struct incident_story small = { STR("Odd"), STR_NONE, STR_NONE, 0, { NULL, 0 } };
    assert_true(str_is(incident_title(arena, &small).en, "Odd"));
    assert_true(str_is(incident_title(arena, &small).ja, "Odd"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_of_arrival_makes_no_difference),
        cmocka_unit_test(stories_are_what_pairs_lead_to),
        cmocka_unit_test(what_everybody_has_joins_nobody),
        cmocka_unit_test(every_condition_of_a_rule_must_hold),
        cmocka_unit_test(a_title_says_what_happened_in_both_languages),
    };
    arena = arena_new(1 << 16);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
