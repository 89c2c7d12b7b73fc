/* What changed, as a feed to poll and as a stream of live events. */
#include "server/api/routes.h"
#include "server/http/hub.h"

static const struct route rows[] = {
    { GET, "/stream", SIGNED_IN, "Hear of changes as they happen (server-sent events)", .raw = stream_open,
      .answers = "text/event-stream" },
};

const struct routes changes_routes = ROUTES(rows);
