/* Cases: what customers and engineers do with them, what is said in them, and the clocks on them. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/promises.h"
#include "workflows/ticket_snoozes.h"
#include "workflows/tickets.h"

static bool
open_case(struct scope *s, const void *in, void *out)
{
    return ticket_open(s, in, out);
}

static bool
edit(struct scope *s, const void *in, void *out)
{
    return ticket_edit(s, in, out);
}

static bool
decide_severity(struct scope *s, const void *in, void *out)
{
    return ticket_decide_severity(s, in, out);
}

static bool
assign(struct scope *s, const void *in, void *out)
{
    return ticket_assign(s, in, out);
}

#define MOVE(function, verb)                                  \
    static bool function(struct scope *s, const void *in, void *out) \
    {                                                         \
        return ticket_move(s, verb, in, out);                 \
    }
MOVE(start, "start")
MOVE(wait_for_others, "wait")
MOVE(resolve, "resolve")
MOVE(close_case, "close")
MOVE(decline, "decline")
MOVE(reopen, "reopen")
#undef MOVE

static bool
put_aside(struct scope *s, const void *in, void *out)
{
    return ticket_put_aside(s, in, out);
}

static bool
take_back(struct scope *s, const void *in, void *out)
{
    return ticket_take_back(s, ((const struct id_args *)in)->id, out);
}

static bool
say(struct scope *s, const void *in, void *out)
{
    return ticket_say(s, in, out);
}

static bool
mark_read(struct scope *s, const void *in, void *out)
{
    (void)out;
    return ticket_mark_read(s, ((const struct id_args *)in)->id);
}

static bool
read_clocks(struct scope *s, const void *in, void *out)
{
    struct ticket t;
    const struct id_args *id = in;
    return db_one(s, &ticket_by_id, id, &t) && promises_view(s, id->id, out);
}

#define VERB(verb, prose, shape, function)                                                                    \
    { POST, "/tickets/{id}/" verb, CAN_USE(TICKETS), prose, .in = &shape, .out = &ticket_shape, .write = function }

static const struct route rows[] = {
    { GET, "/ticket-categories", CAN_READ(TICKETS), "List what a case can be about", .out = &ticket_category_shape,
      .list = &ticket_category_listing },
    { GET, "/tickets", CAN_READ(TICKETS), "List cases", .in = &ticket_list_shape, .out = &ticket_shape,
      .list = &ticket_listing },
    { POST, "/tickets", CAN_USE(TICKETS), "Open a case", .in = &ticket_open_shape, .out = &ticket_shape,
      .write = open_case, .creates = true, .body_max = 512 * 1024 },
    { GET, "/tickets/{id}", CAN_READ(TICKETS), "Read one case", .in = &id_args_shape, .out = &ticket_shape,
      .one = &ticket_by_id },
    { PUT, "/tickets/{id}", CAN_USE(TICKETS), "Change what a case says", .in = &ticket_edit_shape, .out = &ticket_shape,
      .write = edit, .if_match = true, .body_max = 512 * 1024 },
    { POST, "/tickets/{id}/severity", CAN_USE(TICKETS), "Decide the severity: deadlines follow",
      .in = &ticket_decide_shape, .out = &ticket_shape, .write = decide_severity },
    { POST, "/tickets/{id}/assign", CAN_USE(TICKETS), "Put an engineer in charge", .in = &ticket_assign_shape,
      .out = &ticket_shape, .write = assign },
    { POST, "/tickets/{id}/snooze", CAN_USE(TICKETS),
        "Put it aside for a while: it leaves the caller's own queue, until"
      " then or until a deadline warns", .in = &ticket_put_aside_shape, .out = &ticket_shape, .write = put_aside },
    { POST, "/tickets/{id}/unsnooze", CAN_USE(TICKETS), "Take it back into the queue", .in = &id_args_shape,
      .out = &ticket_shape, .write = take_back },
    VERB("start", "Go on working on it", ticket_verb_shape, start),
    VERB("wait", "Wait for a third party", ticket_reason_shape, wait_for_others),
    VERB("resolve", "Say that it is solved", ticket_reason_shape, resolve),
    VERB("close", "Close it", ticket_verb_shape, close_case),
    VERB("decline", "Decline it, where the catalogue allows", ticket_reason_shape, decline),
    VERB("reopen", "Open it again: a new life with clocks of its own", ticket_reason_shape, reopen),
    { GET, "/tickets/{id}/posts", CAN_READ(TICKETS), "List what was said", .in = &ticket_posts_shape,
      .out = &ticket_post_shape, .list = &ticket_post_listing },
    { POST, "/tickets/{id}/posts", CAN_USE(TICKETS), "Say something", .in = &ticket_say_shape,
      .out = &ticket_post_shape, .write = say, .creates = true, .body_max = 512 * 1024 },
    { GET, "/tickets/{id}/readers", CAN_READ(TICKETS), "List who has read until when", .in = &ticket_posts_shape,
      .out = &ticket_reader_shape, .list = &ticket_reader_listing },
    { POST, "/tickets/{id}/read", CAN_READ(TICKETS), "Say that I have read all of it", .in = &id_args_shape,
      .write = mark_read },
    { GET, "/tickets/{id}/clocks", CAN_READ(TICKETS), "Read its promises: how they stand and every minute explained",
      .in = &id_args_shape, .out = &promise_views_shape, .read = read_clocks },
};

const struct routes ticket_routes = ROUTES(rows);
