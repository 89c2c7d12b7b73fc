/* inventory_sweep: lets go what was not seen for long and is part of nothing, so that the inventory does not only grow.
 *
 * Scripts go with the customer's detections, files after a year: that a file is new here is news, and so is one that
 * comes back after a year. Until then its first time and its number of computers stand. What was judged or marked, what
 * an incident holds and what a kept detection is about stays. Observations and occurrences go by days (storage_upkeep).
 */
#ifndef YAGURA_WORKFLOWS_INVENTORY_SWEEP_H
#define YAGURA_WORKFLOWS_INVENTORY_SWEEP_H

#include "core/db/job.h"

extern const struct job_kind inventory_sweep_job;

#endif
