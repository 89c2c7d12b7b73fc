/* stream: the body of a call on its way to a sink. Inside of server/http only.
 *
 * Two buffers: the loop fills one while a writer empties the other. At any time at most one thread has the sink. The
 * exchange outlives its connection when that breaks off: the last word then is the writer's.
 */
#ifndef YAGURA_SERVER_HTTP_STREAM_H
#define YAGURA_SERVER_HTTP_STREAM_H

#include "server/http/exchange.h"
#include "server/http/sink.h"

struct stream;

must_check bool stream_reserve(struct exchange *x); /* a place; given back when the exchange ends */
must_check bool stream_join(struct exchange *x);    /* once it is known who sends: a share of the places, no more */
void stream_admit(struct worker *w, struct task *t); /* who asks, may they, open: then the body may come */

/* Called by the loop. take says how much of the piece it took: when it is not all, the connection is suspended. */
must_check bool stream_take(struct exchange *x, struct str piece, size_t *taken); /* false: cut the connection */
void stream_body_ends(struct exchange *x);
bool stream_outlives(struct exchange *x); /* the connection is gone: does the writer still need the exchange? */

#endif
