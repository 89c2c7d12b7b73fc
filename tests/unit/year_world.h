/* Where the simulated year is lived: three offices, what is promised there, and the twelve customers of the
 * database. */
#ifndef YAGURA_TESTS_UNIT_YEAR_WORLD_H
#define YAGURA_TESTS_UNIT_YEAR_WORLD_H

#include "tests/unit/year_oracle.h"

static struct office offices[] = {
    { "Asia/Tokyo", { 9 * 60 }, { 17 * 60 + 30 }, true, NULL },
    { "Europe/London", { 9 * 60 }, { 17 * 60 }, false, NULL },
    { "America/New_York", { 8 * 60, 13 * 60 }, { 12 * 60, 18 * 60 }, false, NULL },
};

/* As the SQL below puts them into promise_target; the first response is the provider's own. */
static const struct target {
    enum promise_metric metric;
    enum severity severity;
    enum promise_pace pace;
    int64_t allowance;
    bool pauses;
} targets[] = {
    { METRIC_FIRST_RESPONSE, SEVERITY_A, PACE_AROUND_THE_CLOCK, 7200, false },
    { METRIC_FIRST_RESPONSE, SEVERITY_B, PACE_AROUND_THE_CLOCK, 14400, false },
    { METRIC_FIRST_RESPONSE, SEVERITY_C, PACE_BUSINESS_DAYS, 1, false },
    { METRIC_ACKNOWLEDGE, SEVERITY_A, PACE_AROUND_THE_CLOCK, 1800, false },
    { METRIC_ACKNOWLEDGE, SEVERITY_B, PACE_BUSINESS_TIME, 7200, false },
    { METRIC_ACKNOWLEDGE, SEVERITY_C, PACE_BUSINESS_TIME, 14400, false },
    { METRIC_RESOLVE, SEVERITY_A, PACE_AROUND_THE_CLOCK, 86400, true },
    { METRIC_RESOLVE, SEVERITY_B, PACE_BUSINESS_TIME, 57600, true },
    { METRIC_RESOLVE, SEVERITY_C, PACE_BUSINESS_DAYS, 5, true },
};
enum { MERCY_S = 1800 };

static const char world_sql[] =
    "INSERT INTO tenant (id, kind, name, short_code, plan, language, time_zone, status, created_at, updated_at)"
    " SELECT ('01990000-0000-7000-8000-0000000010' || lpad(n::text, 2, '0'))::uuid, 'customer',"
    "        'Customer ' || n, 'CUST' || n, 'ultimate', 'en', 'UTC', 'active', '2026-01-01Z', '2026-01-01Z'"
    "   FROM generate_series(0, 11) n;"
    "INSERT INTO person (tenant_id, id, kind, email, name, language, time_zone, status, created_at, updated_at)"
    " SELECT id, id, 'person', short_code || '@customer.example', 'Contact of ' || name, 'en', 'UTC', 'active',"
    "        '2026-01-01Z', '2026-01-01Z' FROM tenant;"
    "INSERT INTO business_calendar (tenant_id, id, name, time_zone, created_at, updated_at)"
    " SELECT id, id, 'Office', CASE n % 3 WHEN 1 THEN 'Europe/London' ELSE 'America/New_York' END, '2026-01-01Z',"
    "        '2026-01-01Z' FROM tenant, LATERAL (SELECT right(id::text, 2)::int AS n) x"
    "  WHERE kind = 'customer' AND n % 3 > 0;"
    "INSERT INTO business_calendar_version (tenant_id, calendar_id, from_day, windows, exception_windows, exceptions,"
    "        holidays, created_at)"
    " SELECT tenant_id, id, '2020-01-01', w, '[]', '[]', 'none', '2026-01-01Z' FROM business_calendar c, LATERAL ("
    "   SELECT jsonb_agg(jsonb_build_object('weekday', d, 'from_s', f * 3600, 'to_s', t * 3600)) AS w"
    "     FROM generate_series(0, 4) d, (VALUES ('Europe/London', 9, 17), ('America/New_York', 8, 12),"
    "          ('America/New_York', 13, 18)) v (zone, f, t) WHERE zone = c.time_zone) x WHERE name = 'Office';"
    "INSERT INTO promise_target (tenant_id, id, severity, metric, pace, allowance, stops_on, pauses_while, from_at)"
    " SELECT t.id, gen_random_uuid(), v.severity, v.metric, v.pace, v.allowance,"
    "        CASE metric WHEN 'resolve' THEN '{}' ELSE '{engineer_answered,engineer_assigned}' END::text[],"
    "        CASE metric WHEN 'resolve' THEN '{waiting_customer}' ELSE '{}' END::text[], '2020-01-01Z'"
    "   FROM tenant t, (VALUES"
    "   ('a', 'acknowledge', 'around_the_clock', 1800), ('b', 'acknowledge', 'business_time', 7200),"
    "   ('c', 'acknowledge', 'business_time', 14400), ('a', 'resolve', 'around_the_clock', 86400),"
    "   ('b', 'resolve', 'business_time', 57600), ('c', 'resolve', 'business_days', 5)"
    " ) v (severity, metric, pace, allowance) WHERE t.kind = 'customer'";

#endif
