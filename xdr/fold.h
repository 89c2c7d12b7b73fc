/* fold: letters without their case.
 *
 * A folded text has the same length in bytes as the text it comes from. A to Z lose their case by a mask; of the
 * characters beyond ASCII those lose it whose small letter takes as many bytes: Latin-1, Latin Extended-A, Greek,
 * Cyrillic, Armenian and the full-width Latin letters. Others (the sharp s, the dotted I of Turkish) only equal
 * themselves.
 */
#ifndef YAGURA_XDR_FOLD_H
#define YAGURA_XDR_FOLD_H

#include "core/base/arena.h"
#include "core/base/str.h"

/* Writes text.len bytes to `out`; up to FOLD_SLACK more may be written behind them. True when all is ASCII. */
enum { FOLD_SLACK = 64 };
bool fold_into(char *out, struct str text);

struct str fold_copy(struct arena *a, struct str text); /* of patterns too: their markers stay */

#endif
