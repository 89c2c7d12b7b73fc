#include "server/http/file_answer.h"

#include "core/base/crypto.h"
#include "core/base/log.h"
#include "server/http/flow.h"
#include "server/http/parts.h"
#include "server/http/exchange.h"
#include "server/http/reply.h"
#include "server/http/request.h"
#include "workflows/service.h"

enum { PIECE_BYTES = 256 * 1024 };

static const struct problem range_impossible = {
    416, "range-impossible",
    { "The file has no such part.", "指定された範囲はファイル内に存在しません。" },
};

struct sending {
    struct task task; /* first: a writer gets the sending by it */
    struct exchange *x;
    struct flow *flow;
    struct blob_reader *reader;
    struct scope scope;  /* of the reading */
    int64_t left;        /* to read */
    char *piece;
    bool all_given;
};

enum range_kind
range_parse(struct str header, int64_t size, int64_t *first, int64_t *length)
{
    struct str rest = str_trim(header), from, to;
    int64_t last = size - 1;
    if (!header.at || !str_starts(rest, STR("bytes=")))
        return RANGE_NONE;
    rest = str_skip(rest, 6);
    if (str_contains(rest, STR(",")) || !str_contains(rest, STR("-")) || !str_cut(&rest, '-', &from))
        return RANGE_NONE;
    to = rest.at ? rest : STR("");
    if (from.len == 0) {
        if (!str_int(to, length) || *length < 0)
            return RANGE_NONE;
        *length = *length < size ? *length : size;
        *first = size - *length;
        return *length ? RANGE_PART : RANGE_IMPOSSIBLE;
    }
    if (!str_int(from, first) || *first < 0 || (to.len && (!str_int(to, &last) || last < *first)))
        return RANGE_NONE;
    if (*first >= size)
        return RANGE_IMPOSSIBLE;
    last = last < size ? last : size - 1;
    *length = last - *first + 1;
    return RANGE_PART;
}

/* Fills the piece; false when the file does not hold what it should. */
static bool
read_piece(struct sending *d, size_t *bytes)
{
    size_t got = 1, wanted = d->left < PIECE_BYTES ? (size_t)d->left : PIECE_BYTES;
    for (*bytes = 0; *bytes < wanted && got > 0; *bytes += got)
        if (!blob_read(&d->scope, d->reader, d->piece + *bytes, wanted - *bytes, &got))
            return false;
    d->left -= (int64_t)*bytes;
    if (*bytes < wanted)
        return fail(&d->scope, &problem_internal, "the file is shorter than it was");
    char past; /* at the end the hash is compared */
    return d->left > 0 || blob_read(&d->scope, d->reader, &past, 1, &got);
}

static void
read_on(struct worker *w, struct task *t)
{
    struct sending *d = (struct sending *)t;
    struct flow *flow = d->flow;
    size_t bytes;
    (void)w;
    if (!read_piece(d, &bytes)) {
        log_error(&d->scope, "http.file_cut", STR_FMT, STR_ARG(d->scope.failure.detail));
        flow_end(flow, true);
        return;
    }
    d->all_given = d->left == 0;
    (void)flow_add(flow, (struct str){ d->piece, bytes }); /* it was empty: there is room. Then the loop has it */
}

static void
feed(void *maker)
{
    struct sending *d = maker;
    if (d->all_given || atomic_load(&d->x->http->cutting))
        flow_end(d->flow, !d->all_given);
    else
        workers_push_more(d->x->http->writers, &d->task);
}

static bool
open_blob(struct scope *s, const struct file_answer *file, struct blob_reader **out)
{
    struct blob_store *store = s->service->blobs;
    if (file->made) {
        *out = file->made;
        return true;
    }
    return file->sealed ? blob_open_sealed(s, store, file->sealed, file->id, out)
                        : blob_open(s, store, file->id, out);
}

static struct str
etag_of(struct scope *s, struct blob_id id)
{
    struct bytes hash = { { (const char *)id.sha256, sizeof id.sha256 } };
    return str_printf(s->arena, "\"" STR_FMT "\"", STR_ARG(hex_of(s->arena, hash)));
}

/* If-Range: a part of what the caller has already, else all of it anew. */
static bool
choose_part(struct scope *s, const struct file_answer *file, struct blob_reader *r, int64_t *length)
{
    struct str only_if = request_header(s, "If-Range");
    int64_t size = blob_size(r), first = 0;
    *length = size;
    bool whole = file->sealed || file->made;
    reply_header(s, "Accept-Ranges", whole ? STR("none") : STR("bytes"));
    if (whole || (only_if.at && !str_eq(str_trim(only_if), etag_of(s, file->id))))
        return true;
    switch (range_parse(request_header(s, "Range"), size, &first, length)) {
    case RANGE_IMPOSSIBLE:
        reply_header(s, "Content-Range", str_printf(s->arena, "bytes */%lld", (long long)size));
        return fail(s, &range_impossible, "it is %lld bytes long", (long long)size);
    case RANGE_PART:
        reply_status(s, 206);
        reply_header(s, "Content-Range", str_printf(s->arena, "bytes %lld-%lld/%lld", (long long)first,
                                                    (long long)(first + *length - 1), (long long)size));
        return blob_seek(s, r, first);
    case RANGE_NONE:
        *length = size;
    }
    return true;
}

static void
begin_sending(struct scope *s, struct blob_reader *reader, int64_t length)
{
    struct exchange *x = s->reply->exchange;
    struct sending *d = arena_new_of(s->arena, struct sending);
    *d = (struct sending){ .task.run = read_on, .x = x, .reader = reader, .left = length,
                           .scope = scope_new(s->arena, s->now), .piece = arena_alloc(s->arena, PIECE_BYTES) };
    d->scope.request_id = s->request_id;
    d->flow = flow_new(s->arena, x->connection, PIECE_BYTES, feed, d);
    s->reply->flow = d->flow;
    s->reply->flow_bytes = length;
}

bool
reply_file(struct scope *s, const struct file_answer *file)
{
    struct blob_reader *reader;
    int64_t length;
    if (!s->reply)
        return fail(s, &problem_internal, "a file answers calls alone");
    if (!open_blob(s, file, &reader) || !choose_part(s, file, reader, &length))
        return false;
    s->reply->content_type = file->content_type ? file->content_type : "application/octet-stream";
    reply_attachment(s, file->name);
    if (!file->made)
        reply_header(s, "ETag", etag_of(s, file->id));
    if (length)
        begin_sending(s, reader, length);
    return true;
}
