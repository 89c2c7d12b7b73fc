#include "core/base/zone.h"

#include <ctype.h>

static const char ZONE_FOLDER[] = "/usr/share/zoneinfo/";
enum { FILE_MAX = 64 * 1024, NAME_MAX_BYTES = 64, HEADER_BYTES = 44, TRANSITIONS_MAX = 4000 };

/* One half of the closing rule: "M3.2.0/2": the second Sunday of March at two o'clock. */
struct turn {
    char form; /* 'M': month, week, day; 'J': day of year without leap day; 'D': with it */
    int month, week, weekday, day;
    int64_t second;
};

struct rule {
    int32_t standard_offset, daylight_offset;
    bool has_daylight;
    struct turn to_daylight, to_standard;
};

struct zone {
    const int64_t *at; /* transitions, ascending */
    const int32_t *offset;
    const bool *daylight;
    size_t count;
    int32_t first_offset; /* before the first transition */
    struct rule rule;
    bool has_rule;
};

/* ---- the compiled file (RFC 8536) ---- */

struct counts {
    uint32_t isut, isstd, leap, time, type, chars;
};

static uint32_t
be32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t
be64(const unsigned char *p)
{
    return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

static bool
read_counts(struct str file, size_t at, struct counts *c)
{
    if (file.len < at + HEADER_BYTES || memcmp(file.at + at, "TZif", 4) != 0)
        return false;
    const unsigned char *p = (const unsigned char *)file.at + at + 20;
    *c = (struct counts){ be32(p), be32(p + 4), be32(p + 8), be32(p + 12), be32(p + 16), be32(p + 20) };
    return c->time <= TRANSITIONS_MAX && c->type >= 1 && c->type <= 256 && c->chars <= FILE_MAX
        && c->leap <= TRANSITIONS_MAX && c->isut <= 256 && c->isstd <= 256;
}

static size_t
body_bytes(const struct counts *c, size_t time_bytes)
{
    return c->time * (time_bytes + 1) + c->type * 6 + c->chars + c->leap * (time_bytes + 4) + c->isstd + c->isut;
}

static bool
read_body(struct arena *a, struct str file, size_t at, const struct counts *c, struct zone *z)
{
    const unsigned char *times = (const unsigned char *)file.at + at;
    const unsigned char *indexes = times + c->time * 8;
    const unsigned char *types = indexes + c->time;
    int64_t *transitions = arena_array_of(a, c->time + 1, int64_t);
    int32_t *offsets = arena_array_of(a, c->time + 1, int32_t);
    bool *is_daylight = arena_array_of(a, c->time + 1, bool);
    for (size_t i = 0; i < c->time; i++) {
        if (indexes[i] >= c->type)
            return false;
        transitions[i] = be64(times + i * 8);
        offsets[i] = (int32_t)be32(types + (size_t)indexes[i] * 6);
        is_daylight[i] = types[(size_t)indexes[i] * 6 + 4] != 0;
        if (i && transitions[i] <= transitions[i - 1])
            return false;
    }
    z->at = transitions;
    z->offset = offsets;
    z->daylight = is_daylight;
    z->count = c->time;
    z->first_offset = (int32_t)be32(types);
    return true;
}

/* ---- the closing rule: a POSIX TZ text such as EST5EDT,M3.2.0,M11.1.0 ---- */

static bool
rule_name(const char **p)
{
    if (**p == '<') {
        const char *end = strchr(*p, '>');
        if (!end)
            return false;
        *p = end + 1;
        return true;
    }
    const char *start = *p;
    while (isalpha((unsigned char)**p))
        (*p)++;
    return *p - start >= 3;
}

static bool
rule_number(const char **p, int max, int *out)
{
    if (!isdigit((unsigned char)**p))
        return false;
    int value = 0;
    while (isdigit((unsigned char)**p) && value <= max)
        value = value * 10 + (*(*p)++ - '0');
    *out = value;
    return value <= max;
}

/* [+-]h[:m[:s]] in seconds */
static bool
rule_time(const char **p, int64_t *out)
{
    int sign = **p == '-' ? -1 : 1;
    if (**p == '-' || **p == '+')
        (*p)++;
    int hour, minute = 0, second = 0;
    if (!rule_number(p, 167, &hour))
        return false;
    if (**p == ':' && ((*p)++, !rule_number(p, 59, &minute)))
        return false;
    if (**p == ':' && ((*p)++, !rule_number(p, 59, &second)))
        return false;
    *out = sign * ((int64_t)hour * 3600 + minute * 60 + second);
    return true;
}

static bool
rule_turn(const char **p, struct turn *t)
{
    *t = (struct turn){ .second = 2 * 3600 };
    if (*(*p)++ != ',')
        return false;
    bool ok;
    if (**p == 'M') {
        (*p)++;
        t->form = 'M';
        ok = rule_number(p, 12, &t->month) && *(*p)++ == '.' && rule_number(p, 5, &t->week) && *(*p)++ == '.'
          && rule_number(p, 6, &t->weekday) && t->month >= 1 && t->week >= 1;
    } else {
        t->form = **p == 'J' ? 'J' : 'D';
        *p += **p == 'J';
        ok = rule_number(p, 366, &t->day);
    }
    if (ok && **p == '/')
        ok = ((*p)++, rule_time(p, &t->second));
    return ok;
}

static bool
read_rule(const char *text, struct rule *r)
{
    int64_t west;
    if (!rule_name(&text) || !rule_time(&text, &west))
        return false;
    r->standard_offset = (int32_t)-west;
    if (*text == 0)
        return true;
    if (!rule_name(&text))
        return false;
    r->has_daylight = true;
    r->daylight_offset = r->standard_offset + 3600;
    if (*text != ',') {
        if (!rule_time(&text, &west))
            return false;
        r->daylight_offset = (int32_t)-west;
    }
    return rule_turn(&text, &r->to_daylight) && rule_turn(&text, &r->to_standard) && *text == 0;
}

static int64_t
turn_day(const struct turn *t, int year)
{
    if (t->form == 'M') {
        enum weekday weekday = (enum weekday)((t->weekday + 6) % 7); /* POSIX counts from Sunday */
        int64_t day = nth_weekday(year, t->month, weekday, t->week);
        while (civil_of_day(day).month != t->month)
            day -= 7; /* week 5 is the last */
        return day;
    }
    bool leap = civil_day(year, 12, 31) - civil_day(year, 1, 1) == 365;
    int day = t->form == 'J' ? t->day - 1 + (leap && t->day > 59) : t->day;
    return civil_day(year, 1, 1) + day;
}

static int64_t
turn_utc(const struct turn *t, int year, int32_t offset_before)
{
    return turn_day(t, year) * DAY_SECONDS + t->second - offset_before;
}

/* The turns of one year and its neighbours, in order: enough to find the one before and the one after. */
static struct zone_period
rule_period(const struct rule *r, int64_t utc_s)
{
    if (!r->has_daylight)
        return (struct zone_period){ INT64_MIN, INT64_MAX, r->standard_offset, false };
    struct zone_period period = { INT64_MIN, INT64_MAX, r->standard_offset, false };
    int year = civil_of_day(floor_div(utc_s, DAY_SECONDS)).year;
    for (int y = year - 1; y <= year + 1; y++) {
        int64_t forth = turn_utc(&r->to_daylight, y, r->standard_offset);
        int64_t back = turn_utc(&r->to_standard, y, r->daylight_offset);
        bool north = forth < back;
        for (int half = 0; half < 2; half++) {
            bool is_daylight = north == (half == 0);
            int64_t turn = is_daylight ? forth : back;
            if (turn <= utc_s)
                period = (struct zone_period){ turn, INT64_MAX,
                                               is_daylight ? r->daylight_offset : r->standard_offset, is_daylight };
            else if (period.end_s == INT64_MAX)
                period.end_s = turn;
        }
    }
    return period;
}

/* ---- loading ---- */

static bool
name_is_safe(struct str name)
{
    if (name.len == 0 || name.len > NAME_MAX_BYTES || name.at[0] == '/')
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (!isalnum((unsigned char)name.at[i]) && !memchr("/_+-", name.at[i], 4))
            return false;
    return true;
}

static void
close_file(FILE **f)
{
    if (*f)
        fclose(*f);
}

static bool
read_file(struct arena *a, struct str name, struct str *out)
{
    char path[sizeof ZONE_FOLDER + NAME_MAX_BYTES];
    snprintf(path, sizeof path, "%s" STR_FMT, ZONE_FOLDER, STR_ARG(name));
    scoped(close_file) FILE *f = fopen(path, "re");
    if (!f)
        return false;
    char *bytes = arena_alloc(a, FILE_MAX);
    *out = (struct str){ bytes, fread(bytes, 1, FILE_MAX - 1, f) };
    return out->len > HEADER_BYTES;
}

bool
zone_load(struct arena *a, struct str name, const struct zone **out)
{
    struct str file;
    struct counts v1, v2;
    if (!name_is_safe(name) || !read_file(a, name, &file) || !read_counts(file, 0, &v1) || file.at[4] < '2')
        return false;
    size_t second = HEADER_BYTES + body_bytes(&v1, 4); /* the 64-bit part follows the 32-bit one */
    if (!read_counts(file, second, &v2))
        return false;
    size_t footer = second + HEADER_BYTES + body_bytes(&v2, 8);
    struct zone *z = arena_new_of(a, struct zone);
    if (footer > file.len || !read_body(a, file, second + HEADER_BYTES, &v2, z))
        return false;
    struct str tail = str_trim(str_skip(file, footer));
    z->has_rule = tail.len > 0;
    *out = z;
    return !z->has_rule || read_rule(str_c(a, tail), &z->rule);
}

bool
zone_exists(struct str name)
{
    scoped(arena_end) struct arena *a = arena_new(4096);
    const struct zone *z;
    return zone_load(a, name, &z);
}

/* ---- answers ---- */

struct zone_period
zone_period_at(const struct zone *z, int64_t utc_s)
{
    size_t low = 0, high = z->count; /* the number of transitions not after utc_s */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (z->at[middle] <= utc_s)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == z->count && z->has_rule) {
        struct zone_period p = rule_period(&z->rule, utc_s);
        if (z->count && p.start_s < z->at[z->count - 1])
            p.start_s = z->at[z->count - 1];
        return p;
    }
    return (struct zone_period){
        .start_s = low ? z->at[low - 1] : INT64_MIN,
        .end_s = low < z->count ? z->at[low] : INT64_MAX,
        .offset_s = low ? z->offset[low - 1] : z->first_offset,
        .daylight = low && z->daylight[low - 1],
    };
}

struct civil
zone_civil(const struct zone *z, struct instant t)
{
    int64_t utc = floor_div(t.us, 1000000);
    int64_t local = utc + zone_period_at(z, utc).offset_s;
    int64_t day = floor_div(local, DAY_SECONDS);
    int64_t second = local - day * DAY_SECONDS;
    struct civil c = civil_of_day(day);
    c.hour = (int)(second / 3600);
    c.minute = (int)(second / 60 % 60);
    c.second = (int)(second % 60);
    return c;
}

int64_t
zone_local_day(const struct zone *z, struct instant t)
{
    int64_t utc = floor_div(t.us, 1000000);
    return floor_div(utc + zone_period_at(z, utc).offset_s, DAY_SECONDS);
}

struct instant
zone_instant(const struct zone *z, int64_t local_day, int64_t second_of_day)
{
    int64_t local = local_day * DAY_SECONDS + second_of_day;
    /* No zone is ever more than a day from UTC, so the answer lies in one of the periods around. */
    struct zone_period p = zone_period_at(z, local - DAY_SECONDS);
    while (p.end_s != INT64_MAX && local - p.offset_s >= p.end_s)
        p = zone_period_at(z, p.end_s);
    int64_t utc = local - p.offset_s;
    return (struct instant){ (utc < p.start_s ? p.start_s : utc) * 1000000 };
}

struct str
zone_format(struct arena *a, const struct zone *z, struct instant t)
{
    struct civil c = zone_civil(z, t);
    return str_printf(a, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
}
