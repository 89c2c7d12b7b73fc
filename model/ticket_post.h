/* ticket_post: what is said in a case. A message is visible to the customer, or internal: the database itself keeps
 * internal notes from customers, and their words are not found by them. A question waits for the customer's answer and
 * is the named reason of every pause. Automatic posts are the service's own and never count as an answer. */
#ifndef YAGURA_MODEL_TICKET_POST_H
#define YAGURA_MODEL_TICKET_POST_H

#include "core/db/query.h"

enum post_visibility { POST_VISIBILITY_NONE, POST_FOR_CUSTOMER, POST_INTERNAL };
enum post_kind { POST_KIND_NONE, POST_MESSAGE, POST_QUESTION, POST_ANSWER, POST_AUTOMATIC };

extern const struct domain post_visibility_domain, post_kind_domain, post_side_domain;

struct ticket_post {
    struct uuid id, tenant_id, ticket_id;
    enum post_visibility visibility;
    enum post_kind kind;
    struct uuid author_id;
    struct str author_name;
    enum principal_side author_side;
    struct str body;
    struct uuid quotes_id;
    struct instant answered_at, edited_at, created_at;
    int64_t version;
    bool mine;
    struct str origin; /* of a message that came with a merged case: that case's reference */
    struct uuid revealed_as_id; /* of a note: the message that made it visible */
    struct strs mentions;       /* the names of those who are named */
    struct strs can;            /* edit, reveal */
    bool by_mail;               /* the sender's address is all that says who wrote it */
    struct str folded;          /* of a mail: what it quoted, and its signature */
};
extern const struct shape ticket_post_shape;

struct ticket_posts_args {
    struct uuid id; /* of the case, from the path */
};
extern const struct shape ticket_posts_shape;
extern const struct listing ticket_post_listing;
extern const struct query ticket_post_by_id, ticket_post_insert;

/* What the service itself notes in cases: internal, automatic; it stops no clock and no customer reads it. */
struct ticket_note {
    struct uuid id, tenant_id, ticket_id;
    struct str body;
};
struct ticket_notes_args {
    struct rows rows; /* struct ticket_note */
    struct instant at;
};
extern const struct query ticket_notes_insert;

struct ticket_questions_args {
    struct uuid tenant_id, ticket_id;
    struct instant at;
};
struct ticket_question_row {
    struct uuid id;
};
extern const struct query ticket_questions_answer; /* marks open questions as answered; returns which */

/* Messages that leave for another case, the oldest first; only those of the case itself are found. */
struct ticket_posts_move {
    struct uuid tenant_id, from_id, to_id;
    struct uuids post_ids;
};
extern const struct query ticket_posts_chosen; /* struct ticket_post */
extern const struct query ticket_posts_move;
extern const struct query ticket_posts_open;   /* a struct ticket_questions_args: questions that still wait */

struct ticket_read_args {
    struct uuid tenant_id, ticket_id, person_id;
    struct str person_name;
    enum principal_side side;
    struct instant at;
};
extern const struct shape ticket_reader_shape;
extern const struct query ticket_read_mark;
extern const struct listing ticket_reader_listing;

#endif
