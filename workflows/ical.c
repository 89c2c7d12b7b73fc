#include "workflows/ical.h"

#include "core/base/text.h"

enum { LINE_MAX = 4000, EVENT_DAYS_MAX = 366, REPEATS_MAX = 400 };

const struct problem ical_not_understood = {
    422, "calendar-file-not-understood",
    { "This calendar file cannot be read. The detail names the line.",
      "このカレンダーファイルを読み込めません。該当する行は詳細をご確認ください。" } };

/* One logical line, unfolded: NAME;PARAM=VALUE:value */
struct line {
    struct str name, value; /* parameters (VALUE, TZID) repeat what the value shows */
    int number;
};

struct reader {
    struct scope *s;
    struct str rest;
    int number; /* physical lines read */
    const struct zone *zone;
    int first_year, last_year;
    struct ical_days days;
    size_t room;
    struct ical_refusals *refused; /* NULL: the first one ends the reading */
};

struct moment {
    int64_t day;
    bool whole_day, midnight; /* midnight: a timed end at 00:00 does not touch its day */
};

struct event {
    struct moment start, end;
    bool has_start, has_end, repeats, cancelled;
    struct str summary;
    int64_t interval, count, until_day;
};

static bool
refuse(struct reader *r, int line, struct bilingual why)
{
    const char *reason = bilingual_in(why, r->s->language);
    if (r->refused && r->refused->count < ICAL_REFUSALS_MAX && !scope_has_failed(r->s))
        r->refused->items[r->refused->count++] = (struct ical_refusal){ line, str_of(reason) };
    return fail(r->s, &ical_not_understood, r->s->language == LANGUAGE_JA ? "%d行目: %s" : "line %d: %s", line,
                reason);
}

/* A refusal that was told of and that the reading goes on after. */
static bool
goes_on(struct reader *r)
{
    if (!r->refused || r->s->failure.problem != &ical_not_understood || r->refused->count == ICAL_REFUSALS_MAX)
        return false;
    scope_forgive(r->s);
    return true;
}

#define WHY(english, japanese) ((struct bilingual){ english, japanese })

/* ---- lines ---- */

static bool
physical_line(struct reader *r, struct str *out)
{
    if (!str_cut(&r->rest, '\n', out) || (!r->rest.at && out->len == 0))
        return false;
    r->number++;
    if (out->len && out->at[out->len - 1] == '\r')
        out->len--;
    return true;
}

static bool
is_folded(struct str rest)
{
    return rest.at && rest.len && (rest.at[0] == ' ' || rest.at[0] == '\t');
}

/* A colon inside a quoted parameter does not end the name. */
static size_t
find_colon(struct str line)
{
    bool quoted = false;
    for (size_t i = 0; i < line.len; i++) {
        quoted ^= line.at[i] == '"';
        if (line.at[i] == ':' && !quoted)
            return i;
    }
    return line.len;
}

static bool
next_line(struct reader *r, struct line *out, bool *more)
{
    struct str part;
    do {
        *more = physical_line(r, &part);
    } while (*more && part.len == 0);
    if (!*more)
        return true;
    struct text whole = text_new(r->s->arena, LINE_MAX);
    out->number = r->number;
    text_add(&whole, part);
    while (is_folded(r->rest) && physical_line(r, &part))
        text_add(&whole, str_skip(part, 1));
    struct str line = text_str(&whole);
    size_t colon = find_colon(line);
    if (whole.full || colon == line.len)
        return refuse(r, out->number, whole.full ? WHY("is too long", "行が長すぎます。")
                                              : WHY("is not NAME:value", "「名前:値」の形式ではありません。"));
    struct str head = str_head(line, colon), name;
    if (!str_cut(&head, ';', &name))
        return refuse(r, out->number, WHY("has no name", "名前がありません。"));
    *out = (struct line){ name, str_skip(line, colon + 1), out->number };
    return true;
}

static struct str
unescape(struct arena *a, struct str value)
{
    struct text t = text_new(a, LINE_MAX);
    for (size_t i = 0; i < value.len; i++) {
        bool escaped = value.at[i] == '\\' && i + 1 < value.len;
        char c = value.at[i + (escaped ? 1 : 0)];
        text_add_char(&t, escaped && (c == 'n' || c == 'N') ? ' ' : c);
        i += escaped;
    }
    return text_str(&t);
}

/* ---- dates ---- */

static bool
read_date(struct str text, int64_t *day)
{
    char dashed[11];
    if (text.len < 8)
        return false;
    snprintf(dashed, sizeof dashed, "%.4s-%.2s-%.2s", text.at, text.at + 4, text.at + 6);
    return civil_date_parse(str_of(dashed), day);
}

static bool
read_time(struct str text, int64_t *second)
{
    int64_t hour, minute, sec;
    if (text.len != 6 || !str_int(str_head(text, 2), &hour) || !str_int(str_head(str_skip(text, 2), 2), &minute)
        || !str_int(str_skip(text, 4), &sec) || hour < 0 || hour > 23 || minute < 0 || minute > 59 || sec < 0
        || sec > 60)
        return false;
    *second = hour * 3600 + minute * 60 + sec;
    return true;
}

/* 20261123, 20261123T090000 (as the wall shows it) or 20261123T000000Z (shown on the wall of our zone). */
static bool
read_moment(struct reader *r, const struct line *l, struct str value, struct moment *out)
{
    int64_t second = 0;
    *out = (struct moment){ .whole_day = value.len == 8 };
    if (!read_date(value, &out->day))
        return refuse(r, l->number, WHY("has no date such as 20261123", "日付（例: 20261123）を読み取れません。"));
    if (out->whole_day)
        return true;
    bool utc = value.at[value.len - 1] == 'Z';
    struct str time = str_head(str_skip(value, 9), value.len - 9 - utc);
    if (value.len < 15 || value.at[8] != 'T' || !read_time(time, &second))
        return refuse(r, l->number, WHY("has no time such as 20261123T090000",
                                         "時刻（例: 20261123T090000）を読み取れません。"));
    if (utc) {
        struct instant t = { (out->day * DAY_SECONDS + second) * 1000000 };
        struct civil c = zone_civil(r->zone, t);
        out->day = zone_local_day(r->zone, t);
        second = c.hour * 3600 + c.minute * 60 + c.second;
    }
    out->midnight = second == 0;
    return true;
}

/* ---- events ---- */

static bool
add_day(struct reader *r, int64_t day, struct str name)
{
    int year = civil_of_day(day).year;
    if (year < r->first_year || year > r->last_year)
        return true;
    if (r->days.count == ICAL_DAYS_MAX)
        return fail(r->s, &ical_not_understood, "more than %d days", ICAL_DAYS_MAX);
    if (r->days.count == r->room) {
        size_t room = r->room ? r->room * 2 : 64;
        struct ical_day *items = arena_array_of(r->s->arena, room, struct ical_day);
        if (r->days.count)
            memcpy(items, r->days.items, r->days.count * sizeof *items);
        r->days.items = items;
        r->room = room;
    }
    r->days.items[r->days.count++] = (struct ical_day){ day, name };
    return true;
}

static int64_t
days_covered(const struct event *e)
{
    if (!e->has_end)
        return 1;
    int64_t last = e->end.day - (e->end.whole_day || e->end.midnight);
    return last < e->start.day ? 1 : last - e->start.day + 1;
}

static bool
add_occurrence(struct reader *r, const struct event *e, int64_t first_day, int64_t length)
{
    for (int64_t d = 0; d < length; d++)
        if (!add_day(r, first_day + d, e->summary))
            return false;
    return true;
}

static bool
add_event(struct reader *r, const struct event *e, int line)
{
    int64_t length = days_covered(e);
    if (!e->has_start)
        return refuse(r, line, WHY("ends an event without DTSTART", "予定に開始日（DTSTART）がありません。"));
    if (length > EVENT_DAYS_MAX)
        return refuse(r, line, WHY("ends an event that is longer than a year", "1年を超える予定です。"));
    if (e->cancelled)
        return true;
    struct civil c = civil_of_day(e->start.day);
    int64_t happened = 0;
    for (int64_t n = 0; n < REPEATS_MAX; n++) {
        int64_t day = civil_day(c.year + (int)(n * e->interval), c.month, c.day);
        bool exists = civil_of_day(day).day == c.day; /* the 29th of February */
        if ((e->count && happened == e->count) || (e->until_day && day > e->until_day))
            break;
        happened += exists;
        if (exists && !add_occurrence(r, e, day, length))
            return false;
        if (!e->repeats || civil_of_day(day).year > r->last_year)
            break;
    }
    return true;
}

static bool
read_repetition(struct reader *r, const struct line *l, struct event *e)
{
    struct str rest = l->value, part, name;
    e->repeats = true;
    while (str_cut(&rest, ';', &part)) {
        struct moment until;
        if (!str_cut(&part, '=', &name) || !part.at)
            return refuse(r, l->number, WHY("is no rule", "繰り返しの指定を読み取れません。"));
        bool fits = str_is(name, "FREQ")       ? str_is(part, "YEARLY")
                  : str_is(name, "INTERVAL")   ? str_int(part, &e->interval) && e->interval >= 1 && e->interval <= 100
                  : str_is(name, "COUNT")      ? str_int(part, &e->count) && e->count >= 1
                  : str_is(name, "WKST")       ? true
                  : str_is(name, "BYMONTH")    ? true /* our events repeat in their own month and on their own day */
                  : str_is(name, "BYMONTHDAY") ? true
                  : str_is(name, "UNTIL")      ? read_moment(r, l, part, &until)
                                               : false;
        if (!fits)
            return !scope_has_failed(r->s)
                && refuse(r, l->number, WHY("repeats in another way than yearly",
                                            "毎年以外の繰り返しには対応していません。"));
        if (str_is(name, "UNTIL"))
            e->until_day = until.day;
    }
    return true;
}

static bool
take_property(struct reader *r, const struct line *l, struct event *e)
{
    if (str_eq_nocase(l->name, STR("DTSTART")))
        return e->has_start = read_moment(r, l, l->value, &e->start);
    if (str_eq_nocase(l->name, STR("DTEND")))
        return e->has_end = read_moment(r, l, l->value, &e->end);
    if (str_eq_nocase(l->name, STR("RRULE")))
        return read_repetition(r, l, e);
    if (str_eq_nocase(l->name, STR("RDATE")) || str_eq_nocase(l->name, STR("DURATION")))
        return refuse(r, l->number, WHY("uses RDATE or DURATION, which days off do not need",
                                         "RDATEとDURATIONには対応していません。"));
    if (str_eq_nocase(l->name, STR("SUMMARY")))
        e->summary = unescape(r->s->arena, l->value);
    if (str_eq_nocase(l->name, STR("STATUS")))
        e->cancelled = str_is(l->value, "CANCELLED");
    return true;
}

static bool
read_event(struct reader *r)
{
    struct event e = { .interval = 1, .summary = STR("") };
    struct line l;
    bool more, refused = false;
    for (int depth = 1;;) {
        if (!next_line(r, &l, &more)) {
            if (!goes_on(r))
                return false;
            refused = true;
            continue;
        }
        if (!more)
            return refuse(r, r->number, WHY("ends inside an event", "予定の途中でファイルが終わっています。"));
        depth += str_eq_nocase(l.name, STR("BEGIN"));
        depth -= str_eq_nocase(l.name, STR("END"));
        if (depth == 0)
            return refused || add_event(r, &e, l.number) || goes_on(r);
        if (depth > 1 || refused || take_property(r, &l, &e)) /* alarms inside are not ours */
            continue;
        if (!goes_on(r))
            return false;
        refused = true;
    }
}

static int
by_day(const void *a, const void *b)
{
    const struct ical_day *x = a, *y = b;
    return (x->day > y->day) - (x->day < y->day);
}

static void
sort_and_merge(struct ical_days *days)
{
    size_t kept = 0;
    if (days->count)
        qsort(days->items, days->count, sizeof *days->items, by_day);
    for (size_t i = 0; i < days->count; i++)
        if (kept == 0 || days->items[kept - 1].day != days->items[i].day)
            days->items[kept++] = days->items[i];
    days->count = kept;
}

static bool
read_file(struct reader r, struct str file, struct ical_days *out)
{
    struct line l;
    bool more;
    if (str_starts(r.rest, STR("\xEF\xBB\xBF")))
        r.rest = str_skip(r.rest, 3);
    if (file.len > ICAL_BYTES_MAX || !str_is_utf8(r.rest))
        return refuse(&r, 1, file.len > ICAL_BYTES_MAX
                             ? WHY("begins a file of more than 1 MiB", "ファイルが1 MiBを超えています。")
                             : WHY("is not UTF-8 text", "UTF-8のテキストではありません。"));
    if (!next_line(&r, &l, &more))
        return false;
    if (!more || !str_eq_nocase(l.name, STR("BEGIN")) || !str_eq_nocase(l.value, STR("VCALENDAR")))
        return refuse(&r, 1, WHY("is not BEGIN:VCALENDAR", "BEGIN:VCALENDARではありません。"));
    for (;;) {
        if (!next_line(&r, &l, &more)) {
            if (!goes_on(&r))
                return false;
            continue;
        }
        if (!more)
            return refuse(&r, r.number, WHY("the file ends without END:VCALENDAR",
                                       "END:VCALENDARがないままファイルが終わっています。"));
        if (str_eq_nocase(l.name, STR("END")) && str_eq_nocase(l.value, STR("VCALENDAR")))
            break;
        if (str_eq_nocase(l.name, STR("BEGIN")) && str_eq_nocase(l.value, STR("VEVENT")) && !read_event(&r))
            return false;
    }
    sort_and_merge(&r.days);
    *out = r.days;
    return true;
}

bool
ical_read(struct scope *s, struct str file, const struct zone *zone, int first_year, int last_year,
          struct ical_days *out)
{
    struct reader r = { .s = s, .rest = file, .zone = zone, .first_year = first_year, .last_year = last_year };
    return read_file(r, file, out);
}

bool
ical_read_leniently(struct scope *s, struct str file, const struct zone *zone, int first_year, int last_year,
                    struct ical_days *out, struct ical_refusals *refused)
{
    struct reader r = { .s = s, .rest = file, .zone = zone, .first_year = first_year, .last_year = last_year,
                        .refused = refused };
    refused->count = 0;
    return read_file(r, file, out);
}
