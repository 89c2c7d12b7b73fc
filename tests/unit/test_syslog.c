/* Syslog: frames cut out of a stream, headers read, and what becomes of a message. */
#include "claims.h"

#include "xdr/syslog.h"

static void
expect(struct str text, const char *wanted)
{
    if (!str_is(text, wanted))
        claim_failed("'" STR_FMT "' is not '%s'", STR_ARG(text), wanted);
}

static void
frames_are_counted_or_end_with_a_line(void **state)
{
    (void)state;
    struct str rest = STR("12 <13>a\nb: hi!<13>second\r\n<13>third"), message;
    assert_int_equal(syslog_next(&rest, &message), SYSLOG_FRAME);
    expect(message, "<13>a\nb: hi!");
    assert_int_equal(syslog_next(&rest, &message), SYSLOG_FRAME);
    expect(message, "<13>second");
    assert_int_equal(syslog_next(&rest, &message), SYSLOG_MORE);
    expect(rest, "<13>third");
}

static void
a_frame_that_has_not_come_whole_waits(void **state)
{
    (void)state;
    static const char *const parts[] = { "1", "12", "12 ", "12 <13>a: " };
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        struct str rest = str_of(parts[i]), message;
        assert_int_equal(syslog_next(&rest, &message), SYSLOG_MORE);
    }
}

static void
a_length_beyond_belief_ends_it(void **state)
{
    (void)state;
    struct str rest = STR("99999999 <13>x"), message;
    assert_int_equal(syslog_next(&rest, &message), SYSLOG_BROKEN);
    rest = STR("123456789012345678901234567890 <");
    assert_int_equal(syslog_next(&rest, &message), SYSLOG_BROKEN);
    rest = STR("123456789012345678901234567890\n<");
    assert_int_equal(syslog_next(&rest, &message), SYSLOG_FRAME);
    expect(message, "123456789012345678901234567890");
}

static void
a_header_after_rfc_5424_is_read(void **state)
{
    (void)state;
    struct syslog_message m;
    syslog_read(STR("<165>1 2026-11-29T10:00:00.5Z db-02 sshd 77 ID7 [x@1 a=\"\\]\"][yagura@0 key=\"ygi_a_b\"] "
                    "\xEF\xBB\xBFhello"), &m);
    assert_int_equal(m.priority, 165);
    expect(m.time, "2026-11-29T10:00:00.5Z");
    expect(m.host, "db-02");
    expect(m.app, "sshd");
    expect(m.process, "77");
    expect(m.text, "hello");
    expect(syslog_param(m.structured, "yagura", "key"), "ygi_a_b");
    assert_null(syslog_param(m.structured, "yagura", "other").at);
    assert_null(syslog_param(m.structured, "other", "key").at);
    syslog_read(STR("<13>1 - - - - - - only text"), &m);
    assert_null(m.host.at);
    expect(m.text, "only text");
}

static void
a_header_of_older_kind_is_read(void **state)
{
    (void)state;
    struct syslog_message m;
    syslog_read(STR("<34>Oct  1 22:14:15 mymachine su[12]: 'su root' failed"), &m);
    assert_int_equal(m.priority, 34);
    assert_null(m.time.at); /* it has no year and no zone */
    expect(m.host, "mymachine");
    expect(m.app, "su");
    expect(m.process, "12");
    expect(m.text, "'su root' failed");
    syslog_read(STR("<13>2026-11-29T10:00:00+09:00 web nginx: up"), &m);
    expect(m.time, "2026-11-29T10:00:00+09:00");
    expect(m.host, "web");
    expect(m.app, "nginx");
    syslog_read(STR("no header at all"), &m);
    expect(m.text, "no header at all");
}

static void
a_message_becomes_the_line_that_fits_it(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(4096);
    struct syslog_message m;
    syslog_read(STR("<14>Nov 29 10:00:00 db-02 audispd: type=SYSCALL msg=audit(1.2:3): arch=c000003e"), &m);
    expect(syslog_line(a, &m), "node=db-02 type=SYSCALL msg=audit(1.2:3): arch=c000003e");
    syslog_read(STR("<14>Nov 29 10:00:00 db-02 audispd: node=own type=SYSCALL msg=audit(1.2:3): arch=c000003e"), &m);
    expect(syslog_line(a, &m), "node=own type=SYSCALL msg=audit(1.2:3): arch=c000003e");
    syslog_read(STR("<14>Nov 29 10:00:00 app-1 x: {\"a\":1}"), &m);
    expect(syslog_line(a, &m), "{\"a\":1}");
    syslog_read(STR("<14>Nov 29 10:00:00 web-1 nginx: say \"hi\""), &m);
    expect(syslog_line(a, &m), "{\"Computer\":\"web-1\",\"product\":\"linux\",\"service\":\"nginx\",\"facility\":\"1\","
                               "\"severity\":\"6\",\"message\":\"say \\\"hi\\\"\"}");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_counted_or_end_with_a_line),
        cmocka_unit_test(a_frame_that_has_not_come_whole_waits),
        cmocka_unit_test(a_length_beyond_belief_ends_it),
        cmocka_unit_test(a_header_after_rfc_5424_is_read),
        cmocka_unit_test(a_header_of_older_kind_is_read),
        cmocka_unit_test(a_message_becomes_the_line_that_fits_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
