/* digest: SHA-256, SHA-1 and MD5 of the same bytes in one pass. People compare files with lists of any of the three;
 * the house itself trusts the first alone. A digest can be saved and gone on with by another process: so the rest of a
 * large file is enough after a break. */
#ifndef YAGURA_CORE_DB_DIGEST_H
#define YAGURA_CORE_DB_DIGEST_H

#include "core/base/shape.h"

enum { DIGEST_SHA256_BYTES = 32, DIGEST_SHA1_BYTES = 20, DIGEST_MD5_BYTES = 16 };

struct digests {
    uint8_t sha256[DIGEST_SHA256_BYTES], sha1[DIGEST_SHA1_BYTES], md5[DIGEST_MD5_BYTES];
};

struct digest;

struct digest *digest_new(struct arena *a);
void digest_add(struct digest *d, const void *data, size_t bytes);
void digest_end(const struct digest *d, struct digests *out); /* of what was added so far; more may be added */

struct bytes digest_save(struct arena *a, const struct digest *d);
/* False when the state is none that this program can go on with: then the bytes must be read again. */
must_check bool digest_load(struct digest *d, struct bytes saved);

#endif
