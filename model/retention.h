/* retention: for how long a customer's telemetry and detections are kept; absent: the platform's own days. */
#ifndef YAGURA_MODEL_RETENTION_H
#define YAGURA_MODEL_RETENTION_H

#include "core/db/query.h"

struct retention {
    struct uuid id; /* the customer's */
    struct str name;
    int64_t raw_days, detection_days;
};

extern const struct shape retention_shape, retention_write_shape;
extern const struct query retention_by_tenant, retention_set;

#endif
