/* Permission sets, and the list of what there is to permit. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/permission_sets.h"

struct permission_functions_answer {
    struct rows items;
};
static const struct shape permission_functions_shape = SHAPE(permission_functions_answer,
    FIELD(permission_functions_answer, items, "In the order of the menu", .items = &permission_function_row_shape,
          .required = true));

static bool
list_functions(struct scope *s, const void *in, void *out)
{
    struct permission_function_row *row = arena_array_of(s->arena, FUNCTION_COUNT, struct permission_function_row);
    struct permission_functions_answer *answer = out;
    (void)in;
    answer->items.items = row;
    for (int f = FUNCTION_SIGNED_IN + 1; f < FUNCTION_COUNT; f++) {
        const struct permission_function *from = &permission_functions[f];
        *row++ = (struct permission_function_row){ .key = str_of(from->spelling), .title_en = str_of(from->title.en),
                                                   .title_ja = str_of(from->title.ja),
                                                   .provider_only = from->provider_only };
        answer->items.count++;
    }
    return true;
}

static bool
create(struct scope *s, const void *in, void *out)
{
    return permission_set_create(s, in, out);
}

static bool
change(struct scope *s, const void *in, void *out)
{
    return permission_set_change(s, in, out);
}

static bool
remove_set(struct scope *s, const void *in, void *out)
{
    (void)out;
    return permission_set_remove(s, ((const struct id_args *)in)->id);
}

static const struct route rows[] = {
    { GET, "/permission-functions", SIGNED_IN, "List what can be permitted", .out = &permission_functions_shape,
      .read = list_functions },
    { GET, "/permission-sets", CAN_READ(PERMISSIONS), "List permission sets", .out = &permission_set_shape,
      .list = &permission_set_listing },
    { POST, "/permission-sets", CAN_WRITE(PERMISSIONS), "Make a permission set", .in = &permission_set_create_shape,
      .out = &permission_set_shape, .write = create, .creates = true },
    { GET, "/permission-sets/{id}", CAN_READ(PERMISSIONS), "Read one permission set", .in = &id_args_shape,
      .out = &permission_set_shape, .one = &permission_set_by_id },
    { PUT, "/permission-sets/{id}", CAN_WRITE(PERMISSIONS), "Change a permission set",
      .in = &permission_set_update_shape, .out = &permission_set_shape, .write = change, .if_match = true },
    { DELETE, "/permission-sets/{id}", CAN_WRITE(PERMISSIONS), "Delete a permission set that nobody holds",
      .in = &id_args_shape, .write = remove_set },
};

const struct routes permission_set_routes = ROUTES(rows);
