/* Escalation: who is told of deadlines, and "I have it". */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/escalations.h"

static bool
have(struct scope *s, const void *in, void *out)
{
    (void)out;
    return escalation_have(s, ((const struct id_args *)in)->id);
}

static bool
create(struct scope *s, const void *in, void *out)
{
    return escalation_chain_create(s, in, out);
}

static bool
change(struct scope *s, const void *in, void *out)
{
    return escalation_chain_change(s, in, out);
}

static bool
remove_chain(struct scope *s, const void *in, void *out)
{
    (void)out;
    return escalation_chain_remove(s, ((const struct id_args *)in)->id);
}

static const struct route rows[] = {
    { GET, "/tickets/{id}/escalations", CAN_READ(TENANTS), "List the escalations of a case and who was told",
      .in = &escalation_ticket_shape, .out = &escalation_view_shape, .list = &escalations_of_ticket },
    { POST, "/tickets/{id}/acknowledge", CAN_USE(TICKETS), "Say \"I have it\": ends the escalations of a case",
      .in = &id_args_shape, .write = have },
    { GET, "/escalation-chains", CAN_READ(CALENDARS), "List who is told of deadlines", .out = &escalation_chain_shape,
      .list = &escalation_chain_listing },
    { POST, "/escalation-chains", CAN_WRITE(CALENDARS), "Give a customer a chain of their own",
      .in = &escalation_chain_new_shape, .out = &escalation_chain_shape, .write = create, .creates = true },
    { GET, "/escalation-chains/{id}", CAN_READ(CALENDARS), "Read one chain", .in = &id_args_shape,
      .out = &escalation_chain_shape, .one = &escalation_chain_by_id },
    { PUT, "/escalation-chains/{id}", CAN_WRITE(CALENDARS), "Change a chain; walks under way keep theirs",
      .in = &escalation_chain_update_shape, .out = &escalation_chain_shape, .write = change, .if_match = true },
    { DELETE, "/escalation-chains/{id}", CAN_WRITE(CALENDARS), "Delete a chain: the standard one holds again",
      .in = &id_args_shape, .write = remove_chain },
};

const struct routes escalation_routes = ROUTES(rows);
