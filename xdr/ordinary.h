/* ordinary: values as ordinary machines send them all day, to tell which literals are no sign of anything.
 *
 * A rule is asked whenever its witness is seen, so a witness that stands in these is a bad one. The list need not be
 * complete: it only weighs one literal of a rule against another, and never decides what matches.
 */
#ifndef YAGURA_XDR_ORDINARY_H
#define YAGURA_XDR_ORDINARY_H

#include "core/base/str.h"

extern const char ordinary_values[]; /* lines, folded */

enum { ORDINARY_COUNT_MAX = 8 };

/* In how many places of these lines the literal stands, up to ORDINARY_COUNT_MAX; at the line's beginning or end where
 * it must be. */
size_t ordinary_count(bool begins_line, struct str literal, bool ends_line);

#endif
