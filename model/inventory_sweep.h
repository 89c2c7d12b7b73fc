/* inventory_sweep: which scripts and files are forgotten, a slice at a time. */
#ifndef YAGURA_MODEL_INVENTORY_SWEEP_H
#define YAGURA_MODEL_INVENTORY_SWEEP_H

#include "core/db/query.h"

struct inventory_sweep_args {
    struct instant at;
    int64_t limit;
};
struct inventory_swept {
    int64_t count;
};
/* inventory_sweep_args -> inventory_swept */
extern const struct query scripts_sweep, executables_sweep, computer_users_sweep;

#endif
