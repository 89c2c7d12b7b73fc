/* Upload links: made by engineers; and the doors of those who come by one, who need no more than the token. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "server/api/tus.h"
#include "server/http/request.h"
#include "workflows/upload_links.h"

struct visit {
    struct str token;
};
struct visit_upload {
    struct str token;
    struct uuid id;
};
static const struct shape visit_shape =
    SHAPE(visit, FIELD(visit, token, "As it stands in the link", .max = 100, .read_only = true));
static const struct shape visit_upload_shape = SHAPE(visit_upload,
    FIELD(visit_upload, token, "As it stands in the link", .max = 100, .read_only = true),
    FIELD(visit_upload, id, "Which upload", .read_only = true));

static bool
make(struct scope *s, const void *in, void *out)
{
    return upload_link_make(s, in, out);
}

static bool
revoke(struct scope *s, const void *in, void *out)
{
    return upload_link_end(s, ((const struct id_args *)in)->id, out);
}

static bool
read_visit(struct scope *s, const void *in, void *out)
{
    return upload_link_enter(s, ((const struct visit *)in)->token, out);
}

/* ---- sending: the link is opened again before anything is kept ---- */

struct visitor {
    struct str token;
    void *sending; /* what tus knows */
};

static bool
enter(struct scope *s, struct str token, struct upload_visit *v, struct visitor **out)
{
    *out = arena_new_of(s->arena, struct visitor);
    (*out)->token = str_copy(s->arena, token);
    return upload_link_enter(s, token, v);
}

static bool
begin(struct scope *s, const void *in, void **taker)
{
    struct upload_visit v;
    struct visitor *visitor;
    struct str announced = request_header(s, "Upload-Length");
    int64_t length = 0;
    if (!enter(s, ((const struct visit *)in)->token, &v, &visitor))
        return false;
    *taker = visitor;
    if (announced.at && str_int(str_trim(announced), &length) && !upload_link_has_room(s, &v, length))
        return false;
    const struct tus_door door = {
        .ticket_id = v.ticket_id, .link_id = v.id, .creator_name = s->who ? s->who->name : STR("upload link"),
        .uploads_path = str_printf(s->arena, "/api/v1/upload-visits/" STR_FMT "/uploads", STR_ARG(visitor->token)) };
    return tus_create_open(s, &door, &visitor->sending);
}

static bool
go_on(struct scope *s, const void *in, void **taker)
{
    const struct visit_upload *which = in;
    struct upload_visit v;
    struct visitor *visitor;
    if (!enter(s, which->token, &v, &visitor))
        return false;
    *taker = visitor;
    return tus_patch_open(s, which->id, v.id, &visitor->sending);
}

static bool
take(struct scope *s, void *taker, struct str piece)
{
    return tus_take(s, ((struct visitor *)taker)->sending, piece);
}

static bool
mark(struct scope *s, void *taker, struct db *db)
{
    return tus_mark(s, ((struct visitor *)taker)->sending, db);
}

static bool
close_sending(struct scope *s, void *taker, void *out)
{
    struct visitor *visitor = taker;
    struct upload_visit v;
    return upload_link_enter(s, visitor->token, &v) && tus_close(s, visitor->sending, out);
}

static void
abandon(struct scope *s, void *taker, struct db *db)
{
    tus_abandon(s, ((struct visitor *)taker)->sending, db);
}

static bool
look(struct scope *s, const void *in, void *out)
{
    const struct visit_upload *which = in;
    struct upload_visit v;
    return upload_link_enter(s, which->token, &v) && tus_head(s, which->id, v.id, out);
}

static bool
give_up(struct scope *s, const void *in, void *out)
{
    const struct visit_upload *which = in;
    struct upload_visit v;
    (void)out;
    return upload_link_enter(s, which->token, &v) && tus_delete(s, which->id, v.id);
}

static const struct sink beginning = { .media_type = TUS_MEDIA_TYPE, .headers = tus_create_headers,
                                       .header_count = TUS_CREATE_HEADERS, .open = begin, .take = take, .mark = mark,
                                       .close = close_sending, .abandon = abandon };
static const struct sink going_on = { .media_type = TUS_MEDIA_TYPE, .headers = tus_patch_headers,
                                      .header_count = TUS_PATCH_HEADERS, .open = go_on, .take = take, .mark = mark,
                                      .close = close_sending, .abandon = abandon };

#define VISIT "/upload-visits/{token}"

static const struct route rows[] = {
    { GET, "/tickets/{id}/upload-links", CAN_READ(TICKETS), "List the upload links of a case", .in = &id_args_shape,
      .out = &upload_link_shape, .list = &upload_link_listing },
    { POST, "/tickets/{id}/upload-links", CAN_USE(TICKETS), "Make an upload link for a case",
      .in = &upload_link_make_shape, .out = &upload_link_made_shape, .write = make, .creates = true,
      .no_idempotency = true },
    { GET, "/upload-links/{id}", CAN_READ(TICKETS), "Read an upload link", .in = &id_args_shape,
      .out = &upload_link_shape, .one = &upload_link_by_id },
    { POST, "/upload-links/{id}/revoke", CAN_USE(TICKETS), "Revoke an upload link", .in = &id_args_shape,
      .out = &upload_link_shape, .write = revoke },
    { GET, VISIT, PUBLIC, "Read what an upload link asks for", .in = &visit_shape, .out = &upload_visit_shape,
      .read = read_visit },
    { OPTIONS, VISIT "/uploads", PUBLIC, "What this service can of tus", .in = &visit_shape, .raw = tus_options },
    { POST, VISIT "/uploads", PUBLIC, "Begin to send a file by an upload link, by tus", .in = &visit_shape,
      .sink = &beginning, .creates = true },
    { OPTIONS, VISIT "/uploads/{id}", PUBLIC, "What this service can of tus", .in = &visit_upload_shape,
      .raw = tus_options },
    { GET, VISIT "/uploads/{id}", PUBLIC, "Look how far an upload has come; HEAD is what tus asks",
      .in = &visit_upload_shape, .out = &upload_shape, .read = look },
    { PATCH, VISIT "/uploads/{id}", PUBLIC, "Send the next bytes by an upload link, by tus",
      .in = &visit_upload_shape, .sink = &going_on },
    { DELETE, VISIT "/uploads/{id}", PUBLIC, "Give an upload up", .in = &visit_upload_shape, .write = give_up },
};

const struct routes upload_link_routes = ROUTES(rows);
