#include "tests/unit/claims.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/config.h"
#include "core/base/crypto.h"

enum mode { MODE_NONE, MODE_FAST, MODE_SAFE };
static const struct domain mode_domain = DOMAIN(mode, "fast", "safe");

struct settings {
    struct str database_url, smtp_password;
    int64_t port;
    bool tls;
    enum mode mode;
    struct strs hosts;
};

static const struct shape settings_shape = SHAPE(settings,
    FIELD(settings, database_url, "Where the data are", .required = true),
    FIELD(settings, smtp_password, "Of the mail server | a pipe", .secret = true),
    FIELD(settings, port, "Where to listen", .min = 1, .max = 65535),
    FIELD(settings, tls, "Whether to encrypt"),
    FIELD(settings, mode, "How to go", .of = &mode_domain),
    FIELD(settings, hosts, "Names to answer to"));

struct desk {
    struct arena *arena;
    struct scope s;
    struct settings settings;
    char folder[96], file[160];
};

static int
set_up(void **state)
{
    static struct str usual[] = { STR("localhost") };
    struct arena *a = arena_new(1 << 16);
    struct desk *d = arena_new_of(a, struct desk);
    *d = (struct desk){ .arena = a, .settings = { .port = 8080, .mode = MODE_SAFE, .hosts = { usual, 1 } } };
    d->s = scope_new(a, (struct instant){ 1 });
    temporary_name(d->folder, sizeof d->folder, "config");
    assert_non_null(mkdtemp(d->folder));
    snprintf(d->file, sizeof d->file, "%s/yagura.conf", d->folder);
    *state = d;
    return 0;
}

static int
tear_down(void **state)
{
    struct desk *d = *state;
    unlink(d->file);
    unlink(str_c(d->arena, str_printf(d->arena, "%s/secret", d->folder)));
    rmdir(d->folder);
    arena_free(d->arena);
    return 0;
}

static void
write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static bool
read_settings(struct desk *d, const char *text, char *const *environment)
{
    scope_forgive(&d->s);
    write_file(d->file, text);
    return config_read(&d->s, &settings_shape, d->file, environment, &d->settings);
}

static void
the_environment_overrules_the_file_and_the_file_the_defaults(void **state)
{
    struct desk *d = *state;
    char port[] = "YAGURA_PORT=9000", test[] = "YAGURA_TEST_CLOCK=/x", var[] = "YAGURA_VAR=/y", other[] =
        "HOME=/root";
    char *environment[] = { port, test, var, other, NULL };
    assert_true(read_settings(d,
                              "# comment\n\ndatabase_url = host=/run dbname=x\nport=7000\n  tls =true\nhosts = "
                              "a, b ,c\r\n",
                              environment));
    assert_true(str_is(d->settings.database_url, "host=/run dbname=x"));
    assert_int_equal(d->settings.port, 9000);
    assert_true(d->settings.tls);
    assert_int_equal(d->settings.mode, MODE_SAFE);
    assert_int_equal(d->settings.hosts.count, 3);
    assert_true(str_is(d->settings.hosts.items[1], "b"));
}

static void
all_that_is_wrong_is_told_at_once_with_its_place(void **state)
{
    struct desk *d = *state;
    char mode[] = "YAGURA_MODE=slow", unknown[] = "YAGURA_COLOUR=red";
    char *environment[] = { mode, unknown, NULL };
    assert_false(read_settings(d, "database_url=x\nport = many\nsize = 3\nnonsense\nport = 70000\n",
                               environment));
    struct str detail = d->s.failure.detail;
    assert_true(str_contains(detail, STR("yagura.conf:2: port must be integer")));
    assert_true(str_contains(detail, STR("yagura.conf:3: unknown key size")));
    assert_true(str_contains(detail, STR("yagura.conf:4: expected key = value")));
    assert_true(str_contains(detail, STR("yagura.conf:5: port must be at most 65535")));
    assert_true(str_contains(detail, STR("YAGURA_MODE: mode must be one of: fast, safe")));
    assert_true(str_contains(detail, STR("unknown key YAGURA_COLOUR")));
}

static void
what_is_required_and_the_file_itself_are_missed(void **state)
{
    struct desk *d = *state;
    assert_false(read_settings(d, "port=1\n", NULL));
    assert_true(str_contains(d->s.failure.detail, STR("database_url is required")));
    scope_forgive(&d->s);
    assert_false(config_read(&d->s, &settings_shape, "/nonexistent/yagura.conf", NULL, &d->settings));
    assert_true(str_contains(d->s.failure.detail, STR("/nonexistent/yagura.conf: No such file")));
    assert_false(read_settings(d, "database_url=\xff\n", NULL));
}

static void
a_secret_may_stand_in_a_file_of_its_own(void **state)
{
    struct desk *d = *state;
    struct str path = str_printf(d->arena, "%s/secret", d->folder);
    write_file(path.at, "hunter2 \n");
    assert_true(read_settings(d, str_printf(d->arena, "database_url=@x\nsmtp_password=@" STR_FMT "\n",
                                            STR_ARG(path)).at, NULL));
    assert_true(str_is(d->settings.smtp_password, "hunter2 "));
    assert_true(str_is(d->settings.database_url, "@x")); /* no secret: the text itself */
    assert_false(read_settings(d, "database_url=x\nsmtp_password=@/nonexistent\n", NULL));
    assert_true(str_contains(d->s.failure.detail, STR("cannot read /nonexistent")));
}

static void
the_reference_names_every_key_and_no_secret(void **state)
{
    struct desk *d = *state;
    struct text t = text_new(d->arena, 10000);
    d->settings.smtp_password = STR("hunter2");
    config_write_reference(&t, &settings_shape, &d->settings);
    struct str doc = text_str(&t);
    assert_true(str_contains(doc, STR("| `port` | `YAGURA_PORT` | `8080` | Where to listen |")));
    assert_true(str_contains(doc, STR("| `mode` | `YAGURA_MODE` | `safe` | How to go. One of: fast, safe |")));
    assert_true(str_contains(doc, STR("a \\| pipe") ) || str_contains(doc, STR("server \\| a pipe")));
    assert_true(str_contains(doc, STR("`[\"localhost\"]`")));
    assert_false(str_contains(doc, STR("hunter2")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_environment_overrules_the_file_and_the_file_the_defaults, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(all_that_is_wrong_is_told_at_once_with_its_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_required_and_the_file_itself_are_missed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_secret_may_stand_in_a_file_of_its_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_reference_names_every_key_and_no_secret, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
