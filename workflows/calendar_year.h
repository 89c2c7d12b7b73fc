/* calendar_year: a business calendar as a year on the wall: each day, whether it is open, and why not. Also of a
 * version that is not saved yet, so that a person sees what a change would make of the year. */
#ifndef YAGURA_WORKFLOWS_CALENDAR_YEAR_H
#define YAGURA_WORKFLOWS_CALENDAR_YEAR_H

#include "model/business_calendar.h"

enum day_kind { DAY_NONE, DAY_OPEN, DAY_OFF, DAY_HOLIDAY, DAY_CLOSED, DAY_OPENED };
extern const struct domain day_kind_domain;

struct calendar_day_view {
    struct str day;
    enum day_kind kind; /* off: no hours on this weekday; closed and opened: by name */
    struct str name;    /* of the holiday, or why it is closed or opened */
    struct str hours;   /* 09:00–12:00 13:00–17:30 */
    bool changes;       /* a version of the calendar begins on this day */
};

struct calendar_year {
    int64_t year, open_days, open_minutes;
    struct rows days;
};
extern const struct shape calendar_year_shape;

/* Of a saved calendar, and of a draft: as the calendar `id`, if any, would be with the version in it. */
struct calendar_year_ask {
    struct uuid id;
    int64_t year;
};
struct calendar_draft {
    struct uuid id; /* none: a calendar of this version alone */
    struct str time_zone; /* of a calendar that is not there yet */
    int64_t year;
    struct str from_day; /* none: the year's first day */
    struct rows windows, exception_windows, exceptions;
    enum holidays holidays;
};
extern const struct shape calendar_year_ask_shape, calendar_draft_shape;
must_check bool calendar_year_view(struct scope *s, const struct calendar_year_ask *ask, struct calendar_year *out);
must_check bool calendar_draft_view(struct scope *s, const struct calendar_draft *draft, struct calendar_year *out);

/* The versions of a calendar with one more in its place, ascending. */
struct rows calendar_with(struct scope *s, const struct rows *versions, const struct business_calendar_version *one);

#endif
