/* listener: libmicrohttpd's daemon and what it calls. Nothing here waits. */
#ifndef YAGURA_SERVER_HTTP_LISTENER_H
#define YAGURA_SERVER_HTTP_LISTENER_H

#include "server/http/parts.h"

must_check bool listener_start(struct scope *s, struct http *h);
void listener_refuses_new(struct http *h);
void listener_stop(struct http *h); /* nothing may be suspended any more */

#endif
