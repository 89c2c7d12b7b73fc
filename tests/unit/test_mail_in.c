/* What a mail says, apart from how it says it. */
#include <setjmp.h>
#include <stdarg.h>

#include "core/net/html_text.h"
#include "core/net/mime_read.h"
#include "core/net/mime_signs.h"
#include "core/net/net.h"
#include "workflows/mail_words.h"

#include <cmocka.h>

#define HEAD \
    "From: =?utf-8?B?5L2Q6Jek?= <Hanako@Aoba.Example.JP>\r\nMessage-ID: <a.1@aoba.example.jp>\r\nSubject: x\r\n"

static int
set_up(void **state)
{
    *state = arena_new(4096);
    return 0;
}

static int
tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

static struct mime_letter
letter_of(struct arena *a, struct str raw)
{
    struct scope s = scope_new(a, (struct instant){ 1 });
    struct mime_letter letter;
    if (!mime_read(&s, raw, &letter))
        fail_msg("not read: " STR_FMT, STR_ARG(s.failure.detail));
    return letter;
}

static void
assert_text(struct str found, const char *expected)
{
    if (!str_is(found, expected))
        fail_msg("'" STR_FMT "' is not '%s'", STR_ARG(found), expected);
}

static void
sender_and_thread_are_read(void **state)
{
    struct mime_letter l = letter_of(*state,
        STR(HEAD "References: <one@a> <two@a>\r\n <three@a>\r\nIn-Reply-To: <three@a>\r\n"
                                                      "\r\nHello\r\n"));
    assert_text(l.from, "hanako@aoba.example.jp");
    assert_text(l.from_name, "佐藤");
    assert_text(l.message_id, "a.1@aoba.example.jp");
    assert_int_equal(l.references.count, 4);
    assert_text(l.references.items[0], "three@a");
    assert_text(l.references.items[3], "one@a");
    assert_text(l.text, "Hello");
    assert_null(l.automatic.at);
}

static void
two_senders_are_nobody(void **state)
{
    assert_null(letter_of(*state, STR("From: a@b.example, c@d.example\r\n\r\nx")).from.at);
    assert_null(letter_of(*state, STR("From: group: a@b.example;\r\n\r\nx")).from.at);
    assert_null(letter_of(*state, STR("Subject: x\r\n\r\nx")).from.at);
}

static void
plain_text_counts_before_its_html(void **state)
{
    struct mime_letter l = letter_of(*state, STR(HEAD "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/html\r\n\r\n<p>html</p>\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nplain\r\n--b--"));
    assert_text(l.text, "plain");
    assert_int_equal(l.file_count, 0);
}

static void
what_is_no_text_is_a_file(void **state)
{
    struct mime_letter l = letter_of(*state, STR(HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nsee below\r\n"
        "--b\r\nContent-Type: text/plain; name=\"log.txt\"\r\nContent-Disposition: attachment\r\n\r\nline\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\ninner words\r\n--b--"));
    assert_text(l.text, "see below");
    assert_int_equal(l.file_count, 2);
    assert_text(l.files[0].name, "log.txt");
    assert_text(l.files[0].data, "line");
    assert_text(l.files[1].name, "inner.eml");
    assert_true(str_contains(l.files[1].data, STR("inner words")));
}

/* The company mark and the circled number are not in the standard's table, and in every second Japanese mail. */
static void
japanese_of_windows_is_read(void **state)
{
    assert_text(mime_text_of(*state, STR("\x1b$B-!\x1b(B \x1b$BF|K\\\x1b(B"), STR("ISO-2022-JP")), "① 日本");
    assert_text(mime_text_of(*state, STR("\x87\x40 \x93\xfa"), STR("Shift_JIS")), "① 日");
    assert_text(mime_text_of(*state, STR("caf\xe9"), STR("iso-8859-1")), "café");
    assert_text(mime_text_of(*state, STR("a\xffz"), STR("utf-8")), "a\xEF\xBF\xBDz");
    assert_text(mime_text_of(*state, STR("a\r\nb\x01\xE2\x80\xAE" "c"), STR("no-such-charset")), "a\nbc");
}

static void
bounds_are_kept(void **state)
{
    struct arena *a = *state;
    struct scope s = scope_new(a, (struct instant){ 1 });
    struct mime_letter l;
    struct text deep = text_new(a, 1 << 20);
    for (int i = 0; i < 900; i++)
        text_addf(&deep, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i);
    l = letter_of(a, text_str(&deep));
    assert_true(l.cut);
    for (int i = 0; i < 200; i++)
        text_addf(&deep, "Content-Type: text/plain\r\n\r\n");
    assert_false(mime_read(&s, text_str(&deep), &l));
    assert_ptr_equal(s.failure.problem, &problem_mime);
    s = scope_new(a, (struct instant){ 1 });
    assert_false(mime_read(&s, STR(""), &l));
}

static void
programs_are_known_by_what_they_say(void **state)
{
    (void)state;
    static const struct {
        struct mime_signs signs;
        bool automatic;
    } rows[] = {
        { { .submitted = { "auto-replied", 12 } }, true }, { { .submitted = { "no", 2 } }, false },
        { { .submitted = { "Auto-Generated; x=y", 19 } }, true }, { { .precedence = { "list", 4 } }, false },
        { { .precedence = { "Bulk", 4 } }, true }, { { .return_path = { "<>", 2 } }, true },
        { { .return_path = { "<a@b>", 5 } }, false }, { { .autoreply = { "", 0 } }, true }, { { .report = true },
            true },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(mime_automatic(&rows[i].signs).at != NULL, rows[i].automatic);
    static const char *const automatic[] = { "Automatic reply: Re: x", "自動返信", "Re: 【自動応答】 x", "不在のお知らせ: [A-1]",
                                             "Undeliverable: x", "RE: Out of office: x" };
    static const char *const written[] = { "自動返信メールの設定について", "[AOBA-1] 自動返信", "Out of office hours question",
                                           "Vacations are over", "" };
    for (size_t i = 0; i < COUNT_OF(automatic); i++)
        if (!mime_automatic(&(struct mime_signs){ .subject = str_of(automatic[i]) }).at)
            fail_msg("written by a person? %s", automatic[i]);
    for (size_t i = 0; i < COUNT_OF(written); i++)
        if (mime_automatic(&(struct mime_signs){ .subject = str_of(written[i]) }).at)
            fail_msg("by a program? %s", written[i]);
}

struct parted {
    const char *text, *said, *folded;
};

static void
what_is_dragged_along_is_folded(void **state)
{
    static const struct parted rows[] = {
        { "Yes.\n\nOn Tue, 24 Nov 2026, Yagura wrote:\n> a\n> b", "Yes.",
            "On Tue, 24 Nov 2026, Yagura wrote:\n> a\n> b" },
        { "Yes.\n\nOn Tue, 24 Nov 2026 at 18:00\nYagura <y@z> wrote:\n> a", "Yes.",
          "On Tue, 24 Nov 2026 at 18:00\nYagura <y@z> wrote:\n> a" },
        { "はい。\n\n-----Original Message-----\nFrom: y\nold", "はい。", "-----Original Message-----\nFrom: y\nold" },
        { "はい。\n差出人: y\n送信日時: 今日\n宛先: z\n件名: x\n\n古い", "はい。", "差出人: y\n送信日時: 今日\n宛先: z\n件名: x\n\n古い" },
        { "Yes.\n-- \nTaro", "Yes.", "-- \nTaro" },
        { "はい。\n\n━━━━━━━━\n青葉 太郎\n━━━━━━━━", "はい。", "━━━━━━━━\n青葉 太郎\n━━━━━━━━" },
        { "> a\nfirst answer\n> b\nsecond answer", "> a\nfirst answer\n> b\nsecond answer", NULL },
        { "> only quoted", "> only quoted", NULL },
        { "From: the beginning it was slow.\nTo be exact, since noon.",
            "From: the beginning it was slow.\nTo be exact, since noon.", NULL },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct mail_words found = mail_words_of(*state, str_of(rows[i].text));
        assert_text(found.said, rows[i].said);
        if (rows[i].folded)
            assert_text(found.folded, rows[i].folded);
        else
            assert_null(found.folded.at);
    }
}

static void
plain_words_stay_plain_in_markdown(void **state)
{
    bool cut;
    assert_text(mail_markdown(*state, STR("# no heading\n* item *not strong*\nC:\\Users\\a_b `x`\nhttps://a.example/x_y_z*"),
                              1000, &cut),
                "\\# no heading\n* item \\*not strong\\*\nC:\\\\Users\\\\a_b \\`x\\`\nhttps://a.example/x_y_z*");
    assert_false(cut);
    assert_text(mail_markdown(*state, STR("日本語です"), 3, &cut), "日本語");
    assert_true(cut);
}

static void
html_becomes_words(void **state)
{
    static const struct {
        const char *html, *text;
    } rows[] = {
        { "<p>One</p><p>Two</p>", "One\n\nTwo" },
        { "a<br>b<br/>c", "a\nb\nc" },
        { "<ul><li>x</li><li>y</li></ul>", "- x\n- y" },
        { "<script>if (a < b) x()</script>seen<style>p</style>", "seen" },
        { "<blockquote>old<br>words</blockquote>new", "> old\n> words\n\nnew" },
        { "1 < 2 &amp;&lt;&#x65E5;&#26412;&nope;", "1 < 2 &<日本&nope;" },
        { "<!-- hidden --> a  \n b", "a b" },
        { "<a href='x", "<a href='x" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_text(html_text(*state, str_of(rows[i].html), 10000), rows[i].text);
}

int
main(void)
{
    if (!net_start())
        return 1;
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest claims[] = {
        CLAIM(sender_and_thread_are_read), CLAIM(two_senders_are_nobody), CLAIM(plain_text_counts_before_its_html),
        CLAIM(what_is_no_text_is_a_file), CLAIM(japanese_of_windows_is_read), CLAIM(bounds_are_kept),
        CLAIM(programs_are_known_by_what_they_say), CLAIM(what_is_dragged_along_is_folded),
        CLAIM(plain_words_stay_plain_in_markdown), CLAIM(html_becomes_words),
    };
    return cmocka_run_group_tests_name("mail_in", claims, NULL, NULL);
}
