/* scope: one unit of work. A request, a job or a command gets one and everything it needs hangs on it: memory,
 * the transaction, the first failure, who asks, and one reading of the clock, so that all rows of one piece of
 * work carry the same time. Nothing is global.
 */
#ifndef YAGURA_CORE_BASE_SCOPE_H
#define YAGURA_CORE_BASE_SCOPE_H

#include "core/base/arena.h"
#include "core/base/problem.h"
#include "core/base/principal.h"

struct db;       /* core/db: the connection and its transaction */
struct service;  /* what lives as long as the process; each program defines its own */
struct reply;    /* server/http: the answer under construction; NULL outside a request */

struct scope {
    struct arena *arena;
    struct instant now;
    struct failure failure;
    const struct principal *who; /* NULL before sign-in */
    struct str request_id;
    struct str address;          /* the client's, as text */
    struct str agent;            /* its User-Agent, cut to 200 bytes */
    enum language language;      /* of the answer */
    struct db *db;
    const struct service *service;
    struct reply *reply;
};

struct scope scope_new(struct arena *a, struct instant now);
bool scope_has_failed(const struct scope *s);
void scope_forgive(struct scope *s); /* forgets the failure, for code that has another way */

#endif
