/* ticket_snooze: an engineer has put a case aside, until a time or until something happens in it. It leaves the queue
 * and
 * the home page of that engineer alone; clocks go on, and a promise that warns or is missed brings the case back at
 * once. Which ones hold is the view ticket_snoozed (migration 0054). */
#ifndef YAGURA_MODEL_TICKET_SNOOZE_H
#define YAGURA_MODEL_TICKET_SNOOZE_H

#include "core/db/query.h"

struct ticket_snooze {
    struct uuid id, tenant_id, ticket_id, person_id;
    struct instant until_at, at;
    bool until_news;
};
extern const struct query ticket_snooze_put;  /* takes the place of an earlier one */
extern const struct query ticket_snooze_drop; /* of the caller, by the case: a struct id_args */

struct snooze_warned_row {
    bool warned; /* a promise that runs has warned, or is late */
};
extern const struct query ticket_snooze_warned; /* by the case */

#endif
