/* request: what a handler may ask of the call it answers, beyond its `in` record. All texts live as long as the
 * scope. Outside a request (a job, a command) everything is absent. */
#ifndef YAGURA_SERVER_HTTP_REQUEST_H
#define YAGURA_SERVER_HTTP_REQUEST_H

#include "core/base/crypto.h"

#define SESSION_COOKIE "yagura_session"

struct str request_header(const struct scope *s, const char *name);
struct str request_cookie(const struct scope *s, const char *name);
struct str request_credential(const struct scope *s); /* the session token or API key as it was sent */

/* What a browser must send as X-CSRF-Token: derived from the session token, so nothing needs to be stored. */
struct str csrf_token(struct arena *a, struct str session_token);

#endif
