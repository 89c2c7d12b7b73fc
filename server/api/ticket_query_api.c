/* The language of the list of cases. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/ticket_queries.h"

static bool
read_fields(struct scope *s, const void *in, void *out)
{
    (void)in;
    return ticket_query_fields(s, out);
}

static bool
check(struct scope *s, const void *in, void *out)
{
    return ticket_query_check(s, in, out);
}

static const struct route rows[] = {
    { GET, "/tickets/query/fields", CAN_READ(TICKETS), "List what a query of cases can ask",
      .out = &query_fields_told_shape, .read = read_fields },
    { GET, "/tickets/query/check", CAN_READ(TICKETS), "Check a query while it is written",
      .in = &query_ask_shape, .out = &query_checked_shape, .read = check },
};

const struct routes ticket_query_routes = ROUTES(rows);
