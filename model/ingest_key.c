#include "model/ingest_key.h"

const struct domain ingest_key_kind_domain = DOMAIN(ingest_key_kind, "host", "forwarder");
const struct domain sender_outcome_domain = DOMAIN(sender_outcome, "open", "unknown", "expired", "suspended");

enum { EVENTS_PER_SECOND_MAX = 1000000 };

#define KEY_FIELDS                                                                                            \
    FIELD(ingest_key, id, "Identity", .filter = true, .required = true),                                      \
    FIELD(ingest_key, tenant_id, "Whose telemetry it sends", .filter = true, .required = true),               \
    FIELD(ingest_key, tenant_name, "Their name", .sort = true),                                               \
    FIELD(ingest_key, name, "What it is for", .sort = true, .search = true, .required = true),                \
    FIELD(ingest_key, kind, "Sends for one computer, or for any", .of = &ingest_key_kind_domain,              \
          .filter = true, .sort = true, .required = true),                                                    \
    FIELD(ingest_key, host, "The computer it is bound to", .search = true, .sort = true),                     \
    FIELD(ingest_key, prefix, "Its visible beginning", .search = true, .required = true),                     \
    FIELD(ingest_key, events_per_second, "Its share; absent: the platform's for one key", .optional = true),  \
    FIELD(ingest_key, expires_at, "Takes nothing from then on", .sort = true, .filter = true),                \
    FIELD(ingest_key, revoked_at, "When it was revoked", .filter = true),                                     \
    FIELD(ingest_key, last_used_at, "Last batch, to the minute", .sort = true, .filter = true),               \
    FIELD(ingest_key, last_used_address, "From where"),                                                       \
    FIELD(ingest_key, events, "Events stored", .sort = true),                                                 \
    FIELD(ingest_key, bytes, "Bytes of them as they are sent uncompressed", .sort = true),                    \
    FIELD(ingest_key, refused, "Events refused", .sort = true),                                               \
    FIELD(ingest_key, created_by_name, "Who made it", .required = true),                                      \
    FIELD(ingest_key, created_at, "When it was made", .sort = true, .filter = true, .required = true),        \
    FIELD(ingest_key, can, "Verbs the caller may use on it", .required = true)

const struct shape ingest_key_shape = SHAPE(ingest_key, KEY_FIELDS);
const struct shape ingest_key_created_shape =
    SHAPE(ingest_key, KEY_FIELDS, FIELD(ingest_key, secret, "The whole key; it is shown this once"));

#define KEY_WORDS                                                                                               \
    FIELD(ingest_key_write, tenant_id, "Whose telemetry it sends", .required = true),                           \
    FIELD(ingest_key_write, name, "What it is for", .max = 100, .required = true),                              \
    FIELD(ingest_key_write, kind, "Sends for one computer, or for any", .of = &ingest_key_kind_domain,          \
          .required = true),                                                                                    \
    FIELD(ingest_key_write, host, "The computer's name, of a key for one; its domain does not count", .max = 255), \
    FIELD(ingest_key_write, events_per_second, "Its share; absent: the platform's for one key",                 \
          .optional = true, .min = 1, .max = EVENTS_PER_SECOND_MAX),                                            \
    FIELD(ingest_key_write, expires_at, "Takes nothing from then on")

const struct shape ingest_key_create_shape = SHAPE(ingest_key_write, KEY_WORDS);

static const struct shape write_args = SHAPE(ingest_key_write,
    KEY_WORDS, FIELD(ingest_key_write, id, "Identity"), FIELD(ingest_key_write, prefix, "Its visible beginning"),
    FIELD(ingest_key_write, key_hash, "SHA-256 of the key", .secret = true),
    FIELD(ingest_key_write, created_by_name, "Who made it"), FIELD(ingest_key_write, at, "When"));

#define KEY_SELECT                                                                                               \
    "SELECT k.id, k.tenant_id, t.name AS tenant_name, k.name, k.kind, k.host, k.prefix, k.events_per_second,"    \
    "       k.expires_at, k.revoked_at, k.last_used_at, k.last_used_address, k.events, k.bytes, k.refused,"      \
    "       k.created_by_name, k.created_at,"                                                                    \
    "       CASE WHEN k.revoked_at IS NULL AND grant_rank((SELECT yagura_grants()), 'telemetry') = 3"            \
    "            THEN ARRAY['revoke'] ELSE '{}' END::text[] AS can"                                              \
    "  FROM ingest_key k JOIN tenant t ON t.id = k.tenant_id"

const struct listing ingest_key_listing = {
    .name = "ingest_keys", .from = KEY_SELECT, .row = &ingest_key_shape, .key = "id", .sort = "-created_at",
};

const struct query ingest_key_by_id = {
    .name = "ingest_key_by_id", .sql = KEY_SELECT " WHERE k.id = :id", .args = &id_args_shape,
    .row = &ingest_key_shape,
};

const struct query ingest_key_insert = {
    .name = "ingest_key_insert",
    .sql = "INSERT INTO ingest_key (tenant_id, id, name, kind, host, key_hash, prefix, events_per_second, expires_at,"
           "                        created_by_name, created_at)"
           " VALUES (:tenant_id, :id, :name, :kind, :host, :key_hash, :prefix, :events_per_second, :expires_at,"
           "         :created_by_name, :at)",
    .args = &write_args,
};

const struct query ingest_key_revoke = {
    .name = "ingest_key_revoke",
    .sql = "UPDATE ingest_key SET revoked_at = :at WHERE id = :id AND revoked_at IS NULL",
    .args = &write_args,
};

/* ---- the sender's side ---- */

static const struct shape sender_ask_shape = SHAPE(sender_ask,
    FIELD(sender_ask, key_hash, "SHA-256 of the whole key", .secret = true), FIELD(sender_ask, at, "When it is asked"),
    FIELD(sender_ask, address, "From where"));

static const struct shape sender_row_shape = SHAPE(sender_row,
    FIELD(sender_row, outcome, "Whether the key opens", .of = &sender_outcome_domain),
    FIELD(sender_row, key_id, "The key"), FIELD(sender_row, tenant_id, "Whose it is"),
    FIELD(sender_row, kind, "For one computer, or any", .of = &ingest_key_kind_domain),
    FIELD(sender_row, host, "The computer it is bound to, folded"), FIELD(sender_row, name, "What it is called"),
    FIELD(sender_row, events_per_second, "Its own share", .optional = true));

const struct query sender_open = {
    .name = "sender_open",
    .sql = "SELECT * FROM sender_open(:key_hash, :at, :address)",
    .args = &sender_ask_shape, .row = &sender_row_shape,
};

static const struct shape sender_count_shape = SHAPE(sender_count,
    FIELD(sender_count, key_id, "The key"), FIELD(sender_count, events, "Events stored"),
    FIELD(sender_count, bytes, "Their bytes"), FIELD(sender_count, refused, "Events refused"));

/* Never waits for another batch of the key, which may be waiting for this one. */
const struct query sender_note = {
    .name = "sender_note",
    .sql = "UPDATE ingest_key SET events = events + :events, bytes = bytes + :bytes, refused = refused + :refused"
           " WHERE (tenant_id, id) = (SELECT k.tenant_id, k.id FROM ingest_key k WHERE k.id = :key_id"
           "                           FOR UPDATE SKIP LOCKED)",
    .args = &sender_count_shape,
};
