/* router: from method and path to a route.
 *
 * Every route is split into segments once, at start; two routes that could answer the same call, and routes that
 * state no action or no permission, are refused there. When several paths fit, the one with the earlier literal
 * segment wins: /people/bulk before /people/{id}. HEAD is answered by GET.
 */
#ifndef YAGURA_SERVER_HTTP_ROUTER_H
#define YAGURA_SERVER_HTTP_ROUTER_H

#include "server/http/route.h"

enum { ROUTE_SEGMENTS_MAX = 8 };

enum match_result { MATCH_FOUND, MATCH_NO_PATH, MATCH_NO_METHOD, MATCH_BAD_PATH };

struct match {
    const struct route *route;
    size_t index;                              /* of the route among all, for counters */
    struct str names[ROUTE_SEGMENTS_MAX];      /* members, and */
    struct str values[ROUTE_SEGMENTS_MAX];     /* what the path says of them */
    size_t count;
    unsigned allowed;                          /* bits 1 << method, for Allow */
};

struct router;

/* False with *why set when the tables contradict themselves. The router lives in the arena. */
must_check bool router_new(struct arena *a, const struct routes *const *tables, size_t count, struct router **out,
                           struct str *why);
size_t router_count(const struct router *r);
const struct route *router_route(const struct router *r, size_t index);

/* `path` begins behind /api/v1 and is as it was sent. */
enum match_result router_match(const struct router *r, struct arena *a, enum method method, struct str path,
                               struct match *out);

const char *method_name(enum method m);
struct str allow_header(struct arena *a, unsigned allowed);

#endif
