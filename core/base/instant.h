/* instant: a point in time and the clock that tells it.
 *
 * An instant counts microseconds since 1970-01-01 UTC, as PostgreSQL's timestamptz does; the zero value is
 * "absent". No business rule asks the system for the time: it reads scope->now, and the scope took that from
 * a struct clock, which tests can set and advance. Spans are microseconds as well.
 */
#ifndef YAGURA_CORE_BASE_INSTANT_H
#define YAGURA_CORE_BASE_INSTANT_H

#include "core/base/str.h"

struct instant {
    int64_t us;
};

#define SECONDS(n) ((int64_t)(n) * 1000000)
#define MINUTES(n) SECONDS((int64_t)(n) * 60)
#define HOURS(n) MINUTES((int64_t)(n) * 60)
#define DAYS(n) HOURS((int64_t)(n) * 24)

/* The system's clock plus an offset. With YAGURA_TEST_CLOCK=FILE the file's first line is the RFC 3339 time at
 * which a frozen clock stands, read anew at each call: that is how a test moves a running server. */
struct clock {
    const char *frozen_file;
    int64_t offset_us;
};

struct clock clock_system(void);
struct instant clock_now(const struct clock *c);
int64_t clock_monotonic_us(void); /* for measuring spans, never for saying when */

static inline struct instant
instant_plus(struct instant t, int64_t span_us)
{
    return (struct instant){ t.us + span_us };
}

must_check bool instant_parse(struct str rfc3339, struct instant *out); /* needs a zone: Z or an offset */
struct str instant_format(struct arena *a, struct instant t);           /* 2026-11-21T00:50:00.123456Z */
size_t instant_write(char out[32], struct instant t);                   /* the same without an arena */

#endif
