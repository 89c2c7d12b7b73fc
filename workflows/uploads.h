/* uploads: files on their way into a case. Whoever may write in the case may send one, a person or a link that was
 * given out; nobody but them goes on with it, asks of it or ends it.
 *
 *     upload_begin --> arrival_begin … arrival_take … arrival_mark … arrival_end --> receiving: come again
 *                            ^                            | broken: arrival_break     complete: an attachment
 *                            +----------------------------+
 *
 * An arrival is one connection that brings bytes. It holds the lock on the partial file (another one is partial_busy);
 * the database knows only bytes that are durable. */
#ifndef YAGURA_WORKFLOWS_UPLOADS_H
#define YAGURA_WORKFLOWS_UPLOADS_H

#include "core/db/blob_partial.h"
#include "core/db/job.h"
#include "model/upload.h"
#include "workflows/upload_metadata.h"

extern const struct problem upload_too_long;      /* 413: more than announced, or than is allowed */
extern const struct problem upload_over_quota;    /* 403 */
extern const struct problem upload_wrong_offset;  /* 409 */
extern const struct problem upload_bad_checksum;  /* 460 */
extern const struct problem upload_expired_before; /* 410 */

enum { CHECKSUM_BYTES_MAX = 32 };
#define CHECKSUM_NAMES "sha256,sha1,md5"

struct upload_plan {
    struct uuid ticket_id;
    struct uuid link_id;      /* of a link; else the person who asks */
    struct str creator_name;  /* of a link */
    int64_t length;
    struct upload_metadata metadata;
    struct str metadata_sent;
};

/* Is there such a case that takes files? Asked first: who may not see it learns nothing else. */
must_check bool upload_door_is_open(struct scope *s, struct uuid ticket_id);
/* May this file be sent here: the case is there and open, the length and the quotas allow it, the disk has room? */
must_check bool upload_allow(struct scope *s, const struct upload_plan *plan, struct upload *out);
must_check bool upload_begin(struct scope *s, const struct upload_plan *plan, struct upload *out);
must_check bool upload_of(struct scope *s, struct uuid id, struct uuid link_id, struct upload *out);
must_check bool upload_end_early(struct scope *s, struct uuid id, struct uuid link_id); /* commits */

struct arrival;

/* Locks the file, asks the database again where the upload stands, and cuts the file there. */
must_check bool arrival_begin(struct scope *s, const struct upload *u, int64_t offset, struct arrival **out);
int64_t arrival_offset(const struct arrival *a); /* where it began, and how far it has come */
/* "sha1 base64": then nothing counts until all of it has come and fits. */
must_check bool arrival_expect(struct scope *s, struct arrival *a, struct str checksum);
must_check bool arrival_take(struct scope *s, struct arrival *a, struct str piece);
must_check bool arrival_mark(struct scope *s, struct arrival *a, struct db *db);
/* Commits: `out` is the upload as it stands. */
must_check bool arrival_end(struct scope *s, struct arrival *a, struct upload *out);
void arrival_break(struct scope *s, struct arrival *a, struct db *db); /* keeps what has come, and lets go */
void arrival_let_go(struct arrival *a);

/* A file that came whole: the row that says so, and its attachment. */
must_check bool upload_whole(struct scope *s, struct upload *u, const struct blob_facts *blob);

/* What nobody goes on with ends: rows whose time is over, and files that no row knows. */
extern const struct job_kind upload_sweep_job;

#endif
