#include "core/db/blob_partial.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/db/blob_store.h"

#define COPY_ENDING ".copy"

enum { NAME_BYTES = 40, READ_BYTES = 256 * 1024, BEHIND_BYTES = 8 * 1024 * 1024 };

const struct problem partial_busy = {
    423, "upload-busy",
    { "Another connection is sending this file right now. Wait until it ends, or end it.",
      "このファイルは別の接続で送信中です。その送信が終わるまでお待ちください。" },
};

const struct problem partial_gone = {
    410, "upload-gone",
    { "What was sent of this file is no longer there. Please send it anew.",
      "途中まで送信されたデータが残っていません。お手数ですが、最初から送信し直してください。" },
};

struct partial {
    struct blob_store *store;
    int file;
    char name[NAME_BYTES];
    int64_t bytes, pushed; /* pushed: the system was asked to write this much to the disk */
    struct digest *digest;
};

static void
end_partial(void *handle)
{
    partial_close(handle);
}

void
partial_close(struct partial *p)
{
    blob_close_file(&p->file);
}

static bool
open_named(struct scope *s, struct partial *p)
{
    p->file = openat(p->store->partial, p->name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (p->file < 0)
        return blob_fail_errno(s, "opening a partial file");
    if (flock(p->file, LOCK_EX | LOCK_NB) == 0)
        return true;
    return errno == EWOULDBLOCK ? fail(s, &partial_busy, "it is being written") : blob_fail_errno(s, "locking a file");
}

/* Between opening and locking the name may have gone, or have become another file's. */
static bool
is_still_named(const struct partial *p)
{
    struct stat here, there;
    return fstat(p->file, &here) == 0 && fstatat(p->store->partial, p->name, &there, AT_SYMLINK_NOFOLLOW) == 0
        && here.st_ino == there.st_ino && here.st_dev == there.st_dev;
}

bool
partial_open(struct scope *s, struct blob_store *store, struct uuid id, struct partial **out)
{
    struct partial *p = arena_new_of(s->arena, struct partial);
    *p = (struct partial){ .store = store, .file = -1 };
    snprintf(p->name, sizeof p->name, STR_FMT, STR_ARG(uuid_format(s->arena, id)));
    arena_defer(s->arena, end_partial, p);
    p->digest = digest_new(s->arena);
    for (bool named = false; !named; named = is_still_named(p)) {
        partial_close(p);
        if (!open_named(s, p)) {
            partial_close(p);
            return false;
        }
    }
    *out = p;
    return true;
}

/* What it became was never noted, and is a blob all the same: its bytes are not ours to cut. */
static bool
copy_beginning(struct scope *s, struct partial *p, int64_t bytes)
{
    char name[NAME_BYTES + 8];
    snprintf(name, sizeof name, "%s" COPY_ENDING, p->name);
    scoped(blob_close_file) int copy = openat(p->store->partial, name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (copy < 0 || flock(copy, LOCK_EX | LOCK_NB) != 0)
        return blob_fail_errno(s, "opening a partial file");
    for (loff_t from = 0; from < bytes;) {
        ssize_t count = copy_file_range(p->file, &from, copy, NULL, (size_t)(bytes - from), 0);
        if (count <= 0)
            return blob_fail_errno(s, "copying a file");
    }
    if (fsync(copy) != 0 || renameat(p->store->partial, name, p->store->partial, p->name) != 0)
        return blob_fail_errno(s, "naming a file");
    int old = p->file;
    p->file = copy;
    copy = old;
    return true;
}

static bool
read_again(struct scope *s, struct partial *p, int64_t offset)
{
    char *block = arena_alloc(s->arena, READ_BYTES);
    int64_t at = 0;
    while (at < offset) {
        size_t wanted = offset - at < READ_BYTES ? (size_t)(offset - at) : READ_BYTES;
        ssize_t got = pread(p->file, block, wanted, at);
        if (got <= 0)
            return blob_fail_errno(s, "reading");
        digest_add(p->digest, block, (size_t)got);
        at += got;
    }
    return true;
}

bool
partial_resume(struct scope *s, struct partial *p, int64_t offset, struct bytes state)
{
    struct stat about;
    if (fstat(p->file, &about) != 0)
        return blob_fail_errno(s, "looking at a file");
    if (about.st_size < offset)
        return fail(s, &partial_gone, "%lld bytes are there of %lld", (long long)about.st_size, (long long)offset);
    if (about.st_nlink > 1 && !copy_beginning(s, p, offset))
        return false;
    if (ftruncate(p->file, offset) != 0 || lseek(p->file, offset, SEEK_SET) != offset)
        return blob_fail_errno(s, "cutting a file");
    p->bytes = p->pushed = offset;
    return offset == 0 || (state.raw.at && digest_load(p->digest, state)) || read_again(s, p, offset);
}

bool
partial_write(struct scope *s, struct partial *p, const void *data, size_t bytes)
{
    if (!blob_write_all(s, p->file, data, bytes)) {
        if (ftruncate(p->file, p->bytes) != 0 || lseek(p->file, p->bytes, SEEK_SET) < 0)
            partial_close(p); /* whoever opens it cuts it */
        return false;
    }
    digest_add(p->digest, data, bytes);
    p->bytes += (int64_t)bytes;
    if (p->bytes - p->pushed >= BEHIND_BYTES) { /* begins to write: so that syncing waits for little */
        sync_file_range(p->file, p->pushed, p->bytes - p->pushed, SYNC_FILE_RANGE_WRITE);
        p->pushed = p->bytes;
    }
    return true;
}

bool
partial_sync(struct scope *s, struct partial *p)
{
    if (p->file < 0)
        return fail(s, &problem_internal, "blob store: syncing what was closed");
    return (fsync(p->file) == 0 || blob_fail_errno(s, "syncing a file"))
        && (fsync(p->store->partial) == 0 || blob_fail_errno(s, "syncing a folder"));
}

int64_t
partial_bytes(const struct partial *p)
{
    return p->bytes;
}

struct bytes
partial_state(struct arena *a, const struct partial *p)
{
    return digest_save(a, p->digest);
}

void
partial_digests(const struct partial *p, struct digests *out)
{
    digest_end(p->digest, out);
}

bool
partial_settle(struct scope *s, struct partial *p, struct blob_facts *out)
{
    digest_end(p->digest, &out->digests);
    memcpy(out->id.sha256, out->digests.sha256, sizeof out->id.sha256);
    out->bytes = p->bytes;
    return blob_shelve(s, p->file, p->store->partial, p->name, p->store->objects, out->id, true);
}

void
partial_drop(struct partial *p)
{
    if (p->file >= 0)
        unlinkat(p->store->partial, p->name, 0);
    partial_close(p);
}

static void
close_folder(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

static bool
open_listing(struct scope *s, int folder, DIR **out)
{
    int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    *out = again >= 0 ? fdopendir(again) : NULL;
    if (*out)
        return true;
    blob_close_file(&again);
    return blob_fail_errno(s, "reading a folder");
}

static bool
is_old(int folder, const char *name, struct instant before)
{
    struct stat about;
    return fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(about.st_mode)
        && about.st_mtim.tv_sec < before.us / SECONDS(1);
}

bool
partial_list(struct scope *s, struct blob_store *store, struct instant before, struct uuids *out)
{
    scoped(close_folder) DIR *folder = NULL;
    *out = (struct uuids){ arena_array_of(s->arena, PARTIALS_LISTED, struct uuid), 0 };
    if (!open_listing(s, store->partial, &folder))
        return false;
    for (struct dirent *e; out->count < PARTIALS_LISTED && (e = readdir(folder));)
        if (uuid_parse(str_of(e->d_name), &out->items[out->count]) && is_old(store->partial, e->d_name, before))
            out->count++;
    return true;
}

static bool
sweep_folder(struct scope *s, int where, struct str ending, struct instant before, int64_t *gone)
{
    scoped(close_folder) DIR *folder = NULL;
    if (!open_listing(s, where, &folder))
        return false;
    for (struct dirent *e; (e = readdir(folder));)
        if (str_ends(str_of(e->d_name), ending) && is_old(where, e->d_name, before)
            && unlinkat(where, e->d_name, 0) == 0)
            ++*gone;
    return true;
}

/* Whoever writes a file touches it all the time: what is old has lost its writer. */
bool
blob_sweep(struct scope *s, struct blob_store *store, struct instant before, int64_t *gone)
{
    *gone = 0;
    return sweep_folder(s, store->incoming, STR(""), before, gone)
        && sweep_folder(s, store->partial, STR(COPY_ENDING), before, gone);
}
