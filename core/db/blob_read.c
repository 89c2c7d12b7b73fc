/* Reading blobs, plain and sealed. A sealed blob is a header and chunks of libsodium's secretstream, whose last one is
 * tagged as such: what was cut off, swapped or touched does not open. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/crypto.h"
#include "core/db/blob_store.h"

enum {
    CHUNK_BYTES = 64 * 1024,
    SEALED_BYTES = CHUNK_BYTES + crypto_secretstream_xchacha20poly1305_ABYTES,
    HEADER_BYTES = crypto_secretstream_xchacha20poly1305_HEADERBYTES,
};

struct unsealing {
    crypto_secretstream_xchacha20poly1305_state state;
    uint8_t plain[CHUNK_BYTES], sealed[SEALED_BYTES];
    size_t begin, length; /* of plain */
    bool was_last;
};

struct blob_reader {
    int file;
    struct blob_id id;
    EVP_MD_CTX *hash;
    int64_t size;
    struct unsealing *unsealing; /* NULL: plain */
    bool ended, in_parts;
};

static void
reader_close(void *handle)
{
    struct blob_reader *r = handle;
    blob_close_file(&r->file);
    EVP_MD_CTX_free(r->hash);
    r->hash = NULL;
}

static bool
reader_begin(struct scope *s, struct blob_reader *r)
{
    struct stat about;
    arena_defer(s->arena, reader_close, r);
    r->hash = EVP_MD_CTX_new();
    if (!r->hash || !EVP_DigestInit_ex(r->hash, EVP_sha256(), NULL))
        abort();
    if (fstat(r->file, &about) != 0)
        return blob_fail_errno(s, "looking at a file");
    r->size = about.st_size;
    return true;
}

static bool
open_on_shelf(struct scope *s, int shelf, struct blob_id id, struct blob_reader **out)
{
    struct blob_reader *r = arena_new_of(s->arena, struct blob_reader);
    char name[BLOB_NAME_BYTES];
    blob_name(id, name);
    r->id = id;
    r->file = openat(shelf, name, O_RDONLY | O_CLOEXEC);
    if (r->file < 0)
        return errno == ENOENT ? fail(s, &problem_not_found, "blob %s", name) : blob_fail_errno(s, "opening a file");
    *out = r;
    return reader_begin(s, r);
}

bool
blob_open_file(struct scope *s, int file, struct blob_reader **out)
{
    struct blob_reader *r = arena_new_of(s->arena, struct blob_reader);
    r->file = file;
    r->in_parts = true;
    *out = r;
    return reader_begin(s, r);
}

bool
blob_open(struct scope *s, struct blob_store *store, struct blob_id id, struct blob_reader **out)
{
    return open_on_shelf(s, store->objects, id, out);
}

int64_t
blob_size(const struct blob_reader *r)
{
    return r->size;
}

static bool
fail_damaged(struct scope *s, const struct blob_reader *r, const char *how)
{
    char name[BLOB_NAME_BYTES];
    blob_name(r->id, name);
    return fail(s, &problem_internal, "blob %s is damaged: %s", name, how);
}

static bool
compare_hash(struct scope *s, struct blob_reader *r)
{
    struct blob_id read;
    r->ended = true;
    EVP_DigestFinal_ex(r->hash, read.sha256, NULL);
    return sodium_memcmp(read.sha256, r->id.sha256, sizeof read.sha256) == 0
        || fail_damaged(s, r, "its content has another hash");
}

static bool
read_file(struct scope *s, int file, void *data, size_t bytes, size_t *got)
{
    ssize_t count;
    do
        count = read(file, data, bytes);
    while (count < 0 && errno == EINTR);
    *got = count > 0 ? (size_t)count : 0;
    return count >= 0 || blob_fail_errno(s, "reading");
}

static bool
read_full(struct scope *s, int file, void *data, size_t bytes, size_t *got)
{
    size_t piece = 1;
    for (*got = 0; *got < bytes && piece > 0; *got += piece)
        if (!read_file(s, file, (char *)data + *got, bytes - *got, &piece))
            return false;
    return true;
}

/* ---- sealed ---- */

static bool
unseal_chunk(struct scope *s, struct blob_reader *r)
{
    struct unsealing *u = r->unsealing;
    unsigned long long length;
    unsigned char tag;
    size_t got;
    u->begin = u->length = 0;
    if (u->was_last)
        return true;
    if (!read_full(s, r->file, u->sealed, sizeof u->sealed, &got))
        return false;
    if (crypto_secretstream_xchacha20poly1305_pull(&u->state, u->plain, &length, &tag, u->sealed, got,
                                                   r->id.sha256, sizeof r->id.sha256) != 0)
        return fail_damaged(s, r, "it does not open");
    u->was_last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    u->length = (size_t)length;
    return true;
}

static bool
read_sealed(struct scope *s, struct blob_reader *r, void *data, size_t bytes, size_t *got)
{
    struct unsealing *u = r->unsealing;
    if (u->begin == u->length && !unseal_chunk(s, r))
        return false;
    *got = u->length - u->begin < bytes ? u->length - u->begin : bytes;
    memcpy(data, u->plain + u->begin, *got);
    u->begin += *got;
    return true;
}

bool
blob_read(struct scope *s, struct blob_reader *r, void *data, size_t bytes, size_t *got)
{
    *got = 0;
    if (r->ended || bytes == 0)
        return true;
    if (!(r->unsealing ? read_sealed(s, r, data, bytes, got) : read_file(s, r->file, data, bytes, got)))
        return false;
    if (r->in_parts)
        return true;
    EVP_DigestUpdate(r->hash, data, *got);
    return *got > 0 || compare_hash(s, r);
}

bool
blob_seek(struct scope *s, struct blob_reader *r, int64_t offset)
{
    if (r->unsealing)
        return fail(s, &problem_internal, "blob store: a sealed blob is read from its beginning");
    r->in_parts = true;
    return lseek(r->file, offset, SEEK_SET) == offset || blob_fail_errno(s, "seeking");
}

static void
forget(void *handle)
{
    sodium_memzero(handle, sizeof(struct unsealing));
}

bool
blob_open_sealed(struct scope *s, struct blob_store *store, const struct secret_key *key, struct blob_id id,
                 struct blob_reader **out)
{
    uint8_t header[HEADER_BYTES];
    struct blob_reader *r;
    size_t got;
    if (!open_on_shelf(s, store->sealed, id, &r) || !read_full(s, r->file, header, sizeof header, &got))
        return false;
    r->unsealing = arena_new_of(s->arena, struct unsealing);
    arena_defer(s->arena, forget, r->unsealing);
    if (got < sizeof header
        || crypto_secretstream_xchacha20poly1305_init_pull(&r->unsealing->state, header, key->bytes) != 0)
        return fail_damaged(s, r, "it does not open");
    int64_t body = r->size - HEADER_BYTES, chunks = (body + SEALED_BYTES - 1) / SEALED_BYTES;
    r->size = body - chunks * crypto_secretstream_xchacha20poly1305_ABYTES;
    *out = r;
    return true;
}

struct sealing {
    crypto_secretstream_xchacha20poly1305_state state;
    uint8_t plain[CHUNK_BYTES], sealed[SEALED_BYTES];
    struct blob_store *store;
    int file;
    char name[48];
};

static void
sealing_end(void *handle)
{
    struct sealing *g = handle;
    if (g->file >= 0)
        unlinkat(g->store->incoming, g->name, 0);
    blob_close_file(&g->file);
    sodium_memzero(g, sizeof *g);
    g->file = -1;
}

static bool
sealing_begin(struct scope *s, struct sealing *g, const struct secret_key *key)
{
    uint8_t header[HEADER_BYTES], random[16];
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(g->name, sizeof g->name, random, sizeof random);
    g->file = openat(g->store->incoming, g->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (g->file < 0)
        return blob_fail_errno(s, "opening a file");
    arena_defer(s->arena, sealing_end, g);
    crypto_secretstream_xchacha20poly1305_init_push(&g->state, header, key->bytes);
    return blob_write_all(s, g->file, header, sizeof header);
}

/* Fills a whole chunk, so that only the last one is shorter. */
static bool
read_chunk(struct scope *s, struct blob_reader *r, struct sealing *g, size_t *length)
{
    size_t got = 1;
    for (*length = 0; *length < CHUNK_BYTES && got > 0; *length += got)
        if (!blob_read(s, r, g->plain + *length, CHUNK_BYTES - *length, &got))
            return false;
    return true;
}

static bool
seal_all(struct scope *s, struct blob_reader *r, struct sealing *g)
{
    int64_t left = r->size;
    bool last = false;
    while (!last) {
        unsigned long long sealed;
        size_t length;
        if (!read_chunk(s, r, g, &length))
            return false;
        left -= (int64_t)length;
        last = left <= 0 || length < CHUNK_BYTES;
        crypto_secretstream_xchacha20poly1305_push(&g->state, g->sealed, &sealed, g->plain, length, r->id.sha256,
                                                   sizeof r->id.sha256,
                                                   last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
        if (!blob_write_all(s, g->file, g->sealed, sealed))
            return false;
    }
    size_t more; /* the end is where the hash is compared */
    return blob_read(s, r, g->plain, CHUNK_BYTES, &more) && (more == 0 || fail_damaged(s, r, "it grew"));
}

bool
blob_seal(struct scope *s, struct blob_store *store, const struct secret_key *key, struct blob_id id)
{
    struct sealing *g = arena_new_of(s->arena, struct sealing);
    struct blob_reader *r;
    *g = (struct sealing){ .store = store, .file = -1 };
    if (!blob_open(s, store, id, &r) || !sealing_begin(s, g, key) || !seal_all(s, r, g)
        || !blob_shelve(s, g->file, store->incoming, g->name, store->sealed, id, false))
        return false;
    blob_close_file(&g->file);
    return true;
}
