/* audit: one row per thing done or tried: who, on whose behalf, from where, what, before and after, with what result.
 * The rows of a tenant form a chain of hashes (migration 0012); nobody can change one, and a change by force shows. */
#ifndef YAGURA_MODEL_AUDIT_H
#define YAGURA_MODEL_AUDIT_H

#include "core/db/query.h"

enum audit_result { AUDIT_RESULT_NONE, AUDIT_DONE, AUDIT_REFUSED, AUDIT_FAILED };
extern const struct domain audit_result_domain;

struct audit_entry {
    struct uuid id, tenant_id;
    struct str tenant_name;
    int64_t seq;
    struct instant at;
    struct uuid actor_id;
    struct str actor_name, on_behalf_of, address, action, object_type;
    struct uuid object_id;
    struct str object_name;
    struct json change;
    enum audit_result result;
    struct str hash;
};

struct audit_chain {
    struct uuid tenant_id;
    struct str tenant_name;
    int64_t entries;
    int64_t broken_seq; /* INT_NONE: the chain is whole */
    struct str head_hash;
};

/* Where a chain says it ends, and where its entries do: one snapshot. */
struct audit_end {
    struct uuid tenant_id;
    struct str tenant_name;
    int64_t head_seq, last_seq;
    struct bytes head_hash;
};

/* A piece of a chain: the entries after one of which number and hash are known. */
struct audit_slice_args {
    struct uuid tenant_id;
    int64_t after, upto;
    struct bytes previous;
};
struct audit_slice {
    int64_t entries;
    int64_t broken_seq; /* INT_NONE: all fit */
    int64_t last_seq;   /* 0: there is none */
    struct bytes last_hash;
};

extern const struct shape audit_entry_shape, audit_chain_shape;
extern const struct listing audit_listing;
extern const struct query audit_insert, audit_ends, audit_slice_read;

/* What audit_insert takes. */
struct audit_args {
    struct uuid tenant_id, id;
    struct instant at;
    struct uuid actor_id;
    struct str actor_name, on_behalf_of, address, action, object_type;
    struct uuid object_id;
    struct str object_name;
    struct json change;
    enum audit_result result;
};

#endif
