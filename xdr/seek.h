/* seek: one text sought in many bytes without regard to the case of ASCII letters.
 *
 * Sixteen places at a time are compared by the two bytes of the text that are rarest in events; where both fit, the
 * whole is.
 */
#ifndef YAGURA_XDR_SEEK_H
#define YAGURA_XDR_SEEK_H

#include "core/base/str.h"

struct seeker {
    struct str text; /* folded */
    size_t rare[2];
};

struct seeker seeker_of(struct str folded); /* not empty */
size_t seek(const struct seeker *k, struct str in, size_t from); /* in.len when it is not there any more */

#endif
