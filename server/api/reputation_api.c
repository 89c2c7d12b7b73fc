/* Reputation: sources that are asked, what they said, and pages of others. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/reputations.h"

#define WRITE(function, verb)                                        \
    static bool function(struct scope *s, const void *in, void *out) \
    {                                                                \
        return verb(s, in, out);                                     \
    }
WRITE(create_source, reputation_source_create)
WRITE(change_source, reputation_source_change)
WRITE(create_link, reputation_link_create)
WRITE(change_link, reputation_link_change)
WRITE(ask, reputation_ask)
#undef WRITE

static bool
remove_source(struct scope *s, const void *in, void *out)
{
    (void)out;
    return reputation_source_remove(s, ((const struct id_args *)in)->id);
}

static bool
test_source(struct scope *s, const void *in, void *out)
{
    return reputation_source_test(s, ((const struct id_args *)in)->id, out);
}

static bool
remove_link(struct scope *s, const void *in, void *out)
{
    (void)out;
    return reputation_link_remove(s, ((const struct id_args *)in)->id);
}

static const struct route rows[] = {
    { GET, "/reputation-sources", CAN_READ(API_KEYS), "List services that are asked for reputation",
      .out = &reputation_source_shape, .list = &reputation_source_listing },
    { POST, "/reputation-sources", CAN_WRITE(API_KEYS), "Add a service with its key",
      .in = &reputation_source_new_shape, .out = &reputation_source_shape, .write = create_source, .creates = true,
      .no_idempotency = true },
    { GET, "/reputation-sources/{id}", CAN_READ(API_KEYS), "Read one service", .in = &id_args_shape,
      .out = &reputation_source_shape, .one = &reputation_source_by_id },
    { PUT, "/reputation-sources/{id}", CAN_WRITE(API_KEYS), "Change a service; without a key it keeps its own",
      .in = &reputation_source_update_shape, .out = &reputation_source_shape, .write = change_source, .if_match = true,
      .no_idempotency = true },
    { DELETE, "/reputation-sources/{id}", CAN_WRITE(API_KEYS), "Remove a service and what it said",
      .in = &id_args_shape, .write = remove_source },
    { POST, "/reputation-sources/{id}/test", CAN_WRITE(API_KEYS), "Ask it of a file that every service knows",
      .in = &id_args_shape, .out = &reputation_source_shape, .write = test_source },
    { GET, "/reputation-answers", CAN_READ(COMPUTERS), "List what services said of things",
      .out = &reputation_answer_shape, .list = &reputation_answer_listing },
    { POST, "/reputation-answers/ask", CAN_USE(COMPUTERS), "Ask of a file, an address or a name, where no answer holds",
      .in = &reputation_ask_shape, .out = &reputation_asked_shape, .write = ask },
    { GET, "/reputation-links", CAN_READ(COMPUTERS), "List pages of others about things",
      .out = &reputation_link_shape, .list = &reputation_link_listing },
    { POST, "/reputation-links", CAN_WRITE(COMPUTERS), "Add a page", .in = &reputation_link_new_shape,
      .out = &reputation_link_shape, .write = create_link, .creates = true },
    { PUT, "/reputation-links/{id}", CAN_WRITE(COMPUTERS), "Change a page", .in = &reputation_link_update_shape,
      .out = &reputation_link_shape, .write = change_link, .if_match = true },
    { DELETE, "/reputation-links/{id}", CAN_WRITE(COMPUTERS), "Remove a page", .in = &id_args_shape,
      .write = remove_link },
};

const struct routes reputation_routes = ROUTES(rows);
