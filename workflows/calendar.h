/* calendar: when a service is open, and arithmetic on open time.
 *
 * A calendar is a zone and a row of versions, each valid from a local day until the next one begins, so that a change
 * never rewrites the past. A version has windows per weekday ([from, to) in seconds of the local day, 86400 is
 * midnight at its end), a country whose public holidays are closed, and days that are opened or closed by name.
 *
 *     open(t)  =  the local time of t lies in a window of its local day, and that day is not closed
 *
 * Everything else follows from open(t) as a set of instants: on the day the clocks go back an hour inside a window
 * counts twice, on the day they go forward the missing hour counts nothing. Exact to the microsecond; the cost
 * grows with the days between, not with the seconds.
 */
#ifndef YAGURA_WORKFLOWS_CALENDAR_H
#define YAGURA_WORKFLOWS_CALENDAR_H

#include "core/base/zone.h"

enum { WINDOWS_PER_DAY_MAX = 8 };

enum holiday_country { HOLIDAYS_NONE, HOLIDAYS_JAPAN };

struct calendar_window {
    int32_t from_s, to_s; /* 0 <= from < to <= 86400, ascending, not overlapping */
};

struct calendar_exception {
    int64_t day;
    bool open; /* opened although a holiday or closed although a weekday; opened days use `exception_windows` */
};

struct calendar_version {
    int64_t from_day; /* local; the first version also serves all days before it */
    struct calendar_window windows[7][WINDOWS_PER_DAY_MAX]; /* by enum weekday; to_s 0 ends the row */
    struct calendar_window exception_windows[WINDOWS_PER_DAY_MAX];
    const struct calendar_exception *exceptions; /* ascending by day */
    size_t exception_count;
    enum holiday_country holidays;
};

struct calendar {
    const struct zone *zone;
    const struct calendar_version *versions; /* ascending by from_day, at least one */
    size_t version_count;
};

struct open_span {
    struct instant start, end;
};

/* What holds on a local day: the version, and its windows; NULL when it is closed. */
const struct calendar_version *calendar_version_on(const struct calendar *c, int64_t local_day);
const struct calendar_window *calendar_windows_on(const struct calendar *c, int64_t local_day);

bool calendar_is_sound(const struct calendar *c); /* the bounds and orders that the comments above claim */
bool calendar_is_open(const struct calendar *c, struct instant t);
bool calendar_day_is_closed(const struct calendar *c, int64_t local_day); /* no window at all on it */

/* The first open span that ends after `from`, cut to begin at `from`. False when none begins within ten years.
 * Neighbouring windows may come as separate spans; no span crosses a local midnight. */
must_check bool calendar_next_open(const struct calendar *c, struct instant from, struct open_span *out);

/* Open microseconds in [from, to). Zero when to is not after from. */
int64_t calendar_open_us(const struct calendar *c, struct instant from, struct instant to);

/* The earliest instant t with calendar_open_us(from, t) == span_us; for a span of 0 that is `from`. False when the
 * calendar does not open that much within ten years. */
must_check bool calendar_add_open(const struct calendar *c, struct instant from, int64_t span_us, struct instant *out);

/* `days` business days later, as people count them: the same time of day on the n-th open day after the first open
 * moment at or after `from`; when that time lies in no window of that day, the end of the last window before
 * it, or the first opening of the day when none ended before it. */
must_check bool calendar_add_days(const struct calendar *c, struct instant from, int days, struct instant *out);

#endif
