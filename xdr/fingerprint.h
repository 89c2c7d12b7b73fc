/* fingerprint: where in a text one of many short runs of bytes may begin, found thirty-two places at a time.
 *
 * Every run (one to three bytes) belongs to one of a few groups. For each byte of a run two tables say which
 * groups allow its lower and its upper half; a place stays when some group allows all the bytes that stand there. That
 * is too much rather than too little: who asks compares what really stands at the places marked. It needs AVX2; where
 * the machine has none, fingerprints_new returns NULL and its users look at every place themselves.
 */
#ifndef YAGURA_XDR_FINGERPRINT_H
#define YAGURA_XDR_FINGERPRINT_H

#include "core/base/arena.h"
#include "core/base/str.h"

enum { RUN_BYTES = 3, MARKS_MAX = 96, MARKED_MIN = 34 };

struct run {
    struct str bytes; /* of which the first three count */
    bool any_case;    /* letters of ASCII stand for both cases */
};

struct fingerprints;

/* NULL when there is no run, too many, an empty one, or no AVX2. */
const struct fingerprints *fingerprints_new(struct arena *a, const struct run *runs, size_t count);

/* Marks places from `from` on, ascending, and returns how far it looked: text.len, or less when the marks are full. The
 * text has MARKED_MIN bytes or more; nothing behind it is read, and in its last two bytes no run is looked for. */
size_t fingerprints_mark(const struct fingerprints *f, struct str text, size_t from, uint32_t marks[MARKS_MAX],
                         size_t *count);

#endif
