/* route: what the API offers, as rows.
 *
 * A route states its method, path, permission, prose, shapes and exactly one action. The path, the query string
 * and the body fill one `in` record together: `/people/{id}` fills member `id`. The handler runs only after
 * sign-in, permission, limits and validation passed, inside one transaction that commits when it returns true.
 *
 *     .one    one row by a query                        200
 *     .list   a page of a listing                       200 {"items":[…],"next_cursor":…,"total":…}
 *     .read   a GET that needs more than one query      200
 *     .write  a verb with a name                        200, 201 with .creates, 204 without .out
 *     .raw    answers with something other than JSON    (CSV, PNG, a file, an event stream)
 *     .sink   takes a body of any size as it arrives    (server/http/sink.h) answered like a .write
 *
 * A row with a member `version` is answered with an ETag; a route with .if_match asks for If-Match and puts the
 * version into member `version` of `in`. Idempotency-Key works on every .write by itself. A .list route answers
 * `Accept: text/csv` with the same rows as CSV, following pages to the end.
 */
#ifndef YAGURA_SERVER_HTTP_ROUTE_H
#define YAGURA_SERVER_HTTP_ROUTE_H

#include "core/db/query.h"

enum method { METHOD_NONE, GET, POST, PUT, DELETE, PATCH, OPTIONS, METHOD_COUNT };

struct sink;  /* server/http/sink.h */
struct reply; /* server/http/reply.h: the answer of a .raw; extra headers and cookies of a .write */

struct route {
    enum method method;
    const char *path;             /* below /api/v1, with {members} */
    struct permission permission; /* PUBLIC and SIGNED_IN are spelled out */
    const char *prose;            /* one line for OpenAPI and docs */
    const struct shape *in, *out;
    const struct query *one;
    const struct listing *list;
    bool (*read)(struct scope *s, const void *in, void *out);
    bool (*write)(struct scope *s, const void *in, void *out);
    bool (*raw)(struct scope *s, const void *in, struct reply *reply);
    const struct sink *sink;
    const char *answers; /* media type of a .raw answer, for OpenAPI */
    size_t body_max;     /* 0: 64 KiB */
    bool creates;        /* 201 and Location */
    bool if_match;
    bool fresh_factor;   /* asks for a second factor proven in the last 10 minutes */
    bool any_stage;      /* open to sessions that have yet to enrol or prove the second factor */
    bool no_idempotency; /* answers that must not be kept: sign-in, tokens shown once */
    bool any_query;      /* names in the query string that `in` lacks are passed over: the protocol is another's */
    bool own_door;       /* PUBLIC, and asks itself who calls: our own credentials are not looked for */
    bool keeps_tries;    /* commits although it was refused: sign-in counts what did not match */
};

struct routes {
    const struct route *items;
    size_t count;
};

/* const struct routes tenant_routes = ROUTES(tenant_route_rows); */
#define ROUTES(rows) { .items = (rows), .count = COUNT_OF(rows) }

#endif
