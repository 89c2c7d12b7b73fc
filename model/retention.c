#include "model/retention.h"

#define DAYS_WORDS                                                                                                \
    FIELD(retention, raw_days, "Days that raw events are kept; absent: the platform's 7", .optional = true,       \
          .min = 1, .max = 400),                                                                                  \
    FIELD(retention, detection_days, "Days that detections are kept; absent: the platform's 31", .optional = true, \
          .min = 7, .max = 1100)

const struct shape retention_shape = SHAPE(retention,
    FIELD(retention, id, "The customer"), FIELD(retention, name, "Their name"), DAYS_WORDS);
const struct shape retention_write_shape =
    SHAPE(retention, FIELD(retention, id, "The customer", .read_only = true), DAYS_WORDS);
static const struct shape write_args = SHAPE(retention, FIELD(retention, id, "The customer"), DAYS_WORDS);

const struct query retention_by_tenant = {
    .name = "retention_by_tenant",
    .sql = "SELECT id, name, raw_days, detection_days FROM tenant WHERE id = :id",
    .args = &id_args_shape, .row = &retention_shape,
};

const struct query retention_set = {
    .name = "retention_set",
    .sql = "UPDATE tenant SET raw_days = :raw_days, detection_days = :detection_days WHERE id = :id"
           " RETURNING id, name, raw_days, detection_days",
    .args = &write_args, .row = &retention_shape,
};
