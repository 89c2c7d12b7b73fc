/* mime: a mail as the bytes that travel.
 *
 *     multipart/mixed                  when files are attached
 *       multipart/alternative
 *         text/plain
 *         multipart/related            when the HTML shows images of its own
 *           text/html
 *           image/png  Content-ID: <…>
 *       application/pdf; filename=…
 *
 * Everything is 7-bit: names and subjects as RFC 2047 words in UTF-8, file names after RFC 2231, bodies in
 * quoted-printable or base64, lines within RFC 5322, CRLF. What a person or a customer's data put into a header cannot
 * begin another one: control characters are refused, not repaired.
 */
#ifndef YAGURA_CORE_NET_MIME_H
#define YAGURA_CORE_NET_MIME_H

#include "core/base/scope.h"

enum { MIME_MAIL_MAX = 25 * 1024 * 1024, MIME_HEADER_MAX = 4000 };

struct mime_person {
    struct str name, address; /* the name may be absent */
};

struct mime_file {
    struct str name, content_type;
    struct str content_id; /* set: shown inside the HTML, <img src="cid:…"> */
    struct str data;
};

struct mime_mail {
    struct mime_person from, to;
    struct str subject, text, html; /* html may be absent */
    struct str message_id;          /* left@right, without the angle brackets */
    struct str reply_to;            /* the address for answers; absent: the sender's */
    struct str references;          /* the thread it belongs to, likewise; may be absent */
    struct instant date;
    bool automatic;                 /* nobody typed it: Auto-Submitted, so that absence notes are not sent back */
    const struct mime_file *files;
    size_t file_count;
};

extern const struct problem problem_mime; /* 422: this cannot be written as a mail */

must_check bool mime_compose(struct scope *s, const struct mime_mail *mail, struct str *out);

#endif
