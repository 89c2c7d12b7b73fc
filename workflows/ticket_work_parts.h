/* ticket_work_parts: what the files of the verbs beside the words share. */
#ifndef YAGURA_WORKFLOWS_TICKET_WORK_PARTS_H
#define YAGURA_WORKFLOWS_TICKET_WORK_PARTS_H

#include "workflows/ticket_work.h"
#include "workflows/tickets_parts.h"

/* The case, locked; refused to those who look as a customer, and, if asked, to customers. */
must_check bool work_hold(struct scope *s, struct uuid id, bool provider_only, struct ticket *t);
/* A line in the customer's log about one member that went from one text to another; either may be absent. */
must_check bool work_record(struct scope *s, const struct ticket *t, const char *action, const char *member,
                            struct str before, struct str after);
/* The same in the provider's log: it names the object, not the case. Those alone who see the customer hear of it. */
must_check bool work_record_inside(struct scope *s, const struct ticket *t, const char *action, const char *noun,
                                   struct uuid object_id, struct str before, struct str after);
must_check bool work_read(struct scope *s, const struct ticket *t, struct ticket_work *out);

#endif
