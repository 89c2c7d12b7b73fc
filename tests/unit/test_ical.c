/* ical: holiday files as calendars really publish them, and files that are none. */
#include "tests/unit/claims.h"

#include "workflows/ical.h"

struct bench {
    struct arena *arena;
    struct scope scope;
    const struct zone *tokyo;
};

static int
set_up(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    b->arena = arena_new(1 << 16);
    b->scope = scope_new(b->arena, (struct instant){ 1 });
    assert_true(zone_load(b->arena, STR("Asia/Tokyo"), &b->tokyo));
    *state = b;
    return 0;
}

static int
tear_down(void **state)
{
    struct bench *b = *state;
    arena_free(b->arena);
    free(b);
    return 0;
}

#define FILE_OF(events) STR("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" events "END:VCALENDAR\r\n")
#define EVENT(properties) "BEGIN:VEVENT\r\n" properties "END:VEVENT\r\n"

static struct ical_days
days_of(struct bench *b, struct str file)
{
    struct ical_days days;
    if (!ical_read(&b->scope, file, b->tokyo, 2026, 2028, &days))
        claim_failed("refused: " STR_FMT, STR_ARG(b->scope.failure.detail));
    return days;
}

static void
whole_days_are_taken_with_their_names(void **state)
{
    struct bench *b = *state;
    struct ical_days days = days_of(b, FILE_OF(
        EVENT("DTSTART;VALUE=DATE:20261230\r\nDTEND;VALUE=DATE:20270104\r\nSUMMARY:年末年始休業\\, 全社\r\n")
        EVENT("DTSTART;VALUE=DATE:20260810\r\nSUMMARY:A long\r\n  name\r\n")
        EVENT("DTSTART;VALUE=DATE:20260101\r\nSTATUS:CANCELLED\r\nSUMMARY:Not held\r\n")));
    assert_int_equal(days.count, 6);
    assert_int_equal(days.items[0].day, civil_day(2026, 8, 10));
    assert_string_equal(days.items[0].name.at, "A long name");
    assert_int_equal(days.items[1].day, civil_day(2026, 12, 30));
    assert_int_equal(days.items[5].day, civil_day(2027, 1, 3));
    assert_string_equal(days.items[5].name.at, "年末年始休業, 全社");
}

static void
timed_events_count_the_days_they_touch(void **state)
{
    struct bench *b = *state;
    struct ical_days days = days_of(b, FILE_OF(
        EVENT("DTSTART;TZID=Asia/Tokyo:20260501T130000\r\nDTEND;TZID=Asia/Tokyo:20260502T000000\r\n")
        EVENT("DTSTART:20260601T160000Z\r\nDTEND:20260602T010000Z\r\n"))); /* 1:00 to 10:00 on the 2nd in Tokyo */
    assert_int_equal(days.count, 2);
    assert_int_equal(days.items[0].day, civil_day(2026, 5, 1));
    assert_int_equal(days.items[1].day, civil_day(2026, 6, 2));
}

static void
yearly_events_repeat_within_the_years_asked_for(void **state)
{
    struct bench *b = *state;
    struct ical_days days = days_of(b, FILE_OF(
        EVENT("DTSTART;VALUE=DATE:20200401\r\nRRULE:FREQ=YEARLY\r\n")
        EVENT("DTSTART;VALUE=DATE:20250701\r\nRRULE:FREQ=YEARLY;COUNT=2\r\n")
        EVENT("DTSTART;VALUE=DATE:20240229\r\nRRULE:FREQ=YEARLY;UNTIL=20281231\r\n")
        EVENT("DTSTART;VALUE=DATE:20200401\r\nBEGIN:VALARM\r\nDTSTART:nonsense\r\nEND:VALARM\r\n")));
    assert_int_equal(days.count, 5); /* 2026-04-01, 2026-07-01, 2027-04-01, 2028-02-29, 2028-04-01 */
    assert_int_equal(days.items[3].day, civil_day(2028, 2, 29));
}

static void
what_is_not_understood_names_its_line(void **state)
{
    struct bench *b = *state;
    static const struct {
        const char *file, *says;
    } bad[] = {
        { "hello", "line 1" },
        { "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:2026-11-23\nEND:VEVENT\nEND:VCALENDAR\n", "line 3" },
        { "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260230\nEND:VEVENT\nEND:VCALENDAR\n", "line 3" },
        { "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n", "line 3: ends an event without" },
        { "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\nRRULE:FREQ=WEEKLY\nEND:VEVENT\n", "line 4: repeats" },
        { "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\n", "ends inside an event" },
        { "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\nDTEND:20290101\nEND:VEVENT\n", "longer than a year" },
        { "BEGIN:VCALENDAR\n", "END:VCALENDAR" },
        { "BEGIN:VCALENDAR\nX\n", "line 2: is not NAME:value" },
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct ical_days days;
        scope_forgive(&b->scope);
        assert_false(ical_read(&b->scope, str_of(bad[i].file), b->tokyo, 2026, 2028, &days));
        assert_ptr_equal(b->scope.failure.problem, &ical_not_understood);
        if (!str_contains(b->scope.failure.detail, str_of(bad[i].says)))
            claim_failed("file %zu says: " STR_FMT, i, STR_ARG(b->scope.failure.detail));
    }
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CLAIM(whole_days_are_taken_with_their_names),
        CLAIM(timed_events_count_the_days_they_touch),
        CLAIM(yearly_events_repeat_within_the_years_asked_for),
        CLAIM(what_is_not_understood_names_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
