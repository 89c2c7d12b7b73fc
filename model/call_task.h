/* call_task: somebody is to be called about a case, and every attempt is written down: whom, which number, what came of
 * it, who called, when (SLA-10). Contacts are called in their order; the next is the first whom nobody has tried.
 *
 *     OPEN --reached--> REACHED          OPEN --given up, or no longer needed--> ENDED
 */
#ifndef YAGURA_MODEL_CALL_TASK_H
#define YAGURA_MODEL_CALL_TASK_H

#include "core/db/query.h"

enum call_state { CALL_STATE_NONE, CALL_OPEN, CALL_REACHED, CALL_ENDED };
enum call_outcome { CALL_OUTCOME_NONE, CALL_OUTCOME_REACHED, CALL_NO_ANSWER, CALL_LEFT_MESSAGE };
extern const struct domain call_state_domain, call_outcome_domain;

struct call_attempt {
    struct uuid id, tenant_id, call_task_id, contact_id;
    struct str contact_name, phone;
    enum call_outcome outcome;
    struct str note, made_by;
    struct instant at;
};
extern const struct shape call_attempt_shape;

/* Who may be called, in order, and what came of it last. */
struct call_contact {
    struct uuid contact_id;
    struct str name, phone, phone_second;
    struct strs languages;
    struct str hours, note;
    enum call_outcome tried;
};

struct call_task {
    struct uuid id, tenant_id, ticket_id;
    struct str tenant_name, reference, subject;
    struct str reason;
    enum call_state state;
    struct str asked_by;
    struct instant created_at;
    struct str ended_by, end_note;
    struct instant ended_at;
    struct rows attempts; /* struct call_attempt, oldest first */
    struct rows contacts; /* struct call_contact, in the order of calls */
    struct uuid next_contact_id;
    int64_t version;
};
extern const struct shape call_task_shape;
extern const struct listing call_task_listing;
extern const struct query call_task_by_id, call_task_insert, call_task_end, call_attempt_insert;

#endif
