/* The platform's health, for its operators. */
#include "server/api/routes.h"
#include "model/permission.h"
#include "workflows/status.h"

static bool
show_status(struct scope *s, const void *in, void *out)
{
    (void)in;
    return status_collect(s, out);
}

static const struct route rows[] = {
    { GET, "/platform/status", CAN_READ(PLATFORM), "Show how the platform is, tile by tile",
      .out = &status_report_shape, .read = show_status },
};

const struct routes platform_routes = ROUTES(rows);
