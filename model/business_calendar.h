/* business_calendar: the hours and days of a service, as people keep them. workflows/calendar.h computes with them.
 * A version holds from its day on; days before the first version follow the first. */
#ifndef YAGURA_MODEL_BUSINESS_CALENDAR_H
#define YAGURA_MODEL_BUSINESS_CALENDAR_H

#include "core/db/query.h"

enum holidays { HOLIDAYS_ABSENT, HOLIDAYS_OF_NOBODY, HOLIDAYS_OF_JAPAN };
extern const struct domain holidays_domain;

struct business_window {
    int64_t weekday; /* 0 is Monday; unused in the windows of opened days */
    int64_t from_s, to_s;
};

struct business_exception {
    struct str day; /* 2026-12-29 */
    bool open;
    struct str name;
};

struct business_calendar {
    struct uuid id, tenant_id;
    struct str name, time_zone;
    struct instant created_at, updated_at;
    int64_t version;
};

struct business_calendar_version {
    struct uuid calendar_id;
    struct str from_day;
    struct rows windows, exception_windows, exceptions;
    enum holidays holidays;
};

extern const struct shape business_calendar_shape, business_calendar_version_shape;
extern const struct shape business_window_shape, business_exception_shape;
extern const struct query business_calendar_by_id, business_calendar_versions;

/* Which calendar counts for a customer: its own, else the provider's. */
extern const struct query business_calendar_of_tenant;

/* As pages list it: whose it is, how many go by it, and when it changes next. */
struct calendar_row {
    struct uuid id, tenant_id;
    struct str tenant_name, name, time_zone;
    enum holidays holidays; /* of the version that holds today */
    int64_t used_by;        /* customers that go by it */
    bool is_default;        /* holds for customers for whom nothing else was said */
    struct str next_from;   /* the day on which the next version begins */
    struct instant created_at, updated_at;
    int64_t version;
    struct strs can;
};
extern const struct shape calendar_row_shape;
extern const struct listing calendar_listing;
extern const struct query calendar_row_by_id;

/* Which customer goes by which calendar. */
struct calendar_use {
    struct uuid tenant_id; /* the customer */
    struct str tenant_name;
    struct uuid calendar_id;
    struct str calendar_name;
    bool chosen; /* said for this customer; else it follows from what calendars there are */
    struct str chosen_by;
    struct instant chosen_at;
};
extern const struct shape calendar_use_shape;
extern const struct listing calendar_use_listing;
extern const struct query calendar_use_of_tenant, calendar_use_set, calendar_use_clear;

/* What is written: a calendar, or one version of it. */
struct calendar_write {
    struct uuid id, tenant_id;
    int64_t version;
    struct str name, time_zone, from_day;
    struct rows windows, exception_windows, exceptions;
    enum holidays holidays;
    struct instant at;
};
extern const struct query calendar_insert, calendar_rename, calendar_touch, calendar_version_put,
    calendar_version_delete;

#endif
