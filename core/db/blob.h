/* blob: files by their SHA-256. Writing streams into a temporary file, syncs it, renames it to its hash and syncs the
 * folder: after blob_finish the bytes are durable, before it nothing is visible. Reading verifies. A full disk is
 * problem_storage_full with nothing left behind. */
#ifndef YAGURA_CORE_DB_BLOB_H
#define YAGURA_CORE_DB_BLOB_H

#include "core/base/shape.h"

struct blob_store;
struct blob_writer;
struct blob_reader;

struct blob_id {
    uint8_t sha256[32];
};

must_check bool blob_store_open(struct scope *s, const char *folder, struct blob_store **out);
void blob_store_close(struct blob_store *store);
/* The writer ends with the arena. */
must_check bool blob_begin(struct scope *s, struct blob_store *store, struct blob_writer **out);
must_check bool blob_write(struct scope *s, struct blob_writer *w, const void *data, size_t bytes);
must_check bool blob_finish(struct scope *s, struct blob_writer *w, struct blob_id *id, int64_t *bytes);
must_check bool blob_open(struct scope *s, struct blob_store *store, struct blob_id id, struct blob_reader **out);
/* Gives up to `bytes`; 0 at the end, after the hash was compared. */
must_check bool blob_read(struct scope *s, struct blob_reader *r, void *data, size_t bytes, size_t *got);

#endif
