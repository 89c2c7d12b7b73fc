/* upload_links: addresses under which somebody hands files in to one case (HUB-14).
 *
 *     made by an engineer --> used, up to its bounds --> expired | revoked | full | the case is closed
 *
 * Who comes by the address sees the case's number, what is asked for, by whom and the bounds; nothing of what was sent.
 */
#ifndef YAGURA_WORKFLOWS_UPLOAD_LINKS_H
#define YAGURA_WORKFLOWS_UPLOAD_LINKS_H

#include "model/upload.h"
#include "model/upload_link.h"

enum { LINK_HOURS_MAX = 30 * 24, LINK_FILES_MAX = 200 };

extern const struct problem upload_link_dead; /* 410: expired, revoked, or the case is closed */
extern const struct problem upload_link_full; /* 409 */
extern const struct problem upload_link_wants_sign_in; /* 401 */

struct upload_link_make {
    struct uuid id; /* of the case */
    struct str note;
    bool needs_sign_in;
    int64_t max_files, max_bytes, valid_hours;
};
extern const struct shape upload_link_make_shape;
must_check bool upload_link_make(struct scope *s, const struct upload_link_make *in, struct upload_link *out);
must_check bool upload_link_end(struct scope *s, struct uuid id, struct upload_link *out);

/* Opens the link, or says why not; from here on the transaction sees its customer. */
must_check bool upload_link_enter(struct scope *s, struct str token, struct upload_visit *out);
/* Is there room for one more file of this length, besides what is under way? */
must_check bool upload_link_has_room(struct scope *s, const struct upload_visit *v, int64_t length);
/* A file has come; those that came otherwise count nowhere. */
must_check bool upload_link_count(struct scope *s, const struct upload *u);

#endif
