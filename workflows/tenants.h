/* tenants: customers come, change, rest and leave; and the provider's people look at the portal as one of them. */
#ifndef YAGURA_WORKFLOWS_TENANTS_H
#define YAGURA_WORKFLOWS_TENANTS_H

#include "core/db/db.h"
#include "model/tenant.h"

extern const struct problem tenant_state_wrong; /* 409: not from here */

must_check bool tenant_create(struct scope *s, const struct tenant_write *in, struct tenant *out);
must_check bool tenant_change(struct scope *s, const struct tenant_write *in, struct tenant *out);
must_check bool tenant_suspend(struct scope *s, struct uuid id, struct tenant *out);
must_check bool tenant_resume(struct scope *s, struct uuid id, struct tenant *out);

/* From the next request on the session sees what this customer's administrator would see; both logs say so. */
must_check bool tenant_act_as(struct scope *s, struct uuid id, struct tenant *out);
must_check bool tenant_stop_acting(struct scope *s);

#endif
