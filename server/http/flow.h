/* flow: a body that comes in pieces, from whoever makes it (the hub of live events, a worker that pages through a
 * list) to a connection that takes it at its own pace. What waits is bounded; a full flow refuses more, and its
 * maker decides whether to wait or to end it. A reader that finds nothing is suspended until something comes.
 */
#ifndef YAGURA_SERVER_HTTP_FLOW_H
#define YAGURA_SERVER_HTTP_FLOW_H

#include <sys/types.h>

#include "core/base/arena.h"
#include "core/base/str.h"

struct MHD_Connection;
struct flow;

enum { FLOW_BLOCK_BYTES = 16 * 1024 };

/* `hungry` is called, from the loop, each time the reader has emptied the flow; may be NULL. */
struct flow *flow_new(struct arena *a, struct MHD_Connection *connection, size_t room,
                      void (*hungry)(void *maker), void *maker);
bool flow_add(struct flow *f, struct str piece);  /* all of it or, when there is no room, nothing */
void flow_end(struct flow *f, bool broken);       /* broken: the connection is cut, so that nobody takes it for all */

ssize_t flow_read(void *flow, uint64_t position, char *to, size_t room); /* libmicrohttpd's content reader */

#endif
