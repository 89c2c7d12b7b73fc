/* The demonstration's world: that it can be told in pieces, in order, as events the engine understands, and that the
 * starter rules see the intrusion step by step while everyday work stays quiet. */
#include "tests/unit/claims.h"

#include "core/base/crypto.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "server/simulation/simulation.h"
#include "xdr/correlation.h"

enum { TOLD_MAX = 256 << 20 };

struct told {
    struct text lines;
    struct instant last;
    size_t count, late, unreadable, stop_after;
    struct matcher *matcher;
    const struct ruleset *set;
    size_t matches;
    bool seen[4096];
    size_t rules_seen;
};

static void
note(struct told *t, uint32_t rule)
{
    if (t->set->rules[rule].feeds_only)
        return;
    t->matches++;
    t->rules_seen += !t->seen[rule];
    t->seen[rule] = true;
}

static bool
hear(void *to, const struct sim_event *event)
{
    struct told *t = to;
    t->late += event->at.us < t->last.us;
    t->last = event->at;
    t->count++;
    text_add(&t->lines, event->line);
    text_add_char(&t->lines, '\n');
    if (t->matcher) {
        struct matches found = matcher_run(t->matcher, event->line);
        t->unreadable += found.problem != NULL;
        for (size_t i = 0; i < found.count; i++)
            note(t, found.rules[i]);
    }
    return t->stop_after == 0 || t->count < t->stop_after;
}

static struct instant
friday(void)
{
    struct instant at;
    assert_true(instant_parse(STR("2026-11-27T00:00:00Z"), &at));
    return at;
}

static struct told
new_told(struct arena *a)
{
    return (struct told){ .lines = text_new(a, TOLD_MAX) };
}

static void
a_span_told_in_pieces_is_the_same_span(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    struct told whole = new_told(a), pieces = new_told(a);
    const struct sim_company *c = sim_companies[0];
    struct instant from = friday();
    assert_true(sim_quiet(c, from, instant_plus(from, HOURS(6)), hear, &whole));
    for (int i = 0; i < 6; i++)
        assert_true(sim_quiet(c, instant_plus(from, HOURS(i)), instant_plus(from, HOURS(i + 1)), hear, &pieces));
    assert_true(whole.count > 500);
    assert_int_equal(whole.count, pieces.count);
    assert_true(str_eq(text_str(&whole.lines), text_str(&pieces.lines)));
}

static void
a_weekend_is_quieter_than_a_working_day(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    struct told friday_s = new_told(a), sunday_s = new_told(a);
    const struct sim_company *c = sim_companies[1];
    struct instant from = friday();
    assert_true(sim_quiet(c, from, instant_plus(from, DAYS(1)), hear, &friday_s));
    assert_true(sim_quiet(c, instant_plus(from, DAYS(2)), instant_plus(from, DAYS(3)), hear, &sunday_s));
    assert_true(sunday_s.count > 0 && sunday_s.count * 3 < friday_s.count * 2);
}

static void
the_listener_can_end_it(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    struct told t = new_told(a);
    t.stop_after = 10;
    assert_false(sim_quiet(sim_companies[0], friday(), instant_plus(friday(), HOURS(9)), hear, &t));
    assert_int_equal(t.count, 10);
}

static void
a_story_told_in_pieces_is_the_same_story(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    struct told whole = new_told(a), pieces = new_told(a);
    const struct sim_story *story = sim_stories[0];
    struct instant begin = friday(), end = instant_plus(begin, sim_story_length_us(story) + 1);
    assert_true(sim_tell_story(story, begin, 1, begin, end, hear, &whole));
    for (struct instant at = begin; at.us < end.us; at = instant_plus(at, MINUTES(7)))
        assert_true(sim_tell_story(story, begin, 1, at, instant_plus(at, MINUTES(7)), hear, &pieces));
    assert_true(whole.count >= 70);
    assert_int_equal(whole.late, 0);
    assert_true(str_eq(text_str(&whole.lines), text_str(&pieces.lines)));
}

/* The numbers are floors, so that a rule may be sharpened; that nothing at all is seen would be a broken story. */
static void
the_starter_rules_see_the_intrusion_and_leave_work_alone(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    struct ruleset *set = ruleset_new(a, &(struct ruleset_options){ 0 });
    assert_true(ruleset_add_path(set, YAGURA_SOURCE_DIR "/rules"));
    ruleset_finish(set);
    struct engine *e = engine_compile(set);
    struct told attack = new_told(a), work = new_told(a);
    attack.matcher = work.matcher = matcher_new(e);
    attack.set = work.set = set;
    struct instant from = friday();
    for (size_t i = 0; i < sim_story_count; i++) {
        attack.last = from;
        assert_true(sim_tell_story(sim_stories[i], from, 1, from, instant_plus(from, DAYS(1)), hear, &attack));
    }
    for (size_t i = 0; i < sim_company_count; i++) {
        work.last = (struct instant){ 0 };
        assert_true(sim_quiet(sim_companies[i], from, instant_plus(from, DAYS(1)), hear, &work));
    }
    assert_int_equal(attack.unreadable + work.unreadable, 0);
    assert_true(attack.rules_seen >= 35);
    assert_true(work.matches * 100 < work.count); /* not even one in a hundred */
    matcher_free(attack.matcher);
    engine_free(e);
}

int
main(void)
{
    if (!crypto_start())
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_span_told_in_pieces_is_the_same_span),
        cmocka_unit_test(a_weekend_is_quieter_than_a_working_day),
        cmocka_unit_test(the_listener_can_end_it),
        cmocka_unit_test(a_story_told_in_pieces_is_the_same_story),
        cmocka_unit_test(the_starter_rules_see_the_intrusion_and_leave_work_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
