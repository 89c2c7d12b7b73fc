/* business_calendar: the hours and days of a service, as people keep them. workflows/calendar.h computes with them.
 * A version holds from its day on; days before the first version follow the first. */
#ifndef YAGURA_MODEL_BUSINESS_CALENDAR_H
#define YAGURA_MODEL_BUSINESS_CALENDAR_H

#include "core/db/query.h"

enum holidays { HOLIDAYS_ABSENT, HOLIDAYS_OF_NOBODY, HOLIDAYS_OF_JAPAN };
extern const struct domain holidays_domain;

struct business_window {
    int64_t weekday; /* 0 is Monday; unused in the windows of opened days */
    int64_t from_s, to_s;
};

struct business_exception {
    struct str day; /* 2026-12-29 */
    bool open;
    struct str name;
};

struct business_calendar {
    struct uuid id, tenant_id;
    struct str name, time_zone;
    struct instant created_at, updated_at;
    int64_t version;
};

struct business_calendar_version {
    struct uuid calendar_id;
    struct str from_day;
    struct rows windows, exception_windows, exceptions;
    enum holidays holidays;
};

extern const struct shape business_calendar_shape, business_calendar_version_shape;
extern const struct listing business_calendar_listing;
extern const struct query business_calendar_by_id, business_calendar_versions;

/* Which calendar counts for a customer: its own, else the provider's. */
extern const struct query business_calendar_of_tenant;

#endif
