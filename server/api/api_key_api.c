/* API keys of others: service accounts, above all. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/api_keys.h"

static bool
create(struct scope *s, const void *in, void *out)
{
    return api_key_create(s, in, out);
}

static bool
revoke(struct scope *s, const void *in, void *out)
{
    return api_key_end(s, ((const struct id_args *)in)->id, out);
}

static const struct route rows[] = {
    { GET, "/api-keys", CAN_READ(API_KEYS), "List API keys", .out = &api_key_shape, .list = &api_key_listing },
    { POST, "/api-keys", CAN_WRITE(API_KEYS), "Make an API key for somebody; it is shown this once",
      .in = &api_key_create_shape, .out = &api_key_created_shape, .write = create, .creates = true,
      .no_idempotency = true },
    { GET, "/api-keys/{id}", CAN_READ(API_KEYS), "Read one API key", .in = &id_args_shape, .out = &api_key_shape,
      .one = &api_key_by_id },
    { POST, "/api-keys/{id}/revoke", CAN_WRITE(API_KEYS), "Revoke an API key", .in = &id_args_shape,
      .out = &api_key_shape, .write = revoke },
};

const struct routes api_key_routes = ROUTES(rows);
