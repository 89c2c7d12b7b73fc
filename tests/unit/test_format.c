#include "tests/unit/claims.h"

#include "core/base/format.h"

static void
assert_all(enum format format, bool taken, const char *const *texts, size_t count)
{
    const char *expected;
    for (size_t i = 0; i < count; i++)
        if ((format_fault(format, str_of(texts[i]), &expected) == FAULT_NONE) != taken)
            claim_failed("format %d: %s %s", (int)format, taken ? "refused" : "taken", texts[i]);
}

#define LIST(...) (const char *const[]){ __VA_ARGS__ }, COUNT_OF(((const char *const[]){ __VA_ARGS__ }))
#define TAKEN(format, ...) assert_all(format, true, LIST(__VA_ARGS__))
#define REFUSED(format, ...) assert_all(format, false, LIST(__VA_ARGS__))

static void
mail_addresses(void **state)
{
    (void)state;
    TAKEN(FORMAT_EMAIL, "a@b.jp", "first.last+tag@mail.example.co.jp", "o'neil@x-y.example", "_@a.b");
    REFUSED(FORMAT_EMAIL, "", "a", "@b.jp", "a@", "a@b", "a@@b.jp", "a@b.jp@c.jp", ".a@b.jp", "a.@b.jp",
            "a..b@c.jp", "a b@c.jp",
            "a@b..jp", "a@-b.jp", "a@b.jp-", "a@b.jp.", "<a@b.jp>", "a@b.jp\n", "a\r\nBcc: x@y.jp", "a@b_c.jp",
                "\"a\"@b.jp",
            "太郎@example.jp", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b.jp");
}

static void
addresses_of_the_web(void **state)
{
    (void)state;
    TAKEN(FORMAT_URL, "https://example.jp", "http://localhost:8080/a?b=c#d", "https://192.0.2.1/x",
          "https://[2001:db8::1]:443/",
          "https://hooks.example.jp/%20");
    REFUSED(FORMAT_URL, "", "example.jp", "ftp://example.jp", "javascript:alert(1)", "https://", "https:///x",
            "https://a b/",
            "https://user:pw@example.jp/", "https://example.jp:0/", "https://example.jp:99999/",
                "https://example.jp:x/",
            "https://exa\nmple.jp", "https://example.jp/<script>", "https://example.jp/\"", "https://[::1",
                "HTTPS//x", "https://日本.jp/");
}

static void
time_zones_are_those_the_system_knows(void **state)
{
    (void)state;
    TAKEN(FORMAT_TIME_ZONE, "Asia/Tokyo", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+9");
    REFUSED(FORMAT_TIME_ZONE, "", "Asia", "asia/tokyo ", "Asia/Atlantis", "/etc/passwd", "../zoneinfo/UTC",
            "Asia/../UTC", "Asia//Tokyo",
            "zone.tab", "posix/UTC", "right/UTC", "./UTC");
}

static void
slugs_dates_hex_and_schedules(void **state)
{
    (void)state;
    TAKEN(FORMAT_SLUG, "a", "aoba-1", "9_lives");
    REFUSED(FORMAT_SLUG, "", "-a", "_a", "Aoba", "a b", "青葉");
    TAKEN(FORMAT_DATE, "2026-02-28", "2024-02-29");
    REFUSED(FORMAT_DATE, "", "2026-02-29", "2026-2-28", "2026/02/28", "20260228", "2026-02-28T");
    TAKEN(FORMAT_HEX, "00", "DeadBeef");
    REFUSED(FORMAT_HEX, "", "0", "0g", "0x00");
    TAKEN(FORMAT_CRON, "0 0 * * * ? *", "0 0 9 ? * MON-FRI *");
    REFUSED(FORMAT_CRON, "", "00***?*", "* * * * *", "60 0 * * * ? *");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mail_addresses),
        cmocka_unit_test(addresses_of_the_web),
        cmocka_unit_test(time_zones_are_those_the_system_knows),
        cmocka_unit_test(slugs_dates_hex_and_schedules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
