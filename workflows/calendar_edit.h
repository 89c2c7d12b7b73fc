/* calendar_edit: keeping business calendars.
 *
 * A calendar is made with its first version, which also serves all days before it. Every later change is a version that
 * holds from a day on, and that day is tomorrow at the earliest: what was promised until now stays as it was counted.
 * A version that has not begun may still be replaced or taken back. The zone never changes, since every past day would
 * begin at another time.
 *
 * Open promises in business time are counted anew by a job after each change, a bite at a time.
 */
#ifndef YAGURA_WORKFLOWS_CALENDAR_EDIT_H
#define YAGURA_WORKFLOWS_CALENDAR_EDIT_H

#include "core/db/job.h"
#include "model/business_calendar.h"

extern const struct problem calendar_version_began; /* 409 */

extern const struct shape calendar_new_shape, calendar_name_shape, calendar_version_shape, calendar_day_ref_shape;
must_check bool calendar_create(struct scope *s, const struct calendar_write *in, struct calendar_row *out);
must_check bool calendar_change_name(struct scope *s, const struct calendar_write *in, struct calendar_row *out);
must_check bool calendar_put_version(struct scope *s, const struct calendar_write *in, struct calendar_row *out);
must_check bool calendar_drop_version(struct scope *s, const struct calendar_write *in);

/* Windows and days in order, and of a kind one can count with; or fails naming the field. */
must_check bool calendar_check(struct scope *s, struct calendar_write *in, struct str time_zone);

struct calendar_choice {
    struct uuid tenant_id;
    struct uuid calendar_id; /* none: whichever follows from what calendars there are */
};
extern const struct shape calendar_choice_shape;
must_check bool calendar_choose(struct scope *s, const struct calendar_choice *in, struct calendar_use *out);

struct calendar_versions {
    struct rows items;
};
extern const struct shape calendar_versions_shape;
must_check bool calendar_list_versions(struct scope *s, struct uuid id, struct calendar_versions *out);

#endif
