/* One connection that brings bytes of an upload. */
#include <openssl/evp.h>

#include "core/base/crypto.h"
#include "core/base/log.h"
#include "workflows/attachment_hook.h"
#include "workflows/service.h"
#include "workflows/uploads.h"

struct arrival {
    struct upload upload;
    struct partial *partial;
    EVP_MD_CTX *check; /* NULL: no checksum was announced */
    uint8_t expected[CHECKSUM_BYTES_MAX];
    size_t expected_bytes;
};

static void
end_check(void *handle)
{
    struct arrival *a = handle;
    EVP_MD_CTX_free(a->check);
    a->check = NULL;
}

/* Whoever wrote last has let go of the lock only when the database knew; so it is asked again now. */
static bool
stand_at(struct scope *s, struct arrival *a, int64_t offset)
{
    struct upload *u = &a->upload;
    if (!db_one(s, &upload_find, &(struct upload_ask){ u->id, u->link_id }, u))
        return false;
    if (u->received != offset)
        return fail(s, &upload_wrong_offset, "it stands at %lld", (long long)u->received);
    if (u->state == UPLOAD_COMPLETE)
        return true;
    int64_t room;
    if (!blob_store_room(s, s->service->blobs, &room))
        return false;
    if (room < u->length - offset)
        return fail(s, &problem_storage_full, "%lld bytes are free", (long long)room);
    return partial_resume(s, a->partial, offset, u->hash_state);
}

bool
arrival_begin(struct scope *s, const struct upload *u, int64_t offset, struct arrival **out)
{
    struct arrival *a = arena_new_of(s->arena, struct arrival);
    a->upload = *u;
    if (!partial_open(s, s->service->blobs, u->id, &a->partial))
        return false;
    if (!stand_at(s, a, offset)) {
        arrival_let_go(a);
        return false;
    }
    *out = a;
    return true;
}

int64_t
arrival_offset(const struct arrival *a)
{
    return partial_bytes(a->partial);
}

void
arrival_let_go(struct arrival *a)
{
    if (a->upload.state == UPLOAD_COMPLETE)
        partial_drop(a->partial);
    partial_close(a->partial);
}

bool
arrival_expect(struct scope *s, struct arrival *a, struct str checksum)
{
    struct str rest = str_trim(checksum), name;
    struct bytes value;
    if (!checksum.at)
        return true;
    if (!str_cut(&rest, ' ', &name) || !str_contains(STR("," CHECKSUM_NAMES ","), str_printf(s->arena, "," STR_FMT ",",
                                                                                             STR_ARG(name))))
        return fail(s, &problem_malformed, "Upload-Checksum: one of " CHECKSUM_NAMES ", and base64");
    const EVP_MD *kind = str_is(name, "sha256") ? EVP_sha256() : str_is(name, "sha1") ? EVP_sha1() : EVP_md5();
    if (!rest.at || !base64_read(s->arena, str_trim(rest), &value) || value.raw.len != (size_t)EVP_MD_size(kind))
        return fail(s, &problem_malformed, "Upload-Checksum: its value is no " STR_FMT, STR_ARG(name));
    memcpy(a->expected, value.raw.at, value.raw.len);
    a->expected_bytes = value.raw.len;
    a->check = EVP_MD_CTX_new();
    if (!a->check || !EVP_DigestInit_ex(a->check, kind, NULL))
        abort();
    arena_defer(s->arena, end_check, a);
    return true;
}

bool
arrival_take(struct scope *s, struct arrival *a, struct str piece)
{
    int64_t left = a->upload.length - partial_bytes(a->partial);
    if (a->upload.state == UPLOAD_COMPLETE || (int64_t)piece.len > left)
        return fail(s, &upload_too_long, "%lld bytes were announced", (long long)a->upload.length);
    if (a->check)
        EVP_DigestUpdate(a->check, piece.at, piece.len);
    return partial_write(s, a->partial, piece.at, piece.len);
}

static bool
note(struct scope *s, struct arrival *a)
{
    struct upload *u = &a->upload;
    struct upload_progress progress = {
        .tenant_id = u->tenant_id, .id = u->id, .received = partial_bytes(a->partial),
        .hash_state = partial_state(s->arena, a->partial), .at = s->now,
        .expires_at = instant_plus(s->now, HOURS(s->service->uploads.keep_hours)) };
    int64_t rows;
    if (!partial_sync(s, a->partial) || !db_run(s, &upload_mark, &progress, &rows))
        return false;
    if (rows == 0)
        return fail(s, &partial_gone, "the upload was ended");
    u->received = progress.received;
    u->expires_at = progress.expires_at;
    return true;
}

/* The last byte is noted by arrival_end alone: who is told that all has come finds an attachment. Bytes whose checksum
 * is not known yet do not count. */
static bool
has_news(const struct arrival *a)
{
    int64_t bytes = partial_bytes(a->partial);
    return !a->check && bytes > a->upload.received && bytes < a->upload.length;
}

bool
arrival_mark(struct scope *s, struct arrival *a, struct db *db)
{
    struct uuids tenants = { &a->upload.tenant_id, 1 };
    return !has_news(a) || (db_begin(s, db, tenants) && note(s, a) && db_commit(s));
}

void
arrival_break(struct scope *s, struct arrival *a, struct db *db)
{
    if (!arrival_mark(s, a, db))
        log_warn(s, "upload.unmarked", STR_FMT, STR_ARG(s->failure.detail));
    arrival_let_go(a);
}

static bool
fits_checksum(struct scope *s, struct arrival *a)
{
    uint8_t found[EVP_MAX_MD_SIZE];
    if (!a->check)
        return true;
    EVP_DigestFinal_ex(a->check, found, NULL);
    return memcmp(found, a->expected, a->expected_bytes) == 0 || fail(s, &upload_bad_checksum, "another checksum");
}

static bool
complete(struct scope *s, struct arrival *a)
{
    struct upload *u = &a->upload;
    struct blob_facts blob;
    if (!partial_settle(s, a->partial, &blob) || !attachment_from_upload(s, u, &blob, &u->attachment_id))
        return false;
    struct bytes hash = { { (const char *)blob.id.sha256, sizeof blob.id.sha256 } };
    struct upload_end end = { .tenant_id = u->tenant_id, .id = u->id, .sha256 = hex_of(s->arena, hash),
                              .attachment_id = u->attachment_id, .at = s->now };
    int64_t rows;
    if (!db_run(s, &upload_complete, &end, &rows) || (rows == 0 && !fail(s, &partial_gone, "the upload was ended"))
        || !db_commit(s))
        return false;
    u->state = UPLOAD_COMPLETE;
    u->received = u->length;
    u->sha256 = end.sha256;
    u->completed_at = s->now;
    return true;
}

/* The lock goes after the commit: who takes it next must find what the file holds. */
bool
arrival_end(struct scope *s, struct arrival *a, struct upload *out)
{
    struct upload *u = &a->upload;
    bool done;
    if (u->state == UPLOAD_COMPLETE)
        done = db_commit(s);
    else if (!fits_checksum(s, a))
        done = false;
    else if (partial_bytes(a->partial) == u->length)
        done = complete(s, a);
    else
        done = note(s, a) && db_commit(s);
    if (!done)
        return false;
    arrival_let_go(a);
    *out = *u;
    return true;
}
