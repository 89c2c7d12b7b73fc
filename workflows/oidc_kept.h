/* oidc_kept: what identity providers publish (discovery documents, key sets), kept in the process for ten minutes.
 *
 * Each sign-in needs both twice; asking each time makes a sign-in as slow, and as fragile, as the provider. A document
 * is known by its address alone, since everybody gets the same there. Only what made sense is kept, only so many, the
 * oldest goes first. Keys rotate: who finds a signature by a key that is not in the kept set asks anew, but not more
 * often than once a minute, so that forged tokens cannot make us ask and ask.
 */
#ifndef YAGURA_WORKFLOWS_OIDC_KEPT_H
#define YAGURA_WORKFLOWS_OIDC_KEPT_H

#include "core/base/scope.h"

enum { OIDC_KEPT_MINUTES = 10, OIDC_AGAIN_MINUTES = 1, OIDC_KEPT_MAX = 64 };

struct oidc_kept;

struct oidc_kept *oidc_kept_new(struct arena *a);

/* The document at `url` as long as it is younger than `age_us`; a copy in the scope's arena. */
bool oidc_kept_find(struct scope *s, struct str url, int64_t age_us, struct str *body);
void oidc_kept_put(struct scope *s, struct str url, struct str body);

#endif
