#include "core/base/cron.h"

#include <string.h>

enum { SECOND, MINUTE, HOUR, DAY, MONTH, WEEKDAY, YEAR, ALL_HOURS = (1 << 24) - 1 };

static const char month_names[] = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC", weekday_names[] = "SUNMONTUEWEDTHUFRISAT";

static const struct rule {
    int least, most;
    const char *names; /* three letters each, from the least on */
    struct bilingual why;
} rules[CRON_FIELDS] = {
    [SECOND] = { 0, 59, NULL, { "The first field, the second, must be of 0-59.", "1番目の「秒」は0～59で指定してください。" } },
    [MINUTE] = { 0, 59, NULL, { "The second field, the minute, must be of 0-59.", "2番目の「分」は0～59で指定してください。" } },
    [HOUR] = { 0, 23, NULL, { "The third field, the hour, must be of 0-23.", "3番目の「時」は0～23で指定してください。" } },
    [DAY] = { 1, 31, NULL, { "The fourth field, the day of the month, must be of 1-31, or ?.",
                             "4番目の「日」は1～31または?で指定してください。" } },
    [MONTH] = { 1, 12, month_names, { "The fifth field, the month, must be of 1-12 or JAN-DEC.",
                                      "5番目の「月」は1～12またはJAN～DECで指定してください。" } },
    [WEEKDAY] = { 1, 7, weekday_names,
                  { "The sixth field, the day of the week, must be of 1-7 (1 is Sunday) or SUN-SAT, or ?.",
                    "6番目の「曜日」は1～7（1は日曜日）、SUN～SATまたは?で指定してください。" } },
    [YEAR] = { CRON_YEAR_FIRST, CRON_YEAR_FIRST + CRON_YEARS - 1, NULL,
               { "The seventh field, the year, must be of 1970-2199.", "7番目の「年」は1970～2199で指定してください。" } },
};
static const struct bilingual wrong_count = {
    "Seven fields with a blank between them are needed: second minute hour day month weekday year,"
    " such as 0 0 * * * ? *.",
    "秒・分・時・日・月・曜日・年の7項目を、半角スペースで区切って指定してください（例：0 0 * * * ? *）。" };

/* ---- reading ---- */

static void
add(struct cron *c, int field, int value)
{
    uint64_t *const sets[] = { &c->seconds, &c->minutes, &c->hours, &c->days, &c->months, &c->weekdays };
    if (field == YEAR)
        c->years[(value - CRON_YEAR_FIRST) / 64] |= (uint64_t)1 << ((value - CRON_YEAR_FIRST) % 64);
    else
        *sets[field] |= (uint64_t)1 << value;
}

static bool
read_value(const struct rule *r, struct str text, int *out)
{
    int64_t number;
    for (int i = 0; r->names && text.len == 3 && r->least + i <= r->most; i++)
        if (strncasecmp(text.at, r->names + 3 * i, 3) == 0) {
            *out = r->least + i;
            return true;
        }
    if (!text.len || text.len > 4 || text.at[0] < '0' || text.at[0] > '9' || !str_int(text, &number)
        || number < r->least || number > r->most)
        return false;
    *out = (int)number;
    return true;
}

/* a, a-b, *, each with /n behind it */
static bool
read_entry(struct cron *c, int field, struct str entry)
{
    const struct rule *r = &rules[field];
    struct str span, first;
    int from = r->least, to = r->most;
    int64_t step = 1;
    bool has_step = memchr(entry.at, '/', entry.len) != NULL;
    (void)!str_cut(&entry, '/', &span);
    if (has_step && (!entry.len || entry.at[0] < '1' || entry.at[0] > '9' || !str_int(entry, &step)))
        return false;
    if (!str_is(span, "*")) {
        bool has_end = span.len && memchr(span.at, '-', span.len) != NULL;
        (void)!str_cut(&span, '-', &first);
        if (!read_value(r, first, &from))
            return false;
        if (!has_end)
            to = has_step ? r->most : from;
        else if (!read_value(r, span, &to) || to < from)
            return false;
    }
    for (int64_t value = from; value <= to; value += step)
        add(c, field, (int)value);
    return true;
}

static bool
read_field(struct cron *c, int field, struct str text)
{
    struct str entry;
    if ((field == DAY || field == WEEKDAY) && str_is(text, "?"))
        text = STR("*");
    if (!text.len || text.at[text.len - 1] == ',')
        return false;
    while (str_cut(&text, ',', &entry))
        if (!entry.len || !read_entry(c, field, entry))
            return false;
    return true;
}

bool
cron_parse(struct str text, struct cron *out, struct cron_fault *fault)
{
    struct str rest = text, field;
    int count = 0;
    *out = (struct cron){ 0 };
    while (str_cut(&rest, ' ', &field))
        count++;
    *fault = (struct cron_fault){ CRON_FIELDS, wrong_count };
    if (count != CRON_FIELDS || text.len > CRON_BYTES_MAX)
        return false;
    rest = text;
    for (int i = 0; str_cut(&rest, ' ', &field); i++)
        if (!read_field(out, i, field)) {
            *fault = (struct cron_fault){ i, rules[i].why };
            return false;
        }
    return true;
}

/* ---- the next time, on the wall ---- */

static bool
has(uint64_t set, int value)
{
    return set >> value & 1;
}

static bool
day_fits(const struct cron *c, int64_t day)
{
    struct civil at = civil_of_day(day);
    int year = at.year - CRON_YEAR_FIRST;
    return year >= 0 && year < CRON_YEARS && has(c->years[year / 64], year % 64) && has(c->months, at.month)
        && has(c->days, at.day) && has(c->weekdays, (weekday_of(day) + 1) % 7 + 1);
}

/* The least value of a set from `from` on; 64 when there is none. */
static int
least(uint64_t set, int from)
{
    uint64_t rest = from > 63 ? 0 : set >> from << from;
    return rest ? __builtin_ctzll(rest) : 64;
}

/* The first second of a day from `from` on that fits; -1 when there is none. */
static int
second_of_day(const struct cron *c, int from)
{
    int hour = from / 3600, minute = from / 60 % 60, second = least(c->seconds, from % 60);
    if (second > 59)
        minute++, second = least(c->seconds, 0);
    int fitting = least(c->minutes, minute);
    if (fitting != minute)
        second = least(c->seconds, 0);
    if (fitting > 59)
        hour++, fitting = least(c->minutes, 0);
    int in_hour = least(c->hours, hour);
    if (in_hour > 23)
        return -1;
    if (in_hour != from / 3600)
        fitting = least(c->minutes, 0), second = least(c->seconds, 0);
    return in_hour * 3600 + fitting * 60 + second;
}

/* The first reading of the wall in [from, end) that fits, in local seconds. */
static bool
find_local(const struct cron *c, int64_t from, int64_t end, int64_t *out)
{
    static const int64_t last_day = 84005; /* 2199-12-31 */
    int64_t day = floor_div(from, DAY_SECONDS);
    int second = (int)(from - day * DAY_SECONDS);
    for (; day * DAY_SECONDS < end && day <= last_day; day++, second = 0) {
        int found = day_fits(c, day) ? second_of_day(c, second) : -1;
        if (found < 0)
            continue;
        *out = day * DAY_SECONDS + found;
        return *out < end;
    }
    return false;
}

/* Whether the wall has shown this reading already, before the clocks were set back at the start of the period. */
static bool
was_shown(const struct zone *z, const struct zone_period *p, int64_t local)
{
    if (p->start_s == INT64_MIN)
        return false;
    struct zone_period before = zone_period_at(z, p->start_s - 1);
    int64_t then = local - before.offset_s;
    return then >= before.start_s && then < p->start_s;
}

static bool
find_in_period(const struct cron *c, const struct zone *z, const struct zone_period *p, int64_t from_s, int64_t *out)
{
    int64_t end = p->end_s == INT64_MAX ? INT64_MAX : p->end_s + p->offset_s, local = from_s + p->offset_s;
    while (find_local(c, local, end, out)) {
        if (c->hours == ALL_HOURS || !was_shown(z, p, *out)) {
            *out -= p->offset_s;
            return true;
        }
        local = *out + 1;
    }
    return false;
}

bool
cron_next(const struct cron *c, const struct zone *z, struct instant after, struct instant *out)
{
    static const int64_t end_s = (int64_t)84007 * DAY_SECONDS;
    int64_t from = floor_div(after.us, SECONDS(1)) + 1, found, skipped;
    while (from < end_s) {
        struct zone_period p = zone_period_at(z, from);
        if (find_in_period(c, z, &p, from, &found)) {
            *out = (struct instant){ SECONDS(found) };
            return true;
        }
        if (p.end_s >= end_s)
            return false;
        struct zone_period next = zone_period_at(z, p.end_s);
        if (c->hours != ALL_HOURS
            && find_local(c, p.end_s + p.offset_s, p.end_s + next.offset_s, &skipped)) {
            *out = (struct instant){ SECONDS(p.end_s) };
            return true;
        }
        from = p.end_s;
    }
    return false;
}
