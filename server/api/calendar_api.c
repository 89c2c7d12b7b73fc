/* Business calendars: hours, holidays, closures, what changes when, and who goes by which. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/calendar_edit.h"
#include "workflows/calendar_year.h"
#include "workflows/ical.h"
#include "workflows/what_if.h"

static bool
create(struct scope *s, const void *in, void *out)
{
    return calendar_create(s, in, out);
}

static bool
change_name(struct scope *s, const void *in, void *out)
{
    return calendar_change_name(s, in, out);
}

static bool
put_version(struct scope *s, const void *in, void *out)
{
    return calendar_put_version(s, in, out);
}

static bool
drop_version(struct scope *s, const void *in, void *out)
{
    (void)out;
    return calendar_drop_version(s, in);
}

static bool
list_versions(struct scope *s, const void *in, void *out)
{
    return calendar_list_versions(s, ((const struct id_args *)in)->id, out);
}

static bool
read_year(struct scope *s, const void *in, void *out)
{
    return calendar_year_view(s, in, out);
}

static bool
preview(struct scope *s, const void *in, void *out)
{
    return calendar_draft_view(s, in, out);
}

static bool
ask_what_if(struct scope *s, const void *in, void *out)
{
    return what_if_calendar(s, in, out);
}

static bool
choose(struct scope *s, const void *in, void *out)
{
    return calendar_choose(s, in, out);
}

/* ---- a file of days off, looked at before anything is taken from it ---- */

struct ical_ask {
    struct str file, time_zone;
    int64_t first_year, last_year;
};
struct ical_line {
    int64_t line;
    struct str reason;
};
struct ical_answer {
    struct rows days, refusals;
};

static const struct shape ical_ask_shape = SHAPE(ical_ask,
    FIELD(ical_ask, file, "The text of an iCalendar file (.ics)", .max = 1 << 20, .required = true),
    FIELD(ical_ask, time_zone, "On whose wall days are counted", .format = FORMAT_TIME_ZONE, .required = true),
    FIELD(ical_ask, first_year, "From which year on", .min = 1970, .max = 2150, .required = true),
    FIELD(ical_ask, last_year, "Up to which", .min = 1970, .max = 2150, .required = true));
static const struct shape ical_line_shape = SHAPE(ical_line,
    FIELD(ical_line, line, "Which line"), FIELD(ical_line, reason, "Why it was not understood", .required = true));
static const struct shape ical_answer_shape = SHAPE(ical_answer,
    FIELD(ical_answer, days, "Days off that were found", .items = &business_exception_shape),
    FIELD(ical_answer, refusals, "What was left out, and why", .items = &ical_line_shape));

static bool
read_ical(struct scope *s, const void *in, void *out)
{
    const struct ical_ask *ask = in;
    struct ical_answer *answer = out;
    struct ical_refusals refused;
    struct ical_days days;
    const struct zone *zone;
    if (!zone_load(s->arena, ask->time_zone, &zone))
        return fail_field(s, "/time_zone", FAULT_BAD_TIME_ZONE, NULL);
    if (ask->last_year < ask->first_year || ask->last_year > ask->first_year + 20)
        return fail_field(s, "/last_year", FAULT_NOT_ALLOWED, NULL);
    if (!ical_read_leniently(s, ask->file, zone, (int)ask->first_year, (int)ask->last_year, &days, &refused))
        return false;
    struct business_exception *found = arena_array_of(s->arena, days.count + 1, struct business_exception);
    struct ical_line *lines = arena_array_of(s->arena, refused.count + 1, struct ical_line);
    for (size_t i = 0; i < days.count; i++) {
        struct civil c = civil_of_day(days.items[i].day);
        found[i].day = str_printf(s->arena, "%04d-%02d-%02d", c.year, c.month, c.day);
        found[i].name = days.items[i].name;
    }
    for (size_t i = 0; i < refused.count; i++)
        lines[i] = (struct ical_line){ refused.items[i].line, refused.items[i].reason };
    *answer = (struct ical_answer){ { found, days.count }, { lines, refused.count } };
    return true;
}

static const struct route rows[] = {
    { GET, "/business-calendars", CAN_READ(CALENDARS), "List business calendars", .out = &calendar_row_shape,
      .list = &calendar_listing },
    { POST, "/business-calendars", CAN_WRITE(CALENDARS), "Make a business calendar", .in = &calendar_new_shape,
      .out = &calendar_row_shape, .write = create, .creates = true, .body_max = 512 * 1024 },
    { GET, "/business-calendars/{id}", CAN_READ(CALENDARS), "Read one business calendar", .in = &id_args_shape,
      .out = &calendar_row_shape, .one = &calendar_row_by_id },
    { PUT, "/business-calendars/{id}", CAN_WRITE(CALENDARS), "Call a business calendar otherwise",
      .in = &calendar_name_shape, .out = &calendar_row_shape, .write = change_name, .if_match = true },
    { GET, "/business-calendars/{id}/versions", CAN_READ(CALENDARS), "List what held and will hold from which day on",
      .in = &id_args_shape, .out = &calendar_versions_shape, .read = list_versions },
    { POST, "/business-calendars/{id}/versions", CAN_WRITE(CALENDARS),
      "Let other hours hold from a day on, tomorrow at the earliest", .in = &calendar_version_shape,
      .out = &calendar_row_shape, .write = put_version, .body_max = 512 * 1024 },
    { DELETE, "/business-calendars/{id}/versions/{from_day}", CAN_WRITE(CALENDARS),
      "Take back a version that has not begun", .in = &calendar_day_ref_shape, .write = drop_version },
    { GET, "/business-calendars/{id}/year", CAN_READ(CALENDARS), "Read every day of a year",
      .in = &calendar_year_ask_shape, .out = &calendar_year_shape, .read = read_year },
    { POST, "/business-calendars/preview", CAN_READ(CALENDARS), "See the year that hours not saved yet would make",
      .in = &calendar_draft_shape, .out = &calendar_year_shape, .write = preview, .no_idempotency = true,
      .body_max = 512 * 1024 },
    { POST, "/business-calendars/read-ical", CAN_READ(CALENDARS), "See which days off a calendar file names",
      .in = &ical_ask_shape, .out = &ical_answer_shape, .write = read_ical, .no_idempotency = true,
      .body_max = 2 << 20 },
    { POST, "/business-calendars/{id}/what-if", CAN_READ(CALENDARS),
      "See what a version not saved yet would do to open cases and to months that are over",
      .in = &calendar_what_if_shape, .out = &what_if_piece_shape, .write = ask_what_if, .no_idempotency = true,
      .body_max = 512 * 1024 },
    { GET, "/calendar-uses", CAN_READ(CALENDARS), "List which customer goes by which calendar",
      .out = &calendar_use_shape, .list = &calendar_use_listing },
    { POST, "/calendar-uses", CAN_WRITE(CALENDARS), "Say which calendar a customer goes by",
      .in = &calendar_choice_shape, .out = &calendar_use_shape, .write = choose },
};

const struct routes calendar_routes = ROUTES(rows);
