/* inventory: which computers, files, scripts and users telemetry tells of.
 *
 * While a batch arrives its sightings are gathered in memory, each thing once; they are written set by set, in a fixed
 * order, in the transaction that closes the batch. */
#ifndef YAGURA_WORKFLOWS_INVENTORY_H
#define YAGURA_WORKFLOWS_INVENTORY_H

#include "core/db/db.h"
#include "xdr/facts.h"

struct sightings;

struct inventory_name {
    struct str key; /* the host's name, folded, without its domain */
    struct uuid computer_id;
};

struct inventory_names {
    const struct inventory_name *items; /* in the order of their keys */
    size_t count;
};

struct sightings *sightings_new(struct arena *a);
void sightings_note(struct sightings *w, const struct event_facts *facts);
must_check bool inventory_settle(struct scope *s, struct uuid tenant_id, struct sightings *w,
                                 struct inventory_names *out);
/* Of a host as an event spells it; the empty id when it is not there. */
struct uuid inventory_computer(const struct inventory_names *names, struct str host);

#endif
