/* severity: who decides how grave a case is.
 *
 * The service side decides, with a reason that the customer reads. Raising, and lowering with time to spare, takes one
 * engineer. Lowering in the last quarter of a promised time moves a deadline that is about to be missed: that takes
 * a wish of one engineer and the decision of another. Whatever decides the severity meanwhile overtakes the wish.
 */
#ifndef YAGURA_WORKFLOWS_SEVERITY_H
#define YAGURA_WORKFLOWS_SEVERITY_H

#include "model/severity_wish.h"
#include "workflows/tickets.h"

extern const struct problem severity_needs_second; /* 409: wish it instead */
extern const struct problem severity_same_person;  /* 403 */

/* A struct ticket_decide as well. */
must_check bool severity_wish(struct scope *s, const struct ticket_decide *in, struct severity_wish *out);

struct severity_answer {
    struct uuid id; /* the wish */
    struct str reason;
};
extern const struct shape severity_confirm_shape, severity_refuse_shape;
must_check bool severity_wish_confirm(struct scope *s, const struct severity_answer *in, struct severity_wish *out);
must_check bool severity_wish_refuse(struct scope *s, const struct severity_answer *in, struct severity_wish *out);

#endif
