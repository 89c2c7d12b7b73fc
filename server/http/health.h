/* health: /healthz (the process lives), /readyz (it can serve, or why not), /metrics for Prometheus, and the OpenAPI
 * document. All are answered by the loop from what the pulse saw last, so they answer when nothing else does. */
#ifndef YAGURA_SERVER_HTTP_HEALTH_H
#define YAGURA_SERVER_HTTP_HEALTH_H

#include "server/http/exchange.h"

bool health_answer(struct exchange *x); /* false: not an address of these */

#endif
