/* detector: the rules of all customers made ready, and the evaluation of one batch.
 *
 * One engine holds every rule; a match counts if the rule is the provider's or the batch's own customer's and is
 * switched on there. The rules are followed: when they change, a new engine is compiled aside and swapped in; a batch
 * keeps the one it began with. */
#ifndef YAGURA_WORKFLOWS_DETECTOR_H
#define YAGURA_WORKFLOWS_DETECTOR_H

#include "core/db/db.h"
#include "workflows/inventory.h"

struct detector;  /* of the process */
struct detecting; /* one batch of one customer */
struct ingest_batch_ref;

struct detect_counts {
    int64_t matches, detections, occurrences, excluded;
};

must_check bool detector_start(struct scope *s, const struct db_settings *db, const struct clock *clock,
                               struct detector **out);
void detector_stop(struct detector *d);

must_check bool detecting_begin(struct scope *s, struct uuid tenant_id, struct detecting **out);
/* One event: read and evaluated; its facts come from the same parse. A line that is no event says so in facts->problem. */
void detecting_event(struct detecting *d, struct str line, uint32_t index, struct instant arrived,
                     struct event_facts *facts);
/* In the closing transaction. */
must_check bool detecting_settle(struct scope *s, struct detecting *d, const struct ingest_batch_ref *batch,
                                 const struct inventory_names *computers, struct detect_counts *out);
void detecting_end(struct detecting *d); /* always */

#endif
