/* find: whether a text holds a part, for the short texts and parts of events.
 *
 * Sixteen places at a time are compared by the first and the last byte of the part; where both fit, the rest is.
 * On command lines this is several times faster than memmem, which prepares tables first.
 */
#ifndef YAGURA_XDR_FIND_H
#define YAGURA_XDR_FIND_H

#include "core/base/str.h"

bool find_part(struct str text, struct str part);
size_t find_where(struct str text, struct str part); /* text.len when it is not there */

#endif
