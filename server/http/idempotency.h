/* idempotency: a call that is repeated with the same Idempotency-Key is done once and answered twice.
 *
 * The key's row is written in the handler's own transaction before the handler runs: a repetition that comes while the
 * first still runs waits on the row, and a handler that fails leaves no trace, so that it may be tried again. The same
 * key with another body or route is refused. Rows live for a day.
 */
#ifndef YAGURA_SERVER_HTTP_IDEMPOTENCY_H
#define YAGURA_SERVER_HTTP_IDEMPOTENCY_H

#include "server/http/exchange.h"

struct idempotency {
    bool is_kept;   /* a key was given and this call is the first with it */
    bool is_replay; /* the reply was given before; it stands in x->reply */
    struct str key;
};

must_check bool idempotency_begin(struct exchange *x, struct idempotency *out);
must_check bool idempotency_end(struct exchange *x, const struct idempotency *kept);

extern const struct query idempotency_claim, idempotency_read, idempotency_fill;

#endif
