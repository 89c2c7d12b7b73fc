/* entitlements: what a contract includes a number of times. Opening a case of such a category uses one; when none is
 * left
 * the case is refused, or counts for the next period where the caller says so, or is opened all the same by a duty
 * lead who says why. Declining, merging and giving back return it; reopening a declined case takes it again. */
#ifndef YAGURA_WORKFLOWS_ENTITLEMENTS_H
#define YAGURA_WORKFLOWS_ENTITLEMENTS_H

#include "model/entitlement.h"
#include "workflows/tickets.h"

extern const struct problem entitlement_used_up; /* 409 */

/* In the transaction that opened the case, after it has its number. */
must_check bool entitlement_take(struct scope *s, const struct ticket *t, const struct ticket_open *in);
/* When the case ends without having used it, and when it begins anew. A case that uses none is no trouble. */
must_check bool entitlement_return_for(struct scope *s, const struct ticket *t, enum entitlement_return cause,
                                       struct str reason);
must_check bool entitlement_take_again(struct scope *s, const struct ticket *t);

struct entitlement_give_back {
    struct uuid id; /* of the use */
    struct str reason;
};
extern const struct shape entitlement_give_back_shape;
must_check bool entitlement_give_back(struct scope *s, const struct entitlement_give_back *in,
                                      struct entitlement_use *out);

#endif
