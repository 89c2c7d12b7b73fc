/* dashboard: figures of what was found, for a span of days, of the customers one sees or of one of them. */
#ifndef YAGURA_MODEL_DASHBOARD_H
#define YAGURA_MODEL_DASHBOARD_H

#include "core/db/query.h"

struct dashboard_args {
    struct uuid tenant_id; /* absent: all one sees */
    int64_t days;
    struct str time_zone;
    struct instant since, now; /* of the program's own */
};
extern const struct shape dashboard_args_shape; /* what a caller gives */

struct figure {
    struct str key;
    int64_t count;
};
struct file_figure {
    int64_t band; /* 0: a verdict */
    struct str key;
    int64_t count;
};
struct day_figure {
    struct str day;
    int64_t opened, closed;
};
struct time_figure {
    struct instant at;
    int64_t low, warning, threat;
};
struct top_rule {
    struct uuid rule_id;
    struct str title, band;
    int64_t detections;
};
struct top_computer {
    struct uuid id, tenant_id;
    struct str tenant_name, name;
    int64_t unresolved, resolved, worst_score;
};
struct top_executable {
    struct uuid id;
    struct str name, path, verdict, tenant_name;
    int64_t computers_here, computers_everywhere, customers_everywhere;
    struct instant first_seen_at;
};
extern const struct shape figure_shape, day_figure_shape, time_figure_shape, top_rule_shape, top_computer_shape,
    top_executable_shape;
extern const struct query dashboard_incidents, dashboard_incident_days, dashboard_top_rules, dashboard_times,
    dashboard_unresolved, dashboard_files, dashboard_executables, dashboard_colours,
    dashboard_computers, dashboard_last_seen, dashboard_today;

#endif
