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
struct part_figure { /* of a walk that gives several lists of figures */
    int64_t part, nth;
    struct str key;
    int64_t count;
};
struct files_counted {
    struct instant at;
};
struct file_count_args {
    struct instant at;
    int64_t least; /* of files, for a customer's to be counted ahead */
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
    dashboard_files, dashboard_files_at, dashboard_executables, dashboard_computer_figures, dashboard_computers,
    dashboard_today;

/* Of whom there are so many files that a dashboard could not count them. */
extern const struct query file_figures_forget; /* no arguments */
extern const struct query file_figures_count;  /* struct file_count_args */

#endif
