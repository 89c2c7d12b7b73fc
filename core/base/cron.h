/* cron: when something runs, in seven fields with a blank between them:
 *
 *     second  minute  hour  day-of-month  month       day-of-week    year
 *     0-59    0-59    0-23  1-31          1-12, JAN   1-7, SUN is 1  1970-2199
 *
 *     *  every one     ?  no matter (the two days alone)     a-b  from a to b     a,b  either     x/n  each n-th from x
 *
 * So `0 0 * * * ? *` is every full hour and `0 30 9 ? * MON-FRI *` half past nine on working days. A day must fit both
 * fields of days.
 *
 * It runs at each instant whose reading on the wall fits. Where clocks jump, an expression that names its hours keeps
 * its promise of once a day: what they jumped over runs at the moment of the jump, what they show twice runs the first
 * time. One of every hour runs each hour that passes.
 */
#ifndef YAGURA_CORE_BASE_CRON_H
#define YAGURA_CORE_BASE_CRON_H

#include "core/base/language.h"
#include "core/base/zone.h"

enum { CRON_FIELDS = 7, CRON_YEAR_FIRST = 1970, CRON_YEARS = 230, CRON_BYTES_MAX = 300 };

/* What fits, a bit per value. */
struct cron {
    uint64_t seconds, minutes, hours, days, months, weekdays; /* weekdays: bit 1 is Sunday */
    uint64_t years[(CRON_YEARS + 63) / 64];
};

struct cron_fault {
    int field;             /* the one that is wrong, from 0; CRON_FIELDS: how many there are */
    struct bilingual why;  /* a sentence that names it */
};

/* False: `fault` says which field, and what it may be. */
must_check bool cron_parse(struct str text, struct cron *out, struct cron_fault *fault);

/* The first instant after `after`, whole seconds; false when there is none. */
must_check bool cron_next(const struct cron *c, const struct zone *z, struct instant after, struct instant *out);

#endif
