#include <setjmp.h>
#include <stdarg.h>

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/base/zone.h"
#include "core/net/mustache.h"
#include "workflows/mail_kinds.h"
#include "workflows/mail_templates.h"

#include <cmocka.h>

#define TEMPLATES YAGURA_SOURCE_DIR "/templates"

struct bench {
    struct arena *arena;
    struct scope s;
    struct mail_reader reader;
    char folder[128]; /* of a copy of the templates, when a test wants to spoil one */
};

static const struct mail_surroundings around = {
    .hub_name = STR("Yagura"), .public_url = STR("https://hub.example.jp"),
    .recipient_name = STR("青葉 太郎"), .recipient_address = STR("taro@aoba.example.jp"),
};

static int
set_up(void **state)
{
    struct arena *a = arena_new(4096);
    struct bench *b = arena_new_of(a, struct bench);
    b->arena = a;
    b->s = scope_new(a, (struct instant){ 1 });
    b->reader = (struct mail_reader){ .language = LANGUAGE_JA, .zone_name = STR("Asia/Tokyo") };
    *state = b;
    return zone_load(a, b->reader.zone_name, &b->reader.zone) ? 0 : -1;
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
    (void)st, (void)kind, (void)walk;
    return remove(path);
}

static int
tear_down(void **state)
{
    struct bench *b = *state;
    if (b->folder[0])
        nftw(b->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    arena_free(b->arena);
    return 0;
}

static const struct mail_templates *
loaded(struct bench *b)
{
    const struct mail_templates *all = NULL;
    if (!mail_templates_load(&b->s, STR(TEMPLATES), &all))
        fail_msg(STR_FMT, STR_ARG(b->s.failure.detail));
    return all;
}

static struct mail_text
rendered(struct bench *b, const struct mail_kind *kind, const void *data)
{
    struct mail_text out;
    if (!mail_templates_render(&b->s, loaded(b), kind, data, &around, &b->reader, &out))
        fail_msg("%s: " STR_FMT, kind->key, STR_ARG(b->s.failure.detail));
    return out;
}

static void
expect_in(struct bench *b, struct str text, const char *part)
{
    if (!str_contains(text, str_of(part)))
        fail_msg("'%s' is not in:\n%s", part, str_c(b->arena, text));
}

static void
every_mail_is_written_in_both_languages(void **state)
{
    struct bench *b = *state;
    for (size_t i = 0; i < mail_kind_count; i++)
        for (b->reader.language = LANGUAGE_JA; b->reader.language <= LANGUAGE_EN; b->reader.language++) {
            struct mail_text text = rendered(b, mail_kinds[i], mail_kinds[i]->example);
            expect_in(b, text.subject, "Yagura – ");
            expect_in(b, text.text, "https://hub.example.jp");
            expect_in(b, text.html, b->reader.language == LANGUAGE_JA ? "<html lang=\"ja\">" : "<html lang=\"en\">");
            expect_in(b, text.html, "</html>");
            assert_true(str_characters(text.subject) < 80);
            assert_false(str_contains(text.html, STR("{{")));
            assert_false(str_contains(text.text, STR("{{")));
        }
}

static void
the_invitation_reads_as_agreed(void **state)
{
    struct bench *b = *state;
    const struct invitation_mail data = {
        .name = STR("Ann <b>"), .tenant_name = STR("A & B"), .url = STR("https://hub.example.jp/invitations/tok?a=1&b=2"),
        .expires_at = { SECONDS(1796200200) },
    };
    b->reader.language = LANGUAGE_EN;
    struct mail_text text = rendered(b, &mail_invitation, &data);
    assert_true(str_is(text.subject, "Yagura – Complete your registration"));
    expect_in(b, text.html, ">Complete Registration</a>");
    expect_in(b, text.html, "href=\"https://hub.example.jp/invitations/tok?a=1&amp;b=2\"");
    expect_in(b, text.html, "Dear Ann &lt;b&gt;,");
    expect_in(b, text.html, "You have been invited to Yagura (A &amp; B)");
    expect_in(b, text.text, "Dear Ann <b>,\n\nYou have been invited to Yagura (A & B).\n");
    expect_in(b, text.text, "until Wednesday, 2 December 2026, 17:30 (Asia/Tokyo)");
    b->reader.language = LANGUAGE_JA;
    text = rendered(b, &mail_invitation, &data);
    expect_in(b, text.html, ">登録を完了する</a>");
    expect_in(b, text.text, "有効期限: 2026年12月2日(水) 17:30(日本時間)");
}

static void
secrets_are_masked_for_those_who_only_look(void **state)
{
    struct bench *b = *state;
    const struct password_reset_mail data = { .name = STR("A"),
                                              .url = STR("https://hub.example.jp/password-reset/s3cret") };
    b->reader.masked = true;
    struct mail_text text = rendered(b, &mail_password_reset, &data);
    assert_false(str_contains(text.text, STR("s3cret")) || str_contains(text.html, STR("s3cret")));
    expect_in(b, text.text, "https://hub.example.jp/password-reset/••••••••");
    assert_true(str_is(mail_masked(b->arena, STR("no-slash-at-all")), "••••••••"));
    assert_true(str_is(mail_masked(b->arena, STR("https://a/b?token=s3cret")), "https://a/b?token=••••••••"));
}

static void
a_line_break_in_a_name_does_not_reach_the_subject(void **state)
{
    struct bench *b = *state;
    const struct api_key_expiring_mail data = { .name = STR("A"), .key_name = STR("x\r\nBcc: y"), .url = STR("u") };
    struct mail_text text = rendered(b, &mail_api_key_expiring, &data);
    assert_false(str_contains(text.subject, STR("\n")) || str_contains(text.subject, STR("\r")));
}

/* A copy of the templates in which the Japanese test mail is `source`. */
static void
spoil(struct bench *b, const char *source)
{
    const char *temp = getenv("TMPDIR");
    snprintf(b->folder, sizeof b->folder, "%s/yagura-templates-XXXXXX", temp ? temp : "/tmp");
    assert_non_null(mkdtemp(b->folder));
    const char *command = str_c(b->arena, str_printf(b->arena, "cp -r " TEMPLATES "/. %s", b->folder));
    assert_int_equal(system(command), 0);
    const char *file = str_c(b->arena, str_printf(b->arena, "%s/ja/test.mustache", b->folder));
    FILE *f = fopen(file, "w");
    assert_non_null(f);
    fputs(source, f);
    fclose(f);
}

static void
refused(struct bench *b, const char *source, const char *reason)
{
    const struct mail_templates *all;
    spoil(b, source);
    if (mail_templates_load(&b->s, str_of(b->folder), &all))
        fail_msg("loaded in spite of: %s", reason);
    expect_in(b, b->s.failure.detail, reason);
    scope_forgive(&b->s);
    nftw(b->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    b->folder[0] = 0;
}

#define FRONT "subject: s\nheading: h\npreview: p\n"

static void
mistakes_are_found_at_start_with_file_and_line(void **state)
{
    refused(*state, FRONT "--- text\nx\n{{nobody}}\n--- html\nx\n", "ja/test.mustache:6: this mail has no 'nobody'");
    refused(*state, FRONT "--- text\nx\n--- html\nx\n\n{{nobody}}", "ja/test.mustache:9: this mail has no 'nobody'");
    refused(*state, "subject: {{nobody}}\nheading: h\npreview: p\n--- text\nx\n--- html\nx",
            "ja/test.mustache:1: this mail has no 'nobody'");
    refused(*state, "subject: {{heading}}\nheading: h\npreview: p\n--- text\nx\n--- html\nx", "no 'heading'");
    refused(*state, FRONT "--- text\n{{action}}\n--- html\nx", "no 'action'");
    refused(*state, FRONT "--- text\n{{> _html_button}}\n--- html\nx",
            "_html_button.mustache:1: this mail has no 'url'");
    refused(*state, FRONT "--- text\n{{> _nobody}}\n--- html\nx", "there is no partial '_nobody'");
    refused(*state, FRONT "--- text\n{{#at}}\n--- html\n{{/at}}", "ja/test.mustache:5: a section is not closed");
    refused(*state, "subject: s\npreview: p\n--- text\nx\n--- html\nx", "there is no heading");
    refused(*state, FRONT "subject: twice\n--- text\nx\n--- html\nx", "ja/test.mustache:4: one of subject");
    refused(*state, FRONT "colour: red\n--- text\nx\n--- html\nx", "ja/test.mustache:4: one of subject");
    refused(*state, FRONT "--- html\nx\n--- text\nx\n", "needs a line '--- text'");
    refused(*state, FRONT, "needs a line '--- text'");
}

static void
a_missing_file_is_named(void **state)
{
    struct bench *b = *state;
    const struct mail_templates *all;
    spoil(b, "");
    assert_int_equal(unlink(str_c(b->arena, str_printf(b->arena, "%s/en/invitation.mustache", b->folder))), 0);
    assert_int_equal(unlink(str_c(b->arena, str_printf(b->arena, "%s/ja/test.mustache", b->folder))), 0);
    assert_false(mail_templates_load(&b->s, str_of(b->folder), &all));
    expect_in(b, b->s.failure.detail, "ja/test.mustache: No such file");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
        TEST(every_mail_is_written_in_both_languages),
        TEST(the_invitation_reads_as_agreed),
        TEST(secrets_are_masked_for_those_who_only_look),
        TEST(a_line_break_in_a_name_does_not_reach_the_subject),
        TEST(mistakes_are_found_at_start_with_file_and_line),
        TEST(a_missing_file_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
