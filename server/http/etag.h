/* etag: what a row says of itself in headers. The tag is the row's version and a hash of what was sent: the version
 * serves If-Match, the whole serves If-None-Match, since joined names and counts change without the version. */
#ifndef YAGURA_SERVER_HTTP_ETAG_H
#define YAGURA_SERVER_HTTP_ETAG_H

#include "server/http/exchange.h"

void etag_add(struct exchange *x, const void *row); /* after the body was written */
bool etag_matches(const struct exchange *x);        /* does the caller have this already? */
void etag_not_modified(struct exchange *x);         /* turns the reply into a 304 */
void location_add(struct exchange *x, const void *row);

#endif
