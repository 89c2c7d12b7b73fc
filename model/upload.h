/* upload: a file on its way into a case. It is receiving until its last byte is durable, then complete, and soon after
 * forgotten; what became of it is an attachment. It belongs to whoever began it: a person, or a link that was given
 * out. `received` counts durable bytes alone. */
#ifndef YAGURA_MODEL_UPLOAD_H
#define YAGURA_MODEL_UPLOAD_H

#include "core/db/query.h"

enum upload_state { UPLOAD_STATE_NONE, UPLOAD_RECEIVING, UPLOAD_COMPLETE };
extern const struct domain upload_state_domain;

struct upload {
    struct uuid id, tenant_id, ticket_id;
    struct uuid creator_id, link_id;
    struct str creator_name;
    struct str name, media_type;
    struct json metadata;     /* {"visibility":"internal", …}: what the sender said of it */
    struct str metadata_sent; /* the header itself */
    int64_t length, received;
    struct bytes hash_state;
    enum upload_state state;
    struct str sha256;
    struct uuid attachment_id;
    struct instant created_at, updated_at, expires_at, completed_at;
    bool quiet; /* nobody hears of it; not part of the row */
};
extern const struct shape upload_shape;
extern const struct listing upload_listing; /* the caller's own */

/* Of the person who asks, or of the link. */
struct upload_ask {
    struct uuid id, link_id;
};
extern const struct query upload_find;
extern const struct query upload_insert; /* takes an upload */

struct upload_progress {
    struct uuid tenant_id, id;
    int64_t received;
    struct bytes hash_state;
    struct instant at, expires_at;
};
extern const struct query upload_mark; /* no row: it has gone, or somebody else completed it */

struct upload_end {
    struct uuid tenant_id, id;
    struct str sha256;
    struct uuid attachment_id;
    struct instant at;
};
extern const struct query upload_complete;
extern const struct query upload_delete; /* by id */

/* What a customer's uploads take up: the files of the last day, and those not yet here. */
struct upload_usage_ask {
    struct uuid tenant_id, creator_id, link_id;
    struct instant since;
};
struct upload_usage {
    int64_t bytes, open; /* open: of this person or link */
};
extern const struct query upload_usage_lock, upload_usage_read;

/* For the sweep. */
struct upload_sweep_ask {
    struct instant at;
    struct uuids ids;
};
struct upload_sweep_row {
    struct uuid id;
};
extern const struct query upload_expired;  /* some rows whose time is over */
extern const struct query upload_unknown;  /* those of `ids` that no row knows */

#endif
