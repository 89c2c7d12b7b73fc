/* holidays_japan: the public holidays of Japan, computed from the law (国民の祝日に関する法律) for any year since 1948.
 *
 * Three kinds: the named days; the substitute (振替休日) for a named day on a Sunday; and the citizens' holiday
 * (国民の休日), an ordinary day between two named ones. The equinoxes are announced a year ahead by the
 * National Astronomical Observatory; the formula used here has agreed with every announcement so far and holds
 * until 2150.
 */
#ifndef YAGURA_WORKFLOWS_HOLIDAYS_JAPAN_H
#define YAGURA_WORKFLOWS_HOLIDAYS_JAPAN_H

#include "core/base/civil.h"
#include "core/base/language.h"

enum { JAPAN_HOLIDAYS_FIRST_YEAR = 1949, JAPAN_HOLIDAYS_LAST_YEAR = 2150 };

/* False on an ordinary day and outside the years above; `name` may be NULL. */
bool japan_is_holiday(int64_t day_number, struct bilingual *name);

#endif
