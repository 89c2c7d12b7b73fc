/* upload_link: an address under which files are handed in to one case, for a while and up to some size, with or without
 * a login. Whoever holds the address may do that and nothing else. Its token is known by its hash alone: it is shown
 * once, to the engineer who made it. */
#ifndef YAGURA_MODEL_UPLOAD_LINK_H
#define YAGURA_MODEL_UPLOAD_LINK_H

#include "core/db/query.h"

struct upload_link {
    struct uuid id, tenant_id, ticket_id;
    struct str note; /* what is asked for; the visitor reads it */
    bool needs_sign_in;
    int64_t max_files, max_bytes, files, bytes;
    struct instant expires_at, opened_at, revoked_at;
    struct str revoked_by_name;
    struct uuid created_by_id;
    struct str created_by_name;
    struct instant created_at, updated_at;
    int64_t version;
    struct strs can;
    struct str url, qr_svg; /* in the answer to its making alone */
    struct bytes token_hash;
};
extern const struct shape upload_link_shape, upload_link_made_shape;
extern const struct listing upload_link_listing; /* of one case, id_args */
extern const struct query upload_link_by_id, upload_link_insert;

struct upload_link_mark {
    struct uuid id;
    int64_t bytes;
    struct str by_name;
    struct instant at;
};
extern const struct query upload_link_revoke;   /* no row: it was revoked before */
extern const struct query upload_link_note_open;
extern const struct query upload_link_add_file; /* no row: full, revoked or over */

/* What the token opens. */
struct upload_visit {
    struct uuid id, tenant_id, ticket_id;
    struct str reference, tenant_name, note, created_by_name;
    bool needs_sign_in, revoked, over;
    int64_t max_files, max_bytes, files, bytes;
    struct instant expires_at;
    struct str hub_name;
    int64_t file_bytes_max;
};
extern const struct shape upload_visit_shape; /* what the visitor reads of it */
struct upload_visit_args {
    struct bytes token_hash;
};
extern const struct query upload_visit_open;

/* With what is under way. */
struct upload_link_load {
    int64_t files, bytes;
};
extern const struct query upload_link_under_way; /* id_args */

#endif
