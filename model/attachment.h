/* attachment: a file of a case.
 *
 *     received --> (waiting for the scanner) --> there --flag--> a sample: sealed, leaves only as encrypted archive
 *                                                  |                 |
 *                                                  +-----remove------+--> the record alone
 *
 * The content lies in the blob store by its SHA-256. Its type is what the content says, never what the sender says.
 * An internal file is for the provider alone; the database itself keeps it, and its custody, from customers. Who sent,
 * fetched, looked at, flagged, scanned or removed it stands in its custody, to which rows are only ever added.
 */
#ifndef YAGURA_MODEL_ATTACHMENT_H
#define YAGURA_MODEL_ATTACHMENT_H

#include "core/db/query.h"

enum attachment_side { ATTACHMENT_SIDE_NONE, ATTACHMENT_BY_PROVIDER, ATTACHMENT_BY_CUSTOMER, ATTACHMENT_BY_LINK,
                       ATTACHMENT_BY_SERVICE };
enum scan_state { SCAN_NONE, SCAN_NOT_SCANNED, SCAN_WAITING, SCAN_CLEAN, SCAN_INFECTED, SCAN_TOO_LARGE, SCAN_FAILED };
enum preview_kind { PREVIEW_NONE, PREVIEW_PICTURE, PREVIEW_TEXT };
enum custody_event {
    CUSTODY_NONE, CUSTODY_RECEIVED, CUSTODY_FETCHED, CUSTODY_FETCHED_ARCHIVE, CUSTODY_PREVIEWED, CUSTODY_FLAGGED,
    CUSTODY_UNFLAGGED, CUSTODY_SEALED, CUSTODY_SCANNED, CUSTODY_PUBLISHED, CUSTODY_REMOVED, CUSTODY_RENAMED
};
extern const struct domain attachment_side_domain, scan_state_domain, preview_kind_domain, custody_event_domain;

struct attachment {
    struct uuid id, tenant_id, ticket_id, post_id;
    struct str name;
    int64_t size;
    struct str media_type, sha256, sha1, md5;
    bool internal, malicious;
    struct str malicious_reason;
    bool sealed;
    enum preview_kind preview; /* none: absent */
    enum scan_state scan_state;
    struct str scan_result;
    struct instant scanned_at;
    struct uuid uploaded_by_id;
    struct str uploaded_by_name;
    enum attachment_side uploaded_by_side;
    struct uuid link_id;
    struct instant removed_at;
    struct str removed_by_name, removed_reason;
    struct instant created_at, updated_at;
    int64_t version;
    struct strs can;
};
extern const struct shape attachment_shape;
extern const struct listing attachment_listing;       /* of one case, id_args */
extern const struct query attachment_by_id, attachment_lock;
extern const struct query attachment_for_work; /* the lock for jobs, who ask nobody what they may */
extern const struct query attachment_insert, attachment_save; /* a struct attachment */

struct attachment_same_args {
    struct uuid tenant_id, id;
    struct str sha256;
};
struct attachment_same_row {
    bool known_malicious; /* the same content was flagged before, by this customer's cases */
};
extern const struct query attachment_same;

/* Which rows of all customers still need the plain content. Taken with a lock that ends with the transaction, so that
 * nobody sends the same content while somebody else throws it away. */
struct content_args {
    struct str sha256;
};
struct content_row {
    int64_t plain, sealed; /* rows that need the one and the other form */
};
extern const struct query content_hold, content_users;

struct custody {
    struct uuid id, tenant_id, attachment_id;
    enum custody_event event;
    struct instant at;
    struct uuid actor_id;
    struct str actor_name;
    enum attachment_side actor_side;
    struct uuid link_id;
    struct str address; /* of the provider's people: read by the provider alone */
    struct str detail;
};
extern const struct shape custody_shape;
extern const struct listing custody_listing; /* of one attachment, id_args */
extern const struct query custody_insert;

#endif
