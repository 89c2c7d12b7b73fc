/* clamd: asking the virus scanner ClamAV about a file, over its socket.
 *
 * The words of clamd's protocol: "zINSTREAM", then pieces each behind its length, then a piece of nothing; the answer
 * is one line. Nothing of the file is written anywhere by us. `where` is /run/clamav/clamd.ctl or host:port.
 */
#ifndef YAGURA_CORE_NET_CLAMD_H
#define YAGURA_CORE_NET_CLAMD_H

#include "core/base/scope.h"

enum clamd_verdict { CLAMD_NONE, CLAMD_CLEAN, CLAMD_FOUND, CLAMD_TOO_LARGE };

extern const struct problem clamd_unreachable; /* 502: nobody answers, or not as clamd would */

struct clamd_talk;

must_check bool clamd_begin(struct scope *s, struct str where, struct clamd_talk **out); /* ends with the arena */
/* After the scanner has closed its ear (its own limit on size) more pieces are taken for nothing. */
must_check bool clamd_send(struct scope *s, struct clamd_talk *t, const void *bytes, size_t count);
must_check bool clamd_end(struct scope *s, struct clamd_talk *t, enum clamd_verdict *verdict, struct str *name);

#endif
