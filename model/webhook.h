/* webhook: an address of a customer's own systems, and what was sent there. workflows/webhooks.h says how. */
#ifndef YAGURA_MODEL_WEBHOOK_H
#define YAGURA_MODEL_WEBHOOK_H

#include "core/db/query.h"

enum webhook_state { WEBHOOK_NONE, WEBHOOK_ACTIVE, WEBHOOK_PAUSED, WEBHOOK_DISABLED };
enum delivery_state { DELIVERY_NONE, DELIVERY_WAITING, DELIVERY_DELIVERED, DELIVERY_FAILED };
extern const struct domain webhook_state_domain, delivery_state_domain;

struct webhook {
    struct uuid id, tenant_id;
    struct str tenant_name, name, url;
    struct strs events; /* empty: all */
    enum webhook_state state;
    struct str disabled_why, secret; /* the secret is shown once */
    struct instant failing_since, old_until, last_delivered_at, created_at, updated_at;
    int64_t waiting, version;
    struct strs can;
};
struct webhook_write {
    struct uuid id, tenant_id;
    struct str name, url;
    struct strs events;
    struct bytes secret, old_secret; /* sealed */
    enum webhook_state state;
    int64_t version;
    struct instant at, old_until;
};
extern const struct shape webhook_shape, webhook_new_shape, webhook_update_shape;
extern const struct listing webhook_listing;
extern const struct query webhook_by_id, webhook_insert, webhook_update, webhook_delete, webhook_set_state,
    webhook_rotate;

/* Queues an event for every endpoint of the tenant that wants it. */
struct webhook_event_args {
    struct uuid tenant_id;
    struct str event;
    struct uuid object_id;
    struct instant at;
};
struct webhook_queued {
    int64_t count;
};
extern const struct query webhook_enqueue;

struct webhook_delivery {
    struct uuid id, webhook_id, object_id, replay_of;
    struct str event;
    struct instant at;
    enum delivery_state state;
    int64_t attempts;
    struct instant first_at, next_attempt_at, delivered_at;
    struct str body, signed_with, answer, error;
    int64_t status, elapsed_ms;
    struct strs can;
};
extern const struct shape webhook_delivery_shape, webhook_delivery_detail_shape, webhook_deliveries_shape;
extern const struct listing webhook_delivery_listing; /* without what was sent and answered */
extern const struct query webhook_delivery_by_id, webhook_replay;

struct webhook_test_args {
    struct uuid webhook_id, id;
    struct instant at;
};
extern const struct query webhook_test;

/* ---- what sending needs ---- */

struct webhook_hold {
    struct uuid id, tenant_id, job_id;
    struct str name, url;
    enum webhook_state state;
    struct bytes secret, old_secret;
    struct instant old_until;
    bool busy; /* another job has a delivery under way */
};
struct webhook_hold_args {
    struct uuid id, job_id;
};
extern const struct query webhook_lock, webhook_take, webhook_release;

struct delivery_head {
    struct uuid id, object_id, replay_of;
    struct str event, body;
    struct instant at, first_at, next_attempt_at;
    int64_t attempts;
    bool safe; /* nothing that comes before it can still appear */
};
extern const struct query delivery_head;

struct delivery_write {
    struct uuid id, webhook_id;
    struct str body, signed_with, answer, error;
    enum delivery_state state;
    struct instant at, next_attempt_at, first_at;
    int64_t status, elapsed_ms;
};
extern const struct query delivery_begin, delivery_end, webhook_failing, webhook_disable;
extern const struct query webhook_waiting; /* struct webhook_queued */

/* What a customer's own systems may read of it: asked as that customer. */
extern const struct query webhook_as_customer, webhook_as_service;
struct webhook_case_args {
    struct uuid id;
    struct instant at;
};
struct webhook_object {
    struct json object;
};
extern const struct query webhook_incident, webhook_ticket, webhook_post, webhook_escalation;

struct webhook_sweep_args {
    struct instant at;
};
extern const struct query webhook_sweep;

#endif
