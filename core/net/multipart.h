/* multipart: a form with files (multipart/form-data, RFC 7578), read while it arrives. Nothing of a part's content is
 * kept: it goes on in pieces, cut wherever the network cut it. What is kept is bounded: a boundary of 70 characters, a
 * part's head of 8 KiB. What is doubtful is refused: text before the first boundary or behind the last, parts without a
 * name, folded lines.
 *
 *     multipart_new --> multipart_feed … --> multipart_end
 *                         part, data …, part, data …       the taker hears of them in this order
 */
#ifndef YAGURA_CORE_NET_MULTIPART_H
#define YAGURA_CORE_NET_MULTIPART_H

#include "core/base/scope.h"

enum { MULTIPART_HEAD_MAX = 8 * 1024, MULTIPART_PARTS_MAX = 40 };

struct multipart;

struct multipart_part {
    struct str name, file_name, content_type; /* valid during the call; file_name absent: a field */
};

/* False ends the reading: the scope says why. */
struct multipart_taker {
    bool (*part)(struct scope *s, void *taker, const struct multipart_part *part);
    bool (*data)(struct scope *s, void *taker, struct str piece);
    void *taker;
};

/* From the Content-Type header; the arena of `s` must live as long as the reading. */
must_check bool multipart_new(struct scope *s, struct str content_type, struct multipart **out);
must_check bool multipart_feed(struct scope *s, struct multipart *m, struct str piece,
                               const struct multipart_taker *taker);
must_check bool multipart_end(struct scope *s, const struct multipart *m); /* was the last boundary there? */

#endif
