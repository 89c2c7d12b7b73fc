/* ticket_snoozes: putting a case aside, and taking it back. Engineers alone, each for themselves. */
#ifndef YAGURA_WORKFLOWS_TICKET_SNOOZES_H
#define YAGURA_WORKFLOWS_TICKET_SNOOZES_H

#include "model/ticket.h"

extern const struct problem ticket_snooze_warned_already; /* 409: it would not be hidden */

struct ticket_put_aside {
    struct uuid id;
    struct instant until_at; /* absent: thirty days */
    bool until_news;
};
extern const struct shape ticket_put_aside_shape;
must_check bool ticket_put_aside(struct scope *s, const struct ticket_put_aside *in, struct ticket *out);
must_check bool ticket_take_back(struct scope *s, struct uuid id, struct ticket *out);

#endif
