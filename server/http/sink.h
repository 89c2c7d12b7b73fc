/* sink: who takes the body of a call while it arrives, so that nobody holds it as a whole.
 *
 *     worker: signed in, permission, open --> loop: bytes --> buffer, buffer --> writer: take, now and then mark
 *                                                                                writer: signed in anew, close
 *
 * open runs before the first byte of the body is taken, with path and query in `in` and the head behind request_header;
 * what it refuses costs nobody an upload. It runs in a transaction that is committed behind it. take gets the bytes in
 * pieces of at most SINK_PIECE_BYTES, on a writer thread, without a database; a loop is never kept waiting, the
 * connection is suspended while both buffers are full. close runs when the whole body was taken, in a transaction of
 * its own with the caller signed in anew, and fills `out` of the route.
 *
 * When the connection breaks, when take, mark or close fails, or when the service stops, abandon runs last. A sink
 * with `mark` is resumable: mark makes durable what was taken and notes it, so that little is sent twice after a crash;
 * such a call is cut when the service stops, any other may end. mark and abandon open their own transaction on `db`,
 * with the tenants the sink knows of; take and they have memory of their own (s->arena) that goes after the call.
 *
 * What must live as long as the sink is taken from s->arena in open; a handle there is arena_defer's.
 */
#ifndef YAGURA_SERVER_HTTP_SINK_H
#define YAGURA_SERVER_HTTP_SINK_H

#include "core/db/db.h"

enum { SINK_PIECE_BYTES = 256 * 1024 };

/* A header that the call needs or may have, for the API's description. */
struct sink_header {
    const char *name, *prose;
    bool required;
};

struct sink {
    const char *media_type; /* of the body, for the API's description: open compares it */
    const struct sink_header *headers;
    size_t header_count;
    bool own_shares; /* divides the places among its senders itself, by what it knows of them */
    uint64_t (*owner)(const void *taker); /* whose turn it is: writers are shared fairly among owners; may be NULL */
    size_t piece_bytes; /* that one turn of a writer takes; 0: SINK_PIECE_BYTES */
    bool (*open)(struct scope *s, const void *in, void **taker);
    bool (*take)(struct scope *s, void *taker, struct str piece);
    bool (*mark)(struct scope *s, void *taker, struct db *db);
    bool (*close)(struct scope *s, void *taker, void *out);
    void (*abandon)(struct scope *s, void *taker, struct db *db);
};

#endif
