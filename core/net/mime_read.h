/* mime_read: a mail as a stranger's system sent it, read with suspicion.
 *
 *     multipart/mixed ──▶ text     the words: text/plain before text/html, whose markup is taken off
 *       alternative      files    everything else, under the name it was given and the type it claims
 *       message/rfc822            a mail inside of a mail is a file; nobody looks into it
 *
 * Nothing a header says is proof of anything; who uses this asks the database what the sender may do. What is too long,
 * too deep or too many is left out, and `cut` says so: whoever keeps the mail itself loses nothing. A mail that cannot
 * be read within these bounds at all is problem_mime.
 *
 * `automatic` names what told that nobody typed it: Auto-Submitted, Precedence, a report of a mail server, the words
 * with which programs begin a subject. Absent: somebody seems to have written.
 */
#ifndef YAGURA_CORE_NET_MIME_READ_H
#define YAGURA_CORE_NET_MIME_READ_H

#include "core/net/mime.h"

enum {
    MIME_HEAD_MAX = 256 * 1024, MIME_PARTS_MAX = 200, MIME_DEPTH_MAX = 12, MIME_FILES_MAX = 20,
    MIME_TEXT_MAX = 256 * 1024, MIME_SUBJECT_MAX = 200, MIME_REFERENCES_MAX = 60, MIME_ID_MAX = 250
};

struct mime_letter {
    struct str message_id;      /* without the angle brackets; absent: it has none, or one that is too long */
    struct str from, from_name; /* absent: nobody, or more than one */
    struct str subject;         /* one line, at most MIME_SUBJECT_MAX characters */
    struct strs references;     /* the messages it follows, the nearest first */
    struct str automatic;
    struct str text;            /* UTF-8 with \n; no control characters, nothing that turns the direction */
    struct mime_file *files;
    size_t file_count;
    bool cut;
};

must_check bool mime_read(struct scope *s, struct str raw, struct mime_letter *out);

/* Bytes in the charset that a mail names, as UTF-8. */
struct str mime_text_of(struct arena *a, struct str bytes, struct str charset);

#endif
