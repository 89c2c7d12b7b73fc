/* Computers and their groups, executables, scripts, accounts; and the dashboard. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/computers.h"
#include "workflows/dashboard.h"

#define WRITE(function, verb)                                        \
    static bool function(struct scope *s, const void *in, void *out) \
    {                                                                \
        return verb(s, in, out);                                     \
    }
WRITE(act, computer_do)
WRITE(bulk, computer_bulk)
WRITE(create_group, computer_group_create)
WRITE(change_group, computer_group_change)
WRITE(mark, executable_mark)
WRITE(tree, computer_tree_read)
WRITE(dashboard, dashboard_read)
#undef WRITE

static bool
remove_group(struct scope *s, const void *in, void *out)
{
    (void)out;
    return computer_group_remove(s, ((const struct id_args *)in)->id);
}

static bool
fields(struct scope *s, const void *in, void *out)
{
    (void)in;
    return group_fields_read(s, out);
}

struct computer_membership {
    struct uuids group_ids;
};
static const struct shape membership_shape = SHAPE(computer_membership,
    FIELD(computer_membership, group_ids, "Groups that hold it right now", .required = true));

static bool
groups_of(struct scope *s, const void *in, void *out)
{
    return computer_groups_of(s, ((const struct id_args *)in)->id, &((struct computer_membership *)out)->group_ids);
}

static const struct route rows[] = {
    { GET, "/dashboard", CAN_READ(DETECTIONS), "Figures of what was found", .in = &dashboard_args_shape,
      .out = &dashboard_shape, .read = dashboard },
    { GET, "/computers", CAN_READ(COMPUTERS), "List computers, the worst first", .in = &computer_list_shape,
      .out = &computer_shape, .list = &computer_listing },
    { GET, "/computers/{id}", CAN_READ(COMPUTERS), "Read one computer", .in = &id_args_shape, .out = &computer_shape,
      .one = &computer_by_id },
    { POST, "/computers/{id}/act", CAN_USE(COMPUTERS), "Tag it, mute it, write a note, or put it into a group",
      .in = &computer_deed_shape, .out = &computer_shape, .write = act },
    { POST, "/computers/bulk", CAN_USE(COMPUTERS), "The same with many; a result for each, or a dry run",
      .in = &computer_bulk_shape, .out = &bulk_answer_shape, .write = bulk, .body_max = 256 * 1024 },
    { GET, "/computers/{id}/groups", CAN_READ(COMPUTERS), "Which groups hold it right now", .in = &id_args_shape,
      .out = &membership_shape, .read = groups_of },
    { GET, "/computer-groups", CAN_READ(COMPUTERS), "List groups of computers", .out = &computer_group_shape,
      .list = &computer_group_listing },
    { POST, "/computer-groups", CAN_WRITE(COMPUTERS), "Make a group", .in = &computer_group_new_shape,
      .out = &computer_group_shape, .write = create_group, .creates = true },
    { GET, "/computer-groups/tree", CAN_READ(COMPUTERS), "All groups, with how many computers each holds",
      .in = &computer_tree_args_shape, .out = &computer_tree_shape, .read = tree },
    { GET, "/computer-groups/fields", CAN_READ(COMPUTERS), "What conditions of a dynamic group can be about",
      .out = &group_fields_answer_shape, .read = fields },
    { GET, "/computer-groups/{id}", CAN_READ(COMPUTERS), "Read one group", .in = &id_args_shape,
      .out = &computer_group_shape, .one = &computer_group_by_id },
    { PUT, "/computer-groups/{id}", CAN_WRITE(COMPUTERS), "Change a group", .in = &computer_group_update_shape,
      .out = &computer_group_shape, .write = change_group, .if_match = true },
    { DELETE, "/computer-groups/{id}", CAN_WRITE(COMPUTERS), "Remove a group; its computers stay",
      .in = &id_args_shape, .write = remove_group },
    { GET, "/computer-users", CAN_READ(COMPUTERS), "List accounts and the computers they were at work on",
      .out = &computer_user_shape, .list = &computer_user_listing },
    { GET, "/executables", CAN_READ(COMPUTERS), "List files that ran", .in = &executable_list_shape,
      .out = &executable_shape, .list = &executable_listing },
    { GET, "/executables/{id}", CAN_READ(COMPUTERS), "Read one file that ran", .in = &id_args_shape,
      .out = &executable_shape, .one = &executable_by_id },
    { GET, "/executables/{id}/popularity", CAN_READ(COMPUTERS), "How widespread it is, here and everywhere",
      .in = &id_args_shape, .out = &popularity_shape, .one = &executable_popularity },
    { GET, "/executables/{id}/computers", CAN_READ(COMPUTERS), "List where it ran", .in = &id_args_shape,
      .out = &executable_place_shape, .list = &executable_place_listing },
    { POST, "/executables/{id}/markers", CAN_USE(COMPUTERS), "Put markers on it, or take them off",
      .in = &executable_marking_shape, .out = &executable_shape, .write = mark },
    { GET, "/scripts", CAN_READ(COMPUTERS), "List scripts that ran, with their command lines",
      .in = &executable_list_shape, .out = &script_shape, .list = &script_listing },
    { GET, "/scripts/{id}", CAN_READ(COMPUTERS), "Read one script", .in = &id_args_shape, .out = &script_shape,
      .one = &script_by_id },
};

const struct routes computer_routes = ROUTES(rows);
