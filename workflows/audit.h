/* audit: what the work writes down about itself.
 *
 * Every verb that changes something ends with audit_record, in the same transaction: one row in the log of the tenant
 * it happened to, and one in the change feed. What a person of the provider does while looking as a customer stands in
 * both logs, with the customer's name as the one on whose behalf.
 */
#ifndef YAGURA_WORKFLOWS_AUDIT_H
#define YAGURA_WORKFLOWS_AUDIT_H

#include "model/audit.h"

struct deed {
    struct uuid tenant_id;  /* to whom it happened: whose log */
    const char *action;     /* "person.invited": the noun, the verb */
    const char *noun;       /* what object_id names; NULL with none */
    struct uuid object_id;
    struct str object_name;
    struct json change;     /* of shape_difference; may be absent */
    enum audit_result result; /* 0: done */
    bool quiet;             /* no row in the change feed: nothing to show anew */
    struct uuid actor_id;   /* who, when the scope does not say: on the way to a sign-in */
    struct str actor_name;
};

must_check bool audit_record(struct scope *s, const struct deed *d);

/* All chains the transaction may see, as struct audit_chain; *whole says whether every one is. */
must_check bool audit_verify(struct scope *s, struct rows *chains, bool *whole);

#endif
