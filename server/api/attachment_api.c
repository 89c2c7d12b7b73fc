/* Files of cases: what is known of them, what may be looked at, and how they leave. How they come: upload_api.c. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "server/http/file_answer.h"
#include "server/http/reply.h"
#include "workflows/attachments.h"
#include "workflows/service.h"

static bool
flag(struct scope *s, const void *in, void *out)
{
    return attachment_flag(s, in, out);
}

static bool
unflag(struct scope *s, const void *in, void *out)
{
    return attachment_unflag(s, in, out);
}

static bool
publish(struct scope *s, const void *in, void *out)
{
    return attachment_publish(s, ((const struct id_args *)in)->id, out);
}

static bool
remove_file(struct scope *s, const void *in, void *out)
{
    return attachment_remove(s, in, out);
}

static bool
rename_file(struct scope *s, const void *in, void *out)
{
    return attachment_rename(s, in, out);
}

static bool
read_text(struct scope *s, const void *in, void *out)
{
    return attachment_read_text(s, ((const struct id_args *)in)->id, out);
}

static bool
send_content(struct scope *s, const void *in, struct reply *reply)
{
    struct attachment a;
    struct file_answer file = { 0 };
    (void)reply;
    if (!attachment_take(s, ((const struct id_args *)in)->id, CUSTODY_FETCHED, &a) || !attachment_blob(s, &a, &file.id))
        return false;
    file.name = a.name;
    file.sealed = a.sealed ? &s->service->key : NULL;
    return reply_file(s, &file);
}

static bool
send_archive(struct scope *s, const void *in, struct reply *reply)
{
    struct attachment a;
    struct file_answer file = { .content_type = "application/zip" };
    (void)reply;
    if (!attachment_archive(s, ((const struct id_args *)in)->id, &a, &file.made))
        return false;
    file.name = str_printf(s->arena, STR_FMT ".zip", STR_ARG(a.name));
    return reply_file(s, &file);
}

static bool
send_picture(struct scope *s, const void *in, struct reply *reply)
{
    struct str webp;
    (void)reply;
    if (!attachment_picture(s, ((const struct id_args *)in)->id, &webp))
        return false;
    reply_body(s, "image/webp", webp);
    return true;
}

#define ONE "/attachments/{id}"

static const struct route rows[] = {
    { GET, "/tickets/{id}/attachments", CAN_READ(TICKETS), "List the files of a case", .in = &id_args_shape,
      .out = &attachment_shape, .list = &attachment_listing },
    { GET, ONE, CAN_READ(TICKETS), "Read what is known of a file", .in = &id_args_shape, .out = &attachment_shape,
      .one = &attachment_by_id },
    { GET, ONE "/custody", CAN_READ(TICKETS), "List who had a file in hand", .in = &id_args_shape,
      .out = &custody_shape, .list = &custody_listing },
    { GET, ONE "/content", CAN_READ(TICKETS), "Fetch a file", .in = &id_args_shape, .raw = send_content,
      .answers = "application/octet-stream" },
    { GET, ONE "/archive", CAN_USE(TICKETS), "Fetch a sample as a ZIP archive encrypted with AES-256; its password is"
      " 'infected'", .in = &id_args_shape, .raw = send_archive, .answers = "application/zip" },
    { GET, ONE "/text", CAN_READ(TICKETS), "Look at the beginning of a text", .in = &id_args_shape,
      .out = &attachment_text_shape, .read = read_text },
    { GET, ONE "/picture", CAN_READ(TICKETS), "Look at a picture, decoded and encoded anew", .in = &id_args_shape,
      .raw = send_picture, .answers = "image/webp" },
    { POST, ONE "/flag", CAN_USE(TICKETS), "Flag a file as malicious", .in = &attachment_reason_shape,
      .out = &attachment_shape, .write = flag },
    { POST, ONE "/unflag", CAN_WRITE(TICKETS), "Take back that a file is malicious", .in = &attachment_reason_shape,
      .out = &attachment_shape, .write = unflag },
    { POST, ONE "/rename", CAN_USE(TICKETS), "Call a file otherwise; its custody keeps the old name",
      .in = &attachment_naming_shape, .out = &attachment_shape, .write = rename_file },
    { POST, ONE "/publish", CAN_USE(TICKETS), "Show an internal file to the customer", .in = &id_args_shape,
      .out = &attachment_shape, .write = publish },
    { POST, ONE "/remove", CAN_USE(TICKETS), "Remove the content of a file; its record stays",
      .in = &attachment_reason_shape, .out = &attachment_shape, .write = remove_file },
};

const struct routes attachment_routes = ROUTES(rows);
