/* Uploads: files of any size into a case, by tus or by a plain form. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "server/api/tus.h"
#include "server/api/upload_form.h"

static bool
create(struct scope *s, const void *in, void **taker)
{
    const struct tus_door door = { .ticket_id = ((const struct id_args *)in)->id,
                                   .uploads_path = STR("/api/v1/uploads") };
    return tus_create_open(s, &door, taker);
}

static bool
go_on(struct scope *s, const void *in, void **taker)
{
    return tus_patch_open(s, ((const struct id_args *)in)->id, (struct uuid){ 0 }, taker);
}

static bool
look(struct scope *s, const void *in, void *out)
{
    return tus_head(s, ((const struct id_args *)in)->id, (struct uuid){ 0 }, out);
}

static bool
end(struct scope *s, const void *in, void *out)
{
    (void)out;
    return tus_delete(s, ((const struct id_args *)in)->id, (struct uuid){ 0 });
}

static const struct sink creating = { .media_type = TUS_MEDIA_TYPE, .headers = tus_create_headers,
                                      .header_count = TUS_CREATE_HEADERS, .open = create, .take = tus_take,
                                      .mark = tus_mark, .close = tus_close, .abandon = tus_abandon };
static const struct sink going_on = { .media_type = TUS_MEDIA_TYPE, .headers = tus_patch_headers,
                                      .header_count = TUS_PATCH_HEADERS, .open = go_on, .take = tus_take,
                                      .mark = tus_mark, .close = tus_close, .abandon = tus_abandon };

static const struct route rows[] = {
    { OPTIONS, "/tickets/{id}/uploads", PUBLIC, "What this service can of tus", .in = &id_args_shape,
      .raw = tus_options },
    { POST, "/tickets/{id}/uploads", CAN_USE(TICKETS), "Begin to send a file, by tus", .in = &id_args_shape,
      .sink = &creating, .creates = true },
    { POST, "/tickets/{id}/files", CAN_USE(TICKETS), "Send a file in a form, in one go", .in = &id_args_shape,
      .out = &upload_shape, .sink = &upload_form_sink },
    { GET, "/uploads", CAN_USE(TICKETS), "List my uploads", .out = &upload_shape, .list = &upload_listing },
    { OPTIONS, "/uploads/{id}", PUBLIC, "What this service can of tus", .in = &id_args_shape, .raw = tus_options },
    { GET, "/uploads/{id}", CAN_USE(TICKETS), "Look how far an upload has come; HEAD is what tus asks",
      .in = &id_args_shape, .out = &upload_shape, .read = look },
    { PATCH, "/uploads/{id}", CAN_USE(TICKETS), "Send the next bytes, by tus", .in = &id_args_shape,
      .sink = &going_on },
    { DELETE, "/uploads/{id}", CAN_USE(TICKETS), "Give an upload up", .in = &id_args_shape, .write = end },
};

const struct routes upload_routes = ROUTES(rows);
