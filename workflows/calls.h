/* calls: the desk calls registered contacts on its own initiative when a case is urgent (SLA-10). A task says why; each
 * attempt is written down with the case and the customer can read it there. A call stops no clock: the answer that was
 * promised is a message. */
#ifndef YAGURA_WORKFLOWS_CALLS_H
#define YAGURA_WORKFLOWS_CALLS_H

#include "model/call_task.h"

extern const struct problem call_is_over; /* 409 */

struct call_ask {
    struct uuid id; /* the case */
    struct str reason;
};
struct call_made {
    struct uuid id; /* the task */
    struct uuid contact_id;
    enum call_outcome outcome;
    struct str phone; /* the contact's first when absent */
    struct str note;
};
struct call_over {
    struct uuid id;
    struct str note;
};
extern const struct shape call_ask_shape, call_made_shape, call_over_shape;
must_check bool call_start(struct scope *s, const struct call_ask *in, struct call_task *out);
must_check bool call_record(struct scope *s, const struct call_made *in, struct call_task *out);
must_check bool call_give_up(struct scope *s, const struct call_over *in, struct call_task *out);

#endif
