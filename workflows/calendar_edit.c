#include "workflows/calendar_edit.h"

#include "workflows/audit.h"
#include "workflows/calendars.h"
#include "workflows/promise_upkeep.h"

const struct problem calendar_version_began = {
    409, "calendar-version-began",
    { "A change holds from tomorrow at the earliest: what has been counted stays as it was.",
      "変更は翌日以降の日付から適用できます。過去の計算結果は変わりません。" } };

#define VERSION_WORDS                                                                                             \
    FIELD(calendar_write, windows, "When it is open", .items = &business_window_shape, .max = 56),                \
    FIELD(calendar_write, exception_windows, "Hours of days opened by name", .items = &business_window_shape,     \
          .max = 8),                                                                                              \
    FIELD(calendar_write, exceptions, "Days that are opened or closed by name", .items = &business_exception_shape), \
    FIELD(calendar_write, holidays, "Whose public holidays are closed", .of = &holidays_domain, .required = true)

const struct shape calendar_new_shape = SHAPE(calendar_write,
    FIELD(calendar_write, tenant_id, "Whose; the provider's when absent"),
    FIELD(calendar_write, name, "What people call it", .max = 100, .required = true),
    FIELD(calendar_write, time_zone, "Zone of its days and hours", .format = FORMAT_TIME_ZONE, .required = true),
    VERSION_WORDS);
const struct shape calendar_name_shape = SHAPE(calendar_write,
    FIELD(calendar_write, id, "Which", .read_only = true),
    FIELD(calendar_write, version, "What the change is based on", .read_only = true),
    FIELD(calendar_write, name, "What people call it", .max = 100, .required = true));
const struct shape calendar_version_shape = SHAPE(calendar_write,
    FIELD(calendar_write, id, "Which", .read_only = true),
    FIELD(calendar_write, from_day, "From this local day on", .format = FORMAT_DATE, .max = 10, .required = true),
    VERSION_WORDS);
const struct shape calendar_day_ref_shape = SHAPE(calendar_write,
    FIELD(calendar_write, id, "Which", .read_only = true),
    FIELD(calendar_write, from_day, "The day on which the version begins", .format = FORMAT_DATE, .max = 10,
          .required = true));
const struct shape calendar_choice_shape = SHAPE(calendar_choice,
    FIELD(calendar_choice, tenant_id, "The customer", .required = true),
    FIELD(calendar_choice, calendar_id, "The calendar; absent: what follows by itself"));
const struct shape calendar_versions_shape = SHAPE(calendar_versions,
    FIELD(calendar_versions, items, "Oldest first", .items = &business_calendar_version_shape));

/* What the log shows of a version. */
static const struct shape logged = SHAPE(calendar_write,
    FIELD(calendar_write, from_day, ""), FIELD(calendar_write, windows, "", .items = &business_window_shape),
    FIELD(calendar_write, exception_windows, "", .items = &business_window_shape),
    FIELD(calendar_write, exceptions, "", .items = &business_exception_shape),
    FIELD(calendar_write, holidays, "", .of = &holidays_domain));

static const struct shape named = SHAPE(calendar_row, FIELD(calendar_row, name, ""));
static const struct shape chosen = SHAPE(calendar_use, FIELD(calendar_use, calendar_name, ""));

static bool
record(struct scope *s, const char *action, const struct calendar_row *c, struct json change)
{
    return audit_record(s, &(struct deed){ .tenant_id = c->tenant_id, .action = action, .noun = "business_calendar",
                                           .object_id = c->id, .object_name = c->name, .change = change });
}

/* ---- is it a calendar? ---- */

static int
by_opening(const void *a, const void *b)
{
    const struct business_window *x = a, *y = b;
    if (x->weekday != y->weekday)
        return x->weekday < y->weekday ? -1 : 1;
    return (x->from_s > y->from_s) - (x->from_s < y->from_s);
}

static int
by_day(const void *a, const void *b)
{
    const struct business_exception *x = a, *y = b;
    return str_compare(x->day, y->day);
}

static bool
windows_are_apart(const struct rows *windows)
{
    const struct business_window *w = windows->items;
    int on_a_day = 0;
    for (size_t i = 0; i < windows->count; i++) {
        bool same_day = i && w[i].weekday == w[i - 1].weekday;
        on_a_day = same_day ? on_a_day + 1 : 1;
        if (w[i].from_s >= w[i].to_s || w[i].to_s > DAY_SECONDS || on_a_day > WINDOWS_PER_DAY_MAX
            || (same_day && w[i].from_s < w[i - 1].to_s))
            return false;
    }
    return true;
}

static bool
check_windows(struct scope *s, struct rows *windows, const char *pointer)
{
    struct business_window *w = windows->items;
    if (windows->count)
        qsort(w, windows->count, sizeof *w, by_opening);
    return windows_are_apart(windows) || fail_field(s, pointer, FAULT_NOT_ALLOWED, NULL);
}

static bool
check_exceptions(struct scope *s, struct calendar_write *in)
{
    struct business_exception *e = in->exceptions.items;
    bool opens = false;
    if (in->exceptions.count)
        qsort(e, in->exceptions.count, sizeof *e, by_day);
    for (size_t i = 0; i < in->exceptions.count; i++) {
        if (i && str_eq(e[i].day, e[i - 1].day))
            return fail_field(s, "/exceptions", FAULT_DUPLICATE_KEY, NULL);
        opens |= e[i].open;
    }
    return !opens || in->exception_windows.count || fail_field(s, "/exception_windows", FAULT_REQUIRED, NULL);
}

bool
calendar_check(struct scope *s, struct calendar_write *in, struct str time_zone)
{
    const struct calendar *c;
    struct business_window *opened = in->exception_windows.items;
    for (size_t i = 0; i < in->exception_windows.count; i++)
        opened[i].weekday = 0;
    if (in->windows.count == 0)
        return fail_field(s, "/windows", FAULT_REQUIRED, NULL); /* it would never open: no deadline could be told */
    if (!check_windows(s, &in->windows, "/windows") || !check_windows(s, &in->exception_windows, "/exception_windows")
        || !check_exceptions(s, in))
        return false;
    struct business_calendar_version row = { in->id, in->from_day, in->windows, in->exception_windows,
                                             in->exceptions, in->holidays };
    if (!calendar_build(s, time_zone, &(struct rows){ &row, 1 }, &c))
        return false;
    return c || fail_field(s, "/exceptions", FAULT_BAD_FORMAT, NULL);
}

/* ---- verbs ---- */

static struct str
today_in(struct scope *s, struct str time_zone, int64_t *day)
{
    const struct zone *z;
    *day = zone_load(s->arena, time_zone, &z) ? zone_local_day(z, s->now) : 0;
    struct civil c = civil_of_day(*day);
    return str_printf(s->arena, "%04d-%02d-%02d", c.year, c.month, c.day);
}

bool
calendar_create(struct scope *s, const struct calendar_write *in, struct calendar_row *out)
{
    struct calendar_write row = *in;
    int64_t day;
    row.id = uuid_new(s->now);
    row.at = s->now;
    if (uuid_is_none(row.tenant_id))
        row.tenant_id = s->who->tenant_id;
    if (!principal_sees(s->who, row.tenant_id))
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    row.from_day = today_in(s, row.time_zone, &day);
    return calendar_check(s, &row, row.time_zone)
        && db_run(s, &calendar_insert, &row, NULL)
        && db_run(s, &calendar_version_put, &row, NULL)
        && db_one(s, &calendar_row_by_id, &(struct id_args){ row.id }, out)
        && record(s, "business_calendar.created", out, shape_difference(s->arena, &logged, NULL, &row));
}

bool
calendar_change_name(struct scope *s, const struct calendar_write *in, struct calendar_row *out)
{
    struct calendar_row before;
    struct calendar_write row = *in;
    struct id_args changed, id = { in->id };
    row.at = s->now;
    return db_one(s, &calendar_row_by_id, &id, &before)
        && db_update(s, &calendar_rename, &row, &changed, &calendar_row_by_id, in->id)
        && db_one(s, &calendar_row_by_id, &id, out)
        && record(s, "business_calendar.updated", out, shape_difference(s->arena, &named, &before, out));
}

/* The version that holds on this day, as the log compares it. */
static bool
version_before(struct scope *s, struct uuid id, struct str from_day, struct calendar_write *out)
{
    struct rows versions;
    if (!db_list(s, &business_calendar_versions, &(struct id_args){ id }, &versions))
        return false;
    const struct business_calendar_version *v = versions.items;
    size_t i = 0;
    while (i + 1 < versions.count && str_compare(v[i + 1].from_day, from_day) <= 0)
        i++;
    *out = (struct calendar_write){ .from_day = v[i].from_day, .windows = v[i].windows, .holidays = v[i].holidays,
                                    .exception_windows = v[i].exception_windows, .exceptions = v[i].exceptions };
    return true;
}

static bool
hold_future(struct scope *s, struct calendar_write *row, struct calendar_row *c)
{
    int64_t today, from;
    struct id_args held;
    row->at = s->now;
    if (!db_one(s, &calendar_touch, row, &held) || !db_one(s, &calendar_row_by_id, &held, c))
        return false;
    row->tenant_id = c->tenant_id;
    (void)today_in(s, c->time_zone, &today);
    if (!civil_date_parse(row->from_day, &from))
        return fail_field(s, "/from_day", FAULT_BAD_FORMAT, "2026-12-01");
    return from > today || fail(s, &calendar_version_began, STR_FMT " is not after today", STR_ARG(row->from_day));
}

bool
calendar_put_version(struct scope *s, const struct calendar_write *in, struct calendar_row *out)
{
    struct calendar_write row = *in, before;
    return hold_future(s, &row, out)
        && calendar_check(s, &row, out->time_zone)
        && version_before(s, row.id, row.from_day, &before)
        && db_run(s, &calendar_version_put, &row, NULL)
        && db_one(s, &calendar_row_by_id, &(struct id_args){ row.id }, out)
        && record(s, "business_calendar.version-saved", out, shape_difference(s->arena, &logged, &before, &row))
        && promise_recount_soon(s, row.id);
}

bool
calendar_drop_version(struct scope *s, const struct calendar_write *in)
{
    struct calendar_write row = *in, before;
    struct calendar_row c;
    int64_t gone;
    if (!hold_future(s, &row, &c) || !version_before(s, row.id, row.from_day, &before)
        || !db_run(s, &calendar_version_delete, &row, &gone))
        return false;
    if (gone == 0)
        return fail(s, &problem_not_found, "no version begins on " STR_FMT, STR_ARG(row.from_day));
    return record(s, "business_calendar.version-dropped", &c, shape_difference(s->arena, &logged, &before, NULL))
        && promise_recount_soon(s, row.id);
}

bool
calendar_list_versions(struct scope *s, struct uuid id, struct calendar_versions *out)
{
    struct calendar_row c;
    return db_one(s, &calendar_row_by_id, &(struct id_args){ id }, &c)
        && db_list(s, &business_calendar_versions, &(struct id_args){ id }, &out->items);
}

bool
calendar_choose(struct scope *s, const struct calendar_choice *in, struct calendar_use *out)
{
    struct calendar_use before, row = { .tenant_id = in->tenant_id, .calendar_id = in->calendar_id,
                                        .chosen_by = s->who->name, .chosen_at = s->now };
    struct calendar_row c;
    struct id_args tenant = { in->tenant_id };
    if (!db_one(s, &calendar_use_of_tenant, &tenant, &before)) {
        scope_forgive(s);
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    }
    bool none = uuid_is_none(in->calendar_id);
    if (!none && (!db_one(s, &calendar_row_by_id, &(struct id_args){ in->calendar_id }, &c)
                  || !(uuid_eq(c.tenant_id, in->tenant_id) || uuid_eq(c.tenant_id, s->who->tenant_id)))) {
        scope_forgive(s);
        return fail_field(s, "/calendar_id", FAULT_NOT_FOUND, NULL);
    }
    return (none ? db_run(s, &calendar_use_clear, &tenant, NULL) : db_run(s, &calendar_use_set, &row, NULL))
        && db_one(s, &calendar_use_of_tenant, &tenant, out)
        && audit_record(s, &(struct deed){
               .tenant_id = in->tenant_id, .action = "tenant.calendar-chosen", .noun = "tenant",
               .object_id = in->tenant_id, .object_name = out->tenant_name,
               .change = shape_difference(s->arena, &chosen, &before, out) });
}
