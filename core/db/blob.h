/* blob: files by their SHA-256. Writing streams into a temporary file, syncs it, renames it to its hash and syncs the
 * folder: after blob_finish the bytes are durable, before it nothing is visible. Reading verifies. A full disk is
 * problem_storage_full with nothing left behind. */
#ifndef YAGURA_CORE_DB_BLOB_H
#define YAGURA_CORE_DB_BLOB_H

#include "core/db/digest.h"

struct blob_store;
struct blob_writer;
struct blob_reader;
struct secret_key;

struct blob_id {
    uint8_t sha256[DIGEST_SHA256_BYTES];
};

/* What is known of a blob when its last byte was written. */
struct blob_facts {
    struct blob_id id;
    int64_t bytes;
    struct digests digests; /* sha256 is the id */
};

must_check bool blob_store_open(struct scope *s, const char *folder, struct blob_store **out);
void blob_store_close(struct blob_store *store);
must_check bool blob_store_room(struct scope *s, const struct blob_store *store, int64_t *bytes); /* free on the disk */

/* The writer ends with the arena; blob_give_up ends it before. */
must_check bool blob_begin(struct scope *s, struct blob_store *store, struct blob_writer **out);
must_check bool blob_write(struct scope *s, struct blob_writer *w, const void *data, size_t bytes);
must_check bool blob_finish(struct scope *s, struct blob_writer *w, struct blob_facts *out);
void blob_give_up(struct blob_writer *w);

must_check bool blob_open(struct scope *s, struct blob_store *store, struct blob_id id, struct blob_reader **out);
int64_t blob_size(const struct blob_reader *r); /* of the content */
/* Gives up to `bytes`; 0 at the end, after the hash was compared. */
must_check bool blob_read(struct scope *s, struct blob_reader *r, void *data, size_t bytes, size_t *got);
/* Goes to a place in the middle: from there on nothing can be compared. Not for sealed blobs. */
must_check bool blob_seek(struct scope *s, struct blob_reader *r, int64_t offset);

/* Reads a file that is no blob as one: nothing is compared. The reader owns the file from here on. */
must_check bool blob_open_file(struct scope *s, int file, struct blob_reader **out);

/* Who removes a blob knows that no row names it any more. What is not there is no trouble. */
must_check bool blob_remove(struct scope *s, struct blob_store *store, struct blob_id id);
must_check bool blob_remove_sealed(struct scope *s, struct blob_store *store, struct blob_id id);

/* A second, encrypted form of a blob, kept beside the plain one until that is removed; both have the same id. It is
 * read like any other: decrypted, verified. */
must_check bool blob_seal(struct scope *s, struct blob_store *store, const struct secret_key *key, struct blob_id id);
must_check bool blob_open_sealed(struct scope *s, struct blob_store *store, const struct secret_key *key,
                                 struct blob_id id, struct blob_reader **out);

#endif
