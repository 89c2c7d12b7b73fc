/* disputes: a pause of a clock that the customer does not accept.
 *
 *     pause in the ledger ── disputed, with a reason ── accepted: the pause counts as time that ran
 *                                                    └─ declined, with a reason
 *
 * Each step is an entry of the ledger, which both sides read; none is ever changed or taken out. Duty leads hear of a
 * dispute and decide; whoever asked the question that paused the clock does not decide in their own matter.
 */
#ifndef YAGURA_WORKFLOWS_DISPUTES_H
#define YAGURA_WORKFLOWS_DISPUTES_H

#include "model/promise_dispute.h"

extern const struct problem dispute_exists;  /* 409: this pause was disputed already */
extern const struct problem dispute_decided; /* 409 */

struct dispute_open {
    struct uuid id; /* of the case */
    struct uuid promise_id;
    int64_t seq;
    struct str reason;
};
extern const struct shape dispute_open_shape;
must_check bool dispute_open(struct scope *s, const struct dispute_open *in, struct promise_dispute *out);

struct dispute_decide {
    struct uuid id;
    bool accept;
    struct str reason;
};
extern const struct shape dispute_decide_shape;
must_check bool dispute_decide(struct scope *s, const struct dispute_decide *in, struct promise_dispute *out);

#endif
