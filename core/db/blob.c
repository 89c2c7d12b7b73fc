#include "core/db/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/db/blob_store.h"

struct blob_writer {
    struct blob_store *store;
    int file; /* -1 once finished or given up */
    char name[48];
    int64_t bytes;
    struct digest *digest;
};

/* ---- the store ---- */

bool
blob_fail_errno(struct scope *s, const char *doing)
{
    int reason = errno;
    bool full = reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
    return fail(s, full ? &problem_storage_full : &problem_internal, "blob store: %s: %s", doing, strerror(reason));
}

void
blob_close_file(int *file)
{
    if (*file >= 0)
        close(*file);
    *file = -1;
}

static bool
open_folder(struct scope *s, int parent, const char *name, int *out)
{
    if (mkdirat(parent, name, 0700) != 0 && errno != EEXIST)
        return blob_fail_errno(s, "making a folder");
    *out = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *out >= 0 || blob_fail_errno(s, "opening a folder");
}

static void
close_folders(struct blob_store *store)
{
    blob_close_file(&store->incoming);
    blob_close_file(&store->partial);
    blob_close_file(&store->objects);
    blob_close_file(&store->sealed);
}

bool
blob_store_open(struct scope *s, const char *folder, struct blob_store **out)
{
    scoped(blob_close_file) int root = -1;
    struct blob_store store = { -1, -1, -1, -1 };
    bool opened = open_folder(s, AT_FDCWD, folder, &root) && open_folder(s, root, "incoming", &store.incoming)
               && open_folder(s, root, "partial", &store.partial) && open_folder(s, root, "objects", &store.objects)
               && open_folder(s, root, "sealed", &store.sealed);
    if (opened && (fsync(root) == 0 || blob_fail_errno(s, "syncing the folder"))) {
        *out = malloc(sizeof store);
        if (!*out)
            abort();
        **out = store;
        return true;
    }
    close_folders(&store);
    return false;
}

void
blob_store_close(struct blob_store *store)
{
    if (!store)
        return;
    close_folders(store);
    free(store);
}

bool
blob_store_room(struct scope *s, const struct blob_store *store, int64_t *bytes)
{
    struct statvfs disk;
    if (fstatvfs(store->incoming, &disk) != 0)
        return blob_fail_errno(s, "asking for room");
    *bytes = (int64_t)(disk.f_bavail * disk.f_frsize);
    return true;
}

/* 256 folders keep each one small. */
void
blob_name(struct blob_id id, char out[BLOB_NAME_BYTES])
{
    char hex[2 * sizeof id.sha256 + 1];
    sodium_bin2hex(hex, sizeof hex, id.sha256, sizeof id.sha256);
    snprintf(out, BLOB_NAME_BYTES, "%.*s/%s", BLOB_PREFIX_BYTES, hex, hex + BLOB_PREFIX_BYTES);
}

/* ---- writing ---- */

bool
blob_write_all(struct scope *s, int file, const void *data, size_t bytes)
{
    const char *at = data;
    while (bytes > 0) {
        ssize_t written = write(file, at, bytes);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return blob_fail_errno(s, "writing");
        at += written;
        bytes -= (size_t)written;
    }
    return true;
}

/* Whoever wrote the same bytes before has made the same blob. */
static bool
add_name(int from, const char *name, int shelf, const char *new_name, bool keep)
{
    if (keep)
        return linkat(from, name, shelf, new_name, 0) == 0 || errno == EEXIST;
    return renameat(from, name, shelf, new_name) == 0;
}

bool
blob_shelve(struct scope *s, int file, int from, const char *name, int shelf, struct blob_id id, bool keep)
{
    char new_name[BLOB_NAME_BYTES], prefix[BLOB_PREFIX_BYTES + 1];
    blob_name(id, new_name);
    snprintf(prefix, sizeof prefix, "%.*s", BLOB_PREFIX_BYTES, new_name);
    scoped(blob_close_file) int folder = -1;
    return (fsync(file) == 0 || blob_fail_errno(s, "syncing a file"))
        && open_folder(s, shelf, prefix, &folder)
        && (add_name(from, name, shelf, new_name, keep) || blob_fail_errno(s, "naming a file"))
        && (fsync(folder) == 0 || blob_fail_errno(s, "syncing a folder"))
        && (fsync(shelf) == 0 || blob_fail_errno(s, "syncing a folder"));
}

void
blob_give_up(struct blob_writer *w)
{
    if (w->file < 0)
        return;
    unlinkat(w->store->incoming, w->name, 0);
    blob_close_file(&w->file);
}

static void
give_up(void *handle)
{
    blob_give_up(handle);
}

bool
blob_begin(struct scope *s, struct blob_store *store, struct blob_writer **out)
{
    struct blob_writer *w = arena_new_of(s->arena, struct blob_writer);
    uint8_t random[16];
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(w->name, sizeof w->name, random, sizeof random);
    w->store = store;
    w->file = openat(store->incoming, w->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (w->file < 0)
        return blob_fail_errno(s, "opening a file");
    arena_defer(s->arena, give_up, w);
    w->digest = digest_new(s->arena);
    *out = w;
    return true;
}

bool
blob_write(struct scope *s, struct blob_writer *w, const void *data, size_t bytes)
{
    digest_add(w->digest, data, bytes);
    w->bytes += (int64_t)bytes;
    if (blob_write_all(s, w->file, data, bytes))
        return true;
    blob_give_up(w);
    return false;
}

bool
blob_finish(struct scope *s, struct blob_writer *w, struct blob_facts *out)
{
    if (w->file < 0)
        return fail(s, &problem_internal, "blob store: finishing what was given up");
    digest_end(w->digest, &out->digests);
    memcpy(out->id.sha256, out->digests.sha256, sizeof out->id.sha256);
    out->bytes = w->bytes;
    if (!blob_shelve(s, w->file, w->store->incoming, w->name, w->store->objects, out->id, false)) {
        blob_give_up(w);
        return false;
    }
    blob_close_file(&w->file);
    return true;
}

static bool
remove_from(struct scope *s, int shelf, struct blob_id id)
{
    char name[BLOB_NAME_BYTES];
    blob_name(id, name);
    return unlinkat(shelf, name, 0) == 0 || errno == ENOENT || blob_fail_errno(s, "removing a file");
}

bool
blob_remove(struct scope *s, struct blob_store *store, struct blob_id id)
{
    return remove_from(s, store->objects, id);
}

bool
blob_remove_sealed(struct scope *s, struct blob_store *store, struct blob_id id)
{
    return remove_from(s, store->sealed, id);
}
