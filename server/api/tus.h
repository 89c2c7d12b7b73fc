/* tus: the verbs of the resumable upload protocol tus 1.0 (core, creation, creation-with-upload, expiration, checksum,
 * termination), for every door through which files come in. A door is a route with a permission of its own: it says
 * which case, or which link, and hands on the rest.
 *
 *     OPTIONS tus_options   POST tus_create_open … tus_close   HEAD tus_head   PATCH tus_patch_open … tus_close
 *     DELETE tus_delete
 *
 * `link_id` is none when a signed-in person asks. tus_take, tus_mark and tus_abandon go into the sink as they are. */
#ifndef YAGURA_SERVER_API_TUS_H
#define YAGURA_SERVER_API_TUS_H

#include "server/http/sink.h"
#include "workflows/uploads.h"

#define TUS_MEDIA_TYPE "application/offset+octet-stream"

enum { TUS_CREATE_HEADERS = 4, TUS_PATCH_HEADERS = 3 };
extern const struct sink_header tus_create_headers[TUS_CREATE_HEADERS], tus_patch_headers[TUS_PATCH_HEADERS];

/* Where the new upload is asked for: `uploads_path` and its id, "/api/v1/uploads". */
struct tus_door {
    struct uuid ticket_id, link_id;
    struct str creator_name; /* of a link */
    struct str uploads_path;
};

must_check bool tus_options(struct scope *s, const void *in, struct reply *reply);
must_check bool tus_create_open(struct scope *s, const struct tus_door *door, void **taker);
must_check bool tus_patch_open(struct scope *s, struct uuid id, struct uuid link_id, void **taker);
must_check bool tus_close(struct scope *s, void *taker, void *out); /* `out` is not used: all is said in headers */
must_check bool tus_head(struct scope *s, struct uuid id, struct uuid link_id, struct upload *out);
must_check bool tus_delete(struct scope *s, struct uuid id, struct uuid link_id);

must_check bool tus_take(struct scope *s, void *taker, struct str piece);
must_check bool tus_mark(struct scope *s, void *taker, struct db *db);
void tus_abandon(struct scope *s, void *taker, struct db *db);

#endif
