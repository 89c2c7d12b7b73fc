/* Customers. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "server/api/session_state.h"
#include "server/http/request.h"
#include "workflows/tenants.h"

static bool
create(struct scope *s, const void *in, void *out)
{
    return tenant_create(s, in, out);
}

static bool
change(struct scope *s, const void *in, void *out)
{
    return tenant_change(s, in, out);
}

static bool
suspend(struct scope *s, const void *in, void *out)
{
    return tenant_suspend(s, ((const struct id_args *)in)->id, out);
}

static bool
resume(struct scope *s, const void *in, void *out)
{
    return tenant_resume(s, ((const struct id_args *)in)->id, out);
}

static bool
act(struct scope *s, const void *in, void *out)
{
    struct tenant customer;
    struct sign_in_result same = { .session_token = request_credential(s), .stage = STAGE_COMPLETE };
    return tenant_act_as(s, ((const struct id_args *)in)->id, &customer)
        && session_give(s, &same)
        && session_state_read(s, same.session_token, out);
}

static const struct route rows[] = {
    { GET, "/tenants", CAN_READ(TENANTS), "List customers", .out = &tenant_shape, .list = &tenant_listing },
    { POST, "/tenants", CAN_WRITE(TENANTS), "Add a customer", .in = &tenant_create_shape, .out = &tenant_shape,
      .write = create, .creates = true },
    { GET, "/tenants/{id}", CAN_READ(TENANTS), "Read one customer", .in = &id_args_shape, .out = &tenant_shape,
      .one = &tenant_by_id },
    { PUT, "/tenants/{id}", CAN_WRITE(TENANTS), "Change a customer", .in = &tenant_update_shape,
      .out = &tenant_shape, .write = change, .if_match = true },
    { POST, "/tenants/{id}/suspend", CAN_WRITE(TENANTS), "Suspend: its people can no longer sign in",
      .in = &id_args_shape, .out = &tenant_shape, .write = suspend },
    { POST, "/tenants/{id}/resume", CAN_WRITE(TENANTS), "Resume a suspended customer", .in = &id_args_shape,
      .out = &tenant_shape, .write = resume },
    { POST, "/tenants/{id}/act", CAN_READ(TENANTS), "Look at the portal as this customer; both logs say so",
      .in = &id_args_shape, .out = &session_state_shape, .write = act, .no_idempotency = true },
};

const struct routes tenant_routes = ROUTES(rows);
