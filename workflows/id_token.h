/* id_token: the signed statement of an identity provider about who signed in (JWT, OpenID Connect Core 3.1.3.7).
 *
 * RS256 and ES256, by OpenSSL's libcrypto: libsodium has no RSA, and libcurl and libpq bring libcrypto anyway. The key
 * is the one of the provider's JWKS that the header names; `none` and the HMAC family are no signatures here.
 */
#ifndef YAGURA_WORKFLOWS_ID_TOKEN_H
#define YAGURA_WORKFLOWS_ID_TOKEN_H

#include "core/base/scope.h"

struct id_claims {
    struct str issuer, subject, email, nonce, name;
    bool email_verified;
    struct instant expires_at, issued_at;
};

struct id_expectation {
    struct str issuer, client_id, nonce;
    struct str jwks; /* the provider's key set, JSON */
};

extern const struct problem id_token_refused; /* 401 */

/* Whether the set holds the key that the token's header names; a token that names none may mean any. */
bool id_token_has_key(struct scope *s, struct str token, struct str jwks);
must_check bool id_token_read(struct scope *s, struct str token, const struct id_expectation *expected,
                              struct id_claims *out);

#endif
