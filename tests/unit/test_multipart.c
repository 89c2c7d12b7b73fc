/* multipart: forms as programs send them are read, forms that could mean two things are not. */
#include "core/base/text.h"
#include "core/net/multipart.h"
#include "tests/unit/claims.h"

struct heard {
    struct text all;
};

static bool
hear_part(struct scope *s, void *taker, const struct multipart_part *part)
{
    struct heard *h = taker;
    (void)s;
    text_addf(&h->all, "[" STR_FMT "|" STR_FMT "|" STR_FMT "]", STR_ARG(part->name), STR_ARG(part->file_name),
              STR_ARG(part->content_type));
    return true;
}

static bool
hear_data(struct scope *s, void *taker, struct str piece)
{
    (void)s;
    text_add(&((struct heard *)taker)->all, piece);
    return true;
}

/* What was heard, or NULL: refused. In pieces of every length it must be the same. */
static const char *
read_form(struct arena *a, const char *type, struct str body)
{
    const char *first = NULL;
    for (size_t step = body.len + 1; step > 0; step--) {
        struct scope s = scope_new(a, (struct instant){ 1 });
        struct heard h = { text_new(a, 1 << 16) };
        struct multipart_taker taker = { hear_part, hear_data, &h };
        struct multipart *m;
        bool good = multipart_new(&s, str_of(type), &m);
        for (size_t i = 0; good && i < body.len; i += step)
            good = multipart_feed(&s, m, str_head(str_skip(body, i), step), &taker);
        good = good && multipart_end(&s, m);
        const char *now = good ? str_copy(a, text_str(&h.all)).at : NULL;
        if (step == body.len + 1)
            first = now;
        else if (!!first != !!now || (now && strcmp(first, now) != 0))
            claim_failed("in pieces of %zu bytes it is read otherwise", step);
    }
    return first;
}

#define TYPE "multipart/form-data; boundary=b"
#define FORM(text) read_form(a, TYPE, STR(text))

static void
forms_are_read(void **state)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    (void)state;
    assert_string_equal(FORM("--b\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\nvalue\r\n"
                             "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"C:\\x \\\"y\\\".txt\"\r\n"
                             "Content-Type: text/plain\r\n\r\nline\r\n--c\r\n-\r\n--b--\r\n"),
                        "[n||]value[f|C:\\x \"y\".txt|text/plain]line\r\n--c\r\n-");
    assert_string_equal(FORM("--b\r\ncontent-disposition:form-data;name=x\r\n\r\n\r\n--b--"), "[x||]");
    assert_string_equal(read_form(a, "Multipart/Form-Data; charset=utf-8; boundary=\"a b'c\"",
                                  STR("--a b'c\r\nContent-Disposition: form-data; name=x\r\n\r\n\r\r\n-\r\n--a b'c--")),
                        "[x||]\r\r\n-");
}

static void
what_is_doubtful_is_refused(void **state)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    (void)state;
#define PART "--b\r\nContent-Disposition: form-data; name=x\r\n\r\n"
    assert_null(FORM(""));
    assert_null(FORM("preamble\r\n" PART "y\r\n--b--"));
    assert_null(FORM(PART "y\r\n--b--more"));
    assert_null(FORM(PART "never ended"));
    assert_null(FORM(PART "y\r\n--b"));
    assert_null(FORM(PART "y\r\n--bx\r\n"));
    assert_null(FORM("--b\r\n\r\ny\r\n--b--"));
    assert_null(FORM("--b\r\nContent-Disposition: form-data\r\n\r\ny\r\n--b--"));
    assert_null(FORM("--b\r\nContent-Disposition: attachment; name=x\r\n\r\ny\r\n--b--"));
    assert_null(FORM("--b\r\nContent-Disposition: form-data; name=x; name=y\r\n\r\ny\r\n--b--"));
    assert_null(FORM("--b\r\nContent-Disposition: form-data; name=\"x\r\n\r\ny\r\n--b--"));
    assert_null(FORM("--b\r\nContent-Disposition: form-data;\r\n name=x\r\n\r\ny\r\n--b--"));
    assert_null(FORM("--b\r\nContent-Disposition: form-data; name=x\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                     "y\r\n--b--"));
    assert_null(FORM("--b\r\nno colon\r\n\r\ny\r\n--b--"));
    assert_null(read_form(a, "multipart/form-data", STR(PART "y\r\n--b--")));
    assert_null(read_form(a, "multipart/mixed; boundary=b", STR(PART "y\r\n--b--")));
    assert_null(read_form(a, "multipart/form-data; boundary=b; boundary=c", STR(PART "y\r\n--b--")));
    assert_null(read_form(a, "multipart/form-data; boundary=\"\"", STR("--\r\n")));
}

static void
a_head_and_the_number_of_parts_are_bounded(void **state)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    (void)state;
    for (int parts = MULTIPART_PARTS_MAX; parts <= MULTIPART_PARTS_MAX + 1; parts++) {
        struct scope s = scope_new(a, (struct instant){ 1 });
        struct heard h = { text_new(a, 1 << 16) };
        struct multipart_taker taker = { hear_part, hear_data, &h };
        struct multipart *m;
        bool good = true;
        assert_true(multipart_new(&s, STR(TYPE), &m));
        for (int i = 0; i < parts && good; i++)
            good = multipart_feed(&s, m, STR(PART "y\r\n"), &taker);
        assert_true(good == (parts == MULTIPART_PARTS_MAX));
    }
    struct scope s = scope_new(a, (struct instant){ 1 });
    struct heard h = { text_new(a, 1 << 16) };
    struct multipart_taker taker = { hear_part, hear_data, &h };
    struct multipart *m;
    assert_true(multipart_new(&s, STR(TYPE), &m));
    bool good = multipart_feed(&s, m, STR("--b\r\nX: "), &taker);
    for (int i = 0; i < MULTIPART_HEAD_MAX / 8 && good; i++)
        good = multipart_feed(&s, m, STR("12345678"), &taker);
    assert_false(good);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_are_read),
        cmocka_unit_test(what_is_doubtful_is_refused),
        cmocka_unit_test(a_head_and_the_number_of_parts_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
