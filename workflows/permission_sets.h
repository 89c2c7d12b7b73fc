/* permission_sets: bundles of rights that an organisation makes for itself, within what their maker holds. */
#ifndef YAGURA_WORKFLOWS_PERMISSION_SETS_H
#define YAGURA_WORKFLOWS_PERMISSION_SETS_H

#include "core/db/db.h"
#include "model/permission_set.h"

extern const struct problem permission_set_builtin; /* 409: make a copy */
extern const struct problem permission_set_in_use;  /* 409: held by people */

must_check bool permission_set_create(struct scope *s, const struct permission_set_write *in,
                                      struct permission_set *out);
must_check bool permission_set_change(struct scope *s, const struct permission_set_write *in,
                                      struct permission_set *out);
must_check bool permission_set_remove(struct scope *s, struct uuid id);

#endif
