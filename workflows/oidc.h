/* oidc: signing in at the customer's own identity provider (OpenID Connect, authorization code with PKCE).
 *
 *     oidc_start  -> the provider's page, with state, nonce and code_challenge; the browser keeps a cookie
 *     oidc_finish <- code and state: traded for an ID token, verified, mapped to a person of that tenant by its
 *                    verified address. Nobody is created; a person of another tenant or domain is nobody here.
 *
 * Talking to the provider happens between two transactions: both functions commit what they read and begin anew.
 */
#ifndef YAGURA_WORKFLOWS_OIDC_H
#define YAGURA_WORKFLOWS_OIDC_H

#include "model/identity_provider.h"
#include "workflows/sign_in.h"

enum { OIDC_STATE_MINUTES = 10 };

extern const struct problem oidc_provider_wrong; /* 502: its answers make no sense */
extern const struct problem oidc_state_gone;     /* 410: too late, another browser, or twice */
extern const struct problem oidc_nobody;         /* 403: no active person of that tenant has this address */

struct oidc_way {
    struct str url, browser_token, return_to;
};

struct oidc_answer {
    struct str code, state, iss, error;
};

must_check bool oidc_start(struct scope *s, struct uuid provider_id, struct str return_to, struct oidc_way *out);
must_check bool oidc_finish(struct scope *s, const struct oidc_answer *in, struct str browser_token,
                            struct str device_token, struct sign_in_result *out, struct str *return_to);

/* ---- administration ---- */
must_check bool identity_provider_create(struct scope *s, const struct identity_provider_write *in,
                                         struct identity_provider *out);
must_check bool identity_provider_change(struct scope *s, const struct identity_provider_write *in,
                                         struct identity_provider *out);
must_check bool identity_provider_remove(struct scope *s, struct uuid id);

/* Asks for its discovery document and keys, as a sign-in would. */
struct identity_provider_test {
    bool reachable;
    struct str message, authorization_endpoint, token_endpoint;
};
extern const struct shape identity_provider_test_shape;
must_check bool identity_provider_try(struct scope *s, struct uuid id, struct identity_provider_test *out);

struct str oidc_redirect_uri(const struct scope *s);

#endif
