/* ticket_document: what a customer is to read or approve in a case: a proposal, a plan, a sheet of what was done, a
 * report. Its content (Markdown, or a file of the case) never changes after it was put before somebody, and each answer
 * names the SHA-256 of what was seen. Answers are added and never changed.
 *
 *     OPEN --everybody asked agrees, or one administrator--> ACCEPTED       one refuses --> REFUSED
 *       '--the engineer takes it back--> WITHDRAWN
 */
#ifndef YAGURA_MODEL_TICKET_DOCUMENT_H
#define YAGURA_MODEL_TICKET_DOCUMENT_H

#include "core/db/query.h"

enum document_kind { DOCUMENT_KIND_NONE, DOCUMENT_PROPOSAL, DOCUMENT_PLAN, DOCUMENT_COMPLETION, DOCUMENT_REPORT,
                     DOCUMENT_OTHER };
enum document_wants { WANTS_NONE, WANTS_CONFIRM, WANTS_APPROVE };
enum document_asks { ASKS_NONE, ASKS_PEOPLE, ASKS_ADMINISTRATORS };
enum document_state { DOCUMENT_STATE_NONE, DOCUMENT_OPEN, DOCUMENT_ACCEPTED, DOCUMENT_REFUSED, DOCUMENT_WITHDRAWN };
enum document_answer { ANSWER_NONE, ANSWER_CONFIRMED, ANSWER_APPROVED, ANSWER_REFUSED };
extern const struct domain document_kind_domain, document_wants_domain, document_asks_domain, document_state_domain,
    document_answer_domain;

struct ticket_document {
    struct uuid id, tenant_id, ticket_id;
    struct str tenant_name, reference, subject;
    enum document_kind kind;
    struct str title, body;
    struct uuid attachment_id;
    struct str attachment_name, sha256;
    enum document_wants wants;
    enum document_asks asks;
    struct str note;
    enum document_state state;
    struct rows people;  /* struct document_person: who is asked by name */
    struct rows answers; /* struct document_answer_row */
    struct uuid created_by_id;
    struct str created_by_name;
    struct instant created_at, ended_at;
    bool awaits_me;
};

struct document_person {
    struct uuid tenant_id, document_id, person_id;
    struct str person_name;
};

struct document_answer_row {
    struct uuid id, tenant_id, document_id, person_id;
    struct str person_name;
    enum document_answer answer;
    struct str reason, address, sha256;
    struct instant at;
};

extern const struct shape ticket_document_shape;
struct ticket_documents_args {
    struct uuid id;
};
extern const struct shape ticket_documents_shape;
extern const struct listing ticket_document_listing, ticket_documents_of_case;
extern const struct query ticket_document_by_id, ticket_document_lock, ticket_document_insert, ticket_document_end;
extern const struct query document_person_insert, document_answer_insert;
extern const struct query customer_administrators; /* id_args: of a tenant; id_args of people */

/* A file of the case that customers may see; its name and hash. */
struct document_file {
    struct uuid ticket_id;
    struct str name, sha256;
};
extern const struct query document_file_by_id;

struct document_completion_args {
    struct uuid tenant_id, ticket_id;
};
extern const struct query document_completion; /* rows when the customer has approved what was done */

#endif
