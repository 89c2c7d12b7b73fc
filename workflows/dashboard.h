/* dashboard: the starting point of whoever watches. One read, all tabs. */
#ifndef YAGURA_WORKFLOWS_DASHBOARD_H
#define YAGURA_WORKFLOWS_DASHBOARD_H

#include "core/db/job.h"
#include "model/dashboard.h"

struct dashboard {
    int64_t days;
    struct rows incidents, incident_days;                        /* by status; opened and closed each day */
    struct rows top_rules, times, unresolved;                    /* detections */
    struct rows popularity, verdicts, new_executables;           /* executables */
    struct rows colours, worst_computers;                        /* computers */
    struct rows last_seen, today;                                /* details */
    struct instant files_at, at;
};
extern const struct shape dashboard_shape;
must_check bool dashboard_read(struct scope *s, const struct dashboard_args *in, struct dashboard *out);

extern const struct job_kind file_figures_job;

#endif
