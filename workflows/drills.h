/* drills: the quarterly trial of a customer's registered contacts.
 *
 * A job looks every few hours: customers for whom this quarter's drill has not begun get one, every contact a mail
 * with a link; of drills that are overdue the duty leads are told, once. A drill can also be begun by hand, and a
 * contact tried by a call that is written down.
 */
#ifndef YAGURA_WORKFLOWS_DRILLS_H
#define YAGURA_WORKFLOWS_DRILLS_H

#include "core/db/job.h"
#include "model/contact_drill.h"

enum { DRILL_DAYS = 14 };

extern const struct problem drill_there_already; /* 409 */
extern const struct problem drill_without_contacts; /* 409 */

struct drill_begin {
    struct uuid tenant_id;
};
extern const struct shape drill_begin_shape, drill_called_shape;
must_check bool drill_begin(struct scope *s, const struct drill_begin *in, struct contact_drill *out);
must_check bool drill_called(struct scope *s, const struct drill_call *in, struct contact_drill *out);

/* The link of a mail: whoever holds it has read the mail. Needs no sign-in and shows no more than the person's name. */
struct drill_link {
    struct str token;
};
struct drill_thanks {
    struct str name, tenant_name;
    struct instant answered_at;
};
extern const struct shape drill_link_shape, drill_thanks_shape;
must_check bool drill_answer(struct scope *s, const struct drill_link *in, struct drill_thanks *out);

extern const struct job_kind contact_drill_job;

#endif
