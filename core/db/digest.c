/* The functions of a single hash, which OpenSSL would rather see replaced by its general ones, are the only ones whose
 * state is a plain struct that can be kept. They use the same assembly. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "core/db/digest.h"

#include <openssl/crypto.h>
#include <openssl/md5.h>
#include <openssl/sha.h>

struct states {
    SHA256_CTX sha256;
    SHA_CTX sha1;
    MD5_CTX md5;
};

struct digest {
    struct states states;
};

/* A saved state is good for the same library on the same kind of machine. */
struct saved {
    char mark[4];
    uint32_t library, byte_order, size;
    struct states states;
};

static struct saved
saved_head(void)
{
    return (struct saved){ .mark = { 'Y', 'G', 'D', '1' }, .library = OPENSSL_version_major(),
                           .byte_order = 0x01020304, .size = sizeof(struct states) };
}

struct digest *
digest_new(struct arena *a)
{
    struct digest *d = arena_new_of(a, struct digest);
    if (!SHA256_Init(&d->states.sha256) || !SHA1_Init(&d->states.sha1) || !MD5_Init(&d->states.md5))
        abort(); /* only ever 1 */
    return d;
}

void
digest_add(struct digest *d, const void *data, size_t bytes)
{
    SHA256_Update(&d->states.sha256, data, bytes);
    SHA1_Update(&d->states.sha1, data, bytes);
    MD5_Update(&d->states.md5, data, bytes);
}

void
digest_end(const struct digest *d, struct digests *out)
{
    struct states last = d->states;
    SHA256_Final(out->sha256, &last.sha256);
    SHA1_Final(out->sha1, &last.sha1);
    MD5_Final(out->md5, &last.md5);
}

struct bytes
digest_save(struct arena *a, const struct digest *d)
{
    struct saved *saved = arena_new_of(a, struct saved);
    *saved = saved_head();
    saved->states = d->states;
    return (struct bytes){ { (const char *)saved, sizeof *saved } };
}

bool
digest_load(struct digest *d, struct bytes saved)
{
    struct saved head = saved_head(), kept;
    if (saved.raw.len != sizeof kept)
        return false;
    memcpy(&kept, saved.raw.at, sizeof kept);
    if (memcmp(&kept, &head, offsetof(struct saved, states)) != 0)
        return false;
    d->states = kept.states;
    return true;
}
