/* ticket_chatter: what hangs on the words of a case: earlier words of a corrected message, people who are named in it,
 * and who is writing at this moment. What belongs to an internal note is kept from customers by the database. */
#ifndef YAGURA_MODEL_TICKET_CHATTER_H
#define YAGURA_MODEL_TICKET_CHATTER_H

#include "model/ticket_post.h"

/* ---- corrections ---- */

struct ticket_post_edit_row {
    struct uuid tenant_id, post_id;
    struct instant at;
    struct str by_name, body; /* as it was before */
};
extern const struct shape ticket_post_edit_row_shape;
extern const struct listing ticket_post_edit_listing; /* takes id_args: the message */
extern const struct query ticket_post_edit_insert;

struct ticket_post_change {
    struct uuid tenant_id, id;
    int64_t version;
    struct str body;
    struct instant at;
    struct uuid revealed_as_id;
};
extern const struct query ticket_post_change; /* when the version is still this one; returns the id */
extern const struct query ticket_post_mark_revealed;

/* ---- who is named ---- */

struct mentionable_args {
    struct uuid id;
    bool internal;
    struct str q;
};
struct mentionable {
    struct uuid person_id;
    struct str person_name;
    enum principal_side side;
};
extern const struct shape mentionable_args_shape, mentionable_shape;
extern const struct listing mentionable_listing;

struct mention_args {
    struct uuid tenant_id, ticket_id, post_id;
    struct uuids people;
    bool internal;
    struct instant at;
};
struct mention_row {
    struct uuid person_id;
};
extern const struct query ticket_mention_insert; /* returns those who may be named */

/* ---- who is writing ---- */

struct ticket_writer {
    struct uuid tenant_id, id, ticket_id, person_id;
    struct str person_name;
    enum principal_side side;
    bool internal;
    struct instant until_at;
};
struct ticket_writer_begun {
    bool news; /* nobody knew of it yet */
};
extern const struct shape ticket_writer_shape;
extern const struct listing ticket_writer_listing; /* takes id_args: the case; everybody but the caller */
extern const struct query ticket_writer_tell, ticket_writer_end;

#endif
