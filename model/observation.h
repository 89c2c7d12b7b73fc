/* observation: a match that a correlation reads, as it is kept. */
#ifndef YAGURA_MODEL_OBSERVATION_H
#define YAGURA_MODEL_OBSERVATION_H

#include "core/db/query.h"

struct observation_row {
    struct uuid id, rule_id, batch_id;
    struct instant at;
    struct str computer_name, part;
    struct json fields;
    int64_t event_index;
};

struct observation_args {
    struct uuid tenant_id;
    struct uuids ids;   /* of observations, or of rules */
    struct instant from, to, now;
    int64_t limit;
};

extern const struct query observations_waiting; /* new ones, in the order of their time */
extern const struct query observations_around;  /* of these rules, taken, in [from, to]; the latest first */
extern const struct query observations_take;
extern const struct query observations_drop;    /* taken ones from before `from` */

#endif
