/* calendars: business calendars as people keep them, made ready for arithmetic. Loaded within a unit of work: three
 * short reads, and what was loaded is as constant as the transaction. */
#ifndef YAGURA_WORKFLOWS_CALENDARS_H
#define YAGURA_WORKFLOWS_CALENDARS_H

#include "model/business_calendar.h"
#include "workflows/calendar.h"

must_check bool calendar_load(struct scope *s, struct uuid calendar_id, const struct calendar **out);

/* Which calendar counts for a customer: its own, else the provider's. */
must_check bool calendar_for_tenant(struct scope *s, struct uuid tenant_id, struct uuid *calendar_id);

#endif
