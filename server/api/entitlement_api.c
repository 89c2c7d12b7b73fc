/* What a contract includes a number of times, and what is left of it. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/entitlements.h"

static bool
give_back(struct scope *s, const void *in, void *out)
{
    return entitlement_give_back(s, in, out);
}

static const struct route rows[] = {
    { GET, "/tenants/{id}/entitlements", CAN_READ(TICKETS),
      "List what a contract includes a number of times, what is left of it, and which cases used it",
      .in = &id_args_shape, .out = &entitlement_shape, .list = &entitlement_listing },
    { POST, "/entitlement-uses/{id}/give-back", CAN_WRITE(SERVICES), "Let a use not count",
      .in = &entitlement_give_back_shape, .out = &entitlement_use_shape, .write = give_back },
};

const struct routes entitlement_routes = ROUTES(rows);
