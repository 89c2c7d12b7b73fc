/* webhooks: a customer's own systems hear of what changes, after the Standard Webhooks specification.
 *
 * Each change of a case in the feed becomes a delivery for every endpoint that wants it, in the transaction of the
 * change itself. An endpoint gets its deliveries one at a time and in the order of the feed: what fails is repeated
 * with a growing pause, and what comes after it waits. After a day the endpoint is disabled, and its people are told.
 *
 *     WAITING --2xx--> DELIVERED        --a day of failures, or 410--> FAILED, the endpoint DISABLED
 *     DELIVERED, FAILED --replay--> a new WAITING with the same webhook-id and body
 *
 * What is sent is asked of the database as the customer: with the role and the side of a customer's request, so
 * internal notes do not exist there. Signatures are HMAC-SHA256 (v1); for a day after a rotation there are two.
 * Addresses of private networks are refused when the socket is opened (core/net/fetch), redirects are not followed, and
 * https is demanded where the portal itself is served by https.
 */
#ifndef YAGURA_WORKFLOWS_WEBHOOKS_H
#define YAGURA_WORKFLOWS_WEBHOOKS_H

#include "core/db/job.h"
#include "model/webhook.h"

struct webhook_event {
    struct str key, title;
};
struct webhook_events {
    struct rows items;
};
extern const struct shape webhook_events_shape;
must_check bool webhook_events(struct scope *s, struct webhook_events *out);

/* out->secret is the one time that the secret is told. */
must_check bool webhook_create(struct scope *s, const struct webhook_write *in, struct webhook *out);
must_check bool webhook_rotate_secret(struct scope *s, struct uuid id, struct webhook *out);
must_check bool webhook_change(struct scope *s, const struct webhook_write *in, struct webhook *out);
must_check bool webhook_turn(struct scope *s, struct uuid id, enum webhook_state state, struct webhook *out);
must_check bool webhook_remove(struct scope *s, struct uuid id);
must_check bool webhook_try(struct scope *s, struct uuid id, struct webhook_delivery *out);
must_check bool webhook_send_again(struct scope *s, struct uuid delivery_id, struct webhook_delivery *out);

struct webhook_send {
    struct uuid webhook_id;
};
extern const struct job_kind webhook_send_job; /* a struct webhook_send is what its row holds */

struct str webhook_secret_context(struct arena *a, struct uuid id);
/* "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=" */
struct str webhook_signature(struct arena *a, struct str secret, struct str id, int64_t timestamp_s, struct str body);

#endif
