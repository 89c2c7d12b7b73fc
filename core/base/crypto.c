#include "core/base/crypto.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

/* argon2id for a person who waits: three passes over 32 MiB, some 50 ms of one core. That is above OWASP's floor
 * (19 MiB, two passes), and small enough that every worker of a process may hash at once within its memory. */
enum { PASSWORD_PASSES = 3, PASSWORD_MEMORY = 32 << 20 };

enum { NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
       TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES };

bool
crypto_start(void)
{
    return sodium_init() >= 0;
}

static const unsigned char *
octets(struct str s)
{
    return (const unsigned char *)(s.at ? s.at : "");
}

static struct bytes
bytes_new(struct arena *a, size_t count, unsigned char **at)
{
    *at = arena_alloc(a, count + 1);
    return (struct bytes){ { (char *)*at, count } };
}

void
random_bytes(void *out, size_t bytes)
{
    randombytes_buf(out, bytes);
}

struct str
random_token(struct arena *a, size_t bytes)
{
    unsigned char *at;
    struct bytes random = bytes_new(a, bytes, &at);
    randombytes_buf(at, bytes);
    return base64url_of(a, random);
}

struct bytes
sha256_of(struct arena *a, struct str data)
{
    unsigned char *at;
    struct bytes hash = bytes_new(a, SHA256_BYTES, &at);
    crypto_hash_sha256(at, octets(data), data.len);
    return hash;
}

struct bytes
hmac_sha256(struct arena *a, struct str key, struct str data)
{
    unsigned char *at;
    struct bytes mac = bytes_new(a, crypto_auth_hmacsha256_BYTES, &at);
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, octets(key), key.len);
    crypto_auth_hmacsha256_update(&state, octets(data), data.len);
    crypto_auth_hmacsha256_final(&state, at);
    return mac;
}

struct str
hex_of(struct arena *a, struct bytes b)
{
    char *text = arena_alloc(a, b.raw.len * 2 + 1);
    sodium_bin2hex(text, b.raw.len * 2 + 1, octets(b.raw), b.raw.len);
    return (struct str){ text, b.raw.len * 2 };
}

bool
hex_read(struct arena *a, struct str hex, struct bytes *out)
{
    unsigned char *at;
    struct bytes read = bytes_new(a, hex.len / 2, &at);
    size_t length = 0;
    const char *end = NULL;
    if (hex.len % 2 || (hex.len && sodium_hex2bin(at, hex.len / 2, hex.at, hex.len, NULL, &length, &end) != 0)
        || length != hex.len / 2)
        return false;
    *out = read;
    return true;
}

static struct str
base64_in(struct arena *a, struct bytes b, int variant)
{
    size_t room = sodium_base64_encoded_len(b.raw.len, variant);
    char *text = arena_alloc(a, room);
    sodium_bin2base64(text, room, octets(b.raw), b.raw.len, variant);
    return (struct str){ text, strlen(text) };
}

static bool
base64_out(struct arena *a, struct str text, int variant, struct bytes *out)
{
    unsigned char *at;
    struct bytes read = bytes_new(a, text.len / 4 * 3 + 3, &at);
    const char *end = NULL, *from = text.at ? text.at : "";
    if (sodium_base642bin(at, text.len / 4 * 3 + 3, from, text.len, NULL, &read.raw.len, &end, variant) != 0
        || end != from + text.len)
        return false;
    *out = read;
    return true;
}

struct str
base64url_of(struct arena *a, struct bytes b)
{
    return base64_in(a, b, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool
base64url_read(struct arena *a, struct str text, struct bytes *out)
{
    return base64_out(a, text, sodium_base64_VARIANT_URLSAFE_NO_PADDING, out);
}

struct str
base64_of(struct arena *a, struct bytes b)
{
    return base64_in(a, b, sodium_base64_VARIANT_ORIGINAL);
}

bool
base64_read(struct arena *a, struct str text, struct bytes *out)
{
    return base64_out(a, text, sodium_base64_VARIANT_ORIGINAL, out);
}

bool
equal_in_constant_time(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || sodium_memcmp(a.at, b.at, a.len) == 0);
}

bool
password_hash(struct scope *s, struct str password, struct str *out)
{
    char *hash = arena_alloc(s->arena, crypto_pwhash_STRBYTES);
    const char *text = password.at ? password.at : "";
    if (crypto_pwhash_str_alg(hash, text, password.len, PASSWORD_PASSES, PASSWORD_MEMORY, crypto_pwhash_ALG_ARGON2ID13))
        return fail(s, &problem_unavailable, "no memory for a password hash");
    *out = str_of(hash);
    return true;
}

/* libsodium wants a text that ends in NUL in a room of its own size. */
static bool
hash_text(char room[crypto_pwhash_STRBYTES], struct str hash)
{
    if (hash.len == 0 || hash.len >= crypto_pwhash_STRBYTES)
        return false;
    memset(room, 0, crypto_pwhash_STRBYTES);
    memcpy(room, hash.at, hash.len);
    return true;
}

bool
password_matches(struct str hash, struct str password)
{
    char room[crypto_pwhash_STRBYTES];
    return hash_text(room, hash)
        && crypto_pwhash_str_verify(room, password.at ? password.at : "", password.len) == 0;
}

bool
password_needs_rehash(struct str hash)
{
    char room[crypto_pwhash_STRBYTES];
    return !hash_text(room, hash) || crypto_pwhash_str_needs_rehash(room, PASSWORD_PASSES, PASSWORD_MEMORY) != 0;
}

struct bytes
secret_seal(struct arena *a, const struct secret_key *key, struct str context, struct str plain)
{
    unsigned char *at;
    struct bytes sealed = bytes_new(a, NONCE_BYTES + plain.len + TAG_BYTES, &at);
    randombytes_buf(at, NONCE_BYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(at + NONCE_BYTES, NULL, octets(plain), plain.len, octets(context),
                                               context.len, NULL, at, key->bytes);
    return sealed;
}

bool
secret_open(struct scope *s, const struct secret_key *key, struct str context, struct bytes sealed, struct str *out)
{
    if (sealed.raw.len < NONCE_BYTES + TAG_BYTES)
        return fail(s, &problem_internal, "sealed secret of " STR_FMT " is cut short", STR_ARG(context));
    unsigned char *at;
    struct bytes plain = bytes_new(s->arena, sealed.raw.len - NONCE_BYTES - TAG_BYTES, &at);
    const unsigned char *from = octets(sealed.raw);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(at, NULL, NULL, from + NONCE_BYTES, sealed.raw.len - NONCE_BYTES,
                                                   octets(context), context.len, from, key->bytes))
        return fail(s, &problem_internal, "sealed secret of " STR_FMT " does not open: other key, or moved here",
                    STR_ARG(context));
    *out = plain.raw;
    return true;
}

static void
close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

bool
secret_key_read(struct scope *s, const char *file, struct secret_key *out)
{
    scoped(close_fd) int fd = open(file, O_RDONLY | O_CLOEXEC);
    struct stat facts;
    if (fd < 0 || fstat(fd, &facts) < 0)
        return fail(s, &problem_internal, "%s: %s", file, strerror(errno));
    if (facts.st_mode & (S_IRWXG | S_IRWXO) & ~S_IRGRP)
        return fail(s, &problem_internal, "%s: a key file must not be open to others (chmod 600 %s)", file, file);
    char text[2 * SECRET_KEY_BYTES + 8];
    ssize_t got = read(fd, text, sizeof text);
    struct bytes key;
    if (got < 0 || !hex_read(s->arena, str_trim((struct str){ text, (size_t)got }), &key)
        || key.raw.len != SECRET_KEY_BYTES)
        return fail(s, &problem_internal, "%s: expected 64 hex digits", file);
    memcpy(out->bytes, key.raw.at, SECRET_KEY_BYTES);
    return true;
}
