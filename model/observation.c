#include "model/observation.h"

static const struct shape row_shape = SHAPE(observation_row,
    FIELD(observation_row, id, ""), FIELD(observation_row, rule_id, ""), FIELD(observation_row, batch_id, ""),
    FIELD(observation_row, at, ""), FIELD(observation_row, computer_name, ""), FIELD(observation_row, part, ""),
    FIELD(observation_row, fields, ""), FIELD(observation_row, event_index, ""));

static const struct shape args_shape = SHAPE(observation_args,
    FIELD(observation_args, tenant_id, ""), FIELD(observation_args, ids, ""), FIELD(observation_args, from, ""),
    FIELD(observation_args, to, ""), FIELD(observation_args, now, ""), FIELD(observation_args, limit, ""));

#define COLUMNS "SELECT id, rule_id, batch_id, at, computer_name, part, fields, event_index FROM observation"

const struct query observations_waiting = {
    .name = "observations_waiting",
    .sql = COLUMNS " WHERE tenant_id = :tenant_id AND NOT taken ORDER BY id LIMIT :limit",
    .args = &args_shape, .row = &row_shape,
};
const struct query observations_around = {
    .name = "observations_around",
    .sql = COLUMNS " WHERE tenant_id = :tenant_id AND taken AND rule_id = ANY (:ids) AND at BETWEEN :from AND :to"
                   " ORDER BY at DESC, id DESC LIMIT :limit",
    .args = &args_shape, .row = &row_shape,
};
const struct query observations_take = {
    .name = "observations_take",
    .sql = "UPDATE observation SET taken = true WHERE tenant_id = :tenant_id AND id = ANY (:ids)",
    .args = &args_shape,
};
const struct query observations_drop = {
    .name = "observations_drop",
    .sql = "DELETE FROM observation WHERE tenant_id = :tenant_id AND taken AND id IN"
           " (SELECT id FROM observation WHERE tenant_id = :tenant_id AND taken AND at < :from LIMIT :limit)",
    .args = &args_shape,
};
