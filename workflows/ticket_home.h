/* ticket_home: where somebody's work begins: a few questions of the list, with how many cases answer each and the
 * first of them. Each section names its query, so that a page can open the whole list by it. */
#ifndef YAGURA_WORKFLOWS_TICKET_HOME_H
#define YAGURA_WORKFLOWS_TICKET_HOME_H

#include "model/ticket.h"

struct ticket_home_section {
    struct str key, query, sort;
    int64_t total;
    struct rows items; /* struct ticket */
};
struct ticket_home {
    struct rows sections; /* struct ticket_home_section */
};
extern const struct shape ticket_home_shape;
must_check bool ticket_home_read(struct scope *s, struct ticket_home *out);

#endif
