/* Pauses of clocks that customers do not accept. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/disputes.h"

static bool
open_dispute(struct scope *s, const void *in, void *out)
{
    return dispute_open(s, in, out);
}

static bool
decide(struct scope *s, const void *in, void *out)
{
    return dispute_decide(s, in, out);
}

static const struct route rows[] = {
    { GET, "/promise-disputes", CAN_READ(TICKETS), "List disputed pauses", .out = &promise_dispute_shape,
      .list = &promise_dispute_listing },
    { GET, "/promise-disputes/{id}", CAN_READ(TICKETS), "Read one disputed pause", .in = &id_args_shape,
      .out = &promise_dispute_shape, .one = &promise_dispute_by_id },
    { GET, "/tickets/{id}/disputes", CAN_READ(TICKETS), "List the disputed pauses of a case", .in = &id_args_shape,
      .out = &promise_dispute_shape, .list = &promise_dispute_of_ticket_listing },
    { POST, "/tickets/{id}/disputes", CAN_USE(TICKETS), "Dispute a pause of a clock", .in = &dispute_open_shape,
      .out = &promise_dispute_shape, .write = open_dispute, .creates = true },
    { POST, "/promise-disputes/{id}/decide", CAN_WRITE(TICKETS), "Accept or decline a dispute, with a reason",
      .in = &dispute_decide_shape, .out = &promise_dispute_shape, .write = decide },
};

const struct routes dispute_routes = ROUTES(rows);
