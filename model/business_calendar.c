#include "model/business_calendar.h"

const struct domain holidays_domain = DOMAIN(holidays, "none", "japan");

const struct shape business_window_shape = SHAPE(business_window,
    FIELD(business_window, weekday, "0 is Monday", .max = 6),
    FIELD(business_window, from_s, "Opens, in seconds of the local day", .max = 86400),
    FIELD(business_window, to_s, "Closes; 86400 is midnight", .min = 1, .max = 86400));
const struct shape business_exception_shape = SHAPE(business_exception,
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
    FIELD(business_calendar_version, windows, "When it is open", .items = &business_window_shape),
    FIELD(business_calendar_version, exception_windows, "Hours of days opened by name",
          .items = &business_window_shape),
    FIELD(business_calendar_version, exceptions, "Days that are opened or closed by name",
          .items = &business_exception_shape),
    FIELD(business_calendar_version, holidays, "Whose public holidays are closed", .of = &holidays_domain,
          .required = true));

#define CALENDAR_SELECT \
    "SELECT b.id, b.tenant_id, b.name, b.time_zone, b.created_at, b.updated_at, b.version FROM business_calendar b"

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
    .sql = CALENDAR_SELECT " WHERE b.id = calendar_of(:id)",
    .args = &id_args_shape, .row = &business_calendar_shape,
};

/* ---- pages and writing ---- */

const struct shape calendar_row_shape = SHAPE(calendar_row,
    FIELD(calendar_row, id, "Identity", .filter = true, .required = true),
    FIELD(calendar_row, tenant_id, "Whose: the provider's serve every customer", .filter = true, .required = true),
    FIELD(calendar_row, tenant_name, "Whose, by name", .sort = true),
    FIELD(calendar_row, name, "What people call it", .required = true, .sort = true, .search = true),
    FIELD(calendar_row, time_zone, "Zone of its days and hours", .required = true),
    FIELD(calendar_row, holidays, "Whose public holidays are closed today", .of = &holidays_domain),
    FIELD(calendar_row, used_by, "How many customers go by it"),
    FIELD(calendar_row, is_default, "It holds for customers for whom nothing else was said"),
    FIELD(calendar_row, next_from, "The day on which it changes next", .format = FORMAT_DATE),
    FIELD(calendar_row, created_at, "When it was made", .sort = true),
    FIELD(calendar_row, updated_at, "When it last changed", .sort = true),
    FIELD(calendar_row, version, "Grows with each change"),
    FIELD(calendar_row, can, "Verbs the caller may use on it", .required = true));

#define CALENDAR_TODAY "(yagura_at() AT TIME ZONE b.time_zone)::date"
#define CALENDAR_DEFAULT                                                                                      \
    "(SELECT f.id FROM business_calendar f WHERE f.tenant_id = '00000000-0000-7000-8000-000000000001'"        \
    "   ORDER BY f.id LIMIT 1)"
#define CALENDAR_ROW_SELECT                                                                                   \
    "SELECT b.id, b.tenant_id, t.name AS tenant_name, b.name, b.time_zone,"                                   \
    "       (SELECT v.holidays FROM business_calendar_version v WHERE v.tenant_id = b.tenant_id"              \
    "           AND v.calendar_id = b.id ORDER BY v.from_day > " CALENDAR_TODAY ", "                          \
    "               CASE WHEN v.from_day <= " CALENDAR_TODAY " THEN v.from_day END DESC, v.from_day LIMIT 1)" \
    "         AS holidays,"                                                                                   \
    "       (SELECT count(*) FROM (SELECT coalesce(u.calendar_id, (SELECT o.id FROM business_calendar o"      \
    "               WHERE o.tenant_id = c.id ORDER BY o.id LIMIT 1), " CALENDAR_DEFAULT ") AS id"             \
    "            FROM tenant c LEFT JOIN calendar_use u ON u.tenant_id = c.id WHERE c.kind = 'customer') g"    \
    "         WHERE g.id = b.id) AS used_by,"                                                                  \
    "       b.id = " CALENDAR_DEFAULT " AS is_default,"                                                       \
    "       (SELECT min(v.from_day)::text FROM business_calendar_version v WHERE v.tenant_id = b.tenant_id"   \
    "           AND v.calendar_id = b.id AND v.from_day > " CALENDAR_TODAY ") AS next_from,"                  \
    "       b.created_at, b.updated_at, b.version,"                                                           \
    "       CASE WHEN grant_rank((SELECT yagura_grants()), 'calendars') >= 3"                                 \
    "            THEN ARRAY['update'] ELSE '{}' END::text[] AS can"                                           \
    "  FROM business_calendar b LEFT JOIN tenant t ON t.id = b.tenant_id"

const struct listing calendar_listing = {
    .name = "calendars", .from = CALENDAR_ROW_SELECT, .row = &calendar_row_shape, .key = "id", .sort = "name",
};
const struct query calendar_row_by_id = {
    .name = "calendar_row_by_id", .sql = CALENDAR_ROW_SELECT " WHERE b.id = :id",
    .args = &id_args_shape, .row = &calendar_row_shape,
};

const struct shape calendar_use_shape = SHAPE(calendar_use,
    FIELD(calendar_use, tenant_id, "The customer", .filter = true, .required = true),
    FIELD(calendar_use, tenant_name, "The customer's name", .sort = true, .search = true),
    FIELD(calendar_use, calendar_id, "The calendar it goes by", .filter = true),
    FIELD(calendar_use, calendar_name, "What people call that", .sort = true),
    FIELD(calendar_use, chosen, "It was said for this customer", .filter = true),
    FIELD(calendar_use, chosen_by, "Who said so"),
    FIELD(calendar_use, chosen_at, "When"));

#define CALENDAR_USE_SELECT                                                                                      \
    "SELECT t.id AS tenant_id, t.name AS tenant_name, b.id AS calendar_id, b.name AS calendar_name,"             \
    "       u.id IS NOT NULL AS chosen, u.chosen_by, u.chosen_at"                                                \
    "  FROM tenant t JOIN business_calendar b ON b.id = calendar_of(t.id)"                                       \
    "  LEFT JOIN calendar_use u ON u.tenant_id = t.id"                                                           \
    " WHERE t.kind = 'customer'"

const struct listing calendar_use_listing = {
    .name = "calendar_uses", .from = CALENDAR_USE_SELECT, .row = &calendar_use_shape, .key = "tenant_id",
    .sort = "tenant_name",
};
const struct query calendar_use_of_tenant = {
    .name = "calendar_use_of_tenant", .sql = CALENDAR_USE_SELECT " AND t.id = :id",
    .args = &id_args_shape, .row = &calendar_use_shape,
};

static const struct shape use_args = SHAPE(calendar_use,
    FIELD(calendar_use, tenant_id, "The customer"), FIELD(calendar_use, calendar_id, "The calendar"),
    FIELD(calendar_use, chosen_by, "Who"), FIELD(calendar_use, chosen_at, "When"));
const struct query calendar_use_set = {
    .name = "calendar_use_set",
    .sql = "INSERT INTO calendar_use (tenant_id, id, calendar_tenant_id, calendar_id, chosen_by, chosen_at)"
           " SELECT :tenant_id, gen_random_uuid(), b.tenant_id, b.id, :chosen_by, :chosen_at"
           "   FROM business_calendar b WHERE b.id = :calendar_id"
           " ON CONFLICT (tenant_id) DO UPDATE SET calendar_tenant_id = excluded.calendar_tenant_id,"
           "    calendar_id = excluded.calendar_id, chosen_by = excluded.chosen_by, chosen_at = excluded.chosen_at",
    .args = &use_args,
};
const struct query calendar_use_clear = {
    .name = "calendar_use_clear", .sql = "DELETE FROM calendar_use WHERE tenant_id = :id", .args = &id_args_shape,
};

static const struct shape write_args = SHAPE(calendar_write,
    FIELD(calendar_write, id, "Which"), FIELD(calendar_write, tenant_id, "Whose"),
    FIELD(calendar_write, version, "What the change is based on"), FIELD(calendar_write, name, "What people call it"),
    FIELD(calendar_write, time_zone, "Zone"), FIELD(calendar_write, from_day, "From when"),
    FIELD(calendar_write, windows, "When it is open", .items = &business_window_shape),
    FIELD(calendar_write, exception_windows, "Hours of opened days", .items = &business_window_shape),
    FIELD(calendar_write, exceptions, "Days by name", .items = &business_exception_shape),
    FIELD(calendar_write, holidays, "Whose holidays", .of = &holidays_domain), FIELD(calendar_write, at, "When"));

const struct query calendar_insert = {
    .name = "calendar_insert",
    .sql = "INSERT INTO business_calendar (tenant_id, id, name, time_zone, created_at, updated_at)"
           " VALUES (:tenant_id, :id, :name, :time_zone, :at, :at)",
    .args = &write_args,
};
const struct query calendar_rename = {
    .name = "calendar_rename",
    .sql = "UPDATE business_calendar SET name = :name, updated_at = :at, version = version + 1"
           " WHERE id = :id AND version = :version RETURNING id",
    .args = &write_args, .row = &id_args_shape,
};
const struct query calendar_touch = {
    .name = "calendar_touch",
    .sql = "UPDATE business_calendar SET updated_at = :at, version = version + 1 WHERE id = :id RETURNING id",
    .args = &write_args, .row = &id_args_shape,
};
const struct query calendar_version_put = {
    .name = "calendar_version_put",
    .sql = "INSERT INTO business_calendar_version (tenant_id, calendar_id, from_day, windows, exception_windows,"
           "    exceptions, holidays, created_at)"
           " VALUES (:tenant_id, :id, :from_day::text::date, coalesce(:windows, '[]'),"
           "    coalesce(:exception_windows, '[]'), coalesce(:exceptions, '[]'), :holidays, :at)"
           " ON CONFLICT (tenant_id, calendar_id, from_day) DO UPDATE SET windows = excluded.windows,"
           "    exception_windows = excluded.exception_windows, exceptions = excluded.exceptions,"
           "    holidays = excluded.holidays, created_at = excluded.created_at",
    .args = &write_args,
};
const struct query calendar_version_delete = {
    .name = "calendar_version_delete",
    .sql = "DELETE FROM business_calendar_version WHERE calendar_id = :id AND from_day = :from_day::text::date",
    .args = &write_args,
};
