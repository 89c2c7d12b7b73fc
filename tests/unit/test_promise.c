/* promise: ledgers of what happened to a deadline, against a naive count of every minute. */
#include "tests/unit/claims.h"

#include "workflows/promise.h"

enum { LEDGERS = 3000, ENTRIES_MAX = 12 };

static uint64_t seed = 99;

static uint64_t
next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static struct calendar_version office_version;

static struct calendar
office(struct arena *a)
{
    office_version = (struct calendar_version){ .holidays = HOLIDAYS_JAPAN };
    for (int d = MONDAY; d <= FRIDAY; d++)
        office_version.windows[d][0] = (struct calendar_window){ 9 * 3600, 17 * 3600 };
    const struct zone *z;
    assert_true(zone_load(a, STR("Asia/Tokyo"), &z));
    return (struct calendar){ z, &office_version, 1 };
}

static struct instant
at(const char *text)
{
    struct instant t;
    assert_true(instant_parse(str_of(text), &t));
    return t;
}

static const struct promise_target two_hours = { PACE_AROUND_THE_CLOCK, HOURS(2) };
static const struct promise_target four_hours = { PACE_AROUND_THE_CLOCK, HOURS(4) };
static const struct promise_target one_business_day = { PACE_BUSINESS_DAYS, 1 };

static struct promise_standing
stand(const struct promise_ledger *l, const char *now)
{
    struct promise_standing standing;
    assert_true(promise_ledger_is_sound(l));
    assert_true(promise_stand(l, at(now), &standing));
    return standing;
}

static void
severity_a_is_due_two_hours_later_at_any_hour(void **state)
{
    (void)state;
    struct promise_entry e[] = { { EVENT_STARTED, at("2026-12-31T23:00:00+09:00"), two_hours, 0, 0 } };
    struct promise_ledger l = { e, 1, NULL };
    struct promise_standing s = stand(&l, "2027-01-01T00:30:00+09:00");
    assert_int_equal(s.due_at.us, at("2027-01-01T01:00:00+09:00").us);
    assert_int_equal(s.elapsed_us, MINUTES(90));
    assert_false(s.late);
    assert_true(stand(&l, "2027-01-01T01:00:00.000001+09:00").late);
}

static void
severity_c_is_due_one_business_day_later(void **state)
{
    struct calendar c = office(*state);
    struct promise_entry e[] = { { EVENT_STARTED, at("2026-11-20T15:00:00+09:00"), one_business_day, 0, 0 } };
    struct promise_ledger l = { e, 1, &c };
    struct promise_standing s = stand(&l, "2026-11-21T10:00:00+09:00");
    assert_int_equal(s.due_at.us, at("2026-11-24T15:00:00+09:00").us); /* Monday the 23rd is a holiday */
    assert_int_equal(s.elapsed_us, HOURS(2));
    assert_int_equal(s.allowance_us, HOURS(8));
}

/* Due when the office closes: that evening it is late, though not a second of open time was used since. */
static void
a_deadline_at_closing_time_has_passed_that_evening(void **state)
{
    struct calendar c = office(*state);
    struct promise_entry e[] = { { EVENT_STARTED, at("2026-11-19T19:00:00+09:00"), one_business_day, 0, 0 },
                                 { EVENT_STOPPED, at("2026-11-24T20:00:00+09:00"), { 0 }, 0, 0 } };
    struct promise_ledger l = { e, 1, &c };
    struct instant due = stand(&l, "2026-11-20T10:00:00+09:00").due_at, ahead;
    assert_false(calendar_is_open(&c, due)); /* closing is no open moment any more */
    struct promise_standing s;
    assert_true(promise_stand(&l, due, &s));
    assert_false(s.late);
    assert_true(promise_reaches(&l, due, 100, &ahead));
    assert_int_equal(ahead.us, due.us);
    assert_true(promise_stand(&l, instant_plus(due, 1), &s));
    assert_true(s.late);
    assert_int_equal(s.elapsed_us, s.allowance_us);
    assert_true(promise_reaches(&l, instant_plus(due, 1), 100, &ahead));
    assert_int_equal(ahead.us, 0); /* told at once, and not again and again until the morning */
    l.count = 2;
    assert_int_equal(stand(&l, "2026-12-01T10:00:00+09:00").state, PROMISE_MISSED);
    e[1].at = due;
    assert_int_equal(stand(&l, "2026-12-01T10:00:00+09:00").state, PROMISE_MET);
}

static void
a_pause_moves_the_deadline_and_hides_it(void **state)
{
    (void)state;
    struct promise_entry e[] = {
        { EVENT_STARTED, at("2026-11-20T10:00:00Z"), two_hours, 0, 0 },
        { EVENT_PAUSED, at("2026-11-20T11:30:00Z"), { 0 }, 0, 0 },
        { EVENT_RESUMED, at("2026-11-20T15:00:00Z"), { 0 }, 0, 0 },
    };
    struct promise_ledger l = { e, 2, NULL };
    struct promise_standing s = stand(&l, "2026-11-20T14:00:00Z");
    assert_int_equal(s.state, PROMISE_PAUSED);
    assert_int_equal(s.due_at.us, 0);
    assert_false(s.late);
    l.count = 3;
    assert_int_equal(stand(&l, "2026-11-20T15:10:00Z").due_at.us, at("2026-11-20T15:30:00Z").us);
}

static void
a_raised_severity_counts_from_creation_but_shows_mercy(void **state)
{
    (void)state;
    struct promise_entry e[] = {
        { EVENT_STARTED, at("2026-11-20T10:00:00Z"), four_hours, 0, 0 },
        { EVENT_RETARGETED, at("2026-11-20T10:30:00Z"), two_hours, MINUTES(30), 0 },
    };
    struct promise_ledger l = { e, 2, NULL };
    assert_int_equal(stand(&l, "2026-11-20T10:30:00Z").due_at.us, at("2026-11-20T12:00:00Z").us);
    e[1].at = at("2026-11-20T13:00:00Z"); /* two hours are long gone */
    struct promise_standing s = stand(&l, "2026-11-20T13:10:00Z");
    assert_int_equal(s.due_at.us, at("2026-11-20T13:30:00Z").us);
    assert_false(s.late);
}

static void
mercy_at_closing_time_waits_for_the_morning(void **state)
{
    struct calendar c = office(*state);
    struct promise_entry e[] = {
        { EVENT_STARTED, at("2026-11-20T09:00:00+09:00"), one_business_day, 0, 0 },
        { EVENT_RETARGETED, at("2026-11-20T16:50:00+09:00"), { PACE_BUSINESS_TIME, HOURS(2) }, MINUTES(30), 0 },
    };
    struct promise_ledger l = { e, 2, &c };
    struct promise_standing s = stand(&l, "2026-11-20T16:50:00+09:00");
    assert_int_equal(s.due_at.us, at("2026-11-24T09:20:00+09:00").us); /* ten minutes left on Friday, twenty more */
}

static void
due_at_closing_time_is_late_in_the_evening(void **state)
{
    struct calendar c = office(*state);
    struct promise_entry e[] = {
        { EVENT_STARTED, at("2026-11-17T20:00:00+09:00"), one_business_day, 0, 0 },
        { EVENT_STOPPED, at("2026-11-18T17:00:00+09:00"), { 0 }, 0, 0 },
    };
    struct promise_ledger l = { e, 2, &c };
    assert_int_equal(stand(&l, "2026-12-01T00:00:00Z").state, PROMISE_MET);
    e[1].at = at("2026-11-18T19:00:00+09:00");
    assert_int_equal(stand(&l, "2026-12-01T00:00:00Z").state, PROMISE_MISSED);
    e[1].event = EVENT_PAUSED; /* a question asked in the evening comes too late as well */
    assert_true(stand(&l, "2026-11-18T20:00:00+09:00").late);
    l.count = 1;
    assert_false(stand(&l, "2026-11-18T17:00:00+09:00").late);
    assert_true(stand(&l, "2026-11-18T17:00:00.000001+09:00").late);
}

static void
mercy_outlives_a_later_pause(void **state)
{
    (void)state;
    struct promise_entry e[] = {
        { EVENT_STARTED, at("2026-11-20T10:00:00Z"), four_hours, 0, 0 },
        { EVENT_RETARGETED, at("2026-11-20T13:00:00Z"), two_hours, MINUTES(30), 0 },
        { EVENT_PAUSED, at("2026-11-20T13:10:00Z"), { 0 }, 0, 0 },
        { EVENT_RESUMED, at("2026-11-20T18:00:00Z"), { 0 }, 0, 0 },
    };
    struct promise_ledger l = { e, 4, NULL };
    assert_int_equal(stand(&l, "2026-11-20T18:00:00Z").due_at.us, at("2026-11-20T18:20:00Z").us);
}

static void
stopping_decides_met_or_missed_for_good(void **state)
{
    (void)state;
    struct promise_entry e[] = {
        { EVENT_STARTED, at("2026-11-20T10:00:00Z"), two_hours, 0, 0 },
        { EVENT_STOPPED, at("2026-11-20T12:00:00Z"), { 0 }, 0, 0 },
    };
    struct promise_ledger l = { e, 2, NULL };
    assert_int_equal(stand(&l, "2027-01-01T00:00:00Z").state, PROMISE_MET);
    e[1].at = at("2026-11-20T12:00:01Z");
    assert_int_equal(stand(&l, "2027-01-01T00:00:00Z").state, PROMISE_MISSED);
}

static void
warnings_know_when_a_share_is_used(void **state)
{
    (void)state;
    struct promise_entry e[] = { { EVENT_STARTED, at("2026-11-20T10:00:00Z"), two_hours, 0, 0 } };
    struct promise_ledger l = { e, 1, NULL };
    struct instant t;
    assert_true(promise_reaches(&l, at("2026-11-20T10:10:00Z"), 75, &t));
    assert_int_equal(t.us, at("2026-11-20T11:30:00Z").us);
    assert_true(promise_reaches(&l, at("2026-11-20T11:31:00Z"), 75, &t));
    assert_int_equal(t.us, 0); /* it has passed */
}

static void
ledgers_that_cannot_have_happened_are_refused(void **state)
{
    (void)state;
    struct promise_entry e[] = {
        { EVENT_STARTED, at("2026-11-20T10:00:00Z"), two_hours, 0, 0 },
        { EVENT_RESUMED, at("2026-11-20T11:00:00Z"), { 0 }, 0, 0 },
    };
    struct promise_ledger l = { e, 2, NULL };
    assert_false(promise_ledger_is_sound(&l)); /* resumed while running */
    e[1].event = EVENT_PAUSED;
    e[1].at = at("2026-11-20T09:00:00Z");
    assert_false(promise_ledger_is_sound(&l)); /* before it began */
    l.entries = e + 1;
    l.count = 1;
    assert_false(promise_ledger_is_sound(&l)); /* never started */
    e[0].target = one_business_day;
    l.entries = e;
    assert_false(promise_ledger_is_sound(&l)); /* business days without a calendar */
}

/* ---- random ledgers ---- */

static struct promise_target
random_target(void)
{
    switch (next_random() % 3) {
    case 0:
        return (struct promise_target){ PACE_AROUND_THE_CLOCK, MINUTES(1 + (int64_t)(next_random() % 600)) };
    case 1:
        return (struct promise_target){ PACE_BUSINESS_TIME, MINUTES(1 + (int64_t)(next_random() % 1200)) };
    default:
        return (struct promise_target){ PACE_BUSINESS_DAYS, 1 + (int64_t)(next_random() % 3) };
    }
}

static size_t
random_ledger(struct promise_entry *e)
{
    struct instant t = instant_plus(at("2026-04-20T00:00:00+09:00"), MINUTES((int64_t)(next_random() % 30000)));
    size_t count = 1 + next_random() % ENTRIES_MAX;
    bool paused = false;
    e[0] = (struct promise_entry){ EVENT_STARTED, t, random_target(), 0, 0 };
    for (size_t i = 1; i < count; i++) {
        t = instant_plus(t, MINUTES((int64_t)(next_random() % 900)));
        e[i] = (struct promise_entry){ EVENT_RETARGETED, t, random_target(), 0, 0 };
        if (next_random() % 4) {
            e[i] = (struct promise_entry){ paused ? EVENT_RESUMED : EVENT_PAUSED, t, { 0 }, 0, 0 };
            paused = !paused;
        }
    }
    return count;
}

/* Counts minute by minute, knowing nothing of folds: is it running, is the calendar open? */
static int64_t
naive_elapsed(const struct promise_ledger *l, struct instant now)
{
    struct promise_target target = { 0 };
    for (size_t i = 0; i < l->count; i++)
        if (l->entries[i].target.pace)
            target = l->entries[i].target;
    int64_t minutes = 0;
    size_t next = 1;
    bool paused = false;
    for (struct instant t = l->entries[0].at; t.us < now.us; t = instant_plus(t, MINUTES(1))) {
        for (; next < l->count && l->entries[next].at.us <= t.us; next++)
            if (l->entries[next].event != EVENT_RETARGETED)
                paused = l->entries[next].event == EVENT_PAUSED;
        bool open = target.pace == PACE_AROUND_THE_CLOCK || calendar_is_open(l->calendar, t);
        minutes += open && !paused;
    }
    return MINUTES(minutes);
}

static void
check_segments(struct arena *a, const struct promise_ledger *l, struct instant now, int64_t elapsed_us)
{
    struct promise_segments segments = promise_segments(a, l, now);
    struct instant edge = l->entries[0].at;
    int64_t run = 0;
    for (size_t i = 0; i < segments.count; i++) {
        assert_int_equal(segments.items[i].start.us, edge.us);
        edge = segments.items[i].end;
        if (segments.items[i].kind == SEGMENT_RUN)
            run += edge.us - segments.items[i].start.us;
    }
    assert_int_equal(edge.us, now.us);
    assert_int_equal(run, elapsed_us);
}

static void
every_minute_of_a_random_ledger_is_explained(void **state)
{
    struct calendar c = office(*state);
    for (int n = 0; n < LEDGERS; n++) {
        struct promise_entry e[ENTRIES_MAX + 1];
        struct promise_ledger l = { e, random_ledger(e), &c };
        assert_true(promise_ledger_is_sound(&l));
        struct instant now = instant_plus(e[l.count - 1].at, MINUTES((int64_t)(next_random() % 3000)));
        struct promise_standing s;
        assert_true(promise_stand(&l, now, &s));
        int64_t expected = naive_elapsed(&l, now);
        if (s.elapsed_us != expected)
            claim_failed("ledger %d: %ld instead of %ld", n, s.elapsed_us, expected);
        check_segments(*state, &l, now, expected);
        if (s.state == PROMISE_RUNNING && !s.late && s.due_at.us > now.us)
            assert_int_equal(naive_elapsed(&l, s.due_at), s.allowance_us);
    }
}

static size_t
some_pause(const struct promise_ledger *l)
{
    size_t found = 0, seen = 0;
    for (size_t i = 0; i < l->count; i++)
        if (l->entries[i].event == EVENT_PAUSED && next_random() % ++seen == 0)
            found = i;
    return found;
}

/* The same life as if the pause had never been. */
static size_t
without_pause(const struct promise_entry *e, size_t count, size_t pause, struct promise_entry *out)
{
    size_t kept = 0;
    bool ended = false;
    for (size_t i = 0; i < count; i++) {
        bool ends = i > pause && !ended && e[i].event == EVENT_RESUMED;
        ended = ended || ends;
        if (i != pause && !ends)
            out[kept++] = e[i];
    }
    return kept;
}

static void
a_pause_that_is_taken_back_counts_as_never_written(void **state)
{
    struct calendar c = office(*state);
    size_t checked = 0;
    for (int n = 0; n < LEDGERS; n++) {
        struct promise_entry e[ENTRIES_MAX + 3], other[ENTRIES_MAX + 3];
        struct promise_ledger l = { e, random_ledger(e), &c }, plain = { other, 0, &c };
        size_t pause = some_pause(&l);
        struct instant now = instant_plus(e[l.count - 1].at, MINUTES((int64_t)(next_random() % 3000)));
        if (!pause)
            continue;
        plain.count = without_pause(e, l.count, pause, other);
        e[l.count] = (struct promise_entry){ EVENT_DISPUTED, e[l.count - 1].at, { 0 }, 0, (int64_t)pause + 1 };
        e[l.count + 1] = (struct promise_entry){ EVENT_CORRECTED, now, { 0 }, 0, (int64_t)pause + 1 };
        l.count += 2;
        struct promise_standing taken_back, never;
        assert_true(promise_ledger_is_sound(&l) && promise_ledger_is_sound(&plain));
        assert_true(promise_stand(&l, now, &taken_back) && promise_stand(&plain, now, &never));
        assert_int_equal(taken_back.state, never.state);
        assert_int_equal(taken_back.elapsed_us, never.elapsed_us);
        assert_int_equal(taken_back.allowance_us, never.allowance_us);
        assert_int_equal(taken_back.due_at.us, never.due_at.us);
        assert_int_equal(taken_back.late, never.late);
        check_segments(*state, &l, now, never.elapsed_us);
        checked++;
    }
    assert_true(checked > LEDGERS / 3);
}

static void
a_result_can_be_corrected_after_it_has_ended(void **state)
{
    (void)state;
    struct promise_entry e[] = {
        { EVENT_STARTED, at("2026-11-20T00:00:00Z"), two_hours, 0, 0 },
        { EVENT_PAUSED, at("2026-11-20T01:00:00Z"), { 0 }, 0, 0 },
        { EVENT_RESUMED, at("2026-11-20T05:00:00Z"), { 0 }, 0, 0 },
        { EVENT_STOPPED, at("2026-11-20T05:30:00Z"), { 0 }, 0, 0 },
        { EVENT_DISPUTED, at("2026-11-20T06:00:00Z"), { 0 }, 0, 2 },
        { EVENT_CORRECTED, at("2026-11-20T07:00:00Z"), { 0 }, 0, 2 },
    };
    struct promise_ledger l = { e, 5, NULL };
    assert_int_equal(stand(&l, "2026-11-20T08:00:00Z").state, PROMISE_MET);
    l.count = 6;
    struct promise_standing s = stand(&l, "2026-11-20T08:00:00Z");
    assert_int_equal(s.state, PROMISE_MISSED);
    assert_int_equal(s.elapsed_us, MINUTES(330));
    e[5].corrects = 3; /* a resumption is no pause */
    assert_false(promise_ledger_is_sound(&l));
    e[5] = (struct promise_entry){ EVENT_PAUSED, at("2026-11-20T07:00:00Z"), { 0 }, 0, 0 };
    assert_false(promise_ledger_is_sound(&l));
}

static int
arena_up(void **state)
{
    *state = arena_new(1 << 16);
    return 0;
}

static int
arena_down(void **state)
{
    arena_free(*state);
    return 0;
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, arena_up, arena_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CLAIM(severity_a_is_due_two_hours_later_at_any_hour),
        CLAIM(severity_c_is_due_one_business_day_later),
        CLAIM(a_deadline_at_closing_time_has_passed_that_evening),
        CLAIM(a_pause_moves_the_deadline_and_hides_it),
        CLAIM(a_raised_severity_counts_from_creation_but_shows_mercy),
        CLAIM(mercy_at_closing_time_waits_for_the_morning),
        CLAIM(due_at_closing_time_is_late_in_the_evening),
        CLAIM(mercy_outlives_a_later_pause),
        CLAIM(stopping_decides_met_or_missed_for_good),
        CLAIM(warnings_know_when_a_share_is_used),
        CLAIM(ledgers_that_cannot_have_happened_are_refused),
        CLAIM(every_minute_of_a_random_ledger_is_explained),
        CLAIM(a_pause_that_is_taken_back_counts_as_never_written),
        CLAIM(a_result_can_be_corrected_after_it_has_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
