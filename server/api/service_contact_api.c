/* Registered contacts of premium support. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/service_contacts.h"

static bool
register_contact(struct scope *s, const void *in, void *out)
{
    return contact_register(s, in, out);
}

static bool
change_contact(struct scope *s, const void *in, void *out)
{
    return contact_change(s, in, out);
}

static bool
reorder(struct scope *s, const void *in, void *out)
{
    (void)out;
    return contact_reorder(s, in);
}

static bool
remove_contact(struct scope *s, const void *in, void *out)
{
    (void)out;
    return contact_remove(s, ((const struct id_args *)in)->id);
}

static const struct route rows[] = {
    { GET, "/service-contacts", CAN_READ(TICKETS), "List who may ask for premium support",
      .out = &service_contact_shape, .list = &service_contact_listing },
    { POST, "/service-contacts", CAN_WRITE(SERVICES), "Register a contact", .in = &contact_register_shape,
      .out = &service_contact_shape, .write = register_contact, .creates = true },
    { POST, "/service-contacts/order", CAN_WRITE(SERVICES), "Say in which order contacts are called",
      .in = &contact_order_shape, .write = reorder },
    { PUT, "/service-contacts/{id}", CAN_WRITE(SERVICES), "Change how a contact is reached",
      .in = &contact_change_shape, .out = &service_contact_shape, .write = change_contact, .if_match = true },
    { DELETE, "/service-contacts/{id}", CAN_WRITE(SERVICES), "Take a contact off the list", .in = &id_args_shape,
      .write = remove_contact },
};

const struct routes service_contact_routes = ROUTES(rows);
