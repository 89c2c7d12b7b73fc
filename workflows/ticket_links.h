/* ticket_links: what linking, merging and splitting share: to find the other case, to hold both, to write the link. */
#ifndef YAGURA_WORKFLOWS_TICKET_LINKS_H
#define YAGURA_WORKFLOWS_TICKET_LINKS_H

#include "workflows/ticket_work_parts.h"

extern const struct problem ticket_link_cannot; /* 409 */

/* A case of the same customer by its number; fails at the field when there is none or it is the case itself. */
must_check bool ticket_refer(struct scope *s, const struct ticket *t, const char *pointer, struct str reference,
                             struct uuid *out);
must_check bool ticket_hold_both(struct scope *s, struct uuid id, struct uuid other_id, struct ticket *t,
                                 struct ticket *other);
must_check bool ticket_link_write(struct scope *s, const struct ticket *t, const struct ticket *other,
                                  enum link_kind kind);

#endif
