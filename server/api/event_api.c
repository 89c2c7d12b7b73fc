/* One stored event. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/evidence.h"

static bool
look(struct scope *s, const void *in, void *out)
{
    return event_read_stored(s, in, out);
}

static const struct route rows[] = {
    { GET, "/events/{batch_id}/{index}", CAN_READ(TELEMETRY), "Read one stored event as it arrived",
      .in = &event_ask_shape, .out = &stored_event_shape, .read = look },
};

const struct routes event_routes = ROUTES(rows);
