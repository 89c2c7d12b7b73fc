#include "model/webhook.h"

const struct domain webhook_state_domain = DOMAIN(webhook_state, "active", "paused", "disabled");
const struct domain delivery_state_domain = DOMAIN(delivery_state, "waiting", "delivered", "failed");

const struct shape webhook_shape = SHAPE(webhook,
    FIELD(webhook, id, "Identity", .required = true),
    FIELD(webhook, tenant_id, "Whose systems", .filter = true, .required = true),
    FIELD(webhook, tenant_name, "Their name", .sort = true),
    FIELD(webhook, name, "What it is called", .sort = true, .search = true, .required = true),
    FIELD(webhook, url, "Where events are sent", .search = true, .required = true),
    FIELD(webhook, events, "Which events; all when empty"),
    FIELD(webhook, state, "active; paused by somebody; disabled after a day of failures",
          .of = &webhook_state_domain, .filter = true, .required = true),
    FIELD(webhook, disabled_why, "Why it was disabled"),
    FIELD(webhook, secret, "Signs what is sent; shown once, when it is made"),
    FIELD(webhook, failing_since, "Since when nothing could be delivered"),
    FIELD(webhook, old_until, "Until when the secret before signs, too"),
    FIELD(webhook, last_delivered_at, "When something was last delivered"),
    FIELD(webhook, waiting, "How many deliveries wait"),
    FIELD(webhook, created_at, "When it was made", .sort = true, .required = true),
    FIELD(webhook, updated_at, "When it last changed", .required = true),
    FIELD(webhook, version, "Grows with each change"),
    FIELD(webhook, can, "Verbs the caller may use on it", .required = true));

#define WEBHOOK_WORDS                                                                                  \
    FIELD(webhook_write, name, "What it is called", .max = 100, .required = true),                     \
    FIELD(webhook_write, url, "Where events are sent: https", .max = 1000, .required = true,           \
          .format = FORMAT_URL),                                                                       \
    FIELD(webhook_write, events, "Which events, as GET /webhook-events lists them; all when empty", .max = 60)
const struct shape webhook_new_shape = SHAPE(webhook_write,
    FIELD(webhook_write, tenant_id, "Whose systems; the caller's own when absent"), WEBHOOK_WORDS);
const struct shape webhook_update_shape = SHAPE(webhook_write,
    FIELD(webhook_write, id, "Which one", .read_only = true),
    FIELD(webhook_write, version, "What the change is based on", .read_only = true), WEBHOOK_WORDS);
static const struct shape write_args = SHAPE(webhook_write,
    FIELD(webhook_write, id, "Which one"), FIELD(webhook_write, tenant_id, "Whose"),
    FIELD(webhook_write, version, "Based on"), FIELD(webhook_write, at, "When"),
    FIELD(webhook_write, secret, "Sealed"), FIELD(webhook_write, old_secret, "Sealed"),
    FIELD(webhook_write, old_until, "Until when"), FIELD(webhook_write, state, "State", .of = &webhook_state_domain),
    WEBHOOK_WORDS);

#define WEBHOOK_SELECT                                                                                          \
    "SELECT w.id, w.tenant_id, t.name AS tenant_name, w.name, w.url, w.events, w.state, w.disabled_why,"        \
    "       NULL::text AS secret, w.failing_since, w.old_until,"                                                \
    "       (SELECT max(d.delivered_at) FROM webhook_delivery d"                                                \
    "         WHERE d.tenant_id = w.tenant_id AND d.webhook_id = w.id) AS last_delivered_at,"                   \
    "       (SELECT count(*) FROM webhook_delivery d"                                                           \
    "         WHERE d.webhook_id = w.id AND d.state = 'waiting') AS waiting,"                                   \
    "       w.created_at, w.updated_at, w.version,"                                                             \
    "       CASE WHEN grant_rank((SELECT yagura_grants()), 'api_keys') < 3 THEN '{}'"                           \
    "            WHEN w.state = 'active' THEN ARRAY['update', 'pause', 'rotate', 'test', 'delete']"             \
    "            ELSE ARRAY['update', 'resume', 'rotate', 'test', 'delete'] END::text[] AS can"                 \
    "  FROM webhook w LEFT JOIN tenant t ON t.id = w.tenant_id"

const struct listing webhook_listing = {
    .name = "webhooks", .from = WEBHOOK_SELECT, .row = &webhook_shape, .key = "id", .sort = "name",
};
const struct query webhook_by_id = {
    .name = "webhook_by_id", .sql = WEBHOOK_SELECT " WHERE w.id = :id", .args = &id_args_shape, .row = &webhook_shape,
};
const struct query webhook_insert = {
    .name = "webhook_insert",
    .sql = "INSERT INTO webhook (tenant_id, id, name, url, events, state, secret, created_at, updated_at)"
           " VALUES (:tenant_id, :id, :name, :url, coalesce(:events, '{}'), 'active', :secret, :at, :at)",
    .args = &write_args,
};
const struct query webhook_update = {
    .name = "webhook_update",
    .sql = "UPDATE webhook SET name = :name, url = :url, events = coalesce(:events, '{}'), updated_at = :at,"
           "       version = version + 1 WHERE id = :id AND version = :version RETURNING id",
    .args = &write_args, .row = &id_args_shape,
};
const struct query webhook_delete = {
    .name = "webhook_delete", .sql = "DELETE FROM webhook WHERE id = :id", .args = &id_args_shape,
};
/* Begun again, what waited is tried at once and has a day of its own. */
const struct query webhook_set_state = {
    .name = "webhook_set_state",
    .sql = "WITH anew AS (UPDATE webhook_delivery SET first_at = NULL, next_attempt_at = NULL"
           "               WHERE webhook_id = :id AND state = 'waiting' AND :state = 'active')"
           "UPDATE webhook SET state = :state, failing_since = NULL, disabled_why = NULL, updated_at = :at,"
           "       version = version + 1 WHERE id = :id",
    .args = &write_args,
};
const struct query webhook_rotate = {
    .name = "webhook_rotate",
    .sql = "UPDATE webhook SET old_secret = secret, old_until = :old_until, secret = :secret, updated_at = :at,"
           "       version = version + 1 WHERE id = :id",
    .args = &write_args,
};

static const struct shape event_args = SHAPE(webhook_event_args,
    FIELD(webhook_event_args, tenant_id, "Whose"), FIELD(webhook_event_args, event, "What happened"),
    FIELD(webhook_event_args, object_id, "To what"), FIELD(webhook_event_args, at, "When"));
static const struct shape queued_shape = SHAPE(webhook_queued, FIELD(webhook_queued, count, "How many"));
const struct query webhook_enqueue = {
    .name = "webhook_enqueue", .sql = "SELECT webhook_enqueue(:tenant_id, :event, :object_id, :at) AS count",
    .args = &event_args, .row = &queued_shape,
};

/* ---- the log ---- */

#define DELIVERY_WORDS                                                                                          \
    FIELD(webhook_delivery, id, "Identity", .required = true),                                                  \
    FIELD(webhook_delivery, webhook_id, "Where to", .required = true),                                          \
    FIELD(webhook_delivery, event, "What happened", .filter = true, .required = true),                          \
    FIELD(webhook_delivery, object_id, "To what"),                                                              \
    FIELD(webhook_delivery, at, "When it happened", .sort = true, .filter = true, .required = true),            \
    FIELD(webhook_delivery, state, "Whether it was delivered", .of = &delivery_state_domain, .filter = true,    \
          .required = true),                                                                                    \
    FIELD(webhook_delivery, attempts, "How often it was tried"),                                                \
    FIELD(webhook_delivery, first_at, "When it was first tried"),                                               \
    FIELD(webhook_delivery, next_attempt_at, "When it is tried again"),                                         \
    FIELD(webhook_delivery, delivered_at, "When it was delivered"),                                             \
    FIELD(webhook_delivery, status, "The receiver's answer: its HTTP status", .optional = true),                \
    FIELD(webhook_delivery, elapsed_ms, "How long the receiver took", .optional = true),                        \
    FIELD(webhook_delivery, error, "Why there was no answer"),                                                  \
    FIELD(webhook_delivery, replay_of, "Sent again by hand: the first one"),                                    \
    FIELD(webhook_delivery, can, "Verbs the caller may use on it", .required = true)
const struct shape webhook_delivery_shape = SHAPE(webhook_delivery, DELIVERY_WORDS);
const struct shape webhook_delivery_detail_shape = SHAPE(webhook_delivery, DELIVERY_WORDS,
    FIELD(webhook_delivery, body, "What was sent"),
    FIELD(webhook_delivery, signed_with, "The headers that went with the last attempt"),
    FIELD(webhook_delivery, answer, "The beginning of what the receiver said"));
const struct shape webhook_deliveries_shape = SHAPE(id_args, FIELD(id_args, id, "Of which webhook"));

#define DELIVERY_COLUMNS                                                                                         \
    "SELECT d.id, d.webhook_id, d.event, d.object_id, d.at, d.state, d.attempts, d.first_at, d.next_attempt_at," \
    "       d.delivered_at, d.status, d.elapsed_ms, d.error, d.replay_of,"                                       \
    "       CASE WHEN grant_rank((SELECT yagura_grants()), 'api_keys') = 3 AND d.state <> 'waiting'"             \
    "             AND d.event <> 'webhook.test' THEN ARRAY['replay'] ELSE '{}' END::text[] AS can"
const struct listing webhook_delivery_listing = {
    .name = "webhook_deliveries", .from = DELIVERY_COLUMNS " FROM webhook_delivery d WHERE d.webhook_id = :id",
    .args = &webhook_deliveries_shape, .row = &webhook_delivery_shape, .key = "id", .sort = "-at",
};
const struct query webhook_delivery_by_id = {
    .name = "webhook_delivery_by_id",
    .sql = DELIVERY_COLUMNS ", d.body, d.signed AS signed_with, d.answer FROM webhook_delivery d WHERE d.id = :id",
    .args = &id_args_shape, .row = &webhook_delivery_detail_shape,
};

static const struct shape test_args = SHAPE(webhook_test_args,
    FIELD(webhook_test_args, webhook_id, "Where to, or what again"), FIELD(webhook_test_args, id, "Identity"),
    FIELD(webhook_test_args, at, "When"));
const struct query webhook_test = {
    .name = "webhook_test",
    .sql = "INSERT INTO webhook_delivery (tenant_id, id, webhook_id, event, at, state)"
           " SELECT w.tenant_id, :id, w.id, 'webhook.test', :at, 'waiting' FROM webhook w WHERE w.id = :webhook_id",
    .args = &test_args,
};
const struct query webhook_replay = {
    .name = "webhook_replay",
    .sql = "INSERT INTO webhook_delivery (tenant_id, id, webhook_id, event, object_id, at, state, body, replay_of)"
           " SELECT d.tenant_id, :id, d.webhook_id, d.event, d.object_id, d.at, 'waiting', d.body,"
           "        coalesce(d.replay_of, d.id)"
           "   FROM webhook_delivery d WHERE d.id = :webhook_id",
    .args = &test_args,
};

static const struct shape sweep_args = SHAPE(webhook_sweep_args, FIELD(webhook_sweep_args, at, "Now"));
const struct query webhook_sweep = {
    .name = "webhook_sweep", .sql = "SELECT webhook_sweep(:at)", .args = &sweep_args,
};
