#include "xdr/number.h"

enum { NUMBER_BYTES_MAX = 64, DAY_S = 86400 };

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Only the letters of a decimal or hexadecimal number: strtold alone would take "inf" and blanks. */
static bool
looks_like_number(const char *text)
{
    bool negative = *text == '-' || *text == '+';
    const char *at = text + negative;
    if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X'))
        return at[2] && strspn(at + 2, "0123456789abcdefABCDEF") == strlen(at + 2);
    return (is_digit(*at) || (*at == '.' && is_digit(at[1]))) && strspn(at, "0123456789.eE+-") == strlen(at);
}

bool
number_of(struct str text, long double *out)
{
    char buffer[NUMBER_BYTES_MAX + 1];
    int64_t small;
    if (str_int(text, &small)) {
        *out = small;
        return true;
    }
    if (text.len == 0 || text.len > NUMBER_BYTES_MAX || memchr(text.at, 0, text.len))
        return false;
    memcpy(buffer, text.at, text.len);
    buffer[text.len] = 0;
    char *end = NULL;
    if (!looks_like_number(buffer))
        return false;
    *out = strtold(buffer, &end);
    return end == buffer + text.len;
}

bool
number_stands(long double left, enum relation relation, long double right)
{
    switch (relation) {
    case IS_EQUAL:
        return left == right;
    case IS_NOT_EQUAL:
        return left != right;
    case IS_LESS:
        return left < right;
    case IS_LESS_OR_EQUAL:
        return left <= right;
    case IS_GREATER:
        return left > right;
    case IS_GREATER_OR_EQUAL:
        return left >= right;
    default:
        return false;
    }
}

struct moment {
    int64_t year, month, day, hour, minute, second, ms, offset_minutes;
};

/* Days since 1970-01-01 in the proleptic Gregorian calendar (Howard Hinnant's algorithm). */
static int64_t
days_of(int64_t year, int64_t month, int64_t day)
{
    int64_t y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400, year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static bool
take_digits(struct str *s, size_t count, int64_t *out)
{
    *out = 0;
    if (s->len < count)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!is_digit(s->at[i]))
            return false;
        *out = *out * 10 + (s->at[i] - '0');
    }
    *s = str_skip(*s, count);
    return true;
}

static bool
take(struct str *s, const char *any_of)
{
    if (s->len == 0 || !strchr(any_of, s->at[0]))
        return false;
    *s = str_skip(*s, 1);
    return true;
}

static bool
take_offset(struct str *s, struct moment *m)
{
    int64_t hours, minutes = 0;
    bool west = s->len && s->at[0] == '-';
    if (s->len == 0 || take(s, "Zz"))
        return true;
    if (!take(s, "+-") || !take_digits(s, 2, &hours))
        return false;
    take(s, ":");
    if (s->len && !take_digits(s, 2, &minutes))
        return false;
    m->offset_minutes = (west ? -1 : 1) * (hours * 60 + minutes);
    return hours < 24 && minutes < 60;
}

static bool
take_clock(struct str *s, struct moment *m)
{
    if (!take_digits(s, 2, &m->hour) || !take(s, ":") || !take_digits(s, 2, &m->minute))
        return false;
    if (take(s, ":") && !take_digits(s, 2, &m->second))
        return false;
    if (take(s, ".,")) {
        int64_t digit, scale = 100;
        for (; take_digits(s, 1, &digit); scale /= 10)
            m->ms += digit * scale;
    }
    take(s, " ");
    return m->hour < 24 && m->minute < 60 && m->second <= 60 && take_offset(s, m);
}

static bool
moment_of(struct str text, struct moment *m)
{
    struct str s = str_trim(text);
    *m = (struct moment){ 0 };
    bool has_date = take_digits(&s, 4, &m->year) && take(&s, "-/") && take_digits(&s, 2, &m->month)
        && take(&s, "-/") && take_digits(&s, 2, &m->day);
    if (!has_date || m->month < 1 || m->month > 12 || m->day < 1 || m->day > 31)
        return false;
    return s.len == 0 || (take(&s, "Tt ") && take_clock(&s, m) && s.len == 0);
}

static int64_t
ms_of_number(long double n)
{
    if (n >= 1e17L)
        return (int64_t)(n / 1e6L);
    if (n >= 1e14L)
        return (int64_t)(n / 1e3L);
    return n >= 1e11L ? (int64_t)n : (int64_t)(n * 1e3L);
}

bool
time_of(struct str text, int64_t *unix_ms)
{
    struct moment m;
    long double n;
    if (moment_of(text, &m)) {
        int64_t minutes = days_of(m.year, m.month, m.day) * 1440 + m.hour * 60 + m.minute - m.offset_minutes;
        *unix_ms = (minutes * 60 + m.second) * 1000 + m.ms;
        return true;
    }
    if (!number_of(text, &n) || n < 0 || n > 9e18L)
        return false;
    *unix_ms = ms_of_number(n);
    return true;
}

/* The calendar of days since 1970 (the inverse of days_of). */
static void
date_of_days(int64_t days, struct moment *m)
{
    int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    m->day = doy - (153 * mp + 2) / 5 + 1;
    m->month = mp < 10 ? mp + 3 : mp - 9;
    m->year = yoe + era * 400 + (m->month <= 2);
}

static int64_t
weekday_of(int64_t days)
{
    return ((days + 3) % 7 + 7) % 7 + 1;
}

/* ISO 8601: the week belongs to the year that holds its Thursday. */
static int64_t
week_of(int64_t days)
{
    struct moment thursday;
    int64_t of = days - weekday_of(days) + 4;
    date_of_days(of, &thursday);
    return (of - days_of(thursday.year, 1, 1)) / 7 + 1;
}

bool
time_part(struct str text, enum value_part part, int64_t *out)
{
    struct moment m;
    if (!moment_of(text, &m)) {
        int64_t ms;
        if (!time_of(text, &ms))
            return false;
        int64_t seconds = ms / 1000;
        date_of_days(seconds / DAY_S, &m);
        m.hour = seconds % DAY_S / 3600;
        m.minute = seconds % 3600 / 60;
    }
    int64_t days = days_of(m.year, m.month, m.day);
    const int64_t parts[] = {
        [PART_WHOLE] = 0,       [PART_MINUTE] = m.minute,         [PART_HOUR] = m.hour,      [PART_DAY] = m.day,
        [PART_WEEKDAY] = weekday_of(days), [PART_WEEK] = week_of(days), [PART_MONTH] = m.month, [PART_YEAR] = m.year,
    };
    *out = parts[part];
    return part != PART_WHOLE;
}
