/* detection_hour: how many detections each hour of arrival had. Hours that are over are counted once, by the job that
 * gathers; whoever adds up reads those rows and counts what has arrived since where it stands. */
#ifndef YAGURA_MODEL_DETECTION_HOUR_H
#define YAGURA_MODEL_DETECTION_HOUR_H

#include "core/db/query.h"

struct detection_hours_args {
    struct uuid tenant_id;
    struct instant now;
};
extern const struct query detection_hours_fill;

#endif
