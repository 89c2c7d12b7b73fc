/* tickets_parts: what the files of the verbs share. */
#ifndef YAGURA_WORKFLOWS_TICKETS_PARTS_H
#define YAGURA_WORKFLOWS_TICKETS_PARTS_H

#include "workflows/tickets.h"

must_check bool ticket_hold(struct scope *s, struct uuid id, struct ticket *t); /* read, and locked */
/* Saves, writes the audit entry, and reads *t again with what the caller may do next. */
must_check bool ticket_keep(struct scope *s, const char *action, const struct ticket *before, struct ticket *t);
must_check bool ticket_record(struct scope *s, const char *action, const struct ticket *before,
                              const struct ticket *after);
enum principal_side ticket_side(const struct scope *s);
must_check bool ticket_speaks_for_itself(struct scope *s); /* forbids to write while looking as a customer */
/* Where the verb leads from where the case stands, or ticket_cannot. */
must_check bool ticket_way(struct scope *s, const struct ticket *t, const char *verb, enum ticket_status *to);
must_check bool ticket_contract_includes(struct scope *s, struct uuid tenant_id, struct uuid category_id,
                                         struct ticket_category *category);
/* A new life: its promises run anew, the results of the old ones stay where they are. */
must_check bool ticket_begin_cycle(struct scope *s, struct ticket *t, struct str reason);

#endif
