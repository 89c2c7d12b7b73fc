#include "core/base/instant.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/base/arena.h"

enum { SECONDS_PER_DAY = 86400, MICROS = 1000000 };

static int64_t
read_clock(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * MICROS + t.tv_nsec / 1000;
}

struct clock
clock_system(void)
{
    return (struct clock){ .frozen_file = getenv("YAGURA_TEST_CLOCK") };
}

/* A file that is missing or half written leaves the system's time standing: a test that forgot it fails by itself. */
static bool
read_frozen(const char *file, struct instant *out)
{
    char line[64];
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t got = read(fd, line, sizeof line);
    close(fd);
    if (got <= 0)
        return false;
    struct str rest = { line, (size_t)got }, first = STR_NONE;
    return str_cut(&rest, '\n', &first) && instant_parse(str_trim(first), out);
}

struct instant
clock_now(const struct clock *c)
{
    struct instant t;
    if (!c->frozen_file || !read_frozen(c->frozen_file, &t))
        t.us = read_clock(CLOCK_REALTIME);
    return instant_plus(t, c->offset_us);
}

int64_t
clock_monotonic_us(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

/* Days since 1970-01-01 of the proleptic Gregorian calendar. Years are counted from March, so that the leap day is
 * the last of its year; eras of 400 years have 146,097 days. */
static int64_t
days_of_date(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void
date_of_days(int64_t days, int *year, int *month, int *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    *day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
    *month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = (int)(year_of_era + era * 400 + (*month <= 2));
}

static int
days_in_month(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Takes exactly `count` digits off the front. */
static bool
take_digits(struct str *s, size_t count, int least, int most, int *out)
{
    if (s->len < count)
        return false;
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_digit(s->at[i]))
            return false;
        value = value * 10 + (s->at[i] - '0');
    }
    *s = str_skip(*s, count);
    *out = value;
    return value >= least && value <= most;
}

static bool
take_mark(struct str *s, const char *marks)
{
    bool there = s->len && s->at[0] && strchr(marks, s->at[0]);
    if (there)
        *s = str_skip(*s, 1);
    return there;
}

/* Digits beyond the sixth are cut, not rounded: a time never moves into the next second. */
static bool
take_fraction(struct str *s, int *us)
{
    size_t digits = 0;
    *us = 0;
    if (!take_mark(s, "."))
        return true;
    for (int weight = MICROS / 10; digits < s->len && is_digit(s->at[digits]); digits++, weight /= 10)
        *us += (s->at[digits] - '0') * weight;
    *s = str_skip(*s, digits);
    return digits > 0;
}

static bool
take_zone(struct str *s, int *seconds)
{
    *seconds = 0;
    if (take_mark(s, "Zz"))
        return true;
    bool west = s->len && s->at[0] == '-';
    int hours, minutes;
    if (!take_mark(s, "+-") || !take_digits(s, 2, 0, 23, &hours) || !take_mark(s, ":")
        || !take_digits(s, 2, 0, 59, &minutes))
        return false;
    *seconds = (hours * 60 + minutes) * (west ? -60 : 60);
    return true;
}

bool
instant_parse(struct str s, struct instant *out)
{
    int year, month, day, hour, minute, second, us, zone;
    if (!take_digits(&s, 4, 1, 9999, &year) || !take_mark(&s, "-") || !take_digits(&s, 2, 1, 12, &month)
        || !take_mark(&s, "-") || !take_digits(&s, 2, 1, days_in_month(year, month), &day))
        return false;
    if (!take_mark(&s, "Tt") || !take_digits(&s, 2, 0, 23, &hour) || !take_mark(&s, ":")
        || !take_digits(&s, 2, 0, 59, &minute) || !take_mark(&s, ":") || !take_digits(&s, 2, 0, 59, &second))
        return false;
    if (!take_fraction(&s, &us) || !take_zone(&s, &zone) || s.len != 0)
        return false;
    int64_t seconds = days_of_date(year, month, day) * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second - zone;
    out->us = seconds * MICROS + us;
    return true;
}

static char *
put_digits(char *at, int value, int count)
{
    for (int i = count - 1; i >= 0; i--, value /= 10)
        at[i] = (char)('0' + value % 10);
    return at + count;
}

static char *
put_part(char *at, int value, char mark)
{
    at = put_digits(at, value, 2);
    *at = mark;
    return at + 1;
}

size_t
instant_write(char out[32], struct instant t)
{
    int64_t seconds = t.us / MICROS, us = t.us % MICROS;
    if (us < 0) {
        us += MICROS;
        seconds--;
    }
    int64_t days = seconds / SECONDS_PER_DAY, rest = seconds % SECONDS_PER_DAY;
    if (rest < 0) {
        rest += SECONDS_PER_DAY;
        days--;
    }
    int year, month, day;
    date_of_days(days, &year, &month, &day);
    char *at = put_digits(out, year < 0 ? 0 : year > 9999 ? 9999 : year, 4);
    *at++ = '-';
    at = put_part(at, month, '-');
    at = put_part(at, day, 'T');
    at = put_part(at, (int)(rest / 3600), ':');
    at = put_part(at, (int)(rest / 60 % 60), ':');
    at = put_part(at, (int)(rest % 60), '.');
    at = put_digits(at, (int)us, 6);
    *at++ = 'Z';
    *at = 0;
    return (size_t)(at - out);
}

struct str
instant_format(struct arena *a, struct instant t)
{
    char *text = arena_alloc(a, 32);
    return (struct str){ text, instant_write(text, t) };
}
