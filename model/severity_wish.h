/* severity_wish: an engineer's wish to lower the severity of a case that is near its deadline. Another engineer
 * decides. Customers do not see wishes, only what became of them. */
#ifndef YAGURA_MODEL_SEVERITY_WISH_H
#define YAGURA_MODEL_SEVERITY_WISH_H

#include "model/ticket.h"

enum wish_outcome { WISH_NONE, WISH_OPEN, WISH_CONFIRMED, WISH_REFUSED, WISH_OVERTAKEN };

struct severity_wish {
    struct uuid id, tenant_id, ticket_id;
    enum severity severity;
    struct str reason;
    enum wish_outcome outcome;
    struct uuid wished_by;
    struct str wished_by_name;
    struct instant wished_at;
    struct uuid ended_by;
    struct str ended_by_name;
    struct instant ended_at;
    struct str end_reason;
    struct strs can; /* confirm and refuse for a second person, withdraw for the first */
};
extern const struct shape severity_wish_shape;

struct severity_wishes_args {
    struct uuid id; /* the case */
};
extern const struct shape severity_wishes_shape;
extern const struct listing severity_wish_listing;

extern const struct query severity_wish_by_id, severity_wish_insert, severity_wish_end;
extern const struct query severity_wishes_overtake; /* a struct severity_wish: the open one of ticket_id ends */

#endif
