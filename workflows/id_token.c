#include "workflows/id_token.h"

#include "core/base/crypto.h"
#include "core/base/json.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

enum { CLOCK_LEEWAY_S = 120, AUDIENCES_MAX = 20, EC_PART_BYTES = 32, RSA_BYTES_MIN = 256 };

const struct problem id_token_refused = {
    .status = 401, .slug = "id-token-refused",
    .title = { .en = "Your identity provider's answer could not be verified. Please try again.",
               .ja = "IDプロバイダーからの応答を確認できませんでした。もう一度お試しください。" },
};

/* ---- reading the few members we ask for; everything else is passed over ---- */

/* The raw text of one member, STR_NONE when it is not there. The object was validated. */
static struct str
member_of(struct scope *s, struct str object, const char *wanted)
{
    struct json_reader r = json_reader_new(object);
    struct str found = STR_NONE, name, raw;
    bool more;
    if (!json_enter(&r, JSON_OBJECT))
        return STR_NONE;
    while (json_member(&r, s->arena, &name, &more) && more) {
        if (!json_skip(&r, &raw))
            return STR_NONE;
        if (str_is(name, wanted))
            found = raw;
    }
    return found;
}

static struct str
text_of(struct scope *s, struct str object, const char *wanted)
{
    struct str raw = member_of(s, object, wanted), text;
    struct json_reader r = json_reader_new(raw);
    if (!raw.len || json_peek(&r) != JSON_STRING || !json_string(&r, s->arena, &text))
        return STR_NONE;
    return text;
}

/* NumericDate: seconds, perhaps with a fraction that says nothing to us. */
static struct instant
time_of(struct scope *s, struct str object, const char *wanted)
{
    struct str raw = member_of(s, object, wanted), whole;
    int64_t seconds;
    if (!raw.len || !str_cut(&raw, '.', &whole) || !str_int(str_trim(whole), &seconds) || seconds < 0
        || seconds > INT32_MAX * (int64_t)8)
        return (struct instant){ 0 };
    return (struct instant){ SECONDS(seconds) };
}

/* `aud` is a text or a list; with several, `azp` must name us. */
static bool
is_for_us(struct scope *s, struct str claims, struct str client_id)
{
    struct str raw = member_of(s, claims, "aud"), one;
    struct json_reader r = json_reader_new(raw);
    bool more, named = false;
    size_t count = 0;
    if (!raw.len)
        return false;
    if (json_peek(&r) == JSON_STRING)
        return json_string(&r, s->arena, &one) && str_eq(one, client_id);
    if (!json_enter(&r, JSON_ARRAY))
        return false;
    while (count++ < AUDIENCES_MAX && json_item(&r, &more) && more) {
        if (!json_string(&r, s->arena, &one))
            return false;
        named = named || str_eq(one, client_id);
    }
    struct str azp = text_of(s, claims, "azp");
    return named && (count == 2 || str_eq(azp, client_id)) && (!azp.at || str_eq(azp, client_id));
}

static bool
part(struct scope *s, struct str encoded, struct str *out)
{
    struct bytes raw;
    *out = STR_NONE;
    if (!base64url_read(s->arena, encoded, &raw))
        return fail(s, &id_token_refused, "not base64url");
    *out = raw.raw;
    return true;
}

static bool
json_part(struct scope *s, struct str encoded, struct str *out)
{
    if (!part(s, encoded, out))
        return false;
    if (json_validate(s, *out))
        return true;
    scope_forgive(s);
    return fail(s, &id_token_refused, "not JSON");
}

/* ---- keys ---- */

static void
end_key(void *key)
{
    EVP_PKEY_free(key);
}

static EVP_PKEY *
key_from(struct scope *s, const char *type, OSSL_PARAM_BLD *bld)
{
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
    if (ctx && params && EVP_PKEY_fromdata_init(ctx) == 1)
        EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params);
    OSSL_PARAM_free(params);
    EVP_PKEY_CTX_free(ctx);
    if (key)
        arena_defer(s->arena, end_key, key);
    return key;
}

static BIGNUM *
number(struct str big_endian)
{
    return BN_bin2bn((const unsigned char *)big_endian.at, (int)big_endian.len, NULL);
}

static EVP_PKEY *
rsa_key(struct scope *s, struct str jwk)
{
    struct str n, e;
    if (!part(s, text_of(s, jwk, "n"), &n) || !part(s, text_of(s, jwk, "e"), &e) || n.len < RSA_BYTES_MIN)
        return NULL;
    BIGNUM *modulus = number(n), *exponent = number(e);
    OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
    EVP_PKEY *key = NULL;
    if (bld && modulus && exponent && OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, modulus)
        && OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, exponent))
        key = key_from(s, "RSA", bld);
    OSSL_PARAM_BLD_free(bld);
    BN_free(modulus);
    BN_free(exponent);
    return key;
}

static EVP_PKEY *
ec_key(struct scope *s, struct str jwk)
{
    struct str x, y;
    unsigned char point[1 + 2 * EC_PART_BYTES] = { 4 }; /* uncompressed */
    if (!str_is(text_of(s, jwk, "crv"), "P-256") || !part(s, text_of(s, jwk, "x"), &x)
        || !part(s, text_of(s, jwk, "y"), &y) || x.len != EC_PART_BYTES || y.len != EC_PART_BYTES)
        return NULL;
    memcpy(point + 1, x.at, EC_PART_BYTES);
    memcpy(point + 1 + EC_PART_BYTES, y.at, EC_PART_BYTES);
    OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
    EVP_PKEY *key = NULL;
    if (bld && OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0)
        && OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point))
        key = key_from(s, "EC", bld);
    OSSL_PARAM_BLD_free(bld);
    return key;
}

/* The key of the set with that id and type; without an id, the only one that fits by type. */
static EVP_PKEY *
find_key(struct scope *s, struct str jwks, struct str kid, const char *type)
{
    struct str keys = member_of(s, jwks, "keys"), jwk;
    struct json_reader r = json_reader_new(keys);
    bool more;
    if (!keys.len || !json_enter(&r, JSON_ARRAY))
        return NULL;
    while (json_item(&r, &more) && more) {
        struct str use;
        if (json_peek(&r) != JSON_OBJECT || !json_skip(&r, &jwk))
            return NULL;
        use = text_of(s, jwk, "use");
        if (!str_is(text_of(s, jwk, "kty"), type) || (use.at && !str_is(use, "sig"))
            || (kid.at && !str_eq(text_of(s, jwk, "kid"), kid)))
            continue;
        return str_is(str_of(type), "RSA") ? rsa_key(s, jwk) : ec_key(s, jwk);
    }
    return NULL;
}

/* JWS writes r and s side by side; OpenSSL wants them as DER. */
static bool
ec_signature(struct scope *s, struct str raw, struct str *der)
{
    unsigned char *out = NULL;
    ECDSA_SIG *sig = ECDSA_SIG_new();
    if (!sig || raw.len != 2 * EC_PART_BYTES) {
        ECDSA_SIG_free(sig);
        return false;
    }
    ECDSA_SIG_set0(sig, number(str_head(raw, EC_PART_BYTES)), number(str_skip(raw, EC_PART_BYTES)));
    int length = i2d_ECDSA_SIG(sig, &out);
    ECDSA_SIG_free(sig);
    if (length <= 0)
        return false;
    *der = str_copy(s->arena, (struct str){ (const char *)out, (size_t)length });
    OPENSSL_free(out);
    return true;
}

static bool
signature_fits(EVP_PKEY *key, struct str signed_text, struct str signature)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool fits = ctx && EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1
             && EVP_DigestVerify(ctx, (const unsigned char *)signature.at, signature.len,
                                 (const unsigned char *)signed_text.at, signed_text.len) == 1;
    EVP_MD_CTX_free(ctx);
    return fits;
}

static bool
verify(struct scope *s, struct str header, struct str signed_text, struct str signature, struct str jwks)
{
    struct str alg = text_of(s, header, "alg"), kid = text_of(s, header, "kid");
    bool rsa = str_is(alg, "RS256"), ec = str_is(alg, "ES256");
    if (!rsa && !ec)
        return fail(s, &id_token_refused, "algorithm " STR_FMT, STR_ARG(alg));
    EVP_PKEY *key = find_key(s, jwks, kid, rsa ? "RSA" : "EC");
    if (!key)
        return fail(s, &id_token_refused, "no key " STR_FMT, STR_ARG(kid));
    if (ec && !ec_signature(s, signature, &signature))
        return fail(s, &id_token_refused, "the signature is malformed");
    return signature_fits(key, signed_text, signature) || fail(s, &id_token_refused, "the signature does not fit");
}

static bool
check_claims(struct scope *s, struct str claims, const struct id_expectation *expected, const struct id_claims *c)
{
    int64_t late = instant_plus(s->now, -SECONDS(CLOCK_LEEWAY_S)).us;
    int64_t early = instant_plus(s->now, SECONDS(CLOCK_LEEWAY_S)).us;
    if (!str_eq(c->issuer, expected->issuer))
        return fail(s, &id_token_refused, "issuer " STR_FMT, STR_ARG(c->issuer));
    if (!is_for_us(s, claims, expected->client_id))
        return fail(s, &id_token_refused, "meant for somebody else");
    if (c->expires_at.us < late || c->issued_at.us > early)
        return fail(s, &id_token_refused, "not valid at this time");
    return (c->nonce.at && equal_in_constant_time(c->nonce, expected->nonce))
        || fail(s, &id_token_refused, "the nonce is not ours");
}

bool
id_token_has_key(struct scope *s, struct str token, struct str jwks)
{
    struct str rest = token, head, header;
    if (!str_cut(&rest, '.', &head) || !json_part(s, head, &header)) {
        scope_forgive(s); /* id_token_read says what is wrong with it */
        return true;
    }
    struct str kid = text_of(s, header, "kid");
    return kid.at && find_key(s, jwks, kid, str_is(text_of(s, header, "alg"), "RS256") ? "RSA" : "EC");
}

bool
id_token_read(struct scope *s, struct str token, const struct id_expectation *expected, struct id_claims *out)
{
    struct str rest = token, head, body, header, claims, signature = STR_NONE;
    if (!str_cut(&rest, '.', &head) || !str_cut(&rest, '.', &body) || !rest.len)
        return fail(s, &id_token_refused, "not three parts");
    struct str signed_text = { token.at, head.len + 1 + body.len };
    if (!json_part(s, head, &header) || !json_part(s, body, &claims) || !part(s, rest, &signature)
        || !verify(s, header, signed_text, signature, expected->jwks))
        return false;
    *out = (struct id_claims){
        .issuer = text_of(s, claims, "iss"), .subject = text_of(s, claims, "sub"),
        .email = text_of(s, claims, "email"), .nonce = text_of(s, claims, "nonce"), .name = text_of(s, claims, "name"),
        .email_verified = str_is(member_of(s, claims, "email_verified"), "true"),
        .expires_at = time_of(s, claims, "exp"), .issued_at = time_of(s, claims, "iat"),
    };
    return check_claims(s, claims, expected, out);
}
