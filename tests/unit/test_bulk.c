/* The bulk format's action lines, the keys that senders show, and bodies that are decompressed. */
#include "claims.h"

#include <zlib.h>
#include <zstd.h>

#include "core/net/decoder.h"
#include "workflows/bulk_action.h"
#include "workflows/ingest.h"

static void
actions_are_read(void **state)
{
    (void)state;
    struct bulk_action a;
    assert_true(bulk_action_read(STR("{\"create\":{\"_index\":\"beat-8\",\"_id\":\"a\\\"b\"}}"), &a));
    assert_int_equal(a.verb, BULK_CREATE);
    assert_true(str_is(a.index, "beat-8"));
    assert_true(bulk_action_read(STR(" { \"index\" : { } } "), &a));
    assert_int_equal(a.verb, BULK_INDEX);
    assert_null(a.index.at);
    assert_true(bulk_action_read(STR("{\"delete\":{\"x\":[1,{\"y\":\"}\"}],\"_index\":\"i\"}}"), &a));
    assert_int_equal(a.verb, BULK_DELETE);
    assert_true(str_is(a.index, "i"));
}

static void
what_is_no_action_is_refused(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "", "{", "{}", "[]", "{\"create\"}", "{\"create\":1}", "{\"other\":{}}", "{\"create\":{}", "{\"create\":{}}x",
        "{\"create\":{\"_index\":\"a}}", "{\"create\":{\"a\":{{{{{{{{{{1}}}}}}}}}}}}", "{\"EventID\":1,\"a\":2}",
    };
    struct bulk_action a;
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        if (bulk_action_read(str_of(lines[i]), &a))
            claim_failed("taken: %s", lines[i]);
}

static void
a_key_is_found_however_it_is_shown(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(4096);
    assert_true(str_is(sender_key(a, STR("Bearer ygi_a_b")), "ygi_a_b"));
    assert_true(str_is(sender_key(a, STR("ApiKey eWFndXJhOnlnaV9hX2I=")), "ygi_a_b"));
    assert_true(str_is(sender_key(a, STR("Basic ZWxhc3RpYzp5Z2lfYV9i")), "ygi_a_b"));
    assert_true(str_is(sender_key(a, STR("apikey ygi_a_b")), "ygi_a_b"));
    assert_null(sender_key(a, STR("Digest x")).at);
    assert_null(sender_key(a, STR_NONE).at);
}

/* ---- decoding ---- */

static bool
keep(struct scope *s, void *to, struct str text)
{
    (void)s;
    text_add(to, text);
    return true;
}

struct packed {
    char at[64 * 1024];
    size_t len;
};

static void
pack(enum coding coding, struct str text, struct packed *out)
{
    if (coding == CODING_ZSTD) {
        out->len = ZSTD_compress(out->at, sizeof out->at, text.at, text.len, 3);
        return;
    }
    z_stream z = { .next_in = (Bytef *)(uintptr_t)text.at, .avail_in = (uInt)text.len, .next_out = (Bytef *)out->at,
                   .avail_out = sizeof out->at };
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out->len = z.total_out;
    deflateEnd(&z);
}

static bool
decode(struct scope *s, enum coding coding, struct str packed, size_t step, struct text *out)
{
    static const struct decoder_bounds bounds = { .text_max = 4 << 20, .ratio_max = 100, .ratio_from = 1 << 20 };
    struct decoder *d = decoder_new(s->arena, &bounds);
    *out = text_new(s->arena, 8 << 20);
    decoder_begin(d, coding, keep, out);
    for (size_t at = 0; at < packed.len; at += step)
        if (!decoder_add(s, d, str_head(str_skip(packed, at), step)))
            return false;
    return decoder_end(s, d);
}

static void
a_body_comes_back_whole_in_any_pieces(void **state)
{
    (void)state;
    static struct packed packed, twice;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct text plain = text_new(a, 1 << 20), out;
    for (int i = 0; i < 20000; i++)
        text_addf(&plain, "{\"n\":%d}\n", i);
    for (enum coding coding = CODING_GZIP; coding <= CODING_ZSTD; coding++) {
        pack(coding, text_str(&plain), &packed);
        for (size_t step = 1; step < 100000; step = step * 7 + 1) {
            struct scope s = scope_new(a, (struct instant){ 1 });
            assert_true(decode(&s, coding, (struct str){ packed.at, packed.len }, step, &out));
            assert_true(str_eq(text_str(&out), text_str(&plain)));
        }
        pack(coding, STR("{\"a\":1}\n"), &packed); /* members and frames may follow each other */
        memcpy(twice.at, packed.at, packed.len);
        memcpy(twice.at + packed.len, packed.at, packed.len);
        struct scope s = scope_new(a, (struct instant){ 1 });
        assert_true(decode(&s, coding, (struct str){ twice.at, 2 * packed.len }, 5, &out));
        assert_true(str_is(text_str(&out), "{\"a\":1}\n{\"a\":1}\n"));
    }
}

static void
lies_and_breaks_are_refused(void **state)
{
    (void)state;
    static struct packed packed;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct str blanks = { memset(arena_alloc(a, 5 << 20), ' ', 5 << 20), 5 << 20 };
    struct text out;
    for (enum coding coding = CODING_GZIP; coding <= CODING_ZSTD; coding++) {
        struct scope s = scope_new(a, (struct instant){ 1 });
        pack(coding, blanks, &packed);
        assert_false(decode(&s, coding, (struct str){ packed.at, packed.len }, 100, &out));
        assert_ptr_equal(s.failure.problem, &coding_lies);
        s = scope_new(a, (struct instant){ 1 });
        pack(coding, STR("hello hello hello"), &packed);
        assert_false(decode(&s, coding, (struct str){ packed.at, packed.len - 1 }, 100, &out));
        assert_ptr_equal(s.failure.problem, &coding_broken);
        s = scope_new(a, (struct instant){ 1 });
        assert_false(decode(&s, coding, STR("this is neither"), 100, &out));
        assert_ptr_equal(s.failure.problem, &coding_broken);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(actions_are_read),
        cmocka_unit_test(what_is_no_action_is_refused),
        cmocka_unit_test(a_key_is_found_however_it_is_shown),
        cmocka_unit_test(a_body_comes_back_whole_in_any_pieces),
        cmocka_unit_test(lies_and_breaks_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
