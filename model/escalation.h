/* escalation: one walk through the chain of people who are told that a deadline comes near, or has passed.
 *
 *     WALKING --somebody has it--> ACKNOWLEDGED       --the next mark--> OVERTAKEN (that one walks anew)
 *             --answered, paused--> SETTLED           --past the last step, in silence--> EXHAUSTED
 *
 * It is the provider's own affair: the database keeps it from customers. workflows/escalations.h walks it. */
#ifndef YAGURA_MODEL_ESCALATION_H
#define YAGURA_MODEL_ESCALATION_H

#include "model/promise.h"

enum escalation_who { WHO_NONE, WHO_ASSIGNEE, WHO_PERMISSION_SET, WHO_PEOPLE };
enum escalation_hours { HOURS_NONE, HOURS_ALWAYS, HOURS_OPEN, HOURS_CLOSED };
enum escalation_state {
    ESCALATION_NONE, ESCALATION_WALKING, ESCALATION_ACKNOWLEDGED, ESCALATION_OVERTAKEN, ESCALATION_SETTLED,
    ESCALATION_EXHAUSTED
};
extern const struct domain escalation_who_domain, escalation_hours_domain, escalation_state_domain;

struct escalation_step {
    enum escalation_who who;
    struct str set_key;   /* of the provider's permission set */
    struct uuids people;
    bool portal, mail, webhook;
    int64_t delay_minutes; /* of silence since somebody was told */
    int64_t from_mark;     /* below this mark the step is left out */
    enum escalation_hours hours; /* by the calendar that counts for the customer */
};
extern const struct shape escalation_step_shape;

struct escalation_chain {
    struct uuid id, tenant_id;
    struct str tenant_name, name;
    bool standard; /* the provider's: holds for everybody without their own */
    struct rows steps;
    struct instant created_at, updated_at;
    int64_t version;
    struct strs can;
};
struct escalation_chain_write {
    struct uuid id, tenant_id;
    struct str name;
    struct rows steps;
    int64_t version;
    struct instant at;
};
extern const struct shape escalation_chain_shape, escalation_chain_new_shape, escalation_chain_update_shape;
extern const struct listing escalation_chain_listing;
extern const struct query escalation_chain_by_id, escalation_chain_insert, escalation_chain_update,
    escalation_chain_delete;

/* Marks begin walks and steps answer them: the lowest mark that targets have, for those whom a chain of this tenant
 * concerns (the provider's: all without one of their own); and the chain that begins latest, of those whom a target of
 * this tenant concerns. */
struct escalation_mark_args {
    struct uuid tenant_id;
    struct instant at;
};
struct escalation_mark_row {
    int64_t mark; /* INT_NONE: there is none */
};
extern const struct query escalation_lowest_mark, escalation_latest_start;

struct escalation {
    struct uuid id, tenant_id, ticket_id, promise_id;
    enum promise_metric metric;
    int64_t mark;
    enum escalation_state state;
    struct rows steps;
    int64_t step;
    struct instant next_at, raised_at, ended_at;
    struct str acknowledged_by;
};
struct escalations_begin_args {
    struct rows rows; /* struct escalation */
    struct instant at;
};
extern const struct query escalations_begin, escalation_lock, escalation_save;

/* Who was told by a step. */
struct escalation_call {
    struct uuid tenant_id, id, escalation_id;
    int64_t step;
    struct uuid person_id;
    struct str name;
    bool mail;
    struct instant at;
};
extern const struct shape escalation_call_shape;
extern const struct query escalation_call_insert, escalation_calls;

struct escalation_acknowledge_args {
    struct uuid id; /* of the case */
    struct str name;
    struct instant at;
};
extern const struct query escalation_acknowledge;

/* As the page of the case shows it. */
struct escalation_view {
    struct uuid id, promise_id;
    enum promise_metric metric;
    int64_t mark;
    enum escalation_state state;
    int64_t step, step_count;
    struct instant next_at, raised_at, ended_at;
    struct str acknowledged_by;
    struct rows calls; /* struct escalation_call */
};
extern const struct shape escalation_view_shape;
extern const struct listing escalations_of_ticket;
extern const struct shape escalation_ticket_shape; /* struct id_args, from the path */

#endif
