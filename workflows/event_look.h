/* event_look: a look into stored events while somebody waits: of one customer, mostly of one computer, of minutes or
 * hours, bounded in bytes and events. What takes longer is a hunt. */
#ifndef YAGURA_WORKFLOWS_EVENT_LOOK_H
#define YAGURA_WORKFLOWS_EVENT_LOOK_H

#include "workflows/question.h"
#include "workflows/segment_pick.h"
#include "xdr/facts.h"

enum { LOOK_BYTES_MAX = 512 << 20, LOOK_SEGMENTS_MAX = 512 };

struct event_found {
    const struct segment_event *event; /* until the next one */
    const struct event_facts *facts;
    struct uuid segment_id;
    struct instant at; /* of the event, else of its arrival */
};

struct event_look {
    struct uuid tenant_id;
    struct str host; /* folded, with or without its domain; absent: any */
    struct instant from_at, until_at;
    struct question *question;
    bool (*hear)(void *to, const struct event_found *found); /* false: enough */
    void *to;
    bool cut; /* out: there was more than the bounds allow */
};

must_check bool event_look(struct scope *s, struct event_look *look);

/* What an event is about, in one line: a command line, a name, a file. */
struct str event_summary(const struct event_facts *f);

/* Whether an event's host is the one that is meant, whichever of the two names the domain. */
bool event_host_is(struct str host, struct str meant);

#endif
