#include "tests/unit/claims.h"

#include "core/base/crypto.h"
#include "tests/unit/id_tokens.h"
#include "workflows/id_token.h"

static const struct instant issued = { SECONDS(1790000010) };

static bool
reads_at(const char *token, struct instant now, struct id_claims *out)
{
    scoped(arena_end) struct arena *a = arena_new(64 << 10);
    struct scope s = scope_new(a, now);
    const struct id_expectation expected = { .issuer = STR("https://login.example"), .client_id = STR("yagura"),
                                             .nonce = STR("n-1"), .jwks = str_of(jwks) };
    struct id_claims claims;
    bool good = id_token_read(&s, str_of(token), &expected, &claims);
    if (!good)
        assert_ptr_equal(s.failure.problem, &id_token_refused);
    else if (out) {
        assert_true(str_is(claims.subject, "u1"));
        assert_true(str_is(claims.email, "a@b.jp"));
        *out = claims;
    }
    return good;
}

static bool
reads(const char *token)
{
    return reads_at(token, issued, NULL);
}

static void
both_algorithms_of_the_standard_are_read(void **state)
{
    struct id_claims claims;
    (void)state;
    assert_true(reads_at(token_rs256, issued, &claims));
    assert_true(claims.email_verified);
    assert_true(reads_at(token_es256, issued, &claims));
    assert_true(reads(token_audiences_azp));
}

static void
a_token_without_a_signature_of_the_provider_is_nothing(void **state)
{
    (void)state;
    assert_false(reads(token_none));
    assert_false(reads(token_hs256)); /* signed with the public key as if it were a secret */
    assert_false(reads(token_small)); /* 1024 bits */
    assert_false(reads(token_wrong_kid));
    assert_false(reads(token_cross)); /* names the key of another kind */
}

static void
any_changed_letter_breaks_it(void **state)
{
    (void)state;
    char changed[sizeof token_rs256];
    for (size_t i = 0; i + 1 < sizeof token_rs256; i += 7) {
        memcpy(changed, token_rs256, sizeof changed);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        if (i + 3 < sizeof token_rs256 && reads(changed))
            claim_failed("letter %zu may be changed", i);
    }
}

static void
what_was_said_to_or_by_somebody_else_does_not_count(void **state)
{
    struct id_claims claims;
    (void)state;
    assert_false(reads(token_issuer));
    assert_false(reads(token_audience));
    assert_false(reads(token_audiences)); /* several, and none is named as the one that asked */
    assert_false(reads(token_nonce));
    assert_false(reads(token_no_nonce));
    assert_true(reads_at(token_unverified, issued, &claims)); /* the word "true" is not true */
    assert_false(claims.email_verified);
}

static void
a_token_is_good_in_its_time(void **state)
{
    (void)state;
    assert_true(reads_at(token_rs256, instant_plus(issued, SECONDS(690)), NULL)); /* clocks differ by two minutes */
    assert_false(reads_at(token_rs256, instant_plus(issued, SECONDS(720)), NULL));
    assert_false(reads(token_early));
}

static void
rubbish_is_refused(void **state)
{
    static const char *const rubbish[] = { "", ".", "..", "a.b", "a.b.c", "....", "e30.e30.", "e30.e30.AAAA",
                                           "W10.W10.AAAA", "bnVsbA.bnVsbA.AAAA", "\xff\xfe.x.y" };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rubbish); i++)
        assert_false(reads(rubbish[i]));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_algorithms_of_the_standard_are_read),
        cmocka_unit_test(a_token_without_a_signature_of_the_provider_is_nothing),
        cmocka_unit_test(any_changed_letter_breaks_it),
        cmocka_unit_test(what_was_said_to_or_by_somebody_else_does_not_count),
        cmocka_unit_test(a_token_is_good_in_its_time),
        cmocka_unit_test(rubbish_is_refused),
    };
    return crypto_start() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
