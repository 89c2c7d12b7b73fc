/* guard: the rules about giving and taking rights.
 *
 * Nobody gives more than they hold, and nobody administrates a person who holds more. A customer's set never holds a
 * function of the provider. Somebody who can let others in is left in every tenant that has one.
 */
#ifndef YAGURA_WORKFLOWS_GUARD_H
#define YAGURA_WORKFLOWS_GUARD_H

#include "core/db/db.h"
#include "model/person.h"

extern const struct problem more_than_held;     /* 403 */
extern const struct problem last_administrator; /* 409 */
extern const struct problem not_yourself;       /* 409 */

/* Grants that are well formed, within the caller's own, and fit for the side; violations at pointer/<index>. */
must_check bool guard_grants(struct scope *s, struct strs grants, enum principal_side side, const char *pointer);
/* The sets belong to that tenant and give no more than the caller holds. */
must_check bool guard_sets(struct scope *s, struct uuid tenant_id, struct uuids set_ids);
/* Customers that the caller sees; only for people of the provider. */
must_check bool guard_tenants(struct scope *s, enum principal_side side, bool all_tenants, struct uuids tenant_ids);
/* The person holds no more than the caller. */
must_check bool guard_person(struct scope *s, struct uuid person_id);

/* Before and after taking rights away: the first locks the tenant and counts, the second refuses to leave none. */
must_check bool guard_administrators(struct scope *s, struct uuid tenant_id, int64_t *before);
must_check bool guard_administrators_left(struct scope *s, struct uuid tenant_id, int64_t before);

#endif
