/* intake: what a loop thread does with a call before a worker sees it. It judges the head (where to, how large, how
 * often), collects the body within the route's bound, and answers at once whatever needs no database. */
#ifndef YAGURA_SERVER_HTTP_INTAKE_H
#define YAGURA_SERVER_HTTP_INTAKE_H

#include "server/http/exchange.h"

void intake_head(struct exchange *x, const char *method);          /* may answer */
void intake_admitted(struct exchange *x);                          /* a sink waits for the body */
/* False: cut the connection. A piece that was not taken whole comes again when the connection is resumed. */
must_check bool intake_body(struct exchange *x, struct str piece, size_t *taken);
void intake_ends(struct exchange *x);                              /* all is here: queue it, or refuse it */

#endif
