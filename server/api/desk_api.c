/* The desk: calls about cases, drills of contacts, and what shifts leave to each other. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/calls.h"
#include "workflows/drills.h"
#include "workflows/handovers.h"

static bool
start_call(struct scope *s, const void *in, void *out)
{
    return call_start(s, in, out);
}

static bool
record_call(struct scope *s, const void *in, void *out)
{
    return call_record(s, in, out);
}

static bool
end_call(struct scope *s, const void *in, void *out)
{
    return call_give_up(s, in, out);
}

static bool
begin_drill(struct scope *s, const void *in, void *out)
{
    return drill_begin(s, in, out);
}

static bool
record_drill_call(struct scope *s, const void *in, void *out)
{
    return drill_called(s, in, out);
}

static bool
answer_drill(struct scope *s, const void *in, void *out)
{
    return drill_answer(s, in, out);
}

static bool
collect(struct scope *s, const void *in, void *out)
{
    (void)in;
    return handover_collect(s, out);
}

static bool
write_handover(struct scope *s, const void *in, void *out)
{
    return handover_write(s, in, out);
}

static bool
take_handover(struct scope *s, const void *in, void *out)
{
    return handover_take(s, in, out);
}

static const struct route rows[] = {
    { GET, "/call-tasks", CAN_READ(TICKETS), "List calls about cases, with every attempt", .out = &call_task_shape,
      .list = &call_task_listing },
    { POST, "/tickets/{id}/calls", CAN_USE(TICKETS), "Ask for a call to the customer's contacts",
      .in = &call_ask_shape, .out = &call_task_shape, .write = start_call, .creates = true },
    { POST, "/call-tasks/{id}/attempts", CAN_USE(TICKETS), "Write down a call and what came of it",
      .in = &call_made_shape, .out = &call_task_shape, .write = record_call },
    { POST, "/call-tasks/{id}/end", CAN_USE(TICKETS), "Say that nobody needs to be called any more",
      .in = &call_over_shape, .out = &call_task_shape, .write = end_call },
    { GET, "/contact-drills", CAN_READ(TICKETS), "List the quarterly drills of registered contacts",
      .out = &contact_drill_shape, .list = &contact_drill_listing },
    { POST, "/contact-drills", CAN_WRITE(SERVICES), "Begin this quarter's drill of a customer now",
      .in = &drill_begin_shape, .out = &contact_drill_shape, .write = begin_drill, .creates = true },
    { GET, "/contact-drills/{id}", CAN_READ(TICKETS), "Read one drill", .in = &id_args_shape,
      .out = &contact_drill_shape, .one = &contact_drill_by_id },
    { POST, "/contact-drills/{id}/calls", CAN_WRITE(SERVICES), "Write down that a contact was called",
      .in = &drill_called_shape, .out = &contact_drill_shape, .write = record_drill_call },
    { POST, "/drill-answers/{token}", PUBLIC, "Say that the mail of a drill arrived", .in = &drill_link_shape,
      .out = &drill_thanks_shape, .write = answer_drill, .any_stage = true, .no_idempotency = true },
    { GET, "/handovers", CAN_READ(TICKETS), "List what shifts left to each other", .out = &handover_list_shape,
      .list = &handover_listing },
    { GET, "/handover-draft", CAN_USE(TICKETS), "See what a handover would say now", .out = &handover_draft_shape,
      .read = collect },
    { POST, "/handovers", CAN_USE(TICKETS), "Leave the shift: write down what the next one takes over",
      .in = &handover_write_shape, .out = &handover_shape, .write = write_handover, .creates = true },
    { GET, "/handovers/{id}", CAN_READ(TICKETS), "Read one handover", .in = &id_args_shape, .out = &handover_shape,
      .one = &handover_by_id },
    { POST, "/handovers/{id}/accept", CAN_USE(TICKETS), "Take the shift over", .in = &handover_taking_shape,
      .out = &handover_shape, .write = take_handover },
};

const struct routes desk_routes = ROUTES(rows);
