/* mime_signs: how one sees that a program sent a mail and nobody wrote it: RFC 3834 and what programs do that never
 * read it. A guess that costs little: such a mail is kept where people see it, and does nothing. */
#ifndef YAGURA_CORE_NET_MIME_SIGNS_H
#define YAGURA_CORE_NET_MIME_SIGNS_H

#include "core/base/str.h"

struct mime_signs {
    struct str subject, submitted, precedence, return_path, autoreply, autorespond; /* absent: no such header */
    bool report; /* multipart/report */
};

/* The sign that told it, as "Auto-Submitted"; absent: none. */
struct str mime_automatic(const struct mime_signs *signs);

#endif
