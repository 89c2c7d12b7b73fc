/* Webhooks: where a customer's own systems hear of changes, and the log of what was sent. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/webhooks.h"

static bool
create(struct scope *s, const void *in, void *out)
{
    return webhook_create(s, in, out);
}

static bool
change(struct scope *s, const void *in, void *out)
{
    return webhook_change(s, in, out);
}

static bool
remove_webhook(struct scope *s, const void *in, void *out)
{
    (void)out;
    return webhook_remove(s, ((const struct id_args *)in)->id);
}

static bool
pause_webhook(struct scope *s, const void *in, void *out)
{
    return webhook_turn(s, ((const struct id_args *)in)->id, WEBHOOK_PAUSED, out);
}

static bool
resume_webhook(struct scope *s, const void *in, void *out)
{
    return webhook_turn(s, ((const struct id_args *)in)->id, WEBHOOK_ACTIVE, out);
}

static bool
rotate(struct scope *s, const void *in, void *out)
{
    return webhook_rotate_secret(s, ((const struct id_args *)in)->id, out);
}

static bool
try_webhook(struct scope *s, const void *in, void *out)
{
    return webhook_try(s, ((const struct id_args *)in)->id, out);
}

static bool
replay(struct scope *s, const void *in, void *out)
{
    return webhook_send_again(s, ((const struct id_args *)in)->id, out);
}

static bool
list_events(struct scope *s, const void *in, void *out)
{
    (void)in;
    return webhook_events(s, out);
}

#define VERB(verb, prose, function)                                                                             \
    { POST, "/webhooks/{id}/" verb, CAN_WRITE(API_KEYS), prose, .in = &id_args_shape, .out = &webhook_shape,    \
      .write = function }

static const struct route rows[] = {
    { GET, "/webhook-events", CAN_READ(API_KEYS), "List the events a webhook can choose", .out = &webhook_events_shape,
      .read = list_events },
    { GET, "/webhooks", CAN_READ(API_KEYS), "List webhooks", .out = &webhook_shape, .list = &webhook_listing },
    { POST, "/webhooks", CAN_WRITE(API_KEYS), "Add a webhook; the answer shows its secret once",
      .in = &webhook_new_shape, .out = &webhook_shape, .write = create, .creates = true, .no_idempotency = true },
    { GET, "/webhooks/{id}", CAN_READ(API_KEYS), "Read one webhook", .in = &id_args_shape, .out = &webhook_shape,
      .one = &webhook_by_id },
    { PUT, "/webhooks/{id}", CAN_WRITE(API_KEYS), "Change a webhook", .in = &webhook_update_shape,
      .out = &webhook_shape, .write = change, .if_match = true },
    { DELETE, "/webhooks/{id}", CAN_WRITE(API_KEYS), "Delete a webhook and its log", .in = &id_args_shape,
      .write = remove_webhook },
    VERB("pause", "Pause: nothing is sent nor queued", pause_webhook),
    VERB("resume", "Resume: what waited goes out", resume_webhook),
    { POST, "/webhooks/{id}/rotate", CAN_WRITE(API_KEYS),
      "Make a new secret; the one before signs, too, for a day. The answer shows it once", .in = &id_args_shape,
      .out = &webhook_shape, .write = rotate, .no_idempotency = true },
    { POST, "/webhooks/{id}/test", CAN_WRITE(API_KEYS), "Send a test event", .in = &id_args_shape,
      .out = &webhook_delivery_detail_shape, .write = try_webhook },
    { GET, "/webhooks/{id}/deliveries", CAN_READ(API_KEYS), "List what was sent", .in = &webhook_deliveries_shape,
      .out = &webhook_delivery_shape, .list = &webhook_delivery_listing },
    { GET, "/webhook-deliveries/{id}", CAN_READ(API_KEYS), "Read what was sent and answered", .in = &id_args_shape,
      .out = &webhook_delivery_detail_shape, .one = &webhook_delivery_by_id },
    { POST, "/webhook-deliveries/{id}/replay", CAN_WRITE(API_KEYS), "Send it again", .in = &id_args_shape,
      .out = &webhook_delivery_detail_shape, .write = replay },
};

const struct routes webhook_routes = ROUTES(rows);
