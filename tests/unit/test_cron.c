/* cron: held to a clock that is watched second by second. */
#include "tests/unit/claims.h"

#include <string.h>

#include "core/base/cron.h"
#include "core/base/scope.h"
#include "core/base/shape.h"
#include "core/base/text.h"

static uint64_t seed = 20261121;

static int
below(int bound)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (int)(seed % (uint64_t)bound);
}

static void
what_is_written_is_taken_and_what_is_not_is_told_with_its_field(void **state)
{
    static const struct { const char *text; int field; } cases[] = {
        { "0 0 * * * ? *", -1 }, { "0 30 9 ? * MON-FRI *", -1 }, { "*/15 0,12 1-5/2 1/7 jan,DEC 1-7 2026-2030", -1 },
        { "0 0 0 ? * ? *", -1 }, { "0 0 0 * * * *", -1 },
        { "00***?*", CRON_FIELDS }, { "", CRON_FIELDS }, { "0 0 * * *", CRON_FIELDS }, { "0 0 * * * ?", CRON_FIELDS },
        { "0 0 * * * ? * *", CRON_FIELDS }, { " 0 0 * * * ? *", CRON_FIELDS }, { "0  0 * * * ? *", CRON_FIELDS },
        { "60 0 * * * ? *", 0 }, { "? 0 * * * ? *", 0 }, { "0 60 * * * ? *", 1 }, { "0 0 24 * * ? *", 2 },
        { "0 0 * 0 * ? *", 3 }, { "0 0 * 32 * ? *", 3 }, { "0 0 * L * ? *", 3 }, { "0 0 * * 13 ? *", 4 },
        { "0 0 * * JANU ? *", 4 }, { "0 0 * * * 0 *", 5 }, { "0 0 * * * 8 *", 5 }, { "0 0 * * * MON#2 *", 5 },
        { "0 0 * * * FRI-MON *", 5 }, { "0 0 * * * ? 1969", 6 }, { "0 0 * * * ? 2200", 6 }, { "0 0 * * * ? ?", 6 },
        { "1, 0 * * * ? *", 0 }, { ",1 0 * * * ? *", 0 }, { "1/0 0 * * * ? *", 0 }, { "1/ 0 * * * ? *", 0 },
        { "/2 0 * * * ? *", 0 }, { "5-1 0 * * * ? *", 0 }, { "-1 0 * * * ? *", 0 }, { "+1 0 * * * ? *", 0 },
        { "1-2-3 0 * * * ? *", 0 }, { "*1 0 * * * ? *", 0 }, { "0 0 * * * ?,1 *", 5 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct cron c;
        struct cron_fault fault;
        bool taken = cron_parse(str_of(cases[i].text), &c, &fault);
        bool is_told = taken || (fault.field == cases[i].field && fault.why.en && fault.why.ja);
        if (taken != (cases[i].field < 0) || !is_told)
            claim_failed("%s: %s, field %d", cases[i].text, taken ? "taken" : "refused", fault.field);
    }
}

struct plan {
    struct str runs;
};
static const struct shape plan_shape = SHAPE(plan, FIELD(plan, runs, "When", .format = FORMAT_CRON, .max = 300));

static void
a_refusal_over_the_wire_says_which_field_and_why(void **state)
{
    struct arena *a = arena_new(1 << 16);
    struct scope s = scope_new(a, (struct instant){ 1 });
    struct plan plan;
    (void)state;
    assert_true(shape_read_json(&s, &plan_shape, STR("{\"runs\":\"0 0 * * * ? *\"}"), &plan));
    assert_false(shape_read_json(&s, &plan_shape, STR("{\"runs\":\"00***?*\"}"), &plan));
    assert_true(str_is(s.failure.violations[0].pointer, "/runs"));
    assert_true(str_starts(s.failure.violations[0].en, STR("Seven fields")));
    scope_forgive(&s);
    assert_false(shape_read_json(&s, &plan_shape, STR("{\"runs\":\"0 0 25 * * ? *\"}"), &plan));
    assert_true(str_starts(s.failure.violations[0].en, STR("The third field, the hour")));
    assert_true(s.failure.violations[0].ja.len > 0);
    arena_free(a);
}

/* ---- the oracle: what the wall shows at a second, and whether the expression says so ---- */

static bool
shows(const struct cron *c, int64_t local)
{
    int64_t day = floor_div(local, DAY_SECONDS);
    int of_day = (int)(local - day * DAY_SECONDS);
    struct civil at = civil_of_day(day);
    int year = at.year - CRON_YEAR_FIRST;
    return (c->seconds >> of_day % 60 & 1) && (c->minutes >> of_day / 60 % 60 & 1) && (c->hours >> of_day / 3600 & 1)
        && (c->days >> at.day & 1) && (c->months >> at.month & 1)
        && (c->weekdays >> ((weekday_of(day) + 1) % 7 + 1) & 1) && (c->years[year / 64] >> year % 64 & 1);
}

static int64_t
reading(const struct zone *z, int64_t at)
{
    return at + zone_period_at(z, at).offset_s;
}

static bool
runs_at(const struct cron *c, const struct zone *z, int64_t at, int64_t local, int64_t local_before)
{
    bool names_hours = c->hours != (1 << 24) - 1;
    for (int64_t skipped = local_before + 1; names_hours && skipped < local; skipped++)
        if (shows(c, skipped))
            return true;
    if (!shows(c, local))
        return false;
    for (int64_t earlier = at - 4 * 3600; names_hours && earlier < at; earlier += 900)
        if (reading(z, earlier) == local)
            return false;
    return true;
}

static struct str
random_field(struct arena *a, int low, int high, bool may_be_open)
{
    int first = low + below(high - low + 1), second = first + below(high - first + 1);
    switch (below(may_be_open ? 6 : 4)) {
    case 0:
        return str_printf(a, "%d", first);
    case 1:
        return str_printf(a, "%d-%d", first, second);
    case 2:
        return str_printf(a, "%d,%d", first, second);
    case 3:
        return str_printf(a, "%d/%d", first, 1 + below(high));
    default:
        return STR("*");
    }
}

static struct str
random_expression(struct arena *a)
{
    struct str second = below(2) ? STR("0") : random_field(a, 0, 59, true);
    struct str minute = random_field(a, 0, 59, true), hour = random_field(a, below(2) ? 0 : 1, below(2) ? 3 : 23, true);
    struct str day = below(4) ? STR("*") : random_field(a, 1, 31, true);
    struct str weekday = below(4) ? STR("?") : random_field(a, 1, 7, true);
    return str_printf(a, STR_FMT " " STR_FMT " " STR_FMT " " STR_FMT " * " STR_FMT " *", STR_ARG(second),
                      STR_ARG(minute), STR_ARG(hour), STR_ARG(day), STR_ARG(weekday));
}

/* Around a change of clocks, where there is one. */
static int64_t
interesting_time(const struct zone *z)
{
    int64_t at = 1577836800 + (int64_t)below(315360000); /* 2020 to 2030 */
    struct zone_period p = zone_period_at(z, at);
    bool near = below(4) && p.end_s < 1900000000;
    return (near ? p.end_s - 7200 - below(7200) : at);
}

static void
the_next_time_is_that_of_a_watched_clock(void **state)
{
    static const char *const zones[] = { "Asia/Tokyo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
                                         "Africa/Casablanca", "America/St_Johns", "Pacific/Chatham", "UTC" };
    enum { WATCHED_S = 2 * DAY_SECONDS };
    (void)state;
    for (int n = 0; n < 240; n++) {
        struct arena *a = arena_new(1 << 16);
        const struct zone *z;
        struct cron c;
        struct cron_fault fault;
        struct instant next = { 0 };
        struct str text = random_expression(a);
        const char *zone = zones[(size_t)n % COUNT_OF(zones)];
        assert_true(zone_load(a, str_of(zone), &z));
        if (!cron_parse(text, &c, &fault))
            claim_failed(STR_FMT " is refused", STR_ARG(text));
        int64_t from = interesting_time(z), at = from, local = reading(z, from), before;
        bool runs = false;
        while (!runs && at < from + WATCHED_S) {
            before = local;
            local = reading(z, ++at);
            runs = runs_at(&c, z, at, local, before);
        }
        bool found = cron_next(&c, z, (struct instant){ SECONDS(from) + below(1000000) }, &next);
        if (runs ? !found || next.us != SECONDS(at) : found && next.us <= SECONDS(from + WATCHED_S))
            claim_failed(STR_FMT " in %s after %lld: %lld instead of %lld", STR_ARG(text), zone, (long long)from,
                         (long long)(next.us / SECONDS(1)), (long long)(runs ? at : 0));
        arena_free(a);
    }
}

static void
a_day_that_never_comes_is_not_waited_for(void **state)
{
    struct arena *a = arena_new(1 << 16);
    const struct zone *z;
    struct cron c;
    struct cron_fault fault;
    struct instant next;
    (void)state;
    assert_true(zone_load(a, STR("Europe/Berlin"), &z));
    assert_true(cron_parse(STR("0 0 0 30 2 ? *"), &c, &fault));
    assert_false(cron_next(&c, z, (struct instant){ 0 }, &next));
    assert_true(cron_parse(STR("0 0 0 29 2 SUN 2099-2199"), &c, &fault));
    assert_true(cron_next(&c, z, (struct instant){ 0 }, &next));
    assert_int_equal(zone_civil(z, next).year, 2128);
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_taken_and_what_is_not_is_told_with_its_field),
        cmocka_unit_test(a_refusal_over_the_wire_says_which_field_and_why),
        cmocka_unit_test(the_next_time_is_that_of_a_watched_clock),
        cmocka_unit_test(a_day_that_never_comes_is_not_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
