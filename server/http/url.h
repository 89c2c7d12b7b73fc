/* url: the target of a request, decoded strictly. What is doubtful is refused, never mended: %00, half escapes, text
 * that is not UTF-8, control characters. */
#ifndef YAGURA_SERVER_HTTP_URL_H
#define YAGURA_SERVER_HTTP_URL_H

#include "core/base/arena.h"
#include "core/base/str.h"

/* One path segment: dot segments and an escaped slash or backslash are refused as well. */
must_check bool url_segment(struct arena *a, struct str raw, struct str *out);

/* Cuts the next name=value from *rest. False at the end and on doubtful text: then *bad is set. */
bool url_query_next(struct arena *a, struct str *rest, struct str *name, struct str *value, bool *bad);

/* Splits a raw target into path and query; an absolute form (http://host/path) loses its beginning. */
void url_split(struct str target, struct str *path, struct str *query);

void url_encode(struct arena *a, struct str text, struct str *out); /* for Location and links */

#endif
