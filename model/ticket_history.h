/* ticket_history: who did what in a case, before and after, out of the audit log: the lines about the case itself, its
 * files, its links for files, and, for the provider alone, those about notes, checklists, time and followers. */
#ifndef YAGURA_MODEL_TICKET_HISTORY_H
#define YAGURA_MODEL_TICKET_HISTORY_H

#include "core/db/query.h"

struct ticket_history_line {
    struct uuid id;
    struct instant at;
    struct str actor_name, on_behalf_of, action, object_name;
    struct json change;
    bool internal; /* it stands in the provider's log: customers do not see it */
};
extern const struct shape ticket_history_shape;
extern const struct listing ticket_history_listing;

#endif
