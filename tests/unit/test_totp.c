#include "tests/unit/claims.h"

#include "core/base/crypto.h"
#include "workflows/totp.h"

/* RFC 6238, appendix B: the last six of the eight digits given there. */
static const struct str rfc_secret = STR("12345678901234567890");

static void
codes_are_those_of_the_standard(void **state)
{
    static const struct {
        int64_t at_s;
        const char *code;
    } vectors[] = { { 59, "287082" },         { 1111111109, "081804" },  { 1111111111, "050471" },
                    { 1234567890, "005924" }, { 2000000000, "279037" }, { 20000000000, "353130" } };
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(4096);
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct instant at = { SECONDS(vectors[i].at_s) };
        assert_true(str_is(totp_code(a, rfc_secret, at), vectors[i].code));
    }
}

static void
a_code_fits_its_own_step_and_the_neighbours_alone(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(4096);
    struct instant now = { SECONDS(1790000010) };
    for (int64_t shift = -3; shift <= 3; shift++) {
        struct instant then = instant_plus(now, SECONDS(shift * TOTP_STEP_S));
        int64_t step = 0;
        bool fits = totp_match(rfc_secret, totp_code(a, rfc_secret, then), now, &step);
        assert_int_equal(fits, shift >= -1 && shift <= 1);
        if (fits)
            assert_int_equal(step, then.us / SECONDS(TOTP_STEP_S));
    }
}

static void
what_is_no_code_fits_nothing(void **state)
{
    int64_t step;
    (void)state;
    struct instant now = { SECONDS(59) };
    assert_false(totp_match(rfc_secret, STR(""), now, &step));
    assert_false(totp_match(rfc_secret, STR_NONE, now, &step));
    assert_false(totp_match(rfc_secret, STR("28708"), now, &step));
    assert_false(totp_match(rfc_secret, STR("2870822"), now, &step));
    assert_false(totp_match(rfc_secret, STR("287o82"), now, &step));
    assert_true(totp_match(rfc_secret, STR("287082"), now, &step));
}

static void
a_secret_is_spelled_in_base32_and_carried_by_a_uri(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(4096);
    assert_true(str_is(totp_spell(a, rfc_secret), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
    assert_true(str_is(totp_uri(a, STR("Yagura MDR"), STR("a&b@x.jp"), rfc_secret),
                       "otpauth://totp/Yagura%20MDR:a%26b%40x.jp?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                       "&issuer=Yagura%20MDR"));
}

static void
new_secrets_differ_and_have_their_length(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(4096);
    assert_true(crypto_start());
    struct str one = totp_new_secret(a), other = totp_new_secret(a);
    assert_int_equal(one.len, TOTP_SECRET_BYTES);
    assert_false(str_eq(one, other));
}

static void
the_qr_code_is_one_svg_without_script(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(64 << 10);
    struct scope s = scope_new(a, (struct instant){ 1 });
    struct str svg;
    assert_true(totp_qr_svg(&s, totp_uri(a, STR("櫓"), STR("x@y.jp"), rfc_secret), &svg));
    assert_true(str_starts(svg, STR("<svg xmlns=")));
    assert_true(str_ends(svg, STR("</svg>")));
    assert_false(str_contains(svg, STR("script")));
    assert_true(svg.len < 40000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_the_standard),
        cmocka_unit_test(a_code_fits_its_own_step_and_the_neighbours_alone),
        cmocka_unit_test(what_is_no_code_fits_nothing),
        cmocka_unit_test(a_secret_is_spelled_in_base32_and_carried_by_a_uri),
        cmocka_unit_test(new_secrets_differ_and_have_their_length),
        cmocka_unit_test(the_qr_code_is_one_svg_without_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
