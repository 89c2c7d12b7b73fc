/* handovers: the end of a shift. The pack is collected when it is written; the duty leads hear of it; whoever comes
 * next accepts it, by name. The one who wrote a pack does not accept it. */
#ifndef YAGURA_WORKFLOWS_HANDOVERS_H
#define YAGURA_WORKFLOWS_HANDOVERS_H

#include "model/handover.h"

enum { HANDOVER_HOURS = 12 };

extern const struct problem handover_accepted_already; /* 409 */
extern const struct problem handover_is_yours;         /* 409 */

struct handover_draft {
    struct instant at, until;
    struct rows items;
};
extern const struct shape handover_draft_shape;
must_check bool handover_collect(struct scope *s, struct handover_draft *out);

struct handover_write {
    struct str notes;
};
struct handover_taking {
    struct uuid id;
    struct str remarks;
};
extern const struct shape handover_write_shape, handover_taking_shape;
must_check bool handover_write(struct scope *s, const struct handover_write *in, struct handover *out);
must_check bool handover_take(struct scope *s, const struct handover_taking *in, struct handover *out);

#endif
