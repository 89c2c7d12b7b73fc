/* reply: an answer under construction.
 *
 * A .write handler answers with its `out` record and may add headers and cookies here; a .raw handler gives the whole
 * answer. The body must live in the scope's arena (or for ever). Nothing is sent before the transaction committed,
 * and a handler that fails leaves no trace of its reply but the cookies it deleted.
 */
#ifndef YAGURA_SERVER_HTTP_REPLY_H
#define YAGURA_SERVER_HTTP_REPLY_H

#include "core/base/scope.h"

struct reply;

void reply_status(struct scope *s, int status);
void reply_header(struct scope *s, const char *name, struct str value); /* a value with control characters aborts */
void reply_cookie(struct scope *s, const char *name, struct str value, int64_t max_age_s); /* 0 deletes it */
void reply_location(struct scope *s, struct str url);                   /* 303 See Other */

/* For .raw: the whole body. `content_type` is a constant. */
void reply_body(struct scope *s, const char *content_type, struct str body);
void reply_attachment(struct scope *s, struct str file_name); /* Content-Disposition, RFC 6266 with UTF-8 names */

#endif
