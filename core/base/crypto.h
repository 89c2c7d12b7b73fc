/* crypto: the few operations the house needs, all libsodium's: random tokens, password hashes, hashes, secrets at
 * rest, comparison in constant time, and base64url. crypto_start must be called once at process start. */
#ifndef YAGURA_CORE_BASE_CRYPTO_H
#define YAGURA_CORE_BASE_CRYPTO_H

#include "core/base/scope.h"
#include "core/base/shape.h"

enum { SECRET_KEY_BYTES = 32, SHA256_BYTES = 32 };

struct secret_key {
    uint8_t bytes[SECRET_KEY_BYTES];
};

must_check bool crypto_start(void);
struct str random_token(struct arena *a, size_t bytes);           /* base64url of that many random bytes */
void random_bytes(void *out, size_t bytes);
struct bytes sha256_of(struct arena *a, struct str data);         /* 32 bytes */
struct bytes hmac_sha256(struct arena *a, struct str key, struct str data);
struct str hex_of(struct arena *a, struct bytes b);
must_check bool hex_read(struct arena *a, struct str hex, struct bytes *out);
struct str base64url_of(struct arena *a, struct bytes b);         /* without padding */
must_check bool base64url_read(struct arena *a, struct str text, struct bytes *out);
struct str base64_of(struct arena *a, struct bytes b);
must_check bool base64_read(struct arena *a, struct str text, struct bytes *out);
bool equal_in_constant_time(struct str a, struct str b);

must_check bool password_hash(struct scope *s, struct str password, struct str *out); /* argon2id */
bool password_matches(struct str hash, struct str password);
bool password_needs_rehash(struct str hash);

/* Secrets at rest: XChaCha20-Poly1305; `context` (table, column, id) is authenticated, so that a sealed value
 * copied to another row does not open. */
struct bytes secret_seal(struct arena *a, const struct secret_key *key, struct str context, struct str plain);
must_check bool secret_open(struct scope *s, const struct secret_key *key, struct str context, struct bytes sealed,
                            struct str *out);
must_check bool secret_key_read(struct scope *s, const char *file, struct secret_key *out); /* 64 hex digits */

#endif
