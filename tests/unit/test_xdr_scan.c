/* Scans beside plain walks over every event: the same hits, whatever is skipped on the way. */
#include "claims.h"

#include "random_events.h"
#include "xdr/fold.h"
#include "xdr/regex.h"
#include "xdr/scan.h"

enum { ROUNDS = 60, EVENTS = 150, QUESTIONS = 40, RULES = 6, MANY = 20 };

struct world {
    struct arena *arena;
    struct random_event events[EVENTS];
    struct segment_reader *reader;
};

struct heard {
    bool hits[EVENTS];
    size_t count, stop_at;
    uint64_t frames;
};

static bool
hear(void *to, const struct scan_hit *hit)
{
    struct heard *h = to;
    assert_false(h->hits[hit->event->index]);
    h->hits[hit->event->index] = true;
    return ++h->count != h->stop_at;
}

static void
make_world(struct world *w, struct arena *a, uint64_t *seed, uint32_t escapings)
{
    struct segment_writer *writer = segment_writer_new(a, &(struct segment_options){ .frame_bytes = 2048 });
    struct segment_facts facts;
    w->arena = a;
    for (size_t i = 0; i < EVENTS; i++) {
        w->events[i] = random_event(a, seed, (enum escaping)random_below(seed, escapings));
        struct segment_event e = { .line = w->events[i].json, .event_ms = (int64_t)i, .arrival_ms = 5 };
        assert_null(segment_take(writer, &e));
    }
    w->reader = segment_reader_new(a);
    assert_null(segment_open(w->reader, segment_finish(writer, &facts)));
}

static struct scan_plan
plan_of(struct heard *h)
{
    return (struct scan_plan){ .from_ms = SEGMENT_NO_TIME, .until_ms = SEGMENT_NO_TIME, .hit = hear, .to = h };
}

/* ---- the oracle: values as people read them, compared letter by letter ---- */

static bool
is_word_character(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

static bool
value_holds(struct str value, enum needle_kind kind, struct str text)
{
    if (text.len == 0)
        return kind != NEEDLE_EQUALS || value.len == 0;
    for (size_t at = 0; at + text.len <= value.len; at++) {
        bool begins = at == 0, ends = at + text.len == value.len;
        if (memcmp(value.at + at, text.at, text.len) != 0)
            continue;
        if (kind == NEEDLE_CONTAINS || (kind == NEEDLE_STARTS && begins) || (kind == NEEDLE_ENDS && ends)
            || (kind == NEEDLE_EQUALS && begins && ends))
            return true;
        if (kind == NEEDLE_WORD && (begins || !is_word_character(value.at[at - 1]))
            && (ends || !is_word_character(value.at[at + text.len])))
            return true;
    }
    return false;
}

static bool
event_holds(struct arena *a, const struct random_event *e, const struct needle_clause *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool any = false;
        for (size_t j = 0; j < all[i].count; j++)
            for (size_t v = 0; v < RANDOM_VALUES; v++)
                any = any || value_holds(fold_copy(a, e->values[v]), all[i].any[j].kind,
                                         fold_copy(a, all[i].any[j].text));
        if (!any)
            return false;
    }
    return true;
}

/* A part of some event's value, or a random text. */
static struct str
random_part(struct world *w, uint64_t *seed)
{
    struct str value = w->events[random_below(seed, EVENTS)].values[random_below(seed, RANDOM_VALUES)];
    if (random_below(seed, 6) == 0 || value.len == 0)
        return random_value(w->arena, seed);
    size_t begin = random_below(seed, 3) ? random_below(seed, (uint32_t)value.len) : 0, end = value.len;
    if (random_below(seed, 3))
        end = begin + random_below(seed, (uint32_t)(value.len - begin) + 1);
    while (begin < value.len && ((unsigned char)value.at[begin] & 0xC0) == 0x80)
        begin++;
    while (end < value.len && ((unsigned char)value.at[end] & 0xC0) == 0x80)
        end++;
    return begin < end ? str_head(str_skip(value, begin), end - begin) : STR("");
}

static void
tell_difference(struct arena *a, const struct random_event *e, const struct needle_clause *all, size_t count, bool was)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < all[i].count; j++) {
            struct needle_clause alone = { &all[i].any[j], 1 };
            print_error("clause %zu, kind %d, %d: " STR_FMT "\n", i, (int)all[i].any[j].kind,
                        event_holds(a, e, &alone, 1), STR_ARG(all[i].any[j].text));
        }
    claim_failed("%d of " STR_FMT, was, STR_ARG(e->json));
}

static void
compare_needles(struct world *w, uint64_t *seed)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct needle needles[3][MANY];
    struct needle_clause all[3];
    size_t count = 1 + random_below(seed, 3);
    for (size_t i = 0; i < count; i++) {
        all[i] = (struct needle_clause){ needles[i], 1 + random_below(seed, random_below(seed, 4) ? 2 : MANY) };
        for (size_t j = 0; j < all[i].count; j++)
            needles[i][j] = (struct needle){ (enum needle_kind)(1 + random_below(seed, NEEDLE_WORD)),
                                             random_part(w, seed) };
    }
    struct heard h = { 0 };
    struct scan_plan plan = plan_of(&h);
    plan.needles = needles_new(a, all, count);
    assert_int_equal(scan_segment(scan_new(a, &plan), w->reader), SCAN_DONE);
    for (size_t i = 0; i < EVENTS; i++)
        if (h.hits[i] != event_holds(a, &w->events[i], all, count))
            tell_difference(a, &w->events[i], all, count, h.hits[i]);
}

static void
a_scan_finds_what_a_plain_search_finds(void **state)
{
    (void)state;
    uint64_t seed = 77;
    for (size_t round = 0; round < ROUNDS; round++) {
        scoped(arena_end) struct arena *a = arena_new(1 << 16);
        struct world *w = arena_new_of(a, struct world);
        make_world(w, a, &seed, 1 + (uint32_t)(round % ESCAPING_COUNT));
        for (size_t i = 0; i < QUESTIONS; i++)
            compare_needles(w, &seed);
    }
}

/* ---- rules ---- */

static struct str
random_pattern(struct world *w, uint64_t *seed)
{
    struct text t = text_new(w->arena, 4096);
    for (uint32_t i = 1 + random_below(seed, 4) / 2; i > 0; i--) {
        static const unsigned char markers[] = { PATTERN_MANY, PATTERN_MANY, PATTERN_ONE, PATTERN_DASH };
        if (random_below(seed, 4))
            text_add_char(&t, (char)markers[random_below(seed, COUNT_OF(markers))]);
        text_add(&t, random_part(w, seed));
    }
    if (random_below(seed, 3))
        text_add_char(&t, (char)PATTERN_MANY);
    return fold_copy(w->arena, text_str(&t));
}

/* Parts of values between what makes a regular expression: each text stands for itself. */
static struct str
random_regex(struct world *w, uint64_t *seed)
{
    static const char *const between[] = { "", ".*", ".?", "\\d+", "[A-Za-z]*", "(x|y)?", "\\b", "|" };
    struct text t = text_new(w->arena, 16384);
    for (uint32_t i = 1 + random_below(seed, 3); i > 0; i--) {
        struct str part = random_part(w, seed);
        text_add_c(&t, between[random_below(seed, COUNT_OF(between))]);
        for (size_t j = 0; j < part.len; j++) {
            if (part.at[j] > 0 && !is_word_character((char)(part.at[j] | 0x20)))
                text_add_char(&t, '\\');
            text_add_char(&t, part.at[j]);
        }
    }
    return text_str(&t);
}

static void
make_regex(struct world *w, uint64_t *seed, struct test *t)
{
    struct str source = random_regex(w, seed), problem;
    unsigned flags = random_below(seed, 2) ? REGEX_NOCASE : 0;
    if (!regex_is_valid(w->arena, source, flags, &problem))
        return;
    t->kind = TEST_REGEX;
    t->pattern = source;
    t->regex_flags = flags;
}

static const struct expr *
random_condition(struct world *w, uint64_t *seed, int depth)
{
    static const char *const fields[] = { "Image", "CommandLine", "Other", "Hashes" };
    if (depth == 0 || random_below(seed, 3) == 0) {
        uint32_t field = random_below(seed, COUNT_OF(fields) + 1);
        struct test t = { .kind = TEST_TEXT, .pattern = random_pattern(w, seed) };
        t.field = field < COUNT_OF(fields) ? str_of(fields[field]) : STR_NONE;
        if (t.field.at && random_below(seed, 12) == 0)
            t.kind = TEST_EXISTS;
        else if (random_below(seed, 4) == 0)
            make_regex(w, seed, &t);
        return expr_test(w->arena, t);
    }
    const struct expr *parts[3];
    size_t count = 1 + random_below(seed, COUNT_OF(parts));
    for (size_t i = 0; i < count; i++)
        parts[i] = random_condition(w, seed, depth - 1);
    switch (random_below(seed, 5)) {
    case 0:
        return expr_not(w->arena, parts[0]);
    case 1:
    case 2:
        return expr_or(w->arena, parts, count);
    default:
        return expr_and(w->arena, parts, count);
    }
}

static const struct needles *
needles_of_rules(struct world *w, const struct ruleset *set, size_t count)
{
    const struct expr *conditions[RULES];
    for (size_t i = 0; i < count; i++)
        conditions[i] = set->rules[i].condition;
    return needles_of_exprs(w->arena, conditions, count);
}

static void
compare_rules(struct world *w, uint64_t *seed)
{
    struct ruleset *set = ruleset_new(w->arena, NULL);
    uint32_t asked[RULES];
    for (uint32_t i = 0; i < RULES; i++) {
        struct rule r = { .id = str_printf(w->arena, "r%u", i), .title = STR("r"), .score = 50,
                          .condition = random_condition(w, seed, (int)random_below(seed, 3)) };
        ruleset_take(set, &r);
        asked[i] = i;
    }
    ruleset_finish(set);
    struct engine *engine = engine_compile(set);
    struct matcher *m = matcher_new(engine);
    size_t count = random_below(seed, 2) ? 1 : 1 + random_below(seed, RULES);
    struct heard h = { 0 };
    struct scan_plan plan = plan_of(&h);
    plan.matcher = m;
    plan.on_demand = asked;
    plan.on_demand_count = count;
    plan.rules_decide = random_below(seed, 2);
    plan.needles = random_below(seed, 2) ? needles_of_rules(w, set, count) : NULL;
    assert_int_equal(scan_segment(scan_new(w->arena, &plan), w->reader), SCAN_DONE);
    for (size_t i = 0; i < EVENTS; i++) {
        bool holds = false;
        struct matches found = matcher_run_plainly(m, w->events[i].json);
        for (size_t j = 0; j < found.count; j++)
            holds = holds || found.rules[j] < count;
        if (h.hits[i] != holds)
            claim_failed("rules: %d of " STR_FMT, h.hits[i], STR_ARG(w->events[i].json));
    }
    matcher_free(m);
    engine_free(engine);
}

static void
rules_match_what_they_match_without_a_scan(void **state)
{
    (void)state;
    uint64_t seed = 78;
    for (size_t round = 0; round < ROUNDS; round++) {
        scoped(arena_end) struct arena *a = arena_new(1 << 16);
        struct world *w = arena_new_of(a, struct world);
        make_world(w, a, &seed, 1 + (uint32_t)(round % ESCAPING_COUNT));
        for (size_t i = 0; i < QUESTIONS / 2; i++)
            compare_rules(w, &seed);
    }
}

static void
a_whole_rule_set_is_asked_of_every_event(void **state)
{
    (void)state;
    uint64_t seed = 79;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct world *w = arena_new_of(a, struct world);
    make_world(w, a, &seed, 1);
    struct ruleset *set = ruleset_new(a, NULL);
    assert_true(ruleset_add_sigma(set, STR("r.yml"), STR("title: a\nlogsource: {product: windows}\ndetection:\n"
                                                         "  s: {Image|contains: cmd.exe}\n  condition: s\n")));
    ruleset_finish(set);
    struct engine *engine = engine_compile(set);
    struct heard h = { 0 };
    struct scan_plan plan = plan_of(&h);
    plan.matcher = matcher_new(engine);
    assert_int_equal(scan_segment(scan_new(a, &plan), w->reader), SCAN_DONE);
    for (size_t i = 0; i < EVENTS; i++)
        assert_int_equal(h.hits[i], matcher_run(plan.matcher, w->events[i].json).count);
    assert_true(h.count > 0);
    matcher_free(plan.matcher);
    engine_free(engine);
}

/* ---- the way through ---- */

static void
note_progress(void *to, const struct scan_tally *now)
{
    struct heard *h = to;
    assert_true(now->frames > h->frames);
    h->frames = now->frames;
}

static void
a_scan_stops_when_told(void **state)
{
    (void)state;
    uint64_t seed = 80;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct world *w = arena_new_of(a, struct world);
    make_world(w, a, &seed, 1);
    struct heard h = { .stop_at = 7 };
    struct scan_plan plan = plan_of(&h);
    plan.progress = note_progress;
    assert_int_equal(scan_segment(scan_new(a, &plan), w->reader), SCAN_STOPPED);
    assert_int_equal(h.count, 7);
    struct heard all = { 0 };
    atomic_bool stop = false;
    plan.to = &all;
    plan.stop = &stop;
    struct scan *s = scan_new(a, &plan);
    assert_int_equal(scan_segment(s, w->reader), SCAN_DONE);
    assert_true(all.count == EVENTS && all.frames == scan_tally(s)->frames && all.frames > 5);
    atomic_store(&stop, true);
    assert_int_equal(scan_segment(s, w->reader), SCAN_STOPPED);
    assert_int_equal(all.count, EVENTS);
}

static void
only_events_of_the_time_are_hits(void **state)
{
    (void)state;
    uint64_t seed = 81;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct world *w = arena_new_of(a, struct world);
    make_world(w, a, &seed, 1);
    struct heard h = { 0 };
    struct scan_plan plan = plan_of(&h);
    plan.from_ms = 40;
    plan.until_ms = 90;
    struct scan *s = scan_new(a, &plan);
    assert_int_equal(scan_segment(s, w->reader), SCAN_DONE);
    assert_int_equal(h.count, 50);
    assert_true(h.hits[40] && h.hits[89] && scan_tally(s)->frames_skipped > 0);
}

static bool
count_hit(void *to, const struct scan_hit *hit)
{
    (void)hit;
    ++*(size_t *)to;
    return true;
}

static void
few_lines_are_parsed_for_a_rare_needle(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct segment_writer *writer = segment_writer_new(a, NULL);
    struct segment_reader *r = segment_reader_new(a);
    struct segment_facts facts;
    size_t hits = 0;
    for (int i = 0; i < 1000; i++) {
        struct segment_event e = { .line = i == 500 ? STR("{\"Image\":\"C:\\\\Temp\\\\Beacon.exe\"}")
                                                    : STR("{\"Image\":\"C:\\\\Temp\\\\other.exe\"}") };
        assert_null(segment_take(writer, &e));
    }
    assert_null(segment_open(r, segment_finish(writer, &facts)));
    struct needle n = { NEEDLE_CONTAINS, STR("temp\\BEAC") };
    struct scan_plan plan = { .needles = needles_new(a, &(struct needle_clause){ &n, 1 }, 1), .hit = count_hit,
                              .to = &hits, .from_ms = SEGMENT_NO_TIME, .until_ms = SEGMENT_NO_TIME };
    struct scan *s = scan_new(a, &plan);
    assert_int_equal(scan_segment(s, r), SCAN_DONE);
    assert_int_equal(hits, 1);
    assert_int_equal(scan_tally(s)->parsed, 1);
    assert_int_equal(scan_tally(s)->events, 1000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scan_finds_what_a_plain_search_finds),
        cmocka_unit_test(rules_match_what_they_match_without_a_scan),
        cmocka_unit_test(a_whole_rule_set_is_asked_of_every_event),
        cmocka_unit_test(a_scan_stops_when_told),
        cmocka_unit_test(only_events_of_the_time_are_hits),
        cmocka_unit_test(few_lines_are_parsed_for_a_rare_needle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
