/* Targets: what is promised, to whom, from when on. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/what_if.h"

static bool
set(struct scope *s, const void *in, void *out)
{
    return target_set(s, in, out);
}

static bool
take_back(struct scope *s, const void *in, void *out)
{
    (void)out;
    return target_take_back(s, ((const struct id_args *)in)->id);
}

static bool
ask_what_if(struct scope *s, const void *in, void *out)
{
    return what_if_target(s, in, out);
}

static const struct route rows[] = {
    { GET, "/promise-targets", CAN_READ(CALENDARS), "List what is promised", .out = &service_target_shape,
      .list = &service_target_listing },
    { POST, "/promise-targets", CAN_WRITE(CALENDARS), "Promise something from a moment on", .in = &target_write_shape,
      .out = &service_target_shape, .write = set, .creates = true },
    { POST, "/promise-targets/what-if", CAN_READ(CALENDARS),
      "See what a target not saved yet would do to open cases and to months that are over",
      .in = &target_what_if_shape, .out = &what_if_piece_shape, .write = ask_what_if, .no_idempotency = true },
    { GET, "/promise-targets/{id}", CAN_READ(CALENDARS), "Read one target", .in = &id_args_shape,
      .out = &service_target_shape, .one = &service_target_by_id },
    { DELETE, "/promise-targets/{id}", CAN_WRITE(CALENDARS), "Take back a target that has not begun",
      .in = &id_args_shape, .write = take_back },
};

const struct routes target_routes = ROUTES(rows);
