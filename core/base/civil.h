/* civil: dates and times of day as a calendar on the wall shows them, proleptic Gregorian.
 * A day number counts days since 1970-01-01; day 0 was a Thursday. */
#ifndef YAGURA_CORE_BASE_CIVIL_H
#define YAGURA_CORE_BASE_CIVIL_H

#include "core/base/str.h"

enum weekday { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY };
enum { DAY_SECONDS = 86400 };

struct civil {
    int year, month, day; /* month and day from 1 */
    int hour, minute, second;
};

int64_t civil_day(int year, int month, int day); /* day number; the day may lie outside the month */
struct civil civil_of_day(int64_t day_number);
enum weekday weekday_of(int64_t day_number);
int64_t nth_weekday(int year, int month, enum weekday weekday, int nth); /* its day number */
must_check bool civil_date_parse(struct str text, int64_t *day_number);  /* 2026-11-21, a date that exists */

static inline int64_t
floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

#endif
