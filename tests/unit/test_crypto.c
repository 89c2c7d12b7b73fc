#include "tests/unit/claims.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/crypto.h"
#include "core/base/log.h"

struct desk {
    struct arena *arena;
    struct scope s;
};

static int
set_up(void **state)
{
    struct arena *a = arena_new(1 << 16);
    struct desk *d = arena_new_of(a, struct desk);
    *d = (struct desk){ .arena = a, .s = scope_new(a, (struct instant){ 1 }) };
    assert_true(crypto_start());
    log_start(LOG_ERROR);
    *state = d;
    return 0;
}

static int
tear_down(void **state)
{
    struct desk *d = *state;
    arena_free(d->arena);
    return 0;
}

static void
hashes_are_those_of_the_standards(void **state)
{
    struct desk *d = *state;
    struct arena *a = d->arena;
    assert_true(str_is(hex_of(a, sha256_of(a, STR("abc"))),
                       "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    assert_true(str_is(hex_of(a, sha256_of(a, STR_NONE)),
                       "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    assert_true(str_is(hex_of(a, hmac_sha256(a, STR("Jefe"), STR("what do ya want for nothing?"))),
                       /* RFC 4231, 2 */
                       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
}

static void
texts_of_bytes_read_back_and_nothing_else_does(void **state)
{
    struct desk *d = *state;
    struct arena *a = d->arena;
    struct bytes back;
    for (size_t length = 0; length < 70; length++) {
        char *at = arena_alloc(a, length + 1);
        random_bytes(at, length);
        const struct bytes b = { { at, length } };
        assert_true(hex_read(a, hex_of(a, b), &back) && str_eq(back.raw, b.raw));
        assert_true(base64_read(a, base64_of(a, b), &back) && str_eq(back.raw, b.raw));
        assert_true(base64url_read(a, base64url_of(a, b), &back) && str_eq(back.raw, b.raw));
    }
    assert_false(hex_read(a, STR("abc"), &back) || hex_read(a, STR("zz"), &back)
                 || hex_read(a, STR("ab cd"), &back));
    assert_false(base64_read(a, STR("AA"), &back) || base64_read(a, STR("A-=="), &back)
                 || base64_read(a, STR("AAAA\n"), &back));
    assert_false(base64url_read(a, STR("AA=="), &back) || base64url_read(a, STR("A+"), &back));
    assert_true(str_is(base64url_of(a, (struct bytes){ STR("\xfb\xff") }), "-_8"));
}

static void
tokens_differ_and_fit_into_addresses(void **state)
{
    struct desk *d = *state;
    struct str a = random_token(d->arena, 32), b = random_token(d->arena, 32);
    assert_int_equal(a.len, 43);
    assert_false(str_eq(a, b));
    assert_true(equal_in_constant_time(a, a) && !equal_in_constant_time(a, b)
                && !equal_in_constant_time(a, str_head(a, 42)));
}

static void
a_password_matches_its_own_hash_alone(void **state)
{
    struct desk *d = *state;
    struct str one, two;
    assert_true(password_hash(&d->s, STR("正しい馬 battery staple"), &one));
    assert_true(password_hash(&d->s, STR("正しい馬 battery staple"), &two));
    assert_true(str_starts(one, STR("$argon2id$")));
    assert_false(str_eq(one, two));
    assert_true(password_matches(one, STR("正しい馬 battery staple")));
    assert_false(password_matches(one, STR("正しい馬 battery stapl")));
    assert_false(password_matches(STR(""), STR("")) || password_matches(STR("x"), STR("x"))
                 || password_matches(STR_NONE, STR_NONE));
    assert_false(password_needs_rehash(one));
    assert_true(password_needs_rehash(STR("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$"
                                          "iWh06vD8Fy27wf9npn6FXWiCX4K6pW6Ue1Bnzz07Z8A")));
    assert_true(password_needs_rehash(STR("plain")));
}

static void
a_sealed_secret_opens_in_its_place_with_its_key_alone(void **state)
{
    struct desk *d = *state;
    struct secret_key key, other;
    struct str plain;
    random_bytes(&key, sizeof key);
    random_bytes(&other, sizeof other);
    struct bytes sealed = secret_seal(d->arena, &key, STR("person.totp 1"), STR("JBSWY3DPEHPK3PXP"));
    assert_true(secret_open(&d->s, &key, STR("person.totp 1"), sealed, &plain));
    assert_true(str_is(plain, "JBSWY3DPEHPK3PXP"));
    assert_false(secret_open(&d->s, &other, STR("person.totp 1"), sealed, &plain));
    assert_false(secret_open(&d->s, &key, STR("person.totp 2"), sealed, &plain));
    assert_false(secret_open(&d->s, &key, STR("person.totp 1"), (struct bytes){ str_head(sealed.raw, 39) },
                             &plain));
    for (size_t i = 0; i < sealed.raw.len; i++) {
        char *bad = arena_alloc(d->arena, sealed.raw.len);
        memcpy(bad, sealed.raw.at, sealed.raw.len);
        bad[i] ^= 1;
        assert_false(secret_open(&d->s, &key, STR("person.totp 1"), (struct bytes){ { bad, sealed.raw.len } },
                                 &plain));
    }
    assert_true(secret_open(&d->s, &key, STR(""), secret_seal(d->arena, &key, STR_NONE, STR_NONE), &plain));
    assert_int_equal(plain.len, 0);
}

static void
write_key(const char *path, const char *text, mode_t mode)
{
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static void
a_key_file_holds_64_hex_digits_and_is_closed_to_others(void **state)
{
    struct desk *d = *state;
    static const char digits[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";
    char path[128];
    temporary_name(path, sizeof path, "key");
    struct secret_key key;
    close(mkstemp(path));
    write_key(path, digits, 0600);
    assert_true(secret_key_read(&d->s, path, &key));
    assert_int_equal(key.bytes[31], 31);
    write_key(path, digits, 0644);
    assert_false(secret_key_read(&d->s, path, &key));
    write_key(path, digits + 2, 0600);
    assert_false(secret_key_read(&d->s, path, &key));
    unlink(path);
    assert_false(secret_key_read(&d->s, path, &key));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(hashes_are_those_of_the_standards, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_of_bytes_read_back_and_nothing_else_does, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tokens_differ_and_fit_into_addresses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_password_matches_its_own_hash_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_sealed_secret_opens_in_its_place_with_its_key_alone, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_key_file_holds_64_hex_digits_and_is_closed_to_others, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
