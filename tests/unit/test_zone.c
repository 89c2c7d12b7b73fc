/* zone: held to the C library's own reading of the same database. */
#include "tests/unit/claims.h"

#include "core/base/zone.h"

static const char *const zones[] = {
    "UTC", "Asia/Tokyo", "Europe/Berlin", "Europe/London", "Europe/Dublin", "America/New_York", "America/Sao_Paulo",
    "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu", "America/St_Johns", "Asia/Tehran",
    "Pacific/Chatham", "America/Godthab", "Antarctica/Troll",
};

static uint64_t seed = 20261121;

static uint64_t
next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static void
zone_agrees_with_the_c_library(void **state)
{
    struct arena *a = *state;
    for (size_t i = 0; i < COUNT_OF(zones); i++) {
        const struct zone *z;
        assert_true(zone_load(a, str_of(zones[i]), &z));
        setenv("TZ", zones[i], 1);
        tzset();
        for (int n = 0; n < 20000; n++) {
            time_t t = (time_t)(next_random() % 4102444800U); /* 1970 to 2100 */
            struct tm tm;
            localtime_r(&t, &tm);
            struct zone_period p = zone_period_at(z, t);
            if (p.offset_s != tm.tm_gmtoff)
                claim_failed("%s at %ld: %d instead of %ld", zones[i], (long)t, p.offset_s, tm.tm_gmtoff);
            assert_true(p.start_s <= t && t < p.end_s);
            struct civil c = zone_civil(z, (struct instant){ (int64_t)t * 1000000 });
            assert_int_equal(c.day, tm.tm_mday);
            assert_int_equal(c.hour, tm.tm_hour);
            assert_int_equal(c.second, tm.tm_sec);
        }
    }
}

static void
zone_periods_join_without_gap(void **state)
{
    struct arena *a = *state;
    const struct zone *z;
    assert_true(zone_load(a, STR("Europe/Berlin"), &z));
    struct zone_period p = zone_period_at(z, 0);
    int periods = 0;
    for (; p.end_s < 7258118400; periods++) { /* until 2200 */
        struct zone_period next = zone_period_at(z, p.end_s);
        assert_int_equal(next.start_s, p.end_s);
        p = next;
    }
    assert_true(periods > 400);
}

static void
zone_instant_meets_gaps_and_repeats(void **state)
{
    struct arena *a = *state;
    const struct zone *z;
    assert_true(zone_load(a, STR("America/New_York"), &z));
    /* 2026-03-08 02:30 does not exist: clocks jump at 07:00 UTC. 2026-11-01 01:30 happens first at 05:30 UTC. */
    int64_t gap = civil_day(2026, 3, 8), repeat = civil_day(2026, 11, 1);
    assert_int_equal(zone_instant(z, gap, 9000).us, (gap * DAY_SECONDS + 7 * 3600) * 1000000);
    assert_int_equal(zone_instant(z, repeat, 5400).us, (repeat * DAY_SECONDS + 5 * 3600 + 1800) * 1000000);
}

static void
zone_refuses_names_that_are_paths(void **state)
{
    struct arena *a = *state;
    const struct zone *z;
    static const char *const bad[] = { "", "../../etc/passwd", "/etc/localtime", "Asia/Nowhere", "Asia", "zone.tab",
                                       "Asia/Tokyo\n" };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(zone_load(a, str_of(bad[i]), &z));
    assert_false(zone_exists(STR("Asia/Nowhere")));
    assert_true(zone_exists(STR("Asia/Tokyo")));
}

static void
civil_days_go_both_ways(void **state)
{
    (void)state;
    assert_int_equal(civil_day(1970, 1, 1), 0);
    assert_int_equal(civil_day(2000, 2, 29), 11016);
    assert_int_equal(weekday_of(civil_day(2026, 11, 21)), SATURDAY);
    for (int64_t day = -800000; day < 800000; day++) {
        struct civil c = civil_of_day(day);
        assert_int_equal(civil_day(c.year, c.month, c.day), day);
    }
    int64_t day;
    assert_true(civil_date_parse(STR("2024-02-29"), &day));
    assert_false(civil_date_parse(STR("2023-02-29"), &day));
    assert_false(civil_date_parse(STR("2023-2-9"), &day));
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
        cmocka_unit_test_setup_teardown(zone_agrees_with_the_c_library, arena_up, arena_down),
        cmocka_unit_test_setup_teardown(zone_periods_join_without_gap, arena_up, arena_down),
        cmocka_unit_test_setup_teardown(zone_instant_meets_gaps_and_repeats, arena_up, arena_down),
        cmocka_unit_test_setup_teardown(zone_refuses_names_that_are_paths, arena_up, arena_down),
        cmocka_unit_test(civil_days_go_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
