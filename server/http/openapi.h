/* openapi: the OpenAPI 3.1 document, written from the tables that serve. The portal's types are generated from it, the
 * portal shows it, and the authorization test walks it: what it says is what is done. */
#ifndef YAGURA_SERVER_HTTP_OPENAPI_H
#define YAGURA_SERVER_HTTP_OPENAPI_H

#include "server/http/route.h"

void openapi_write(struct arena *a, const struct routes *const *tables, size_t count, struct str version,
                   struct str *out);
struct str openapi_gzip(struct arena *a, struct str document); /* STR_NONE when it cannot be compressed */

#endif
