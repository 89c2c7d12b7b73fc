/* ingest_key: what a sender of telemetry shows. It belongs to one customer and sends for one computer, whose name it
 * is bound to, or as a forwarder for any; it opens nothing else. The key itself, ygi_<prefix>_<secret>, is shown once;
 * its SHA-256 is kept. */
#ifndef YAGURA_MODEL_INGEST_KEY_H
#define YAGURA_MODEL_INGEST_KEY_H

#include "core/db/query.h"

enum ingest_key_kind { INGEST_KEY_NONE, INGEST_KEY_HOST, INGEST_KEY_FORWARDER };
extern const struct domain ingest_key_kind_domain;

struct ingest_key {
    struct uuid id, tenant_id;
    struct str tenant_name, name, host, prefix;
    enum ingest_key_kind kind;
    int64_t events_per_second;
    struct instant expires_at, revoked_at, last_used_at, created_at;
    struct str last_used_address, created_by_name;
    int64_t events, bytes, refused;
    struct str secret; /* in the answer that creates it, and never again */
    struct strs can;
};

struct ingest_key_write {
    struct uuid id, tenant_id;
    struct str name, host, prefix, created_by_name;
    enum ingest_key_kind kind;
    int64_t events_per_second;
    struct instant expires_at, at;
    struct bytes key_hash;
};

extern const struct shape ingest_key_shape, ingest_key_created_shape, ingest_key_create_shape;
extern const struct listing ingest_key_listing;
extern const struct query ingest_key_by_id, ingest_key_insert, ingest_key_revoke;

/* The opening of a sender's transaction: it sees the key's tenant, or none. */
enum sender_outcome { SENDER_NONE, SENDER_OPEN, SENDER_UNKNOWN, SENDER_EXPIRED, SENDER_SUSPENDED };
extern const struct domain sender_outcome_domain;

struct sender_ask {
    struct bytes key_hash;
    struct instant at;
    struct str address;
};

struct sender_row {
    enum sender_outcome outcome;
    struct uuid key_id, tenant_id;
    enum ingest_key_kind kind;
    struct str host, name; /* folded, without its domain; of the key */
    int64_t events_per_second;
};

extern const struct query sender_open;

struct sender_count {
    struct uuid key_id;
    int64_t events, bytes, refused;
};

extern const struct query sender_note; /* what a batch added to the key's figures */

#endif
