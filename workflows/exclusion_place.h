/* exclusion_place: on which computers an exclusion holds: all, those of a group as it is right now, or one. */
#ifndef YAGURA_WORKFLOWS_EXCLUSION_PLACE_H
#define YAGURA_WORKFLOWS_EXCLUSION_PLACE_H

#include "model/exclusion.h"

struct exclusion_place {
    bool everywhere;
    struct uuids computer_ids;
    struct strs keys; /* their names, folded, in order */
};

/* A group or computer that is not the customer's is a violation at /scope_id. `out` may be NULL: only look. */
must_check bool exclusion_place_find(struct scope *s, struct uuid tenant_id, enum exclusion_scope scope,
                                     struct uuid scope_id, struct exclusion_place *out);

bool exclusion_place_holds(const struct exclusion_place *p, struct str host_key);

/* When an exclusion is put into force: who is in its group now. */
must_check bool exclusion_place_keep(struct scope *s, const struct exclusion *x);

#endif
