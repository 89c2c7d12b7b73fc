#include "workflows/calendar.h"

#include "workflows/holidays_japan.h"

enum { SEARCH_DAYS_MAX = 3660 };
static const int64_t US = 1000000;

const struct calendar_version *
calendar_version_on(const struct calendar *c, int64_t day)
{
    size_t i = c->version_count - 1;
    while (i > 0 && c->versions[i].from_day > day)
        i--;
    return &c->versions[i];
}

static const struct calendar_exception *
exception_on(const struct calendar_version *v, int64_t day)
{
    size_t low = 0, high = v->exception_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (v->exceptions[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low < v->exception_count && v->exceptions[low].day == day ? &v->exceptions[low] : NULL;
}

/* The windows of one local day; NULL when it is closed. */
const struct calendar_window *
calendar_windows_on(const struct calendar *c, int64_t day)
{
    const struct calendar_version *v = calendar_version_on(c, day);
    const struct calendar_exception *e = exception_on(v, day);
    const struct calendar_window *w = v->windows[weekday_of(day)];
    if (e)
        w = e->open ? v->exception_windows : NULL;
    else if (v->holidays == HOLIDAYS_JAPAN && japan_is_holiday(day, NULL))
        w = NULL;
    return w && w->to_s ? w : NULL;
}

static bool
windows_are_sound(const struct calendar_window *w)
{
    for (int i = 0; i < WINDOWS_PER_DAY_MAX && w[i].to_s; i++)
        if (w[i].from_s < (i ? w[i - 1].to_s : 0) || w[i].to_s <= w[i].from_s || w[i].to_s > DAY_SECONDS)
            return false;
    return true;
}

bool
calendar_is_sound(const struct calendar *c)
{
    if (!c->zone || c->version_count == 0)
        return false;
    for (size_t i = 0; i < c->version_count; i++) {
        const struct calendar_version *v = &c->versions[i];
        if ((i && v->from_day <= v[-1].from_day) || !windows_are_sound(v->exception_windows))
            return false;
        for (int d = 0; d < 7; d++)
            if (!windows_are_sound(v->windows[d]))
                return false;
        for (size_t e = 1; e < v->exception_count; e++)
            if (v->exceptions[e].day <= v->exceptions[e - 1].day)
                return false;
    }
    return true;
}

bool
calendar_day_is_closed(const struct calendar *c, int64_t local_day)
{
    return calendar_windows_on(c, local_day) == NULL;
}

bool
calendar_is_open(const struct calendar *c, struct instant t)
{
    int64_t utc = floor_div(t.us, US);
    int64_t local = utc + zone_period_at(c->zone, utc).offset_s;
    int64_t day = floor_div(local, DAY_SECONDS);
    const struct calendar_window *w = calendar_windows_on(c, day);
    int64_t second = local - day * DAY_SECONDS;
    for (int i = 0; w && i < WINDOWS_PER_DAY_MAX && w[i].to_s; i++)
        if (second >= w[i].from_s && second < w[i].to_s)
            return true;
    return false;
}

/* The first open piece at or after utc_s inside one period of constant offset, looking at local days up to last_day. */
static bool
next_in_period(const struct calendar *c, struct zone_period p, int64_t utc_s, int64_t last_day, int64_t *start,
               int64_t *end)
{
    for (int64_t day = floor_div(utc_s + p.offset_s, DAY_SECONDS); day <= last_day; day++) {
        const struct calendar_window *w = calendar_windows_on(c, day);
        int64_t midnight = day * DAY_SECONDS - p.offset_s;
        if (midnight >= p.end_s)
            return false;
        for (int i = 0; w && i < WINDOWS_PER_DAY_MAX && w[i].to_s; i++) {
            *start = midnight + w[i].from_s > utc_s ? midnight + w[i].from_s : utc_s;
            *end = midnight + w[i].to_s < p.end_s ? midnight + w[i].to_s : p.end_s;
            if (*start < *end)
                return true;
        }
    }
    return false;
}

bool
calendar_next_open(const struct calendar *c, struct instant from, struct open_span *out)
{
    int64_t utc = floor_div(from.us, US), start, end;
    int64_t last_day = zone_local_day(c->zone, from) + SEARCH_DAYS_MAX;
    for (struct zone_period p = zone_period_at(c->zone, utc);; p = zone_period_at(c->zone, p.end_s)) {
        if (next_in_period(c, p, utc > p.start_s ? utc : p.start_s, last_day, &start, &end)) {
            *out = (struct open_span){ { start * US }, { end * US } };
            if (out->start.us < from.us)
                out->start = from;
            return true;
        }
        if (p.end_s == INT64_MAX || floor_div(p.end_s + p.offset_s, DAY_SECONDS) > last_day)
            return false;
    }
}

int64_t
calendar_open_us(const struct calendar *c, struct instant from, struct instant to)
{
    int64_t total = 0;
    struct open_span span;
    while (from.us < to.us && calendar_next_open(c, from, &span) && span.start.us < to.us) {
        total += (span.end.us < to.us ? span.end.us : to.us) - span.start.us;
        from = span.end;
    }
    return total;
}

bool
calendar_add_open(const struct calendar *c, struct instant from, int64_t span_us, struct instant *out)
{
    struct instant limit = instant_plus(from, DAYS(SEARCH_DAYS_MAX));
    struct open_span span = { .end = from };
    *out = from;
    while (span_us > 0) {
        if (!calendar_next_open(c, span.end, &span) || span.start.us > limit.us)
            return false;
        int64_t length = span.end.us - span.start.us;
        *out = instant_plus(span.start, span_us < length ? span_us : length);
        span_us -= length;
    }
    return true;
}

/* Where a time of day falls on an open day: itself when open, else the closing before it, else the first opening. */
static int64_t
second_on_open_day(const struct calendar_window *w, int64_t second)
{
    int64_t answer = w[0].from_s;
    for (int i = 0; i < WINDOWS_PER_DAY_MAX && w[i].to_s && w[i].from_s <= second; i++)
        answer = second < w[i].to_s ? second : w[i].to_s;
    return answer;
}

bool
calendar_add_days(const struct calendar *c, struct instant from, int days, struct instant *out)
{
    struct open_span first;
    if (!calendar_next_open(c, from, &first))
        return false;
    int64_t day = zone_local_day(c->zone, first.start);
    struct civil time = zone_civil(c->zone, first.start);
    int64_t second = time.hour * 3600 + time.minute * 60 + time.second;
    for (int64_t last = day + SEARCH_DAYS_MAX; days > 0; days--)
        do
            if (++day > last)
                return false;
        while (calendar_day_is_closed(c, day));
    *out = zone_instant(c->zone, day, second_on_open_day(calendar_windows_on(c, day), second));
    return true;
}
