/* status_probe: once a minute a job looks whether the mail server greets, and writes it down. A row older than some
 * minutes says that jobs do not run. */
#ifndef YAGURA_WORKFLOWS_STATUS_PROBE_H
#define YAGURA_WORKFLOWS_STATUS_PROBE_H

#include "core/db/job.h"

struct status_probe {
    struct str name;
    struct instant at;
    bool ok;
    struct str detail;
};

extern const struct job_kind status_probe_job;
extern const struct query status_probe_rows, status_probe_write;

#endif
