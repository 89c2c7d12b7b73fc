#include "model/business_calendar.h"

const struct domain holidays_domain = DOMAIN(holidays, "none", "japan");

static const struct shape window_shape = SHAPE(business_window,
    FIELD(business_window, weekday, "0 is Monday", .max = 6),
    FIELD(business_window, from_s, "Opens, in seconds of the local day", .max = 86400),
    FIELD(business_window, to_s, "Closes; 86400 is midnight", .min = 1, .max = 86400));
static const struct shape exception_shape = SHAPE(business_exception,
    FIELD(business_exception, day, "The day", .format = FORMAT_DATE, .required = true, .max = 10),
    FIELD(business_exception, open, "Opened although it would be closed; else closed"),
    FIELD(business_exception, name, "Why", .max = 100));

const struct shape business_calendar_shape = SHAPE(business_calendar,
    FIELD(business_calendar, id, "Identity", .filter = true),
    FIELD(business_calendar, tenant_id, "Whose", .filter = true),
    FIELD(business_calendar, name, "What people call it", .required = true, .sort = true, .search = true),
    FIELD(business_calendar, time_zone, "Zone of its days and hours", .required = true),
    FIELD(business_calendar, created_at, "When it was made"),
    FIELD(business_calendar, updated_at, "When it last changed"),
    FIELD(business_calendar, version, "Grows with each change"));

const struct shape business_calendar_version_shape = SHAPE(business_calendar_version,
    FIELD(business_calendar_version, calendar_id, "Of which calendar"),
    FIELD(business_calendar_version, from_day, "Valid from this local day", .format = FORMAT_DATE, .required = true),
    FIELD(business_calendar_version, windows, "When it is open", .items = &window_shape),
    FIELD(business_calendar_version, exception_windows, "Hours of days opened by name", .items = &window_shape),
    FIELD(business_calendar_version, exceptions, "Days that are opened or closed by name", .items = &exception_shape),
    FIELD(business_calendar_version, holidays, "Whose public holidays are closed", .of = &holidays_domain,
          .required = true));

#define CALENDAR_SELECT \
    "SELECT b.id, b.tenant_id, b.name, b.time_zone, b.created_at, b.updated_at, b.version FROM business_calendar b"

const struct listing business_calendar_listing = {
    .name = "business_calendars", .from = CALENDAR_SELECT, .row = &business_calendar_shape, .key = "id", .sort = "name",
};

const struct query business_calendar_by_id = {
    .name = "business_calendar_by_id", .sql = CALENDAR_SELECT " WHERE b.id = :id",
    .args = &id_args_shape, .row = &business_calendar_shape,
};

const struct query business_calendar_versions = {
    .name = "business_calendar_versions",
    .sql = "SELECT calendar_id, from_day::text AS from_day, windows, exception_windows, exceptions, holidays"
           "  FROM business_calendar_version WHERE calendar_id = :id ORDER BY business_calendar_version.from_day",
    .args = &id_args_shape, .row = &business_calendar_version_shape,
};

const struct query business_calendar_of_tenant = {
    .name = "business_calendar_of_tenant",
    .sql = CALENDAR_SELECT " WHERE b.tenant_id IN (:id, '00000000-0000-7000-8000-000000000001')"
                           " ORDER BY b.tenant_id = :id DESC, b.id LIMIT 1",
    .args = &id_args_shape, .row = &business_calendar_shape,
};
