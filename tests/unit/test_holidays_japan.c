/* holidays_japan: held to published lists of single years and, for the equinoxes, to the sun itself. */
#include <math.h>

#include "tests/unit/claims.h"

#include "workflows/holidays_japan.h"

/* Month * 100 + day, as the Cabinet Office published them, substitutes and citizens' holidays included. */
static const int year_1988[] = { 101, 115, 211, 320, 321, 429, 503, 504, 505, 915, 923, 1010, 1103, 1123 };
static const int year_2009[] = { 101, 112, 211, 320, 429, 503, 504, 505, 506, 720, 921, 922, 923, 1012, 1103, 1123,
                                 1223 };
static const int year_2019[] = { 101, 114, 211, 321, 429, 430, 501, 502, 503, 504, 505, 506, 715, 811, 812, 916, 923,
                                 1014, 1022, 1103, 1104, 1123 };
static const int year_2020[] = { 101, 113, 211, 223, 224, 320, 429, 503, 504, 505, 506, 723, 724, 810, 921, 922, 1103,
                                 1123 };
static const int year_2021[] = { 101, 111, 211, 223, 320, 429, 503, 504, 505, 722, 723, 808, 809, 920, 923, 1103,
                                 1123 };
static const int year_2024[] = { 101, 108, 211, 212, 223, 320, 429, 503, 504, 505, 506, 715, 811, 812, 916, 922, 923,
                                 1014, 1103, 1104, 1123 };
static const int year_2026[] = { 101, 112, 211, 223, 320, 429, 503, 504, 505, 506, 720, 811, 921, 922, 923, 1012, 1103,
                                 1123 };

static void
expect_year(int year, const int *days, size_t count)
{
    size_t next = 0;
    for (int64_t d = civil_day(year, 1, 1); d < civil_day(year + 1, 1, 1); d++) {
        struct civil c = civil_of_day(d);
        bool listed = next < count && days[next] == c.month * 100 + c.day;
        if (japan_is_holiday(d, NULL) != listed)
            claim_failed("%d-%02d-%02d should%s be a holiday", year, c.month, c.day, listed ? "" : " not");
        next += listed;
    }
    assert_int_equal(next, count);
}

static void
published_years_are_met_to_the_day(void **state)
{
    (void)state;
    expect_year(1988, year_1988, COUNT_OF(year_1988));
    expect_year(2009, year_2009, COUNT_OF(year_2009));
    expect_year(2019, year_2019, COUNT_OF(year_2019));
    expect_year(2020, year_2020, COUNT_OF(year_2020));
    expect_year(2021, year_2021, COUNT_OF(year_2021));
    expect_year(2024, year_2024, COUNT_OF(year_2024));
    expect_year(2026, year_2026, COUNT_OF(year_2026));
}

/* J. Meeus, Astronomical Algorithms, chapter 27: the instant of an equinox, good to a minute. */
static const double periodic[][3] = {
    { 485, 324.96, 1934.136 }, { 203, 337.23, 32964.467 }, { 199, 342.08, 20.186 }, { 182, 27.85, 445267.112 },
    { 156, 73.14, 45036.886 }, { 136, 171.52, 22518.443 }, { 77, 222.54, 65928.934 }, { 74, 296.72, 3034.906 },
    { 70, 243.58, 9037.513 }, { 58, 119.81, 33718.147 }, { 52, 297.17, 150.678 }, { 50, 21.02, 2281.226 },
    { 45, 247.54, 29929.562 }, { 44, 325.15, 31555.956 }, { 29, 60.93, 4443.417 }, { 18, 155.12, 67555.328 },
    { 17, 288.79, 4562.452 }, { 16, 198.04, 62894.029 }, { 14, 199.76, 31436.921 }, { 12, 95.39, 14577.848 },
    { 12, 287.11, 31931.756 }, { 12, 320.81, 34777.259 }, { 9, 227.73, 1222.114 }, { 8, 15.45, 16859.074 },
};

static double
radians(double degrees)
{
    return degrees * M_PI / 180;
}

static int64_t
equinox_in_japan(int year, bool autumn)
{
    double y = (year - 2000) / 1000.0;
    double mean = autumn ? 2451810.21715 + y * (365242.01767 + y * (-0.11575 + y * (0.00337 + y * 0.00078)))
                         : 2451623.80984 + y * (365242.37404 + y * (0.05169 + y * (-0.00411 - y * 0.00057)));
    double t = (mean - 2451545.0) / 36525;
    double w = radians(35999.373 * t - 2.47);
    double sum = 0;
    for (size_t i = 0; i < COUNT_OF(periodic); i++)
        sum += periodic[i][0] * cos(radians(periodic[i][1] + periodic[i][2] * t));
    double julian = mean + 0.00001 * sum / (1 + 0.0334 * cos(w) + 0.0007 * cos(2 * w));
    double terrestrial_ahead_s = 60; /* between 29 s in 1950 and about 70 s now */
    double japan = julian - 2440587.5 - terrestrial_ahead_s / DAY_SECONDS + 9.0 / 24;
    return (int64_t)floor(japan);
}

static void
equinoxes_follow_the_sun(void **state)
{
    (void)state;
    struct bilingual name;
    for (int year = JAPAN_HOLIDAYS_FIRST_YEAR; year <= 2099; year++) {
        int64_t spring = equinox_in_japan(year, false), autumn = equinox_in_japan(year, true);
        if (!japan_is_holiday(spring, &name) || strcmp(name.en, "Vernal Equinox Day") != 0)
            claim_failed("vernal equinox of %d", year);
        if (!japan_is_holiday(autumn, &name) || strcmp(name.en, "Autumnal Equinox Day") != 0)
            claim_failed("autumnal equinox of %d", year);
    }
}

static void
derived_holidays_are_named(void **state)
{
    (void)state;
    struct bilingual name;
    assert_true(japan_is_holiday(civil_day(2026, 9, 22), &name));
    assert_string_equal(name.ja, "国民の休日");
    assert_true(japan_is_holiday(civil_day(2026, 5, 6), &name));
    assert_string_equal(name.ja, "振替休日");
    assert_false(japan_is_holiday(civil_day(1973, 2, 12), NULL)); /* a Sunday's holiday before substitutes were law */
    assert_true(japan_is_holiday(civil_day(1973, 4, 30), NULL));  /* the first substitute ever */
    assert_false(japan_is_holiday(civil_day(2200, 1, 1), NULL));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_years_are_met_to_the_day),
        cmocka_unit_test(equinoxes_follow_the_sun),
        cmocka_unit_test(derived_holidays_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
