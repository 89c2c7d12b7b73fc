/* handover: what one shift leaves to the next: clocks that are due, customers who wait for a word, what waits for
 * approval, who is being called; and what the leaving shift has to say. The next shift accepts it with its name.
 *
 *     WAITING --accept--> ACCEPTED
 *
 * A pack is a picture of its moment and is kept as it was. Its lines stand with the customers they are about, so that
 * an engineer reads of those customers alone whom they may see.
 */
#ifndef YAGURA_MODEL_HANDOVER_H
#define YAGURA_MODEL_HANDOVER_H

#include "model/ticket.h"

enum handover_state { HANDOVER_STATE_NONE, HANDOVER_WAITING, HANDOVER_ACCEPTED };
enum handover_kind { HANDOVER_KIND_NONE, HANDOVER_DUE, HANDOVER_UNANSWERED, HANDOVER_APPROVAL, HANDOVER_ESCALATION,
                     HANDOVER_CALL };
extern const struct domain handover_state_domain, handover_kind_domain;

struct handover_item {
    struct uuid id, tenant_id, handover_tenant_id, handover_id, ticket_id;
    enum handover_kind kind;
    struct str reference, subject, tenant_name;
    enum severity severity;
    struct str assignee_name;
    enum promise_metric metric;
    struct instant due_at, since_at;
    struct str detail;
    int64_t position;
};
extern const struct shape handover_item_shape;

struct handover {
    struct uuid id, tenant_id, written_by_id;
    struct str written_by;
    struct instant written_at;
    struct str notes;
    enum handover_state state;
    struct uuid accepted_by_id;
    struct str accepted_by;
    struct instant accepted_at;
    struct str remarks;
    int64_t due_count, unanswered_count;
    struct rows items;
    int64_t version;
    struct strs can;
};
extern const struct shape handover_shape, handover_list_shape;
extern const struct listing handover_listing;
extern const struct query handover_by_id, handover_insert, handover_item_insert, handover_accept;

/* Everything that would stand in a pack now, most pressing first. */
struct handover_now_args {
    struct instant at, until;
};
extern const struct query handover_now;

#endif
