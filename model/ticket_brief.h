/* ticket_brief: as much of a case as work of the service itself needs, where nobody asks and `can` means nothing. */
#ifndef YAGURA_MODEL_TICKET_BRIEF_H
#define YAGURA_MODEL_TICKET_BRIEF_H

#include "model/ticket.h"

struct ticket_brief {
    struct uuid id, tenant_id, assignee_id;
    struct str reference, subject, assignee_name;
    enum ticket_status status;
    enum severity severity;
    int64_t cycle;
};
extern const struct query ticket_brief_by_id;

/* A question that waits for its answer; absent once it was answered, or the case went on otherwise. */
struct open_question {
    struct uuid id, ticket_id;
    struct str body;
    struct instant created_at;
};
extern const struct query open_question_by_id;

#endif
