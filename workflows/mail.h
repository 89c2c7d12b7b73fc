/* mail: what the service writes to people, from the promise to the server's receipt.
 *
 * mail_queue renders a template and writes a row into the outbox, in the caller's transaction: no mail without its
 * cause, no cause without its mail. A job carries the row to the SMTP server.
 *
 *     QUEUED --250--> SENT
 *     QUEUED --4xx, server gone--> QUEUED, next_attempt_at later; after two days FAILED
 *     QUEUED --5xx--> FAILED          FAILED, KEPT --retry--> QUEUED
 *     no SMTP server configured: KEPT, readable in the outbox page (the demo's mailbox)
 *
 * One row is one mail to one person: a refused address never holds up its neighbours, and each reads in their own
 * language and time zone.
 *
 * Twice or never: SMTP has no commit. When the process dies after the server said 250 and before our row says SENT,
 * nobody can know whether the server has the mail. We send again (a lost password mail is worse than two), say so
 * on the row (`repeated`), and use the same Message-ID, which is made of the row's id, so that receiving systems can
 * drop the second copy. Everywhere else a mail leaves exactly once.
 *
 * Secrets: members of a mail's data marked `.secret` (one-time links) are masked in what the outbox shows. The true
 * body is sealed with the service's key until the server took it, then erased: afterwards the link exists in the
 * receiver's mailbox alone. A KEPT mail shows it while no SMTP server is configured, because then the outbox is the
 * only mailbox there is.
 */
#ifndef YAGURA_WORKFLOWS_MAIL_H
#define YAGURA_WORKFLOWS_MAIL_H

#include "core/db/blob.h"
#include "model/mail.h"
#include "workflows/mail_kind.h"
#include "workflows/mail_templates.h"

/* A file of the blob store that travels with a mail. */
struct mail_file {
    struct str name;         /* may be Japanese */
    struct str content_type;
    struct blob_id blob;
    int64_t bytes;
    struct str content_id;   /* set: an inline image, <img src="cid:…"> */
};

struct mail_request {
    const struct mail_kind *kind;
    const void *data;          /* a struct of kind->data */
    struct uuid tenant_id;     /* whose outbox */
    struct uuid person_id;     /* may be none: an address without an account */
    struct str to_address, to_name;
    enum language language;    /* the reader's; none: Japanese */
    struct str time_zone;      /* the reader's; none: Asia/Tokyo */
    struct uuid thread;        /* mails of one case belong together; may be none */
    const struct mail_file *files;
    size_t file_count;
};

/* The tenant must be among those the transaction sees. A broken address is a violation at /email. mail_id may be
 * NULL. */
must_check bool mail_queue(struct scope *s, const struct mail_request *request, struct uuid *mail_id);

/* Sends a FAILED or KEPT mail again, from the beginning of its two days. */
must_check bool mail_retry(struct scope *s, struct uuid mail_id, struct mail_detail *out);

/* One mail with what the outbox may show of it: masked, unless this is the mailbox (see above). */
must_check bool mail_read(struct scope *s, struct uuid mail_id, struct mail_detail *out);

/* Renders a kind with its example data for whoever looks at the templates. */
must_check bool mail_preview(struct scope *s, const struct mail_kind *kind, enum language language,
                             struct mail_text *out);

#endif
