/* ingest: a batch of events on its way from a sender to durable storage.
 *
 *     ingest_begin --> ingest_take (bytes) … --> ingest_close: answered
 *                                      broken: ingest_give_up
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
#include "core/net/decoder.h"
#include "model/ingest_key.h"
#include "workflows/bulk_action.h"

enum {
    INGEST_TEXT_MAX = 64 << 20,   /* of one batch, decompressed */
    INGEST_EVENT_MAX = 1 << 20,
    INGEST_PIECE = 64 << 10,      /* as it is sent: of one turn */
    INGEST_RATIO_MAX = 300,       /* text for each byte that was sent, beyond the first */
    INGEST_RATIO_FROM = 8 << 20,
    INGEST_NAME_MAX = 128,
    INGEST_REFUSALS_TOLD = 100,
    INGEST_ITEMS_MAX = 200 * 1000, /* of one call in the bulk format */
};

extern const struct problem ingest_name_reused; /* 409 */
extern const struct problem ingest_key_unknown; /* 401 */
extern const struct problem ingest_bad_bulk;    /* 400 */

/* Who sends, by the key shown; the transaction sees the key's customer from then on. */
must_check bool sender_enter(struct scope *s, struct str key, struct sender_row *out);
/* The same for the transaction that closes a batch: it notes no use, so that it locks no row of the key. */
must_check bool sender_enter_again(struct scope *s, struct str key, struct sender_row *out);

/* What a Authorization header shows: "Bearer KEY", or as Elasticsearch's clients say it, "ApiKey base64(id:KEY)" and
 * "Basic base64(user:KEY)". The absent text when it shows nothing of the kind. */
struct str sender_key(struct arena *a, struct str authorization);

enum ingest_form { INGEST_LINES = 1, INGEST_BULK };

struct ingest_plan {
    struct sender_row sender;
    struct str name; /* of the batch; absent: its content's hash */
    enum coding coding;
    enum ingest_form form;
    struct str index; /* of a bulk call: what its path names */
    bool unnamed;    /* the same content again is another batch: syslog */
};

struct ingest_refusal {
    int64_t index; /* in what was sent, from 0 */
    struct str reason;
};

struct ingest_answer {
    struct uuid batch_id;
    int64_t accepted, refused_count, detections;
    struct rows refused; /* struct ingest_refusal: the first of them */
    bool repeated;
};
extern const struct shape ingest_answer_shape;

struct ingest;

must_check bool ingest_begin(struct scope *s, const struct ingest_plan *plan, struct ingest **out);
must_check bool ingest_take(struct scope *s, struct ingest *g, struct str piece);
/* In a transaction of the sender, which it commits: behind true everything is durable. */
must_check bool ingest_close(struct scope *s, struct ingest *g, struct ingest_answer *out);
uint64_t ingest_owner(const struct ingest *g); /* a number for whoever sends: turns are shared among them */
void ingest_give_up(struct ingest *g); /* gives everything back; may be called again, and is at the arena's end */

/* What became of each item of a bulk call, behind ingest_close: in the order they were sent. */
struct ingest_item {
    enum bulk_verb verb;
    struct str index;    /* its name, as it was sent */
    int64_t event;       /* the number among those stored; -1: refused */
    const char *reason;
};
size_t ingest_item_count(const struct ingest *g);
struct ingest_item ingest_item_at(const struct ingest *g, size_t at);

#endif
