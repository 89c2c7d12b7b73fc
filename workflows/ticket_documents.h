/* ticket_documents: to put a document before the customer, and what the customer says to it. The answer names the
 * SHA-256 of what was on the screen; another one than the document's is refused. */
#ifndef YAGURA_WORKFLOWS_TICKET_DOCUMENTS_H
#define YAGURA_WORKFLOWS_TICKET_DOCUMENTS_H

#include "model/ticket.h"
#include "model/ticket_document.h"

extern const struct problem document_is_over;        /* 409 */
extern const struct problem document_not_asked;      /* 403 */
extern const struct problem completion_not_approved; /* 409: the service ends on the customer's approval */

struct document_put {
    struct uuid id; /* of the case */
    enum document_kind kind;
    struct str title, body;
    struct uuid attachment_id;
    enum document_wants wants;
    enum document_asks asks;
    struct uuids person_ids;
    struct str note;
};
struct document_say {
    struct uuid id;
    struct str sha256, reason;
};
struct document_take_back {
    struct uuid id;
    struct str reason;
};
extern const struct shape document_put_shape, document_accept_shape, document_refuse_shape, document_take_back_shape;

must_check bool document_put(struct scope *s, const struct document_put *in, struct ticket_document *out);
must_check bool document_accept(struct scope *s, const struct document_say *in, struct ticket_document *out);
must_check bool document_refuse(struct scope *s, const struct document_say *in, struct ticket_document *out);
must_check bool document_take_back(struct scope *s, const struct document_take_back *in, struct ticket_document *out);

/* Whether the case may close as far as approvals go. */
must_check bool documents_allow_close(struct scope *s, const struct ticket *t);

#endif
