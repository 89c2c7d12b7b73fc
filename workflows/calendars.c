#include "workflows/calendars.h"

static const struct problem calendar_is_unsound = {
    500, "calendar-unsound", { "A business calendar cannot be used.", "営業カレンダーを利用できません。" } };

static bool
fill_windows(const struct rows *rows, bool by_weekday, struct calendar_version *v)
{
    int used[7] = { 0 };
    for (size_t i = 0; i < rows->count; i++) {
        const struct business_window *w = (const struct business_window *)rows->items + i;
        int day = by_weekday ? (int)w->weekday : 0;
        if (day < 0 || day > 6 || used[day] == WINDOWS_PER_DAY_MAX)
            return false;
        struct calendar_window *row = by_weekday ? v->windows[day] : v->exception_windows;
        row[used[day]++] = (struct calendar_window){ (int32_t)w->from_s, (int32_t)w->to_s };
    }
    return true;
}

static int
by_day(const void *a, const void *b)
{
    const struct calendar_exception *x = a, *y = b;
    return (x->day > y->day) - (x->day < y->day);
}

static bool
fill_exceptions(struct scope *s, const struct rows *rows, struct calendar_version *v)
{
    struct calendar_exception *list = arena_array_of(s->arena, rows->count + 1, struct calendar_exception);
    for (size_t i = 0; i < rows->count; i++) {
        const struct business_exception *e = (const struct business_exception *)rows->items + i;
        if (!civil_date_parse(e->day, &list[i].day))
            return false;
        list[i].open = e->open;
    }
    if (rows->count)
        qsort(list, rows->count, sizeof *list, by_day);
    v->exceptions = list;
    v->exception_count = rows->count;
    return true;
}

static bool
fill_version(struct scope *s, const struct business_calendar_version *row, struct calendar_version *v)
{
    v->holidays = row->holidays == HOLIDAYS_OF_JAPAN ? HOLIDAYS_JAPAN : HOLIDAYS_NONE;
    return civil_date_parse(row->from_day, &v->from_day) && fill_windows(&row->windows, true, v)
        && fill_windows(&row->exception_windows, false, v) && fill_exceptions(s, &row->exceptions, v);
}

bool
calendar_build(struct scope *s, struct str time_zone, const struct rows *versions, const struct calendar **out)
{
    struct calendar_version *list = arena_array_of(s->arena, versions->count + 1, struct calendar_version);
    struct calendar *c = arena_new_of(s->arena, struct calendar);
    *c = (struct calendar){ .versions = list, .version_count = versions->count };
    *out = NULL;
    for (size_t i = 0; i < versions->count; i++)
        if (!fill_version(s, (const struct business_calendar_version *)versions->items + i, &list[i]))
            return true;
    if (zone_load(s->arena, time_zone, &c->zone) && calendar_is_sound(c))
        *out = c;
    return true;
}

bool
calendar_load(struct scope *s, struct uuid calendar_id, const struct calendar **out)
{
    struct business_calendar row;
    struct rows versions;
    struct id_args id = { calendar_id };
    return db_one(s, &business_calendar_by_id, &id, &row) && db_list(s, &business_calendar_versions, &id, &versions)
        && calendar_build(s, row.time_zone, &versions, out)
        && (*out || fail(s, &calendar_is_unsound, STR_FMT, STR_ARG(row.name)));
}

bool
calendar_for_tenant(struct scope *s, struct uuid tenant_id, struct uuid *calendar_id)
{
    struct business_calendar row;
    if (!db_one(s, &business_calendar_of_tenant, &(struct id_args){ tenant_id }, &row))
        return false;
    *calendar_id = row.id;
    return true;
}
