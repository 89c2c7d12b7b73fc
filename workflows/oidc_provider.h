/* oidc_provider: the three calls to an identity provider: its discovery document, its keys, its token endpoint (and its
 * userinfo, where the ID token does not carry the address). Never inside a transaction.
 *
 * Whose servers these are we do not know, nor how slow. So only a few workers talk to them at a time, between
 * oidc_talk_begin and oidc_talk_end; who comes on top is told to come again, and all other calls find their workers.
 */
#ifndef YAGURA_WORKFLOWS_OIDC_PROVIDER_H
#define YAGURA_WORKFLOWS_OIDC_PROVIDER_H

#include "core/base/scope.h"

struct oidc_endpoints {
    struct str issuer, authorization, token, userinfo, jwks;
    bool basic_auth; /* the client secret goes into the Authorization header, else into the form */
};

struct oidc_exchange {
    struct str client_id, client_secret, code, code_verifier, redirect_uri;
};

struct oidc_tokens {
    struct str id_token, access_token;
};

enum { OIDC_TALKS_MAX = 3 };
extern const struct problem oidc_busy; /* 429 */
must_check bool oidc_talk_begin(struct scope *s);
void oidc_talk_end(const struct scope *s);

/* What is kept is good enough while it is younger than `age_us` (workflows/oidc_kept.h); 0 asks in any case. */
must_check bool oidc_discover(struct scope *s, struct str issuer, int64_t age_us, struct oidc_endpoints *out);
must_check bool oidc_fetch_keys(struct scope *s, const struct oidc_endpoints *at, int64_t age_us, struct str *jwks);
must_check bool oidc_trade(struct scope *s, const struct oidc_endpoints *at, const struct oidc_exchange *with,
                           struct oidc_tokens *out);
must_check bool oidc_ask_address(struct scope *s, const struct oidc_endpoints *at, struct str access_token,
                                 struct str subject, struct str *email, bool *verified);

extern const struct problem oidc_provider_wrong;

struct str form_escape(struct arena *a, struct str s);

#endif
