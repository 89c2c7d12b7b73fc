#include "workflows/calendar_year.h"

#include "core/base/civil.h"
#include "workflows/calendar_edit.h"
#include "workflows/calendars.h"
#include "workflows/holidays_japan.h"

const struct domain day_kind_domain = DOMAIN(day_kind, "open", "off", "holiday", "closed", "opened");

static const struct shape day_shape = SHAPE(calendar_day_view,
    FIELD(calendar_day_view, day, "The day", .format = FORMAT_DATE, .required = true),
    FIELD(calendar_day_view, kind, "Whether it is open, and why not", .of = &day_kind_domain, .required = true),
    FIELD(calendar_day_view, name, "The holiday, or why it is closed or opened"),
    FIELD(calendar_day_view, hours, "When it is open"),
    FIELD(calendar_day_view, changes, "A version of the calendar begins here"));

const struct shape calendar_year_shape = SHAPE(calendar_year,
    FIELD(calendar_year, year, "Which year"), FIELD(calendar_year, open_days, "Days with open hours"),
    FIELD(calendar_year, open_minutes, "Open time in the whole year"),
    FIELD(calendar_year, days, "Every day of it", .items = &day_shape));

#define YEAR_FIELD(type) FIELD(type, year, "Which year", .min = 1970, .max = 2150, .required = true)
const struct shape calendar_year_ask_shape = SHAPE(calendar_year_ask,
    FIELD(calendar_year_ask, id, "Which calendar"), YEAR_FIELD(calendar_year_ask));

const struct shape calendar_draft_shape = SHAPE(calendar_draft,
    FIELD(calendar_draft, id, "The calendar that would change; absent: a new one"),
    FIELD(calendar_draft, time_zone, "Zone of a new one", .format = FORMAT_TIME_ZONE),
    FIELD(calendar_draft, from_day, "From when; absent: the whole year", .format = FORMAT_DATE, .max = 10),
    FIELD(calendar_draft, windows, "When it is open", .items = &business_window_shape, .max = 56),
    FIELD(calendar_draft, exception_windows, "Hours of days opened by name", .items = &business_window_shape,
          .max = 8),
    FIELD(calendar_draft, exceptions, "Days that are opened or closed by name", .items = &business_exception_shape),
    FIELD(calendar_draft, holidays, "Whose public holidays are closed", .of = &holidays_domain, .required = true),
    YEAR_FIELD(calendar_draft));

static struct str
date_text(struct arena *a, int64_t day)
{
    struct civil c = civil_of_day(day);
    return str_printf(a, "%04d-%02d-%02d", c.year, c.month, c.day);
}

static struct str
hours_text(struct arena *a, const struct calendar_window *w, int64_t *minutes)
{
    struct str out = STR_NONE;
    for (int i = 0; w && i < WINDOWS_PER_DAY_MAX && w[i].to_s; i++) {
        out = str_printf(a, STR_FMT "%s%02d:%02d–%02d:%02d", STR_ARG(out), i ? " " : "", w[i].from_s / 3600,
                         w[i].from_s / 60 % 60, w[i].to_s / 3600, w[i].to_s / 60 % 60);
        *minutes += (w[i].to_s - w[i].from_s) / 60;
    }
    return out;
}

static const struct business_exception *
named_day(const struct business_calendar_version *v, struct str day)
{
    for (size_t i = 0; i < v->exceptions.count; i++) {
        const struct business_exception *e = (const struct business_exception *)v->exceptions.items + i;
        if (str_eq(e->day, day))
            return e;
    }
    return NULL;
}

static struct calendar_day_view
view_day(struct scope *s, const struct calendar *c, const struct rows *versions, int64_t day, int64_t *minutes)
{
    const struct calendar_version *v = calendar_version_on(c, day);
    const struct business_calendar_version *row =
        (const struct business_calendar_version *)versions->items + (v - c->versions);
    struct calendar_day_view out = { .day = date_text(s->arena, day),
                                     .changes = v != c->versions && v->from_day == day };
    const struct business_exception *e = named_day(row, out.day);
    struct bilingual holiday;
    out.hours = hours_text(s->arena, calendar_windows_on(c, day), minutes);
    if (e) {
        out.kind = e->open ? DAY_OPENED : DAY_CLOSED;
        out.name = e->name;
    } else if (v->holidays == HOLIDAYS_JAPAN && japan_is_holiday(day, &holiday)) {
        out.kind = DAY_HOLIDAY;
        out.name = str_of(bilingual_in(holiday, s->language));
    } else {
        out.kind = out.hours.at ? DAY_OPEN : DAY_OFF;
    }
    return out;
}

static bool
view_year(struct scope *s, struct str time_zone, const struct rows *versions, int64_t year, struct calendar_year *out)
{
    const struct calendar *c;
    if (!calendar_build(s, time_zone, versions, &c))
        return false;
    if (!c)
        return fail_field(s, "/windows", FAULT_NOT_ALLOWED, NULL);
    int64_t first = civil_day((int)year, 1, 1), end = civil_day((int)year + 1, 1, 1);
    struct calendar_day_view *days = arena_array_of(s->arena, (size_t)(end - first), struct calendar_day_view);
    *out = (struct calendar_year){ .year = year, .days = { days, (size_t)(end - first) } };
    for (int64_t day = first; day < end; day++) {
        days[day - first] = view_day(s, c, versions, day, &out->open_minutes);
        out->open_days += days[day - first].hours.at != NULL;
    }
    return true;
}

bool
calendar_year_view(struct scope *s, const struct calendar_year_ask *ask, struct calendar_year *out)
{
    struct business_calendar row;
    struct rows versions;
    struct id_args id = { ask->id };
    return db_one(s, &business_calendar_by_id, &id, &row) && db_list(s, &business_calendar_versions, &id, &versions)
        && view_year(s, row.time_zone, &versions, ask->year, out);
}

struct rows
calendar_with(struct scope *s, const struct rows *versions, const struct business_calendar_version *one)
{
    const struct business_calendar_version *from = versions->items;
    struct business_calendar_version *to = arena_array_of(s->arena, versions->count + 1,
                                                          struct business_calendar_version);
    size_t n = 0;
    bool placed = false;
    for (size_t i = 0; i < versions->count; i++) {
        int order = str_compare(one->from_day, from[i].from_day);
        if (order <= 0 && !placed) {
            to[n++] = *one;
            placed = true;
        }
        if (order != 0)
            to[n++] = from[i];
    }
    if (!placed)
        to[n++] = *one;
    return (struct rows){ to, n };
}

bool
calendar_draft_view(struct scope *s, const struct calendar_draft *draft, struct calendar_year *out)
{
    struct business_calendar row = { .time_zone = draft->time_zone };
    struct rows versions = { 0 };
    struct id_args id = { draft->id };
    if (!uuid_is_none(draft->id) && (!db_one(s, &business_calendar_by_id, &id, &row)
                                     || !db_list(s, &business_calendar_versions, &id, &versions)))
        return false;
    if (!row.time_zone.at)
        return fail_field(s, "/time_zone", FAULT_REQUIRED, NULL);
    struct calendar_write checked = {
        .from_day = draft->from_day.at ? draft->from_day
                                       : date_text(s->arena, civil_day((int)draft->year, 1, 1)),
        .windows = draft->windows, .exception_windows = draft->exception_windows, .exceptions = draft->exceptions,
        .holidays = draft->holidays,
    };
    if (!calendar_check(s, &checked, row.time_zone))
        return false;
    struct business_calendar_version one = { draft->id, checked.from_day, checked.windows, checked.exception_windows,
                                             checked.exceptions, checked.holidays };
    struct rows with = calendar_with(s, &versions, &one);
    return view_year(s, row.time_zone, &with, draft->year, out);
}
