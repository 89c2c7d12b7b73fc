/* Lowering a severity near its deadline: one engineer wishes it, another decides. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/severity.h"

static bool
wish(struct scope *s, const void *in, void *out)
{
    return severity_wish(s, in, out);
}

static bool
confirm(struct scope *s, const void *in, void *out)
{
    return severity_wish_confirm(s, in, out);
}

static bool
refuse(struct scope *s, const void *in, void *out)
{
    return severity_wish_refuse(s, in, out);
}

static const struct route rows[] = {
    { GET, "/tickets/{id}/severity-wishes", CAN_READ(TICKETS), "List wishes to lower the severity",
      .in = &severity_wishes_shape, .out = &severity_wish_shape, .list = &severity_wish_listing },
    { POST, "/tickets/{id}/severity-wishes", CAN_USE(TICKETS), "Ask a second engineer to lower the severity",
      .in = &ticket_decide_shape, .out = &severity_wish_shape, .write = wish, .creates = true },
    { POST, "/severity-wishes/{id}/confirm", CAN_USE(TICKETS), "Lower the severity as another engineer wished",
      .in = &severity_confirm_shape, .out = &severity_wish_shape, .write = confirm },
    { POST, "/severity-wishes/{id}/refuse", CAN_USE(TICKETS), "Leave the severity as it is, or take back one's wish",
      .in = &severity_refuse_shape, .out = &severity_wish_shape, .write = refuse },
};

const struct routes severity_routes = ROUTES(rows);
