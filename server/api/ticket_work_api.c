/* What is kept beside the words of a case: tags, watchers, computers, links, checklists, time; and bulk verbs. */
#include "model/permission.h"
#include "model/ticket_history.h"
#include "server/api/routes.h"
#include "workflows/checklists.h"
#include "workflows/ticket_bulk.h"
#include "workflows/ticket_work.h"

#define WRITE(function, verb)                                        \
    static bool function(struct scope *s, const void *in, void *out) \
    {                                                                \
        return verb(s, in, out);                                     \
    }
WRITE(retag, ticket_retag)
WRITE(watch, ticket_watch)
WRITE(unwatch, ticket_unwatch)
WRITE(add_computers, ticket_computers_add)
WRITE(add_link, ticket_link_add)
WRITE(merge, ticket_merge)
WRITE(separate, ticket_separate)
WRITE(split, ticket_split)
WRITE(add_checklist, ticket_checklist_add)
WRITE(add_check, ticket_check_add)
WRITE(add_time, ticket_time_add)
WRITE(bulk, ticket_bulk)
WRITE(create_template, checklist_create)
WRITE(change_template, checklist_change)
#undef WRITE

#define REMOVE(function, verb)                                       \
    static bool function(struct scope *s, const void *in, void *out) \
    {                                                                \
        (void)out;                                                   \
        return verb(s, ((const struct id_args *)in)->id);            \
    }
REMOVE(remove_computer, ticket_computer_remove)
REMOVE(remove_link, ticket_link_remove)
REMOVE(remove_check, ticket_check_remove)
REMOVE(remove_time, ticket_time_remove)
#undef REMOVE

static bool
tick(struct scope *s, const void *in, void *out)
{
    return ticket_check_tick(s, ((const struct id_args *)in)->id, true, out);
}

static bool
untick(struct scope *s, const void *in, void *out)
{
    return ticket_check_tick(s, ((const struct id_args *)in)->id, false, out);
}

#define ON_CASE(path, prose, shape, answer, function) \
    { POST, "/tickets/{id}/" path, CAN_USE(TICKETS), prose, .in = &shape, .out = &answer, .write = function }

static const struct route rows[] = {
    { GET, "/tickets/{id}/work", CAN_READ(TICKETS), "Read what is kept beside the words of a case",
      .in = &id_args_shape, .out = &ticket_work_shape, .one = &ticket_work_by_id },
    { GET, "/tickets/{id}/history", CAN_READ(TICKETS), "List who did what in a case, before and after",
      .in = &id_args_shape, .out = &ticket_history_shape, .list = &ticket_history_listing },
    { POST, "/tickets/bulk", CAN_USE(TICKETS), "Do one thing with many cases; a result per case, or a dry run",
      .in = &ticket_bulk_shape, .out = &bulk_answer_shape, .write = bulk },
    { GET, "/ticket-tags", CAN_READ(TICKETS), "List the tags that cases have had", .out = &ticket_tag_shape,
      .list = &ticket_tag_listing },
    ON_CASE("tags", "Give and take tags", ticket_retag_shape, ticket_shape, retag),
    { POST, "/tickets/{id}/watch", CAN_READ(TICKETS), "Follow it, or have somebody follow it",
      .in = &ticket_watch_shape, .out = &ticket_work_shape, .write = watch },
    { POST, "/tickets/{id}/unwatch", CAN_READ(TICKETS), "Follow it no longer", .in = &ticket_watch_shape,
      .out = &ticket_work_shape, .write = unwatch },
    ON_CASE("computers", "Name computers it is about", ticket_computers_add_shape, ticket_work_shape, add_computers),
    { DELETE, "/ticket-computers/{id}", CAN_USE(TICKETS), "Take a computer off the case", .in = &id_args_shape,
      .write = remove_computer },
    ON_CASE("links", "Link it to another case of the customer", ticket_link_add_shape, ticket_work_shape, add_link),
    { DELETE, "/ticket-links/{id}", CAN_USE(TICKETS), "Take a link away", .in = &id_args_shape,
      .write = remove_link },
    ON_CASE("merge", "End it in another case, where it goes on", ticket_merge_shape, ticket_shape, merge),
    ON_CASE("separate", "Take a merge back: a new life with clocks of its own", ticket_separate_shape, ticket_shape,
            separate),
    ON_CASE("split", "Move messages into a new case", ticket_split_shape, ticket_shape, split),
    ON_CASE("checklists", "Add a checklist", ticket_checklist_shape, ticket_work_shape, add_checklist),
    ON_CASE("checks", "Add one thing to tick off", ticket_check_add_shape, ticket_work_shape, add_check),
    { POST, "/ticket-checks/{id}/tick", CAN_USE(TICKETS), "Tick off", .in = &id_args_shape,
      .out = &ticket_check_shape, .write = tick },
    { POST, "/ticket-checks/{id}/untick", CAN_USE(TICKETS), "Take the tick back", .in = &id_args_shape,
      .out = &ticket_check_shape, .write = untick },
    { DELETE, "/ticket-checks/{id}", CAN_USE(TICKETS), "Take it off the list", .in = &id_args_shape,
      .write = remove_check },
    { GET, "/ticket-times", CAN_READ(TICKETS), "List time spent on cases", .out = &ticket_time_shape,
      .list = &ticket_time_listing },
    { GET, "/ticket-time-sums", CAN_READ(TICKETS), "List cases with all time spent on each",
      .out = &ticket_time_sum_shape, .list = &ticket_time_sum_listing },
    ON_CASE("times", "Write down time spent", ticket_time_add_shape, ticket_work_shape, add_time),
    { DELETE, "/ticket-times/{id}", CAN_USE(TICKETS), "Take back time one has written down", .in = &id_args_shape,
      .write = remove_time },
    { GET, "/checklist-templates", CAN_READ(TICKETS), "List templates of checklists",
      .out = &checklist_template_shape, .list = &checklist_template_listing },
    { POST, "/checklist-templates", CAN_WRITE(CALENDARS), "Make a template of a checklist",
      .in = &checklist_write_shape, .out = &checklist_template_shape, .write = create_template, .creates = true,
      .body_max = 128 * 1024 },
    { GET, "/checklist-templates/{id}", CAN_READ(TICKETS), "Read one template", .in = &id_args_shape,
      .out = &checklist_template_shape, .one = &checklist_template_by_id },
    { PUT, "/checklist-templates/{id}", CAN_WRITE(CALENDARS), "Change a template: cases keep what they have",
      .in = &checklist_write_shape, .out = &checklist_template_shape, .write = change_template, .if_match = true,
      .body_max = 128 * 1024 },
};

const struct routes ticket_work_routes = ROUTES(rows);
