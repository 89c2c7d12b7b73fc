/* decoder: a compressed body made text while it arrives, within bounds.
 *
 * Whoever sends a small body may have packed a very large text into it. The text has a most; and it may be no more than
 * so many times what was sent, but for a first part that any text may have. What ends before its end, or goes on behind
 * it, is broken. Members of gzip and frames of zstd may follow each other, as their tools allow.
 */
#ifndef YAGURA_CORE_NET_DECODER_H
#define YAGURA_CORE_NET_DECODER_H

#include "core/base/scope.h"

enum coding { CODING_IDENTITY = 1, CODING_GZIP, CODING_ZSTD };

extern const struct problem coding_broken;   /* 400 */
extern const struct problem coding_lies;     /* 413: more text than is believed */
extern const struct problem coding_unknown;  /* 415 */

struct decoder_bounds {
    int64_t text_max;   /* bytes of text in all */
    int64_t ratio_max;  /* bytes of text for each that was sent */
    int64_t ratio_from; /* so much text is never too much for what was sent */
};

struct decoder;
typedef bool decoder_take(struct scope *s, void *to, struct str text);

/* Of Content-Encoding; absent: identity. */
must_check bool coding_parse(struct scope *s, struct str header, enum coding *out);

struct decoder *decoder_new(struct arena *a, const struct decoder_bounds *bounds); /* used for one body after another */
void decoder_begin(struct decoder *d, enum coding coding, decoder_take *take, void *to);
must_check bool decoder_add(struct scope *s, struct decoder *d, struct str piece);
must_check bool decoder_end(struct scope *s, struct decoder *d); /* the body is over: is the text? */
int64_t decoder_text_bytes(const struct decoder *d);

#endif
