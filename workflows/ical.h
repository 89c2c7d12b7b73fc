/* ical: days off from an iCalendar file (RFC 5545), as calendars publish public holidays and company closures.
 *
 * What is taken of each VEVENT: its summary and the local days it covers. Whole-day events count from DTSTART to the
 * day before DTEND; timed events count the days they touch in their own zone, or in `zone` when they are in UTC. A
 * yearly repetition (FREQ=YEARLY with INTERVAL, COUNT, UNTIL) is followed within the years asked for. What cannot be
 * understood is refused with its line: half a holiday list would be worse than none.
 */
#ifndef YAGURA_WORKFLOWS_ICAL_H
#define YAGURA_WORKFLOWS_ICAL_H

#include "core/base/scope.h"
#include "core/base/zone.h"

enum { ICAL_BYTES_MAX = 1 << 20, ICAL_DAYS_MAX = 4000 };

struct ical_day {
    int64_t day; /* local day number */
    struct str name;
};

struct ical_days {
    struct ical_day *items; /* ascending, each day once */
    size_t count;
};

extern const struct problem ical_not_understood; /* 422, detail names the line */

/* What was not understood, where a person is to decide whether the rest will do. */
struct ical_refusal {
    int64_t line;
    struct str reason; /* in the scope's language */
};
enum { ICAL_REFUSALS_MAX = 100 };
struct ical_refusals {
    struct ical_refusal items[ICAL_REFUSALS_MAX];
    size_t count;
};

/* The same, but an event that cannot be understood is left out and told of. False only when it is no such file. */
must_check bool ical_read_leniently(struct scope *s, struct str file, const struct zone *zone, int first_year,
                                    int last_year, struct ical_days *out, struct ical_refusals *refused);

must_check bool ical_read(struct scope *s, struct str file, const struct zone *zone, int first_year, int last_year,
                          struct ical_days *out);

#endif
