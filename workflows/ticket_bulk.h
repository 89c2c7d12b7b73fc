/* ticket_bulk: one verb on many cases. Each is tried for itself, inside a savepoint, so that one refusal stops no
 * other; who says which version they looked at is refused where it has changed since. A dry run does the same and
 * takes it back: it tells exactly what would happen. */
#ifndef YAGURA_WORKFLOWS_TICKET_BULK_H
#define YAGURA_WORKFLOWS_TICKET_BULK_H

#include "workflows/people.h"
#include "workflows/tickets.h"

enum ticket_bulk_action {
    TICKET_BULK_NONE, TICKET_BULK_ASSIGN, TICKET_BULK_TEAM, TICKET_BULK_TAG, TICKET_BULK_UNTAG, TICKET_BULK_SEVERITY,
    TICKET_BULK_RESOLVE, TICKET_BULK_CLOSE, TICKET_BULK_WATCH, TICKET_BULK_UNWATCH
};

struct ticket_bulk_item {
    struct uuid id;
    int64_t version; /* INT_NONE: whatever it is */
};

struct ticket_bulk {
    enum ticket_bulk_action action;
    struct rows items;
    bool dry_run;
    struct uuid assignee_id;
    struct str team, reason;
    struct strs tags;
    enum severity severity;
};
extern const struct shape ticket_bulk_shape;
must_check bool ticket_bulk(struct scope *s, const struct ticket_bulk *in, struct bulk_answer *out);

#endif
