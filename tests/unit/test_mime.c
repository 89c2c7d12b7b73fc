#include <setjmp.h>
#include <stdarg.h>

#include <gmime/gmime.h>

#include "core/base/text.h"
#include "core/net/mime.h"
#include "core/net/net.h"

#include <cmocka.h>

static const char japanese_text[] = "佐藤 花子 様\n\n登録手続きのご案内です。\nFrom here on it is plain.\n.\n";

static struct mime_mail
ordinary_mail(void)
{
    return (struct mime_mail){
        .from = { STR("ヤグラ監視センター"), STR("yagura@hub.example.jp") },
        .to = { STR("佐藤 花子"), STR("hanako@aoba.example.jp") },
        .subject = STR("Yagura – 登録手続きを完了してください。期限は七日間です。ご不明な点はお問い合わせください。"),
        .text = STR("佐藤 花子 様\n\n登録手続きのご案内です。\nFrom here on it is plain.\n.\n"),
        .html = STR("<p>佐藤 花子 様</p>"),
        .message_id = STR("0198a0b0-1111-7222-8333-444455556666@hub.example.jp"),
        .date = { SECONDS(1795225800) },
        .automatic = true,
    };
}

struct bench {
    struct arena *arena;
    struct scope s;
};

static int
set_up(void **state)
{
    struct arena *a = arena_new(4096);
    struct bench *b = arena_new_of(a, struct bench);
    b->arena = a;
    b->s = scope_new(a, (struct instant){ 1 });
    *state = b;
    return 0;
}

static int
tear_down(void **state)
{
    arena_free(((struct bench *)*state)->arena);
    return 0;
}

static struct str
composed(struct bench *b, const struct mime_mail *m)
{
    struct str out;
    if (!mime_compose(&b->s, m, &out))
        fail_msg("not composed: " STR_FMT, STR_ARG(b->s.failure.detail));
    return out;
}

static void
unref(void *object)
{
    g_object_unref(object);
}

/* What a receiving system makes of the bytes. */
static GMimeMessage *
received(struct bench *b, const struct mime_mail *m)
{
    struct str raw = composed(b, m);
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(raw.at, raw.len);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    g_object_unref(parser);
    g_object_unref(stream);
    assert_non_null(message);
    arena_defer(b->arena, unref, message);
    return message;
}

static const char *
text_of(struct bench *b, GMimeObject *part)
{
    char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
    const char *copy = str_c(b->arena, str_of(text));
    g_free(text);
    return copy;
}

static GMimeObject *
child(GMimeObject *multipart, int index)
{
    assert_true(GMIME_IS_MULTIPART(multipart));
    return g_mime_multipart_get_part(GMIME_MULTIPART(multipart), index);
}

static bool
is_type(GMimeObject *part, const char *type, const char *subtype)
{
    return g_mime_content_type_is_type(g_mime_object_get_content_type(part), type, subtype);
}

static void
japanese_names_subjects_and_texts_arrive_as_written(void **state)
{
    struct bench *b = *state;
    struct mime_mail m = ordinary_mail();
    GMimeMessage *message = received(b, &m);
    assert_string_equal(g_mime_message_get_subject(message), str_c(b->arena, m.subject));
    InternetAddress *to = internet_address_list_get_address(g_mime_message_get_to(message), 0);
    assert_string_equal(internet_address_get_name(to), "佐藤 花子");
    assert_string_equal(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(to)), "hanako@aoba.example.jp");
    InternetAddress *from = internet_address_list_get_address(g_mime_message_get_from(message), 0);
    assert_string_equal(internet_address_get_name(from), "ヤグラ監視センター");
    GMimeObject *body = g_mime_message_get_mime_part(message);
    assert_true(is_type(body, "multipart", "alternative"));
    assert_true(is_type(child(body, 0), "text", "plain"));
    assert_string_equal(text_of(b, child(body, 0)), japanese_text);
    assert_true(is_type(child(body, 1), "text", "html"));
    assert_string_equal(text_of(b, child(body, 1)), "<p>佐藤 花子 様</p>");
}

static void
the_lines_are_short(struct str raw)
{
    size_t line = 0;
    for (size_t i = 0; i < raw.len; i++) {
        assert_true((unsigned char)raw.at[i] < 128);
        if (raw.at[i] == '\n') {
            assert_int_equal(raw.at[i - 1], '\r');
            line = 0;
        } else {
            assert_true(++line <= 79); /* 78 and the CR */
        }
    }
}

static void
the_bytes_are_seven_bit_with_crlf_and_short_lines(void **state)
{
    struct mime_mail m = ordinary_mail();
    m.html = STR("<a href=\"https://hub.example.jp/invitations/"
                 "01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234\">"
                 "</a>");
    struct str raw = composed(*state, &m);
    the_lines_are_short(raw);
    assert_true(str_ends(raw, STR("\r\n")));
}

static void
headers_say_who_when_and_that_nobody_typed_it(void **state)
{
    struct mime_mail m = ordinary_mail();
    struct str raw = composed(*state, &m);
    assert_true(str_contains(raw, STR("\r\nAuto-Submitted: auto-generated\r\n")));
    assert_true(str_contains(raw, STR("Message-ID: <0198a0b0-1111-7222-8333-444455556666@hub.example.jp>\r\n")));
    assert_true(str_contains(raw, STR("Date: Sat, 21 Nov 2026 01:50:00 +0000\r\n")));
    assert_true(str_contains(raw, STR("MIME-Version: 1.0\r\n")) || str_contains(raw, STR("Mime-Version: 1.0\r\n")));
    assert_false(str_contains(raw, STR("List-Unsubscribe")));
}

static void
files_are_attached_and_images_shown_inside(void **state)
{
    struct bench *b = *state;
    const struct mime_file files[] = {
        { STR("月次レポート 2026年11月.pdf"), STR("application/pdf"), STR_NONE, STR("%PDF-\0\1\2\r\nx\n") },
        { STR("logo.png"), STR("image/png"), STR("logo"), STR("\x89PNG") },
    };
    struct mime_mail m = ordinary_mail();
    m.files = files;
    m.file_count = COUNT_OF(files);
    GMimeObject *body = g_mime_message_get_mime_part(received(b, &m));
    assert_true(is_type(body, "multipart", "mixed"));
    assert_true(is_type(child(body, 0), "multipart", "alternative"));
    GMimeObject *related = child(child(body, 0), 1);
    assert_true(is_type(related, "multipart", "related"));
    assert_true(is_type(child(related, 0), "text", "html"));
    assert_string_equal(g_mime_object_get_content_id(child(related, 1)), "logo");
    GMimePart *report = GMIME_PART(child(body, 1));
    assert_string_equal(g_mime_part_get_filename(report), "月次レポート 2026年11月.pdf");
    assert_true(g_mime_part_is_attachment(report));
    GMimeStream *stream = g_mime_stream_mem_new();
    g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(report), stream);
    GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    assert_int_equal(bytes->len, files[0].data.len);
    assert_memory_equal(bytes->data, files[0].data.at, bytes->len);
    g_object_unref(stream);
}

static void
refused(struct bench *b, struct mime_mail m, const char *reason)
{
    struct str out;
    assert_false(mime_compose(&b->s, &m, &out));
    assert_ptr_equal(b->s.failure.problem, &problem_mime);
    if (!str_contains(b->s.failure.detail, str_of(reason)))
        fail_msg("expected %s in " STR_FMT, reason, STR_ARG(b->s.failure.detail));
    scope_forgive(&b->s);
}

static void
no_value_can_begin_a_header_of_its_own(void **state)
{
    struct mime_mail m = ordinary_mail();
    m.subject = STR("hello\r\nBcc: everybody@example.jp");
    refused(*state, m, "subject");
    m = ordinary_mail();
    m.to.name = STR("A\nB");
    refused(*state, m, "recipient");
    m = ordinary_mail();
    m.to.address = STR("a@example.jp\r\nX: y");
    refused(*state, m, "recipient");
    m = ordinary_mail();
    m.from.address = STR("a@example.jp, b@example.jp");
    refused(*state, m, "sender");
    m = ordinary_mail();
    m.message_id = STR("a@b>\r\nX: y");
    refused(*state, m, "message id");
    const struct mime_file file = { STR("a\r\nX: y"), STR("text/plain"), STR_NONE, STR("x") };
    m = ordinary_mail();
    m.files = &file;
    m.file_count = 1;
    refused(*state, m, "file name");
}

static void
names_with_special_characters_stay_one_recipient(void **state)
{
    struct bench *b = *state;
    struct mime_mail m = ordinary_mail();
    m.to.name = STR("\"Evil\" <other@example.jp>, Bob");
    InternetAddressList *list = g_mime_message_get_to(received(b, &m));
    assert_int_equal(internet_address_list_length(list), 1);
    InternetAddress *to = internet_address_list_get_address(list, 0);
    assert_string_equal(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(to)), "hanako@aoba.example.jp");
    assert_string_equal(internet_address_get_name(to), "\"Evil\" <other@example.jp>, Bob");
}

static void
long_file_names_and_plain_subjects_are_folded_too(void **state)
{
    struct bench *b = *state;
    const struct mime_file file = {
        STR("株式会社青葉製作所様_セキュリティ監視サービス月次報告書_2026年11月度_確定版.zip"),
        STR("application/zip"), STR_NONE, STR("x"),
    };
    struct mime_mail m = ordinary_mail();
    m.subject = STR("An English subject that is long enough to need more than one line of the header, as some are; "
                    "and a_word_that_has_no_space_in_it_anywhere_and_goes_on_for_more_than_a_line_would_hold");
    m.files = &file;
    m.file_count = 1;
    the_lines_are_short(composed(b, &m));
    GMimeMessage *message = received(b, &m);
    assert_string_equal(g_mime_message_get_subject(message), str_c(b->arena, m.subject));
    assert_string_equal(g_mime_part_get_filename(GMIME_PART(child(g_mime_message_get_mime_part(message), 1))),
                        str_c(b->arena, file.name));
    m.subject = STR("A plain English subject that is long enough to need more than one line of a header, as some are.");
    assert_string_equal(g_mime_message_get_subject(received(b, &m)), str_c(b->arena, m.subject));
}

/* Every mix of characters of one to four bytes survives the cutting into words. */
static void
any_mix_of_characters_survives(void **state)
{
    struct bench *b = *state;
    static const char *const characters[] = { "a", "é", "語", "🏯", " ", "=", "?" };
    unsigned seed = 7;
    for (int round = 0; round < 300; round++) {
        struct text subject = text_new(b->arena, 1000);
        text_add_c(&subject, "件");
        for (int i = 0; i < round % 60; i++) {
            seed = seed * 1103515245u + 12345u;
            text_add_c(&subject, characters[(seed >> 16) % COUNT_OF(characters)]);
        }
        text_add_c(&subject, "。");
        struct mime_mail m = ordinary_mail();
        m.subject = text_str(&subject);
        assert_string_equal(g_mime_message_get_subject(received(b, &m)), str_c(b->arena, m.subject));
    }
}

static int
start(void **state)
{
    (void)state;
    return net_start() ? 0 : -1;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
        TEST(japanese_names_subjects_and_texts_arrive_as_written),
        TEST(the_bytes_are_seven_bit_with_crlf_and_short_lines),
        TEST(headers_say_who_when_and_that_nobody_typed_it),
        TEST(files_are_attached_and_images_shown_inside),
        TEST(no_value_can_begin_a_header_of_its_own),
        TEST(long_file_names_and_plain_subjects_are_folded_too),
        TEST(any_mix_of_characters_survives),
        TEST(names_with_special_characters_stay_one_recipient),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
