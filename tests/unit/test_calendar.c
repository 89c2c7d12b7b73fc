/* calendar: open time, against an oracle that asks the C library for every single minute. */
#include "tests/unit/claims.h"

#include "workflows/calendar.h"
#include "workflows/holidays_japan.h"

enum { ORACLE_DAYS = 420, ORACLE_MINUTES = ORACLE_DAYS * 1440, CASES = 4000 };

static uint64_t seed = 7;

static uint64_t
next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

/* Two to four calendars' worth of awkwardness: lunch breaks, nights, a whole-day Saturday, closures, and a version that
 * changes the hours in the middle of the oracle's span. */
static struct calendar_exception exceptions[8];
static struct calendar_version versions[2];

static void
random_windows(struct calendar_window *w)
{
    memset(w, 0, sizeof(struct calendar_window) * WINDOWS_PER_DAY_MAX);
    int32_t at = 0;
    for (int i = 0, count = (int)(next_random() % 4); i < count; i++) {
        at += (int32_t)(next_random() % 240) * 60;
        int32_t to = at + 60 + (int32_t)(next_random() % 300) * 60;
        if (to > DAY_SECONDS)
            break;
        w[i] = (struct calendar_window){ at, to };
        at = to;
    }
}

static struct calendar
random_calendar(const struct zone *z, int64_t first_day)
{
    for (int v = 0; v < 2; v++) {
        versions[v] = (struct calendar_version){
            .from_day = first_day + v * (ORACLE_DAYS / 2), .exceptions = exceptions,
            .exception_count = COUNT_OF(exceptions),
            .holidays = next_random() % 2 ? HOLIDAYS_JAPAN : HOLIDAYS_NONE,
        };
        for (int d = 0; d < 7; d++)
            random_windows(versions[v].windows[d]);
        random_windows(versions[v].exception_windows);
        versions[v].windows[next_random() % 7][0] = (struct calendar_window){ 0, DAY_SECONDS };
        memset(&versions[v].windows[next_random() % 7], 0, sizeof versions[v].windows[0]);
    }
    for (int d = 0; d < 7; d++) /* the whole-day window stands alone */
        for (int v = 0; v < 2; v++)
            if (versions[v].windows[d][0].to_s == DAY_SECONDS)
                memset(&versions[v].windows[d][1], 0, sizeof(struct calendar_window) * (WINDOWS_PER_DAY_MAX - 1));
    for (size_t e = 0; e < COUNT_OF(exceptions); e++)
        exceptions[e] = (struct calendar_exception){ first_day + 10 + (int64_t)e * 50, next_random() % 2 };
    return (struct calendar){ z, versions, 2 };
}

static bool
oracle_is_open(time_t t)
{
    struct tm tm;
    localtime_r(&t, &tm);
    int64_t day = civil_day(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
    const struct calendar_version *v = day >= versions[1].from_day ? &versions[1] : &versions[0];
    const struct calendar_window *w = v->windows[(tm.tm_wday + 6) % 7];
    bool named = false;
    for (size_t e = 0; e < COUNT_OF(exceptions); e++)
        if (exceptions[e].day == day) {
            named = true;
            w = exceptions[e].open ? v->exception_windows : NULL;
        }
    if (!named && v->holidays == HOLIDAYS_JAPAN && japan_is_holiday(day, NULL))
        return false;
    int second = tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
    for (int i = 0; w && i < WINDOWS_PER_DAY_MAX && w[i].to_s; i++)
        if (second >= w[i].from_s && second < w[i].to_s)
            return true;
    return false;
}

static int32_t open_minutes_before[ORACLE_MINUTES + 1];
static bool minute_is_open[ORACLE_MINUTES];

static void
ask_every_minute(int64_t start_s)
{
    for (int m = 0; m < ORACLE_MINUTES; m++) {
        minute_is_open[m] = oracle_is_open((time_t)(start_s + m * 60));
        open_minutes_before[m + 1] = open_minutes_before[m] + minute_is_open[m];
    }
}

static int64_t
oracle_open_us(int64_t us) /* open time since the oracle's start; `us` counts from there, too */
{
    int64_t minute = us / MINUTES(1);
    int64_t part = minute < ORACLE_MINUTES && minute_is_open[minute] ? us % MINUTES(1) : 0;
    return MINUTES(open_minutes_before[minute]) + part;
}

static void
check_case(const struct calendar *c, int64_t start_us)
{
    int64_t from = (int64_t)(next_random() % (uint64_t)DAYS(ORACLE_DAYS - 40));
    int64_t reach = next_random() % 4 ? DAYS(3) : DAYS(39);
    int64_t to = from + (int64_t)(next_random() % (uint64_t)reach);
    if (next_random() % 2) { /* often on the full second, where mistakes by one live */
        from -= from % SECONDS(1);
        to -= to % SECONDS(1);
    }
    struct instant t0 = { start_us + from }, t1 = { start_us + (to < from ? from : to) };
    int64_t expected = oracle_open_us(t1.us - start_us) - oracle_open_us(from);
    int64_t open = calendar_open_us(c, t0, t1);
    if (open != expected)
        claim_failed("open time from %ld to %ld: %ld instead of %ld", t0.us, t1.us, open, expected);
    struct instant due;
    if (expected == 0)
        return;
    assert_true(calendar_add_open(c, t0, expected, &due));
    assert_true(due.us <= t1.us);
    assert_int_equal(oracle_open_us(due.us - start_us) - oracle_open_us(from), expected);
    assert_int_equal(oracle_open_us(due.us - 1 - start_us) - oracle_open_us(from), expected - 1);
    assert_true(calendar_is_open(c, instant_plus(due, -1)));
}

static void
open_time_agrees_with_the_minute_oracle(void **state)
{
    struct arena *a = *state;
    static const char *const zones[] = { "Asia/Tokyo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
                                         "Asia/Kathmandu", "America/Sao_Paulo", "Europe/London" };
    static const int years[] = { 2023, 2017, 2029, 2037 }; /* a leap day, Brazil, the closing rule */
    int cases = 0;
    for (size_t i = 0; i < COUNT_OF(zones); i++)
        for (size_t y = 0; y < COUNT_OF(years); y++) {
            const struct zone *z;
            assert_true(zone_load(a, str_of(zones[i]), &z));
            setenv("TZ", zones[i], 1);
            tzset();
            int64_t first_day = civil_day(years[y], 10, 1);
            struct calendar c = random_calendar(z, first_day);
            assert_true(calendar_is_sound(&c));
            ask_every_minute(first_day * DAY_SECONDS);
            for (int n = 0; n < CASES; n++, cases++)
                check_case(&c, first_day * DAY_SECONDS * 1000000);
        }
    assert_true(cases >= 100000);
}

static struct calendar
office(struct arena *a)
{
    static struct calendar_version v;
    v = (struct calendar_version){ .holidays = HOLIDAYS_JAPAN };
    for (int d = MONDAY; d <= FRIDAY; d++)
        v.windows[d][0] = (struct calendar_window){ 9 * 3600, 17 * 3600 };
    const struct zone *z;
    assert_true(zone_load(a, STR("Asia/Tokyo"), &z));
    return (struct calendar){ z, &v, 1 };
}

static struct instant
at(const char *text)
{
    struct instant t;
    assert_true(instant_parse(str_of(text), &t));
    return t;
}

static void
one_business_day_skips_nights_weekends_and_holidays(void **state)
{
    struct calendar c = office(*state);
    static const char *const rows[][2] = {
        { "2026-11-20T15:00:00+09:00", "2026-11-24T15:00:00+09:00" }, /* Friday; Monday the 23rd is a holiday */
        { "2026-11-21T12:00:00+09:00", "2026-11-25T09:00:00+09:00" }, /* Saturday counts from Tuesday's opening */
        { "2026-11-18T20:00:00+09:00", "2026-11-20T09:00:00+09:00" }, /* after hours counts from the next morning */
        { "2026-04-28T16:59:59+09:00", "2026-04-30T16:59:59+09:00" },
        { "2026-05-01T10:00:00+09:00", "2026-05-07T10:00:00+09:00" }, /* over Golden Week */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct instant due;
        assert_true(calendar_add_days(&c, at(rows[i][0]), 1, &due));
        assert_int_equal(due.us, at(rows[i][1]).us);
    }
}

static void
a_calendar_that_never_opens_says_so(void **state)
{
    struct calendar c = office(*state);
    struct calendar_version never = { .from_day = 0 };
    c.versions = &never;
    struct instant due;
    struct open_span span;
    assert_false(calendar_next_open(&c, at("2026-01-01T00:00:00Z"), &span));
    assert_false(calendar_add_open(&c, at("2026-01-01T00:00:00Z"), 1, &due));
    assert_false(calendar_add_days(&c, at("2026-01-01T00:00:00Z"), 1, &due));
    assert_int_equal(calendar_open_us(&c, at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")), 0);
    assert_true(calendar_add_open(&c, at("2026-01-01T00:00:00Z"), 0, &due));
}

static void
unsound_calendars_are_told_apart(void **state)
{
    struct calendar c = office(*state);
    assert_true(calendar_is_sound(&c));
    struct calendar_version bad = *c.versions;
    bad.windows[MONDAY][1] = (struct calendar_window){ 16 * 3600, 18 * 3600 }; /* overlaps the first */
    c.versions = &bad;
    assert_false(calendar_is_sound(&c));
    bad.windows[MONDAY][1] = (struct calendar_window){ 18 * 3600, DAY_SECONDS + 60 };
    assert_false(calendar_is_sound(&c));
    c.version_count = 0;
    assert_false(calendar_is_sound(&c));
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(open_time_agrees_with_the_minute_oracle, arena_up, arena_down),
        cmocka_unit_test_setup_teardown(one_business_day_skips_nights_weekends_and_holidays, arena_up, arena_down),
        cmocka_unit_test_setup_teardown(a_calendar_that_never_opens_says_so, arena_up, arena_down),
        cmocka_unit_test_setup_teardown(unsound_calendars_are_told_apart, arena_up, arena_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
