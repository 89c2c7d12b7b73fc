#include "server/api/upload_form.h"

#include "core/net/multipart.h"
#include "server/http/reply.h"
#include "server/http/request.h"
#include "workflows/service.h"
#include "workflows/uploads.h"

enum { FIELD_ROOM = METADATA_VALUE_MAX + 1 };

static const struct problem form_needs_a_file = {
    422, "form-file",
    { "The form has to hold exactly one file.", "フォームには、ファイルをちょうど1つ含めてください。" },
};

struct form {
    struct uuid ticket_id;
    struct arena *arena; /* of the call: lives longer than a piece */
    struct multipart *reading;
    struct blob_writer *writer;
    struct upload_metadata metadata;
    struct str field;    /* the name of what is read; absent: it is the file */
    struct text value;
    int64_t bytes, bytes_max;
    int files;
    struct str file_name, file_type;
};

/* A field ends where the next part begins. */
static bool
keep_field(struct scope *s, struct form *f)
{
    struct str name = f->field;
    f->field = STR_NONE;
    return !name.at || metadata_add(s, &f->metadata, name, text_str(&f->value));
}

static bool
begin_part(struct scope *s, void *taker, const struct multipart_part *part)
{
    struct form *f = taker;
    if (!keep_field(s, f))
        return false;
    if (!part->file_name.at) {
        f->field = str_copy(f->arena, part->name);
        f->value = text_new(f->arena, FIELD_ROOM);
        return true;
    }
    if (f->files++)
        return fail(s, &form_needs_a_file, "a second file");
    f->file_name = str_copy(f->arena, part->file_name);
    f->file_type = part->content_type.at ? str_copy(f->arena, part->content_type) : STR_NONE;
    return true;
}

static bool
take_data(struct scope *s, void *taker, struct str piece)
{
    struct form *f = taker;
    if (f->field.at) {
        text_add(&f->value, piece);
        return !f->value.full || fail(s, &problem_malformed, "a field is longer than %d bytes", METADATA_VALUE_MAX);
    }
    f->bytes += (int64_t)piece.len;
    if (f->bytes > f->bytes_max)
        return fail(s, &upload_too_long, "at most %lld bytes", (long long)f->bytes_max);
    return blob_write(s, f->writer, piece.at, piece.len);
}

/* The length of the form stands for the file's: some hundred bytes more. Without it, the largest one. */
static int64_t
announced(struct scope *s)
{
    struct str length = request_header(s, "Content-Length");
    int64_t bytes, most = s->service->uploads.file_bytes;
    return length.at && str_int(str_trim(length), &bytes) && bytes < most ? bytes : length.at ? most : 0;
}

static bool
open_form(struct scope *s, const void *in, void **taker)
{
    struct form *f = arena_new_of(s->arena, struct form);
    struct upload_plan plan = { .ticket_id = ((const struct id_args *)in)->id, .length = announced(s) };
    struct upload u;
    *f = (struct form){ .ticket_id = plan.ticket_id, .arena = s->arena,
                        .bytes_max = s->service->uploads.file_bytes };
    *taker = f;
    return upload_allow(s, &plan, &u) && multipart_new(s, request_header(s, "Content-Type"), &f->reading)
        && blob_begin(s, s->service->blobs, &f->writer);
}

static bool
take(struct scope *s, void *taker, struct str piece)
{
    struct form *f = taker;
    const struct multipart_taker to = { .part = begin_part, .data = take_data, .taker = f };
    return multipart_feed(s, f->reading, piece, &to);
}

static bool
say_file(struct scope *s, struct form *f)
{
    if (!metadata_value(&f->metadata, "filename").at && !metadata_add(s, &f->metadata, STR("filename"), f->file_name))
        return false;
    return !f->file_type.at || metadata_value(&f->metadata, "filetype").at
        || metadata_add(s, &f->metadata, STR("filetype"), f->file_type);
}

static bool
close_form(struct scope *s, void *taker, void *out)
{
    struct form *f = taker;
    struct blob_facts blob;
    if (!multipart_end(s, f->reading) || !keep_field(s, f))
        return false;
    if (f->files != 1)
        return fail(s, &form_needs_a_file, "no file");
    struct upload_plan plan = { .ticket_id = f->ticket_id, .length = f->bytes };
    if (!say_file(s, f))
        return false;
    plan.metadata = f->metadata;
    return upload_allow(s, &plan, out) && blob_finish(s, f->writer, &blob) && upload_whole(s, out, &blob);
}

static void
abandon(struct scope *s, void *taker, struct db *db)
{
    struct form *f = taker;
    (void)s;
    (void)db;
    blob_give_up(f->writer);
}

const struct sink upload_form_sink = { .media_type = "multipart/form-data", .open = open_form, .take = take,
                                       .close = close_form, .abandon = abandon };
