/* Ingest keys: what senders of telemetry show. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/ingest_keys.h"

static bool
create(struct scope *s, const void *in, void *out)
{
    return ingest_key_create(s, in, out);
}

static bool
revoke(struct scope *s, const void *in, void *out)
{
    return ingest_key_end(s, ((const struct id_args *)in)->id, out);
}

static const struct route rows[] = {
    { GET, "/ingest-keys", CAN_READ(TELEMETRY), "List ingest keys", .out = &ingest_key_shape,
      .list = &ingest_key_listing },
    { POST, "/ingest-keys", CAN_WRITE(TELEMETRY), "Make an ingest key; it is shown this once",
      .in = &ingest_key_create_shape, .out = &ingest_key_created_shape, .write = create, .creates = true,
      .no_idempotency = true },
    { GET, "/ingest-keys/{id}", CAN_READ(TELEMETRY), "Read one ingest key", .in = &id_args_shape,
      .out = &ingest_key_shape, .one = &ingest_key_by_id },
    { POST, "/ingest-keys/{id}/revoke", CAN_WRITE(TELEMETRY), "Revoke an ingest key", .in = &id_args_shape,
      .out = &ingest_key_shape, .write = revoke },
};

const struct routes ingest_key_routes = ROUTES(rows);
