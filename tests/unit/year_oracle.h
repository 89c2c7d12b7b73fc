/* year_oracle: what a time promise should be, said a second time and in another way: every minute of two years is asked
 * once of the C library's own time zones, and everything is counting such minutes. It shares no line with
 * workflows/calendar.c and workflows/promise.c. */
#ifndef YAGURA_TESTS_UNIT_YEAR_ORACLE_H
#define YAGURA_TESTS_UNIT_YEAR_ORACLE_H

#include <stdlib.h>
#include <time.h>

#include "tests/unit/claims.h"
#include "workflows/promise.h"

enum { ORACLE_DAYS = 800, ORACLE_MINUTES = ORACLE_DAYS * 1440, PAUSES_MAX = 40 };
#define ORACLE_START_S INT64_C(1772323200) /* 2026-03-01 UTC */

struct office {
    const char *zone;
    int open_from[2], open_to[2]; /* hours of the local day, Monday to Friday; the second may be absent */
    bool holidays_of_japan;
    int32_t *open_before; /* open minutes before each minute */
};

/* As published by the Cabinet Office. */
static const char *const published_holidays[] = {
    "03-20 2026", "04-29 2026", "05-03 2026", "05-04 2026", "05-05 2026", "05-06 2026", "07-20 2026", "08-11 2026",
    "09-21 2026", "09-22 2026", "09-23 2026", "10-12 2026", "11-03 2026", "11-23 2026", "01-01 2027", "01-11 2027",
    "02-11 2027", "02-23 2027", "03-21 2027", "03-22 2027", "04-29 2027", "05-03 2027", "05-04 2027", "05-05 2027",
    "07-19 2027", "08-11 2027", "09-20 2027", "09-23 2027", "10-11 2027", "11-03 2027", "11-23 2027", "01-01 2028",
    "01-10 2028", "02-11 2028", "02-23 2028", "03-20 2028", "04-29 2028", "05-03 2028", "05-04 2028", "05-05 2028",
};

static inline bool
office_is_open(const struct office *o, time_t t)
{
    struct tm tm;
    char day[16];
    localtime_r(&t, &tm);
    if (tm.tm_wday == 0 || tm.tm_wday == 6)
        return false;
    strftime(day, sizeof day, "%m-%d %Y", &tm);
    for (size_t i = 0; o->holidays_of_japan && i < COUNT_OF(published_holidays); i++)
        if (strcmp(day, published_holidays[i]) == 0)
            return false;
    int minute = tm.tm_hour * 60 + tm.tm_min;
    return (minute >= o->open_from[0] && minute < o->open_to[0])
        || (minute >= o->open_from[1] && minute < o->open_to[1]);
}

static inline void
office_ask_every_minute(struct office *o)
{
    setenv("TZ", o->zone, 1);
    tzset();
    o->open_before = calloc(ORACLE_MINUTES + 1, sizeof *o->open_before);
    assert_non_null(o->open_before);
    for (int m = 0; m < ORACLE_MINUTES; m++)
        o->open_before[m + 1] = o->open_before[m] + office_is_open(o, (time_t)(ORACLE_START_S + m * 60));
}

/* Open time from the oracle's start until t, in microseconds. */
static inline int64_t
office_open_until(const struct office *o, struct instant t)
{
    int64_t us = t.us - SECONDS(ORACLE_START_S);
    int64_t minute = us / MINUTES(1);
    assert_in_range(minute, 0, ORACLE_MINUTES - 1);
    bool open = o->open_before[minute + 1] > o->open_before[minute];
    return MINUTES(o->open_before[minute]) + (open ? us % MINUTES(1) : 0);
}

/* ---- one promise ---- */

struct naive_promise {
    const struct office *office;
    enum promise_metric metric;
    enum promise_pace pace;
    bool pauses;
    int64_t allowance_us;
    struct instant start, stop;                      /* stop.us 0: it goes on */
    struct instant paused[PAUSES_MAX], resumed[PAUSES_MAX]; /* resumed.us 0: still paused */
    int pause_count;
    int64_t warned;
};

static inline bool
naive_is_paused(const struct naive_promise *p)
{
    return p->pause_count && p->resumed[p->pause_count - 1].us == 0;
}

static inline int64_t
naive_span(const struct naive_promise *p, struct instant from, struct instant to)
{
    if (p->pace == PACE_AROUND_THE_CLOCK)
        return to.us - from.us;
    return office_open_until(p->office, to) - office_open_until(p->office, from);
}

/* All of the time, less what was paused. */
static inline int64_t
naive_elapsed(const struct naive_promise *p, struct instant now)
{
    struct instant end = p->stop.us && p->stop.us < now.us ? p->stop : now;
    int64_t us = naive_span(p, p->start, end);
    for (int i = 0; i < p->pause_count; i++) {
        struct instant until = p->resumed[i].us && p->resumed[i].us < end.us ? p->resumed[i] : end;
        us -= until.us > p->paused[i].us ? naive_span(p, p->paused[i], until) : 0;
    }
    return us;
}

/* A business day has the same hours every day in these offices. */
static inline int64_t
naive_allowance(const struct office *o, enum promise_pace pace, int64_t allowance)
{
    int minutes = o->open_to[0] - o->open_from[0] + o->open_to[1] - o->open_from[1];
    return pace == PACE_BUSINESS_DAYS ? allowance * MINUTES(minutes) : SECONDS(allowance);
}

static inline struct instant
naive_running_since(const struct naive_promise *p)
{
    return p->pause_count ? p->resumed[p->pause_count - 1] : p->start;
}

/* When so much time is used, if it goes on running from where it runs now: by halving, over the count of minutes. */
static inline struct instant
naive_reaches(const struct naive_promise *p, int64_t used_us)
{
    struct instant low = naive_running_since(p), high = { SECONDS(ORACLE_START_S) + DAYS(ORACLE_DAYS) - 1 };
    if (naive_elapsed(p, low) >= used_us)
        return low;
    while (high.us - low.us > 1) {
        struct instant middle = { low.us + (high.us - low.us) / 2 };
        if (naive_elapsed(p, middle) >= used_us)
            high = middle;
        else
            low = middle;
    }
    return high;
}

/* The rule in words: counted from the start under the new target; never due earlier than `mercy` from now. */
static inline void
naive_retarget(struct naive_promise *p, enum promise_pace pace, int64_t allowance, int64_t mercy_us,
               struct instant now)
{
    p->pace = pace;
    p->allowance_us = naive_allowance(p->office, pace, allowance);
    int64_t used = naive_elapsed(p, now), left = p->allowance_us - used;
    if (left >= mercy_us)
        return;
    struct naive_promise from_now = { .office = p->office, .pace = pace, .start = now };
    struct instant due = left > 0 ? naive_reaches(&from_now, left) : now;
    if (due.us < now.us + mercy_us)
        p->allowance_us = used + mercy_us;
}

/* Some run of it went on after the instant at which all was used, whether or not time counted after that. */
static inline bool
naive_is_late(const struct naive_promise *p, struct instant now)
{
    struct instant end = p->stop.us ? p->stop : now;
    for (int run = 0; run <= p->pause_count; run++) {
        struct naive_promise so_far = *p;
        so_far.pause_count = run;
        bool last = run == p->pause_count || p->paused[run].us >= end.us;
        struct instant run_end = last ? end : p->paused[run];
        if (run && p->resumed[run - 1].us == 0)
            return false;
        if (naive_elapsed(&so_far, run_end) >= p->allowance_us
            && run_end.us > naive_reaches(&so_far, p->allowance_us).us)
            return true;
        if (last)
            return false;
    }
    return false;
}

static inline enum promise_state
naive_state(const struct naive_promise *p)
{
    if (p->stop.us)
        return naive_is_late(p, p->stop) ? PROMISE_MISSED : PROMISE_MET;
    return naive_is_paused(p) ? PROMISE_PAUSED : PROMISE_RUNNING;
}

/* The highest mark whose instant has passed. */
static inline void
naive_warn(struct naive_promise *p, struct instant now)
{
    static const int marks[] = { 50, 75, 90, 100 };
    if (p->stop.us || naive_is_paused(p))
        return;
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (marks[i] > p->warned && naive_reaches(p, p->allowance_us / 100 * marks[i]).us < now.us)
            p->warned = marks[i];
}

#endif
