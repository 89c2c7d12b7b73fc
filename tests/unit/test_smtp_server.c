#include <setjmp.h>
#include <stdarg.h>

#include "core/net/smtp.h"

#include <cmocka.h>

static struct arena *arena;

static int
set_up(void **state)
{
    (void)state;
    arena = arena_new(4096);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void
a_url_says_host_port_credentials_and_tls(void **state)
{
    struct scope s = scope_new(arena, (struct instant){ 1 });
    struct smtp_server server;
    (void)state;
    assert_true(smtp_server_parse(&s, STR("smtp://us%3Aer:p%40ss@mail.example.jp"), &server));
    assert_string_equal(server.host, "mail.example.jp");
    assert_string_equal(server.port, "587");
    assert_string_equal(server.user, "us:er");
    assert_string_equal(server.password, "p@ss");
    assert_int_equal(server.tls, SMTP_TLS_REQUIRED);
    assert_true(smtp_server_parse(&s, STR("smtp://mail.example.jp:25/?tls=optional"), &server));
    assert_string_equal(server.port, "25");
    assert_null(server.user);
    assert_int_equal(server.tls, SMTP_TLS_OPTIONAL);
    assert_true(smtp_server_parse(&s, STR("smtp://a:b@127.0.0.1:1025"), &server));
    assert_int_equal(server.tls, SMTP_TLS_OPTIONAL);
}

static void
what_cannot_be_meant_is_refused_with_a_reason(void **state)
{
    static const char *const refused[][2] = {
        { "smtps://mail.example.jp", "smtps:// is not spoken" }, { "http://mail.example.jp", "does not begin" },
        { "", "does not begin" }, { "smtp://", "no host" }, { "smtp://:25", "no host" }, { "smtp://h:0", "port" },
        { "smtp://h:65536", "port" }, { "smtp://h:x", "port" }, { "smtp://[::1]:25", "port" },
        { "smtp://u@h", "user:password" }, { "smtp://u:@h", "user:password" }, { "smtp://:p@h", "user:password" },
        { "smtp://u:%zz@h", "hex digits" }, { "smtp://u:%0@h", "hex digits" }, { "smtp://u:%00@h", "hex digits" },
        { "smtp://h/path", "path" }, { "smtp://h?tls=maybe", "tls=" }, { "smtp://h o", "not a name" },
        { "smtp://u:p@mail.example.jp?tls=optional", "without TLS" }, { "smtp://u:p@h?tls=off", "without TLS" },
    };
    struct scope s = scope_new(arena, (struct instant){ 1 });
    struct smtp_server server;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        if (smtp_server_parse(&s, str_of(refused[i][0]), &server))
            fail_msg("%s was read", refused[i][0]);
        if (!str_contains(s.failure.detail, str_of(refused[i][1])))
            fail_msg("%s: " STR_FMT, refused[i][0], STR_ARG(s.failure.detail));
        scope_forgive(&s);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
        TEST(a_url_says_host_port_credentials_and_tls),
        TEST(what_cannot_be_meant_is_refused_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
