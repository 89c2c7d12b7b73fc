/* What people do with words in cases: correct them, name each other, reuse them; and where work begins. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/canned_answers.h"
#include "workflows/ticket_chatter.h"
#include "workflows/ticket_home.h"

static bool
edit(struct scope *s, const void *in, void *out)
{
    return ticket_post_edit(s, in, out);
}

static bool
reveal(struct scope *s, const void *in, void *out)
{
    return ticket_post_reveal(s, in, out);
}

static bool
tell_writing(struct scope *s, const void *in, void *out)
{
    (void)out;
    return ticket_tell_writing(s, in);
}

static bool
read_home(struct scope *s, const void *in, void *out)
{
    (void)in;
    return ticket_home_read(s, out);
}

static bool
create_answer(struct scope *s, const void *in, void *out)
{
    return canned_answer_create(s, in, out);
}

static bool
change_answer(struct scope *s, const void *in, void *out)
{
    return canned_answer_change(s, in, out);
}

static bool
remove_answer(struct scope *s, const void *in, void *out)
{
    (void)out;
    return canned_answer_remove(s, ((const struct id_args *)in)->id);
}

static bool
fill_answers(struct scope *s, const void *in, void *out)
{
    return canned_answers_fill(s, ((const struct id_args *)in)->id, out);
}

static const struct route rows[] = {
    { GET, "/tickets/home", CAN_READ(TICKETS), "Read what waits for me", .out = &ticket_home_shape,
      .read = read_home },
    { PUT, "/ticket-posts/{id}", CAN_USE(TICKETS), "Correct what I said", .in = &ticket_post_edit_shape,
      .out = &ticket_post_shape, .write = edit, .if_match = true, .body_max = 512 * 1024 },
    { GET, "/ticket-posts/{id}/edits", CAN_READ(TICKETS), "List what stood there before: for author and staff",
      .in = &id_args_shape, .out = &ticket_post_edit_row_shape, .list = &ticket_post_edit_listing },
    { POST, "/ticket-posts/{id}/reveal", CAN_USE(TICKETS), "Say the words of an internal note to the customer",
      .in = &ticket_post_reveal_shape, .out = &ticket_post_shape, .write = reveal, .creates = true,
      .body_max = 512 * 1024 },
    { GET, "/tickets/{id}/mentionable", CAN_USE(TICKETS), "List who can be named in the case",
      .in = &mentionable_args_shape, .out = &mentionable_shape, .list = &mentionable_listing },
    { POST, "/tickets/{id}/writing", CAN_USE(TICKETS), "Say that I am writing: believed for some seconds",
      .in = &ticket_writing_shape, .write = tell_writing, .no_idempotency = true },
    { GET, "/tickets/{id}/writers", CAN_READ(TICKETS), "List who is writing now", .in = &id_args_shape,
      .out = &ticket_writer_shape, .list = &ticket_writer_listing },
    { GET, "/tickets/{id}/canned-answers", CAN_USE(TICKETS), "List answers that fit the case, its facts filled in",
      .in = &id_args_shape, .out = &canned_texts_shape, .read = fill_answers },
    { GET, "/canned-answers", CAN_READ(TENANTS), "List canned answers", .out = &canned_answer_shape,
      .list = &canned_answer_listing },
    { POST, "/canned-answers", CAN_WRITE(TICKETS), "Write a canned answer", .in = &canned_answer_write_shape,
      .out = &canned_answer_shape, .write = create_answer, .creates = true },
    { GET, "/canned-answers/{id}", CAN_READ(TENANTS), "Read one canned answer", .in = &id_args_shape,
      .out = &canned_answer_shape, .one = &canned_answer_by_id },
    { PUT, "/canned-answers/{id}", CAN_WRITE(TICKETS), "Change a canned answer", .in = &canned_answer_update_shape,
      .out = &canned_answer_shape, .write = change_answer, .if_match = true },
    { DELETE, "/canned-answers/{id}", CAN_WRITE(TICKETS), "Delete a canned answer", .in = &id_args_shape,
      .write = remove_answer },
};

const struct routes ticket_chatter_routes = ROUTES(rows);
