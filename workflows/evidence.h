/* evidence: single events, read from where they are stored, and those that something relies on, copied before their
 * day goes. Evidence stays as long as what it belongs to.
 */
#ifndef YAGURA_WORKFLOWS_EVIDENCE_H
#define YAGURA_WORKFLOWS_EVIDENCE_H

#include "core/db/db.h"
#include "core/db/job.h"
#include "model/segment.h"

/* One stored event, or its copy as evidence when its day has gone. 404 when there is neither. */
must_check bool event_read_stored(struct scope *s, const struct event_ask *ask, struct stored_event *out);

/* Copies the event for this object, once; noun: incident, detection, hunt, ticket. */
must_check bool evidence_keep(struct scope *s, const char *noun, struct uuid object_id, struct uuid batch_id,
                              int64_t index);

#endif
