/* status: is the platform well? One tile per thing that can be unwell (EPM-52..54), each with a colour, a sentence, and
 * how to mend it.
 *
 *     green   in order                      blue   for information: a choice, not a fault
 *     yellow  needs somebody soon           grey   the caller may not see it
 *     red     does not work, or loses data
 *
 * The status page and `yagura doctor` show the same tiles: the page asks with the caller's rights and sees the mail
 * server through the eyes of a job (workflows/status_probe.h), doctor asks as the owner and goes to look itself.
 */
#ifndef YAGURA_WORKFLOWS_STATUS_H
#define YAGURA_WORKFLOWS_STATUS_H

#include "workflows/status_tile.h"

extern const struct shape status_report_shape; /* {tiles: […]} */

struct status_report {
    struct rows tiles;
};

/* In the caller's transaction. s->who NULL or the system sees everything. */
must_check bool status_collect(struct scope *s, struct status_report *out);

#endif
