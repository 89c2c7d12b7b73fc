/* input: the `in` record of a call, filled from body, path and query string together. What the path says stands: a
 * body that names the same member is refused. */
#ifndef YAGURA_SERVER_HTTP_INPUT_H
#define YAGURA_SERVER_HTTP_INPUT_H

#include "server/http/exchange.h"

/* *in is NULL for routes that take nothing; *ask is set for lists. Every bad field is reported at once. */
must_check bool input_read(struct exchange *x, void **in, struct listing_ask **ask);

/* A fresh record: all absent. */
void *record_new(struct arena *a, const struct shape *sh);

/* "7" or "7-…" as sent in If-Match; W/ and lists are not versions of ours. */
must_check bool version_parse(struct str etag, int64_t *version);

#endif
