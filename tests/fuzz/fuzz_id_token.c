/* ID tokens and key sets of strangers: what was not signed by the keys of the set never reads, and nothing crashes. The
 * input is a token, or a token and a key set with an empty line between. */
#include "core/base/crypto.h"
#include "core/base/json.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/id_tokens.h"
#include "workflows/id_token.h"

/* As a fetched key set is asked before anybody looks into it. */
static bool
json_is_sound(struct arena *a, struct str text)
{
    struct scope s = scope_new(a, (struct instant){ 1 });
    return json_validate(&s, text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    scoped(arena_end) struct arena *a = arena_new(64 << 10);
    struct scope s = scope_new(a, (struct instant){ SECONDS(1790000010) });
    struct str input = { (const char *)data, size }, gap = STR("\n\n");
    size_t at = str_find(input, gap);
    bool own_keys = at == input.len;
    struct id_expectation expected = { .issuer = STR("https://login.example"), .client_id = STR("yagura"),
                                       .nonce = STR("n-1"),
                                       .jwks = own_keys ? str_of(jwks) : str_skip(input, at + gap.len) };
    struct id_claims claims;
    bool sound = own_keys || json_is_sound(a, expected.jwks);
    bool read = crypto_start() && sound && id_token_read(&s, str_head(input, at), &expected, &claims);
    if (read && own_keys) {
        const char *const good[] = { token_rs256, token_es256, token_audiences_azp, token_unverified };
        size_t i = 0;
        while (i < COUNT_OF(good) && !str_is(str_head(input, at), good[i]))
            i++;
        if (i == COUNT_OF(good))
            abort(); /* somebody forged a signature, or we do not check it */
    }
    return 0;
}
