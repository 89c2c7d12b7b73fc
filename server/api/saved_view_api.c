/* Saved views of list pages. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/saved_views.h"

static bool
create(struct scope *s, const void *in, void *out)
{
    return saved_view_create(s, in, out);
}

static bool
change(struct scope *s, const void *in, void *out)
{
    return saved_view_change(s, in, out);
}

static bool
remove_view(struct scope *s, const void *in, void *out)
{
    (void)out;
    return saved_view_remove(s, ((const struct id_args *)in)->id);
}

static const struct route rows[] = {
    { GET, "/saved-views", SIGNED_IN, "List my saved views and shared ones", .out = &saved_view_shape,
      .list = &saved_view_listing },
    { POST, "/saved-views", SIGNED_IN, "Save a view", .in = &saved_view_write_shape, .out = &saved_view_shape,
      .write = create, .creates = true },
    { PUT, "/saved-views/{id}", SIGNED_IN, "Change a saved view", .in = &saved_view_update_shape,
      .out = &saved_view_shape, .write = change, .if_match = true },
    { DELETE, "/saved-views/{id}", SIGNED_IN, "Delete a saved view", .in = &id_args_shape, .write = remove_view },
};

const struct routes saved_view_routes = ROUTES(rows);
