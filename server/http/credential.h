/* credential: what a call shows to say who asks: a session cookie, or a Bearer token. */
#ifndef YAGURA_SERVER_HTTP_CREDENTIAL_H
#define YAGURA_SERVER_HTTP_CREDENTIAL_H

#include "model/principal.h"
#include "server/http/exchange.h"

enum { FRESH_FACTOR_MINUTES = 10 };

void credential_read(struct exchange *x); /* fills x->credential, absent when nothing is shown */
must_check bool credential_ask(struct exchange *x, struct principal_ask *out);
bool factor_is_fresh(const struct scope *s);
const char *level_name(uint8_t level);

#endif
