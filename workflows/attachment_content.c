/* The content of a file: who takes it is written down first. */
#include <stdatomic.h>

#include "core/base/crypto.h"
#include "workflows/attachments.h"
#include "workflows/audit.h"
#include "workflows/file_look.h"
#include "workflows/plain_text.h"
#include "workflows/sample_archive.h"
#include "workflows/service.h"

enum { TEXT_BYTES = 256 * 1024, AT_ONCE = 2 };

const struct shape attachment_text_shape = SHAPE(attachment_text,
    FIELD(attachment_text, text, "Its first part; characters that would not be seen are made visible"),
    FIELD(attachment_text, encoding, "In which it was written", .required = true),
    FIELD(attachment_text, shown, "Bytes of the file that this is"),
    FIELD(attachment_text, truncated, "There is more"));

static bool
can(const struct attachment *a, const char *verb)
{
    for (size_t i = 0; i < a->can.count; i++)
        if (str_is(a->can.items[i], verb))
            return true;
    return false;
}

bool
attachment_take(struct scope *s, struct uuid id, enum custody_event how, struct attachment *out)
{
    bool archive = how == CUSTODY_FETCHED_ARCHIVE;
    const char *action = how == CUSTODY_PREVIEWED ? "attachment.previewed" : "attachment.fetched";
    if (!db_one(s, &attachment_by_id, &(struct id_args){ id }, out))
        return false;
    if (out->removed_at.us)
        return fail(s, &attachment_gone, "removed");
    if (!archive && out->malicious)
        return fail(s, &attachment_is_sample, "flagged");
    if (archive && !can(out, "archive"))
        return fail(s, &problem_conflict, "only samples leave as archives");
    return attachment_note(s, out, how, STR_NONE)
        && audit_record(s, &(struct deed){ .tenant_id = out->internal ? s->who->tenant_id : out->tenant_id,
                                           .action = action, .noun = "attachment", .object_id = out->id,
                                           .object_name = out->internal ? STR_NONE : out->name, .quiet = true });
}

bool
attachment_blob(struct scope *s, const struct attachment *a, struct blob_id *out)
{
    struct bytes hash;
    if (!hex_read(s->arena, a->sha256, &hash) || hash.raw.len != sizeof out->sha256)
        return fail(s, &problem_internal, "the hash of a file cannot be read");
    memcpy(out->sha256, hash.raw.at, sizeof out->sha256);
    return true;
}

bool
attachment_open(struct scope *s, const struct attachment *a, struct blob_reader **out)
{
    struct blob_id id;
    return attachment_blob(s, a, &id)
        && (a->sealed ? blob_open_sealed(s, s->service->blobs, &s->service->key, id, out)
                      : blob_open(s, s->service->blobs, id, out));
}

/* The first `most` bytes, or all of a smaller file. */
static bool
read_head(struct scope *s, const struct attachment *a, size_t most, struct str *out)
{
    struct blob_reader *r;
    size_t wanted = a->size < (int64_t)most ? (size_t)a->size : most, got = 1;
    char *bytes = arena_alloc(s->arena, wanted + 1);
    *out = (struct str){ bytes, 0 };
    if (!attachment_open(s, a, &r))
        return false;
    for (; out->len < wanted && got > 0; out->len += got)
        if (!blob_read(s, r, bytes + out->len, wanted - out->len, &got))
            return false;
    return true;
}

bool
attachment_read_text(struct scope *s, struct uuid id, struct attachment_text *out)
{
    struct attachment a;
    struct str head;
    const char *encoding;
    if (!attachment_take(s, id, CUSTODY_PREVIEWED, &a))
        return false;
    if (a.preview != PREVIEW_TEXT)
        return fail(s, &problem_conflict, "there is no text to show");
    if (!read_head(s, &a, TEXT_BYTES, &head))
        return false;
    out->text = plain_text_of(s->arena, head, &encoding);
    out->encoding = str_of(encoding);
    out->shown = (int64_t)head.len;
    out->truncated = out->shown < a.size;
    return true;
}

/* Each takes a processor, or a disk, for a while: only so many at a time, and no worker waits for its turn. */
static bool
take_turn(struct scope *s, _Atomic int *turns)
{
    if (atomic_fetch_add(turns, 1) < AT_ONCE)
        return true;
    atomic_fetch_sub(turns, 1);
    fail(s, &problem_unavailable, "others are being prepared");
    s->failure.retry_after_s = 1;
    return false;
}

bool
attachment_picture(struct scope *s, struct uuid id, struct str *webp)
{
    _Atomic int *turns = s->service->picture_turns;
    struct attachment a;
    struct str file;
    if (!attachment_take(s, id, CUSTODY_PREVIEWED, &a))
        return false;
    if (a.preview != PREVIEW_PICTURE)
        return fail(s, &picture_refused, "there is no picture to show");
    if (!take_turn(s, turns))
        return false;
    bool shown = read_head(s, &a, LOOK_PICTURE_BYTES_MAX, &file) && picture_of(s, file, webp);
    atomic_fetch_sub(turns, 1);
    return shown;
}

/* Committed before it is packed: that takes its time, and no transaction waits for it. */
bool
attachment_archive(struct scope *s, struct uuid id, struct attachment *a, struct blob_reader **out)
{
    _Atomic int *turns = s->service->archive_turns;
    if (!take_turn(s, turns))
        return false;
    bool packed = attachment_take(s, id, CUSTODY_FETCHED_ARCHIVE, a) && db_commit(s) && sample_archive(s, a, out);
    atomic_fetch_sub(turns, 1);
    return packed;
}
