/* inventory: what telemetry tells of computers, what ran on them and who used them.
 *
 *     sightings_note      per event, in memory: what one batch tells, each thing once
 *     inventory_settle    in the batch's closing transaction, before its detections: rows, and host -> computer_id
 *     inventory_remember  after the commit: what was written need not be written again for a while
 *
 * A batch says the same things as the one before it. The process therefore remembers what it wrote in the last minute
 * (struct inventory_memory of the service, one for all threads): a batch that says nothing new writes no row. A rolled
 * back transaction is not remembered, and a process without a memory writes every time: the rows come out the same.
 *
 * Two batches never wait for each other in a circle: everybody locks computers in the order of their names, then
 * executables by hash, then scripts by key, and only then what hangs on them.
 */
#ifndef YAGURA_WORKFLOWS_INVENTORY_H
#define YAGURA_WORKFLOWS_INVENTORY_H

#include "core/db/db.h"
#include "xdr/facts.h"

struct sightings; /* of one batch; one thread at a time */

struct inventory_name {
    struct str key; /* of a computer its name, folded, without its domain */
    struct uuid id;
};

struct inventory_names {
    const struct inventory_name *items; /* in the order of their keys */
    size_t count;
};

struct sightings *sightings_new(struct arena *a);
void sightings_note(struct sightings *w, const struct event_facts *facts);
must_check bool inventory_settle(struct scope *s, struct uuid tenant_id, struct sightings *w,
                                 struct inventory_names *out);
void inventory_remember(struct scope *s, const struct sightings *w);

/* Of a host as an event spells it; the empty id when it is not there. */
struct uuid inventory_computer(const struct inventory_names *names, struct str host);

/* How computers are told apart: lower case, without the domain. An address stays as it is. */
struct str computer_name_key(struct arena *a, struct str host);

/* What was written lately; threads share it. NULL when there is no memory for it: then everything is written. */
struct inventory_memory;
struct inventory_memory *inventory_memory_new(struct arena *a);

/* Counts open detections of these computers anew, and how bad the worst of them is: after detections were made,
 * resolved or opened again. */
must_check bool inventory_recount(struct scope *s, struct uuid tenant_id, struct uuids computer_ids);

#endif
