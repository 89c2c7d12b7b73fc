#include "server/api/tus.h"

#include "server/http/reply.h"
#include "server/http/request.h"
#include "workflows/service.h"

#define TUS_VERSION "1.0.0"

static const struct problem tus_wrong_version = {
    412, "tus-version",
    { "This service speaks version 1.0.0 of the tus protocol.",
      "このサービスは tus プロトコルのバージョン 1.0.0 に対応しています。" },
};
static const struct problem tus_media_type = {
    415, "unsupported-media-type",
    { "The content of an upload is sent as application/offset+octet-stream.",
      "アップロードの内容は application/offset+octet-stream として送信してください。" },
};

const struct sink_header tus_create_headers[TUS_CREATE_HEADERS] = {
    { "Tus-Resumable", "1.0.0", true },
    { "Upload-Length", "How many bytes the file has", true },
    { "Upload-Metadata", "filename, filetype and up to 14 words more: `name base64,name base64`", false },
    { "Upload-Checksum", "Of the bytes that come with the call: `sha256 base64`, or sha1, md5", false },
};
const struct sink_header tus_patch_headers[TUS_PATCH_HEADERS] = {
    { "Tus-Resumable", "1.0.0", true },
    { "Upload-Offset", "Where the upload stands, as HEAD says", true },
    { "Upload-Checksum", "Of the bytes that come with the call: `sha256 base64`, or sha1, md5", false },
};

/* One call that brings bytes, or that only begins. */
struct taker {
    struct upload upload;
    struct arrival *arrival; /* NULL: there is nothing to take */
    bool is_new;
    struct str location;
};

/* ---- what the head says ---- */

static bool
speaks_our_version(struct scope *s)
{
    reply_header(s, "Tus-Resumable", STR(TUS_VERSION));
    if (str_is(str_trim(request_header(s, "Tus-Resumable")), TUS_VERSION))
        return true;
    reply_header(s, "Tus-Version", STR(TUS_VERSION));
    return fail(s, &tus_wrong_version, "Tus-Resumable: " TUS_VERSION);
}

static bool
read_number(struct scope *s, const char *header, int64_t *out)
{
    struct str text = request_header(s, header);
    return (text.at && str_int(str_trim(text), out) && *out >= 0)
        || fail(s, &problem_malformed, "%s is no number of bytes", header);
}

/* -1: the length is not said, the body ends where it ends. */
static int64_t
body_length(const struct scope *s)
{
    struct str length = request_header(s, "Content-Length");
    int64_t bytes = 0;
    if (request_header(s, "Transfer-Encoding").at)
        return -1;
    return length.at && str_int(str_trim(length), &bytes) ? bytes : 0;
}

static bool
has_our_type(struct scope *s)
{
    struct str rest = request_header(s, "Content-Type"), essence;
    return (str_cut(&rest, ';', &essence) && str_eq_nocase(str_trim(essence), STR(TUS_MEDIA_TYPE)))
        || fail(s, &tus_media_type, "Content-Type is not " TUS_MEDIA_TYPE);
}

static bool
fits(struct scope *s, const struct upload *u, int64_t offset)
{
    return body_length(s) <= u->length - offset
        || fail(s, &upload_too_long, "%lld bytes were announced, %lld of them are here", (long long)u->length,
                (long long)offset);
}

/* ---- what the answer says ---- */

static void
say_number(struct scope *s, const char *header, int64_t value)
{
    reply_header(s, header, str_printf(s->arena, "%lld", (long long)value));
}

static void
say_expires(struct scope *s, const struct upload *u)
{
    time_t seconds = (time_t)(u->expires_at.us / SECONDS(1));
    struct tm parts;
    char text[64];
    if (u->state == UPLOAD_COMPLETE || !gmtime_r(&seconds, &parts))
        return;
    strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    reply_header(s, "Upload-Expires", str_copy(s->arena, str_of(text)));
}

static void
say_attachment(struct scope *s, const struct upload *u)
{
    if (!uuid_is_none(u->attachment_id))
        reply_header(s, "Upload-Attachment", uuid_format(s->arena, u->attachment_id));
}

bool
tus_options(struct scope *s, const void *in, struct reply *reply)
{
    (void)in;
    (void)reply;
    reply_status(s, 204);
    reply_header(s, "Tus-Resumable", STR(TUS_VERSION));
    reply_header(s, "Tus-Version", STR(TUS_VERSION));
    reply_header(s, "Tus-Extension", STR("creation,creation-with-upload,expiration,checksum,termination"));
    reply_header(s, "Tus-Checksum-Algorithm", STR(CHECKSUM_NAMES));
    say_number(s, "Tus-Max-Size", s->service->uploads.file_bytes);
    return true;
}

/* ---- creation ---- */

static bool
read_plan(struct scope *s, struct upload_plan *plan)
{
    if (request_header(s, "Upload-Defer-Length").at)
        return fail(s, &problem_malformed, "Upload-Length has to be known");
    struct str sent = request_header(s, "Upload-Metadata");
    plan->metadata_sent = sent.at ? str_copy(s->arena, sent) : STR_NONE;
    return read_number(s, "Upload-Length", &plan->length)
        && metadata_read(s, plan->metadata_sent, &plan->metadata);
}

static bool
begin_new(struct scope *s, const struct tus_door *door, struct taker *t)
{
    struct upload_plan plan = { .ticket_id = door->ticket_id, .link_id = door->link_id,
                                .creator_name = door->creator_name };
    bool brings = body_length(s) != 0;
    if (!upload_door_is_open(s, door->ticket_id) || !speaks_our_version(s) || !read_plan(s, &plan)
        || (brings && !has_our_type(s)) || !upload_begin(s, &plan, &t->upload) || !fits(s, &t->upload, 0))
        return false;
    t->is_new = true;
    t->location = str_printf(s->arena, STR_FMT "/" STR_FMT, STR_ARG(door->uploads_path),
                             STR_ARG(uuid_format(s->arena, t->upload.id)));
    if (!brings && t->upload.length > 0)
        return true;
    return arrival_begin(s, &t->upload, 0, &t->arrival)
        && arrival_expect(s, t->arrival, request_header(s, "Upload-Checksum"));
}

bool
tus_create_open(struct scope *s, const struct tus_door *door, void **taker)
{
    struct taker *t = arena_new_of(s->arena, struct taker);
    *taker = t;
    return begin_new(s, door, t);
}

/* ---- going on ---- */

static bool
go_on(struct scope *s, struct taker *t)
{
    int64_t offset;
    return speaks_our_version(s) && has_our_type(s) && read_number(s, "Upload-Offset", &offset)
        && arrival_begin(s, &t->upload, offset, &t->arrival);
}

bool
tus_patch_open(struct scope *s, struct uuid id, struct uuid link_id, void **taker)
{
    struct taker *t = arena_new_of(s->arena, struct taker);
    *taker = t;
    if (!upload_of(s, id, link_id, &t->upload) || !go_on(s, t))
        return false;
    if (fits(s, &t->upload, arrival_offset(t->arrival))
        && arrival_expect(s, t->arrival, request_header(s, "Upload-Checksum")))
        return true;
    arrival_let_go(t->arrival);
    return false;
}

bool
tus_take(struct scope *s, void *taker, struct str piece)
{
    struct taker *t = taker;
    if (!t->arrival)
        return fail(s, &problem_malformed, "there is a body where none was announced");
    return arrival_take(s, t->arrival, piece);
}

bool
tus_mark(struct scope *s, void *taker, struct db *db)
{
    struct taker *t = taker;
    return !t->arrival || arrival_mark(s, t->arrival, db);
}

void
tus_abandon(struct scope *s, void *taker, struct db *db)
{
    struct taker *t = taker;
    if (t->arrival)
        arrival_break(s, t->arrival, db);
}

bool
tus_close(struct scope *s, void *taker, void *out)
{
    struct taker *t = taker;
    (void)out;
    reply_header(s, "Tus-Resumable", STR(TUS_VERSION));
    if (t->arrival && !arrival_end(s, t->arrival, &t->upload))
        return false;
    reply_status(s, t->is_new ? 201 : 204);
    if (t->is_new)
        reply_header(s, "Location", t->location);
    say_number(s, "Upload-Offset", t->upload.received);
    say_expires(s, &t->upload);
    say_attachment(s, &t->upload);
    return true;
}

bool
tus_head(struct scope *s, struct uuid id, struct uuid link_id, struct upload *out)
{
    reply_header(s, "Tus-Resumable", STR(TUS_VERSION));
    if (!upload_of(s, id, link_id, out))
        return false;
    say_number(s, "Upload-Offset", out->received);
    say_number(s, "Upload-Length", out->length);
    say_expires(s, out);
    say_attachment(s, out);
    if (out->metadata_sent.len)
        reply_header(s, "Upload-Metadata", out->metadata_sent);
    return true;
}

bool
tus_delete(struct scope *s, struct uuid id, struct uuid link_id)
{
    struct upload u;
    return upload_of(s, id, link_id, &u) && speaks_our_version(s) && upload_end_early(s, id, link_id);
}
