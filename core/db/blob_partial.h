/* blob_partial: a blob that arrives over several connections, perhaps through several processes.
 *
 *     partial_open at what the database knows --> partial_write … partial_sync --> the database notes offset and state
 *         ^                                                                    |
 *         +----------------- the connection breaks, the process dies ----------+--> partial_settle: a blob, --> drop
 *
 * The file is locked while somebody writes to it (flock: it ends with the process, and works over NFS 4). Whoever opens
 * it says up to where it is known to be whole; the rest is cut off. Settling gives it its second name, so that the
 * database may still refuse: then it can be settled once more. */
#ifndef YAGURA_CORE_DB_BLOB_PARTIAL_H
#define YAGURA_CORE_DB_BLOB_PARTIAL_H

#include "core/db/blob.h"

struct partial;

extern const struct problem partial_busy; /* 423: somebody else writes to it */
extern const struct problem partial_gone; /* 410: what the database knows of is not in the store */

/* Locks it; makes it when it is not there. Ends with the arena, or by partial_close. */
must_check bool partial_open(struct scope *s, struct blob_store *store, struct uuid id, struct partial **out);
/* `state` of digest_save at that offset: absent, or not readable by this program, the file is read again. */
must_check bool partial_resume(struct scope *s, struct partial *p, int64_t offset, struct bytes state);
must_check bool partial_write(struct scope *s, struct partial *p, const void *data, size_t bytes);
must_check bool partial_sync(struct scope *s, struct partial *p); /* all that was written is durable */
int64_t partial_bytes(const struct partial *p);
struct bytes partial_state(struct arena *a, const struct partial *p);
void partial_digests(const struct partial *p, struct digests *out);
must_check bool partial_settle(struct scope *s, struct partial *p, struct blob_facts *out);
void partial_drop(struct partial *p); /* its name goes; a blob it became stays */
void partial_close(struct partial *p);

/* Those that nobody has written to since `before`, some at a time: perhaps no row knows of them any more. */
enum { PARTIALS_LISTED = 1000 };
must_check bool partial_list(struct scope *s, struct blob_store *store, struct instant before, struct uuids *out);

/* What a process that was killed left half-written goes: files without a name of their own that nobody has touched
 * since `before`. */
must_check bool blob_sweep(struct scope *s, struct blob_store *store, struct instant before, int64_t *gone);

#endif
