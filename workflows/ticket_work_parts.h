/* ticket_work_parts: what the files of the verbs beside the words share. */
#ifndef YAGURA_WORKFLOWS_TICKET_WORK_PARTS_H
#define YAGURA_WORKFLOWS_TICKET_WORK_PARTS_H

#include "workflows/ticket_work.h"
#include "workflows/tickets_parts.h"

/* The case, locked; refused to those who look as a customer, and, if asked, to customers. */
must_check bool work_hold(struct scope *s, struct uuid id, bool provider_only, struct ticket *t);
/* The same without the lock, for verbs that then lock two cases in the order of their ids. */
must_check bool work_look(struct scope *s, struct uuid id, bool provider_only, struct ticket *t);
/* A line in the customer's log about one member that went from one text to another; either may be absent. */
must_check bool work_record(struct scope *s, const struct ticket *t, const char *action, const char *member,
                            struct str before, struct str after);
/* A line in the provider's log about what customers do not see: that it was done and by whom, without words, and with
 * an alias of the object (the first half of the SHA-256 of its id) that tells nothing to who does not see the customer.
 * Those alone who do hear of it in the feed. */
must_check bool work_record_inside(struct scope *s, const struct ticket *t, const char *action, const char *noun,
                                   struct uuid object_id);
must_check bool work_read(struct scope *s, const struct ticket *t, struct ticket_work *out);

#endif
