/* mail_arrival: one mail that came in, and what became of it: a message, a case, a quiet line of a case when a program
 * sent it, or refused with a reason. Seen by the provider alone; of senders whom nobody knows it is the provider's own
 * row. The Message-ID is taken once per customer. */
#ifndef YAGURA_MODEL_MAIL_ARRIVAL_H
#define YAGURA_MODEL_MAIL_ARRIVAL_H

#include "core/db/query.h"

enum arrival_state { ARRIVAL_NONE, ARRIVAL_READING, ARRIVAL_POSTED, ARRIVAL_OPENED, ARRIVAL_QUIET, ARRIVAL_REFUSED };
enum arrival_reason {
    REFUSED_NONE, REFUSED_UNREADABLE, REFUSED_NO_SENDER, REFUSED_STRANGER, REFUSED_OWN, REFUSED_PROVIDER,
    REFUSED_INACTIVE, REFUSED_MAY_NOT, REFUSED_AUTOMATIC, REFUSED_NO_CASE, REFUSED_CLOSED, REFUSED_EMPTY,
    REFUSED_NOT_POSSIBLE
};
extern const struct domain arrival_state_domain, arrival_reason_domain;

struct mail_arrival {
    struct uuid id, tenant_id;
    struct str tenant_name; /* absent: nobody knows the sender */
    struct str message_id, from_address, from_name, subject, excerpt;
    enum arrival_state state;
    enum arrival_reason reason;
    struct str detail, automatic;
    struct uuid person_id, ticket_id, post_id;
    struct uuid attachment_id; /* the mail itself, an internal file */
    struct str reference; /* of the case */
    int64_t bytes;
    struct instant arrived_at;
};
extern const struct shape mail_arrival_shape;
extern const struct listing mail_arrival_listing;
extern const struct query mail_arrival_by_id;
extern const struct query mail_arrival_claim; /* a struct mail_arrival; returns its id, or no row: it is here already */
extern const struct query mail_arrival_save;

struct mail_sender_args {
    struct str email;
};
struct mail_sender {
    struct uuid tenant_id, person_id;
    enum principal_side side;
    struct str name, email, time_zone;
    enum language language;
    struct strs grants;
    bool active;
};
extern const struct query mail_sender_find;

/* As whom the transaction goes on: the sender, or (person_id none) the service for this customer. */
struct mail_act_args {
    struct uuids tenants;
    struct uuid person_id, home_id;
    enum principal_side side;
    struct strs grants;
    enum language language;
    struct instant at;
};
extern const struct query mail_act;

/* The case that a mail belongs to: by the messages it follows, the nearest first, else by a number in its subject. */
struct mail_case_args {
    struct uuid tenant_id;
    struct strs references;
    struct str subject;
};
struct mail_case_row {
    struct uuid id;
};
extern const struct query mail_case_of;

struct mail_category_args {
    struct uuid tenant_id;
};
extern const struct query mail_category_for; /* returns a struct id_args, or no row */

struct mail_sweep_args {
    struct instant at;
};
extern const struct query mail_in_sweep;

#endif
