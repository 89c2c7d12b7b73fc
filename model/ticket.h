/* ticket: one case, an inquiry of a customer and all that becomes of it.
 *
 *     NEW --> IN_PROGRESS <--> WAITING_CUSTOMER, WAITING_THIRD_PARTY --> RESOLVED --> CLOSED        or DECLINED
 *
 * Which verb leads where, for whom, is the table ticket_move; `can` of a row is what it says to the caller. A case is
 * reopened into a new cycle, whose promises run anew while the results of the old ones stay.
 *
 * Severity is proposed by whoever opens the case and decided by the service side. `awaits` says whose turn it is;
 * `due_at` is the next promise that runs, so that a queue is one index away.
 */
#ifndef YAGURA_MODEL_TICKET_H
#define YAGURA_MODEL_TICKET_H

#include "model/ticket_form.h"

enum ticket_status {
    TICKET_STATUS_NONE, TICKET_NEW, TICKET_IN_PROGRESS, TICKET_WAITING_CUSTOMER, TICKET_WAITING_THIRD_PARTY,
    TICKET_RESOLVED, TICKET_CLOSED, TICKET_DECLINED
};
enum severity { SEVERITY_NONE, SEVERITY_A, SEVERITY_B, SEVERITY_C };
enum ticket_awaits { AWAITS_NONE, AWAITS_PROVIDER, AWAITS_CUSTOMER, AWAITS_NOBODY };
enum ticket_service { TICKET_SERVICE_NONE, SERVICE_INQUIRY, SERVICE_MDR, SERVICE_PREMIUM, SERVICE_MSS };
enum promise_metric { METRIC_NONE, METRIC_ACKNOWLEDGE, METRIC_FIRST_RESPONSE, METRIC_NEXT_UPDATE, METRIC_RESOLVE };

extern const struct domain ticket_status_domain, severity_domain, ticket_awaits_domain, ticket_service_domain,
    promise_metric_domain;

struct ticket_category {
    struct uuid id;
    struct str key;
    enum ticket_service service;
    struct str name, hint; /* in the caller's language */
    struct strs plans;
    bool registered_contacts_only, may_be_declined, closes_on_approval, active;
    int64_t position;
};
extern const struct shape ticket_category_shape;
extern const struct listing ticket_category_listing;
extern const struct query ticket_category_by_id;

struct ticket {
    struct uuid id, tenant_id;
    struct str tenant_name;
    struct str reference; /* AOBA-42, as people say it on the phone */
    int64_t number;
    struct uuid category_id;
    struct str category;
    struct str subject, description;
    enum ticket_status status;
    enum severity severity, severity_proposed;
    struct str severity_reason;
    bool severity_decided;
    int64_t priority;
    struct uuid requester_id;
    struct str requester_name;
    struct uuid assignee_id;
    struct str assignee_name, team;
    struct strs tags;
    int64_t cycle;
    enum ticket_awaits awaits;
    struct instant due_at, due_from; /* and since when that promise runs: a share of its time can be told */
    enum promise_metric due_metric;
    int64_t post_count;
    struct instant opened_at, last_post_at, first_response_at, resolved_at, closed_at;
    struct str close_reason;
    struct uuid merged_into_id; /* where its story goes on */
    struct str merged_into;
    struct uuid incident_id; /* it was opened for; absent for who may not see incidents */
    struct str incident;     /* the same, as people say it */
    struct rows answers; /* struct form_answer: what its category asked for */
    bool unread, by_mail; /* by_mail: opened by a mail, whose sender's address proves little */
    struct instant snoozed_until; /* of an engineer who put it aside for a while; absent: it is in the queue */
    struct instant created_at, updated_at;
    int64_t version;
    struct strs can;
};
extern const struct shape ticket_shape;
extern const struct listing ticket_listing;

/* What somebody looks for, beside the usual filters: words, or a text of the language in model/ticket_query.h. */
struct ticket_list_args {
    struct str words, query, time_zone;
    struct strs phrases, parts, owners; /* of the query, to weigh: exact words; parts of the subject; customers */
};
extern const struct shape ticket_list_shape;

extern const struct query ticket_by_id;
extern const struct query ticket_newest, ticket_saying, ticket_titled, ticket_owners; /* of the list's weighing */
extern const struct query ticket_lock;   /* the same, held against everybody else until the transaction ends */
extern const struct query ticket_insert; /* a struct ticket; returns number */
extern const struct query ticket_save;   /* a struct ticket: every column that verbs may change */

struct ticket_number_row {
    int64_t number;
};

struct ticket_words_args {
    struct uuid tenant_id, id;
    struct str said; /* added to what can be found */
    bool internal;
};
extern const struct query ticket_add_words;

struct ticket_move_args {
    struct str verb;
    enum ticket_status from_status;
};
struct ticket_move_row {
    enum ticket_status to_status;
};
extern const struct query ticket_move_find;

#endif
