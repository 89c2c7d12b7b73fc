#include "core/db/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

/* Layout: incoming/ holds what is being written, objects/ab/cdef… what is whole. Both lie in one file system,
 * so that a rename is the moment a blob begins to exist. */
enum { NAME_BYTES = 2 * crypto_hash_sha256_BYTES + 1, PREFIX_BYTES = 2, OBJECT_NAME_BYTES = NAME_BYTES + 1 };

struct blob_store {
    int incoming, objects; /* folders */
};

struct blob_writer {
    struct blob_store *store;
    int file; /* -1 once finished or given up */
    char name[48];
    int64_t bytes;
    crypto_hash_sha256_state hash;
};

struct blob_reader {
    int file;
    struct blob_id id;
    crypto_hash_sha256_state hash;
    bool ended;
};

/* ---- the store ---- */

static bool
fail_errno(struct scope *s, const char *doing)
{
    int reason = errno;
    bool full = reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
    return fail(s, full ? &problem_storage_full : &problem_internal, "blob store: %s: %s", doing, strerror(reason));
}

static void
close_descriptor(int *file)
{
    if (*file >= 0)
        close(*file);
    *file = -1;
}

static bool
open_folder(struct scope *s, int parent, const char *name, int *out)
{
    if (mkdirat(parent, name, 0700) != 0 && errno != EEXIST)
        return fail_errno(s, "making a folder");
    *out = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *out >= 0 || fail_errno(s, "opening a folder");
}

bool
blob_store_open(struct scope *s, const char *folder, struct blob_store **out)
{
    scoped(close_descriptor) int root = -1;
    struct blob_store store = { -1, -1 };
    bool opened = open_folder(s, AT_FDCWD, folder, &root) && open_folder(s, root, "incoming", &store.incoming)
               && open_folder(s, root, "objects", &store.objects);
    if (opened && (fsync(root) == 0 || fail_errno(s, "syncing the folder"))) {
        *out = malloc(sizeof store);
        if (!*out)
            abort();
        **out = store;
        return true;
    }
    close_descriptor(&store.incoming);
    close_descriptor(&store.objects);
    return false;
}

void
blob_store_close(struct blob_store *store)
{
    if (!store)
        return;
    close_descriptor(&store->incoming);
    close_descriptor(&store->objects);
    free(store);
}

/* objects/ab/cdef…: 256 folders keep each one small. */
static void
object_name(struct blob_id id, char out[OBJECT_NAME_BYTES])
{
    char hex[NAME_BYTES];
    sodium_bin2hex(hex, sizeof hex, id.sha256, sizeof id.sha256);
    snprintf(out, OBJECT_NAME_BYTES, "%.*s/%s", PREFIX_BYTES, hex, hex + PREFIX_BYTES);
}

/* ---- writing ---- */

static void
writer_give_up(void *handle)
{
    struct blob_writer *w = handle;
    if (w->file < 0)
        return;
    unlinkat(w->store->incoming, w->name, 0);
    close_descriptor(&w->file);
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
        return fail_errno(s, "opening a file");
    arena_defer(s->arena, writer_give_up, w);
    crypto_hash_sha256_init(&w->hash);
    *out = w;
    return true;
}

bool
blob_write(struct scope *s, struct blob_writer *w, const void *data, size_t bytes)
{
    const char *at = data;
    crypto_hash_sha256_update(&w->hash, data, bytes);
    w->bytes += (int64_t)bytes;
    while (bytes > 0) {
        ssize_t written = write(w->file, at, bytes);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            fail_errno(s, "writing");
            writer_give_up(w);
            return false;
        }
        at += written;
        bytes -= (size_t)written;
    }
    return true;
}

/* The file, its new name and, when the folder is new, the folder's name must all be on the disk. */
static bool
settle(struct scope *s, struct blob_writer *w, struct blob_id id)
{
    char name[OBJECT_NAME_BYTES], prefix[PREFIX_BYTES + 1];
    object_name(id, name);
    snprintf(prefix, sizeof prefix, "%.*s", PREFIX_BYTES, name);
    scoped(close_descriptor) int folder = -1;
    return (fsync(w->file) == 0 || fail_errno(s, "syncing a file"))
        && open_folder(s, w->store->objects, prefix, &folder)
        && (renameat(w->store->incoming, w->name, w->store->objects, name) == 0 || fail_errno(s, "naming a file"))
        && (fsync(folder) == 0 || fail_errno(s, "syncing a folder"))
        && (fsync(w->store->objects) == 0 || fail_errno(s, "syncing a folder"));
}

bool
blob_finish(struct scope *s, struct blob_writer *w, struct blob_id *id, int64_t *bytes)
{
    if (w->file < 0)
        return fail(s, &problem_internal, "blob store: finishing what was given up");
    crypto_hash_sha256_final(&w->hash, id->sha256);
    *bytes = w->bytes;
    if (!settle(s, w, *id)) {
        writer_give_up(w);
        return false;
    }
    close_descriptor(&w->file);
    return true;
}

/* ---- reading ---- */

static void
reader_close(void *handle)
{
    struct blob_reader *r = handle;
    close_descriptor(&r->file);
}

bool
blob_open(struct scope *s, struct blob_store *store, struct blob_id id, struct blob_reader **out)
{
    struct blob_reader *r = arena_new_of(s->arena, struct blob_reader);
    char name[OBJECT_NAME_BYTES];
    object_name(id, name);
    r->id = id;
    r->file = openat(store->objects, name, O_RDONLY | O_CLOEXEC);
    if (r->file < 0)
        return errno == ENOENT ? fail(s, &problem_not_found, "blob %s", name) : fail_errno(s, "opening a file");
    arena_defer(s->arena, reader_close, r);
    crypto_hash_sha256_init(&r->hash);
    *out = r;
    return true;
}

static bool
compare_hash(struct scope *s, struct blob_reader *r)
{
    struct blob_id read;
    r->ended = true;
    crypto_hash_sha256_final(&r->hash, read.sha256);
    if (sodium_memcmp(read.sha256, r->id.sha256, sizeof read.sha256) == 0)
        return true;
    char name[OBJECT_NAME_BYTES];
    object_name(r->id, name);
    return fail(s, &problem_internal, "blob %s is damaged: its content has another hash", name);
}

bool
blob_read(struct scope *s, struct blob_reader *r, void *data, size_t bytes, size_t *got)
{
    ssize_t count;
    *got = 0;
    if (r->ended || bytes == 0)
        return true;
    do
        count = read(r->file, data, bytes);
    while (count < 0 && errno == EINTR);
    if (count < 0)
        return fail_errno(s, "reading");
    crypto_hash_sha256_update(&r->hash, data, (size_t)count);
    *got = (size_t)count;
    return count > 0 || compare_hash(s, r);
}
