#include "tests/unit/claims.h"

#include <stdio.h>
#include <unistd.h>

#include "core/base/crypto.h"
#include "core/base/uuid.h"

static void
instants_are_read_with_any_zone_and_written_in_utc(void **state)
{
    static const struct { const char *in, *out; } cases[] = {
        { "2026-11-21T00:50:00Z", "2026-11-21T00:50:00.000000Z" },
        { "2026-11-21T00:50:00.5+09:00", "2026-11-20T15:50:00.500000Z" },
        { "2026-11-21t23:59:59.123456789-11:30", "2026-11-22T11:29:59.123456Z" },
        { "2024-02-29T12:00:00z", "2024-02-29T12:00:00.000000Z" },
        { "1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z" },
        { "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z" },
        { "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z" },
        { "2000-03-01T00:00:00-00:00", "2000-03-01T00:00:00.000000Z" } };
    struct instant t;
    char out[32];
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_true(instant_parse(str_of(cases[i].in), &t));
        assert_int_equal(instant_write(out, t), 27);
        assert_string_equal(out, cases[i].out);
    }
}

static void
every_day_of_eight_hundred_years_reads_back(void **state)
{
    struct instant t = { 0 }, back;
    char out[32];
    (void)state;
    for (int64_t day = -146097; day < 146097; day++) {
        t.us = DAYS(day) + 1;
        size_t length = instant_write(out, t);
        assert_true(instant_parse((struct str){ out, length }, &back));
        assert_int_equal(back.us, t.us);
    }
}

static void
what_is_no_instant_is_refused(void **state)
{
    static const char *const refused[] = {
        "", "2026-11-21", "2026-11-21T00:50:00", "2026-11-21 00:50:00Z", "2026-02-29T00:00:00Z",
            "2100-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-04-31T00:00:00Z", "2026-11-21T24:00:00Z",
        "2026-11-21T00:60:00Z", "2026-11-21T00:00:60Z", "2026-11-21T00:50:00.Z", "2026-11-21T00:50:00+9:00",
        "2026-11-21T00:50:00+24:00", "2026-11-21T00:50:00+0900", "2026-11-21T00:50:00Zx",
            " 2026-11-21T00:50:00Z",
        "+2026-11-21T00:50:00Z", "0000-01-01T00:00:00Z", "2026-1-21T00:50:00Z", "2026-11-21T00:50Z" };
    struct instant t = { 42 };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        if (instant_parse(str_of(refused[i]), &t))
            claim_failed("taken: %s", refused[i]);
    assert_int_equal(t.us, 42);
}

static void
a_clock_can_be_set_from_outside_and_moved(void **state)
{
    char path[128];
    temporary_name(path, sizeof path, "clock");
    int fd = mkstemp(path);
    struct instant frozen;
    (void)state;
    assert_true(fd >= 0);
    assert_true(instant_parse(STR("2030-01-01T00:00:00Z"), &frozen));
    const struct clock c = { .frozen_file = path, .offset_us = SECONDS(5) };
    assert_true(clock_now(&c).us < frozen.us); /* an empty file freezes nothing */
    assert_int_equal(dprintf(fd, "2030-01-01T00:00:00Z\nnot read\n"), 30);
    assert_int_equal(clock_now(&c).us, frozen.us + SECONDS(5));
    assert_int_equal(pwrite(fd, "2031", 4, 0), 4);
    assert_true(clock_now(&c).us > frozen.us + DAYS(364));
    close(fd);
    unlink(path);
    assert_true(clock_now(&c).us < frozen.us);
    int64_t before = clock_monotonic_us();
    assert_true(clock_monotonic_us() >= before);
}

static void
uuids_are_version_7_and_grow_even_while_time_stands(void **state)
{
    struct uuid last = { { 0 } };
    struct instant now = { 1790000000123456 };
    (void)state;
    assert_true(crypto_start());
    for (int i = 0; i < 20000; i++) {
        struct uuid u = uuid_new(i % 3 ? now : instant_plus(now, -SECONDS(1)));
        assert_int_equal(u.bytes[6] >> 4, 7);
        assert_int_equal(u.bytes[8] >> 6, 2);
        assert_true(memcmp(last.bytes, u.bytes, 8) < 0);
        last = u;
    }
    struct uuid far_on = uuid_new(instant_plus(now, DAYS(1)));
    int64_t ms = 0;
    for (int i = 0; i < 6; i++)
        ms = ms << 8 | far_on.bytes[i];
    assert_int_equal(ms, (now.us + DAYS(1)) / 1000);
}

static void
uuids_are_read_in_one_form_alone(void **state)
{
    static const char *const refused[] = {
        "", "0123456789abcdef0123456789abcdef", "01234567-89ab-7def-8123-456789abcde",
            "01234567-89ab-7def-8123-456789abcdeff",
        "01234567-89ab-7def-8123-456789abcdeg", "{1234567-89ab-7def-8123-456789abcde}",
            "01234567089ab-7def-8123-456789abcdef" };
    struct uuid u;
    char text[UUID_TEXT_BYTES];
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        assert_false(uuid_parse(str_of(refused[i]), &u));
    assert_true(uuid_parse(STR("01234567-89AB-7def-8123-456789abcdef"), &u));
    uuid_write(text, u);
    assert_memory_equal(text, "01234567-89ab-7def-8123-456789abcdef", UUID_TEXT_BYTES);
    assert_false(uuid_is_none(u));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instants_are_read_with_any_zone_and_written_in_utc),
        cmocka_unit_test(every_day_of_eight_hundred_years_reads_back),
        cmocka_unit_test(what_is_no_instant_is_refused),
        cmocka_unit_test(a_clock_can_be_set_from_outside_and_moved),
        cmocka_unit_test(uuids_are_version_7_and_grow_even_while_time_stands),
        cmocka_unit_test(uuids_are_read_in_one_form_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
