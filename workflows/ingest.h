/* ingest: a batch of events on its way from a sender to durable storage.
 *
 *     ingest_begin --> ingest_take (bytes) … --> ingest_close: answered --> ingest_end
 *
 * Bytes are decompressed and cut into lines as they come; each line is evaluated and put into the segment under
 * construction, without a database. Closing is one short transaction: the batch is known already and is answered
 * again, or segment, batch, detections and inventory are written together. The sender is answered behind its commit.
 *
 * An event that is broken, too large or of a foreign host is refused by its number and the rest is stored; a body that
 * lies about its compression is refused as a whole. An event is named (batch, its number among those stored).
 */
#ifndef YAGURA_WORKFLOWS_INGEST_H
#define YAGURA_WORKFLOWS_INGEST_H

#include "core/db/db.h"
#include "model/ingest_key.h"

enum {
    INGEST_TEXT_MAX = 64 << 20,  /* of one batch, decompressed */
    INGEST_EVENT_MAX = 1 << 20,
    INGEST_RATIO_MAX = 200,      /* text for each byte that was sent */
    INGEST_NAME_MAX = 128,
    INGEST_REFUSALS_TOLD = 100,
};

/* What whoever writes something about a batch in its transaction has to know of it. */
struct ingest_batch_ref {
    struct uuid tenant_id, id; /* the batch's */
    struct uuid key_id;
    struct instant arrived_at;
};

struct ingest_refusal {
    int64_t index; /* in what was sent, from 0 */
    struct str reason;
};

#endif
