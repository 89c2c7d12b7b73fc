/* portal: the files of the web portal, read into memory at start with their precompressed forms.
 *
 * /assets/ holds files whose name changes with their content: they may be kept for ever. Everything else is asked for
 * again with its ETag. A path that is no file and looks like a page (no dot in its last segment) gets index.html,
 * whose router knows it.
 */
#ifndef YAGURA_SERVER_HTTP_PORTAL_H
#define YAGURA_SERVER_HTTP_PORTAL_H

#include "server/http/exchange.h"

struct portal;

must_check bool portal_read(struct scope *s, struct str folder, struct portal **out);
bool portal_answer(struct exchange *x); /* false: the scope says why not */

/* Accept-Encoding: is this coding welcome? */
bool encoding_is_welcome(struct str accept, const char *coding);

#endif
