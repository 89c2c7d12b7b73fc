/* Incidents: what belongs together, its story, and when detections are one. */
#include "model/incident_view.h"
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/incident_graph.h"
#include "workflows/incident_rules.h"
#include "workflows/incidents.h"

#define WRITE(function, verb)                                        \
    static bool function(struct scope *s, const void *in, void *out) \
    {                                                                \
        return verb(s, in, out);                                     \
    }
WRITE(open_one, incident_open)
WRITE(edit, incident_edit)
WRITE(assign, incident_assign)
WRITE(decide, incident_decide)
WRITE(close_one, incident_close)
WRITE(tell, incident_tell)
WRITE(comment, incident_comment)
WRITE(merge, incident_merge)
WRITE(split, incident_split)
WRITE(add, incident_add)
WRITE(open_case, incident_case)
WRITE(create_rule, incident_rule_create)
WRITE(change_rule, incident_rule_change)
WRITE(change_level, incident_level_change)
#undef WRITE

#define MOVE(function, verb)                                         \
    static bool function(struct scope *s, const void *in, void *out) \
    {                                                                \
        return incident_move(s, verb, in, out);                      \
    }
MOVE(start, "start")
MOVE(wait_for, "wait")
MOVE(reopen, "reopen")
#undef MOVE

static bool
arrange(struct scope *s, const void *in, void *out)
{
    (void)out;
    return incident_arrange(s, in);
}

static bool
remove_rule(struct scope *s, const void *in, void *out)
{
    (void)out;
    return incident_rule_remove(s, ((const struct id_args *)in)->id);
}

static bool
remove_level(struct scope *s, const void *in, void *out)
{
    (void)out;
    return incident_level_remove(s, ((const struct id_args *)in)->id);
}

static bool
graph(struct scope *s, const void *in, void *out)
{
    return incident_graph_read(s, ((const struct id_args *)in)->id, out);
}

static bool
form(struct scope *s, const void *in, void *out)
{
    (void)in;
    return incident_comment_form(s, out);
}

#define ON(path, prose, shape, answer, function) \
    { POST, "/incidents/{id}/" path, CAN_WRITE(INCIDENTS), prose, .in = &shape, .out = &answer, .write = function }

static const struct route rows[] = {
    { GET, "/incidents", CAN_READ(INCIDENTS), "List incidents", .in = &incident_list_shape, .out = &incident_shape,
      .list = &incident_listing },
    { POST, "/incidents", CAN_WRITE(INCIDENTS), "Open an incident by hand", .in = &incident_open_shape,
      .out = &incident_shape, .write = open_one, .creates = true, .body_max = 256 * 1024 },
    { GET, "/incidents/{id}", CAN_READ(INCIDENTS), "Read one incident", .in = &id_args_shape, .out = &incident_shape,
      .one = &incident_by_id },
    { PUT, "/incidents/{id}", CAN_WRITE(INCIDENTS), "Change its title, summary and tags", .in = &incident_edit_shape,
      .out = &incident_shape, .write = edit, .if_match = true, .body_max = 128 * 1024 },
    { GET, "/incidents/{id}/timeline", CAN_READ(INCIDENTS), "Its detections and what was done, in order",
      .in = &id_args_shape, .out = &timeline_row_shape, .list = &incident_timeline },
    { GET, "/incidents/{id}/entries", CAN_READ(INCIDENTS), "What people and the platform wrote on it",
      .in = &id_args_shape, .out = &incident_entry_shape, .list = &incident_entry_listing },
    { GET, "/incidents/{id}/objects", CAN_READ(INCIDENTS), "What its detections have to do with",
      .in = &id_args_shape, .out = &incident_object_shape, .list = &incident_object_listing },
    { GET, "/incidents/{id}/graph", CAN_READ(INCIDENTS), "How all that hangs together", .in = &id_args_shape,
      .out = &incident_graph_shape, .read = graph },
    { PUT, "/incidents/{id}/layout", CAN_WRITE(INCIDENTS), "Keep where nodes of the graph were moved to",
      .in = &incident_arrange_shape, .write = arrange, .body_max = 256 * 1024 },
    { GET, "/incident-comment-form", CAN_READ(INCIDENTS), "The headings of a comment after the form",
      .out = &comment_form_shape, .read = form },
    ON("assign", "Put an engineer in charge", incident_assign_shape, incident_shape, assign),
    ON("level", "Decide its level", incident_decide_shape, incident_shape, decide),
    ON("start", "Work on it", incident_verb_shape, incident_shape, start),
    ON("wait", "Wait for somebody", incident_verb_shape, incident_shape, wait_for),
    ON("reopen", "Open it again", incident_verb_shape, incident_shape, reopen),
    ON("close", "Close it with a verdict", incident_close_shape, incident_shape, close_one),
    ON("tell", "Tell the customer of it", incident_verb_shape, incident_shape, tell),
    { POST, "/incidents/{id}/comments", CAN_USE(INCIDENTS), "Comment on it", .in = &incident_comment_shape,
      .out = &incident_entry_shape, .write = comment, .creates = true, .body_max = 256 * 1024 },
    ON("merge", "End it in another, where it goes on", incident_merge_shape, incident_shape, merge),
    { POST, "/incidents/{id}/split", CAN_WRITE(INCIDENTS), "Make an incident of its own of some of its detections",
      .in = &incident_split_shape, .out = &incident_shape, .write = split, .body_max = 256 * 1024 },
    { POST, "/incidents/{id}/detections", CAN_WRITE(INCIDENTS), "Add detections to it", .in = &incident_add_shape,
      .out = &incident_shape, .write = add, .body_max = 256 * 1024 },
    { POST, "/incidents/{id}/case", CAN_WRITE(INCIDENTS), "Open a case for it", .in = &incident_case_shape,
      .out = &incident_shape, .write = open_case, .body_max = 256 * 1024 },
    { GET, "/incident-rules", CAN_READ(INCIDENTS), "List when detections are an incident",
      .out = &incident_rule_shape, .list = &incident_rule_listing },
    { POST, "/incident-rules", CAN_WRITE(RULES), "Add a rule", .in = &incident_rule_new_shape,
      .out = &incident_rule_shape, .write = create_rule, .creates = true },
    { GET, "/incident-rules/{id}", CAN_READ(INCIDENTS), "Read one rule", .in = &id_args_shape,
      .out = &incident_rule_shape, .one = &incident_rule_by_id },
    { PUT, "/incident-rules/{id}", CAN_WRITE(RULES), "Change a rule", .in = &incident_rule_update_shape,
      .out = &incident_rule_shape, .write = change_rule, .if_match = true },
    { DELETE, "/incident-rules/{id}", CAN_WRITE(RULES), "Remove a rule", .in = &id_args_shape, .write = remove_rule },
    { GET, "/incident-levels", CAN_READ(INCIDENTS), "List what levels mean and whom they tell",
      .out = &incident_level_shape, .list = &incident_level_listing },
    { POST, "/incident-levels", CAN_WRITE(CALENDARS), "Say what a level means for a customer, and whom it tells",
      .in = &incident_level_write_shape, .out = &incident_level_shape, .write = change_level },
    { DELETE, "/incident-levels/{id}", CAN_WRITE(CALENDARS), "Take a customer's level back: the provider's holds",
      .in = &id_args_shape, .write = remove_level },
};

const struct routes incident_routes = ROUTES(rows);
