/* calendars: business calendars as people keep them, made ready for arithmetic. Loaded within a unit of work: three
 * short reads, and what was loaded is as constant as the transaction. */
#ifndef YAGURA_WORKFLOWS_CALENDARS_H
#define YAGURA_WORKFLOWS_CALENDARS_H

#include "model/business_calendar.h"
#include "workflows/calendar.h"

must_check bool calendar_load(struct scope *s, struct uuid calendar_id, const struct calendar **out);

/* Out of rows (struct business_calendar_version, ascending by from_day) that may not be saved yet. *out is NULL when
 * they are no calendar one can count with. */
must_check bool calendar_build(struct scope *s, struct str time_zone, const struct rows *versions,
                               const struct calendar **out);

/* Which calendar counts for a customer: its own, else the provider's. */
must_check bool calendar_for_tenant(struct scope *s, struct uuid tenant_id, struct uuid *calendar_id);

#endif
