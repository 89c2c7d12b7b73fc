/* How long a customer's telemetry is kept. */
#include "model/permission.h"
#include "model/retention.h"
#include "server/api/routes.h"
#include "workflows/storage.h"

static bool
set(struct scope *s, const void *in, void *out)
{
    return retention_change(s, in, out);
}

static const struct route rows[] = {
    { GET, "/tenants/{id}/retention", CAN_READ(TENANTS), "Read how long a customer's telemetry is kept",
      .in = &id_args_shape, .out = &retention_shape, .one = &retention_by_tenant },
    { PUT, "/tenants/{id}/retention", CAN_WRITE(TENANTS), "Say how long a customer's telemetry is kept",
      .in = &retention_write_shape, .out = &retention_shape, .write = set },
};

const struct routes retention_routes = ROUTES(rows);
