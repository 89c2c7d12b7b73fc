/* file_answer: a file of the blob store as the answer of a .raw route.
 *
 * It is read by the writers, a piece whenever the reader has taken the one before, so neither a loop nor memory is
 * held. Its hash is compared while it goes out, and the last piece waits for that: a damaged file ends in a broken
 * connection, never in a download that looks whole. A Range is answered with that part (unless the file is sealed);
 * there nothing can be compared.
 *
 * Always an attachment under its own name, nosniff, in a sandbox without scripts: a browser keeps it and never shows
 * it as a page of ours. The ETag is the hash.
 */
#ifndef YAGURA_SERVER_HTTP_FILE_ANSWER_H
#define YAGURA_SERVER_HTTP_FILE_ANSWER_H

#include "core/db/blob.h"

struct file_answer {
    struct blob_id id;
    struct str name;                  /* as the person who sent it called it */
    const char *content_type;         /* NULL: application/octet-stream; a constant */
    const struct secret_key *sealed;  /* with which key, when it is sealed */
    struct blob_reader *made;         /* instead of a blob: made for this answer, so without parts and ETag */
};

/* The transaction may end; what is read afterwards needs no database. */
must_check bool reply_file(struct scope *s, const struct file_answer *file);

enum range_kind { RANGE_NONE, RANGE_PART, RANGE_IMPOSSIBLE };

/* "bytes=0-99", "bytes=100-", "bytes=-5". What is no single range of bytes counts as none, as RFC 9110 wants. */
enum range_kind range_parse(struct str header, int64_t size, int64_t *first, int64_t *length);

#endif
