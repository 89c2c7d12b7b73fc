/* What categories ask for when a case is opened, and what customers read or approve in it. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/forms.h"
#include "workflows/ticket_documents.h"

#define WRITE(function, verb)                                        \
    static bool function(struct scope *s, const void *in, void *out) \
    {                                                                \
        return verb(s, in, out);                                     \
    }
WRITE(put, document_put)
WRITE(accept_document, document_accept)
WRITE(refuse, document_refuse)
WRITE(take_back, document_take_back)
WRITE(change_form, form_change)
#undef WRITE

static const struct route rows[] = {
    { GET, "/case-forms", CAN_READ(TICKETS), "List what categories ask for", .out = &ticket_form_shape,
      .list = &ticket_form_listing },
    { GET, "/case-forms/{id}", CAN_READ(TICKETS), "Read what a category asks for", .in = &id_args_shape,
      .out = &ticket_form_shape, .one = &ticket_form_by_id },
    { PUT, "/case-forms/{id}", CAN_WRITE(CALENDARS), "Change what a category asks for: cases keep their answers",
      .in = &form_write_shape, .out = &ticket_form_shape, .write = change_form, .if_match = true,
      .body_max = 256 * 1024 },
    { GET, "/ticket-documents", CAN_READ(TICKETS), "List documents to read or approve",
      .out = &ticket_document_shape, .list = &ticket_document_listing },
    { GET, "/tickets/{id}/documents", CAN_READ(TICKETS), "List the documents of a case",
      .in = &ticket_documents_shape, .out = &ticket_document_shape, .list = &ticket_documents_of_case },
    { POST, "/tickets/{id}/documents", CAN_USE(TICKETS), "Put a document before the customer",
      .in = &document_put_shape, .out = &ticket_document_shape, .write = put, .creates = true,
      .body_max = 512 * 1024 },
    { GET, "/ticket-documents/{id}", CAN_READ(TICKETS), "Read a document", .in = &id_args_shape,
      .out = &ticket_document_shape, .one = &ticket_document_by_id },
    { POST, "/ticket-documents/{id}/accept", CAN_READ(TICKETS), "Confirm that it was read, or approve it",
      .in = &document_accept_shape, .out = &ticket_document_shape, .write = accept_document },
    { POST, "/ticket-documents/{id}/refuse", CAN_READ(TICKETS), "Refuse it, with the reason",
      .in = &document_refuse_shape, .out = &ticket_document_shape, .write = refuse },
    { POST, "/ticket-documents/{id}/withdraw", CAN_USE(TICKETS), "Take it back",
      .in = &document_take_back_shape, .out = &ticket_document_shape, .write = take_back },
};

const struct routes ticket_document_routes = ROUTES(rows);
