/* blob_store: the inside of the store; for the blob files of core/db alone.
 *
 *     incoming/    what is being written in one go, under random names
 *     partial/     what arrives over several connections, by the name its owner gave it
 *     objects/ab/  what is whole, by its hash
 *     sealed/ab/   the same, encrypted
 *
 * All lie in one file system, so that a name is given in one step: then a blob begins to exist. */
#ifndef YAGURA_CORE_DB_BLOB_STORE_H
#define YAGURA_CORE_DB_BLOB_STORE_H

#include "core/db/blob.h"

enum { BLOB_PREFIX_BYTES = 2, BLOB_NAME_BYTES = 2 * 32 + 2 };

struct blob_store {
    int incoming, partial, objects, sealed; /* folders */
};

bool blob_fail_errno(struct scope *s, const char *doing); /* false; a full disk is problem_storage_full */
void blob_close_file(int *file);                          /* for scoped() as well; -1: it was closed */
void blob_name(struct blob_id id, char out[BLOB_NAME_BYTES]); /* ab/cdef… */
must_check bool blob_write_all(struct scope *s, int file, const void *data, size_t bytes);

/* The file, its name below `shelf` (objects or sealed) and the folders that lead there become durable. The file keeps
 * its old name as well when `keep` is set. */
must_check bool blob_shelve(struct scope *s, int file, int from, const char *name, int shelf, struct blob_id id,
                            bool keep);

#endif
