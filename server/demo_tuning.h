/* demo_tuning: what an engineer did about the noise of the first days: excluded an inventory agent that asks who it is,
 * at each customer, and closed what had come of it. */
#ifndef YAGURA_SERVER_DEMO_TUNING_H
#define YAGURA_SERVER_DEMO_TUNING_H

#include "core/db/db.h"

/* In a transaction as the owner of the database. */
must_check bool demo_tune(struct scope *s, struct uuid tenant_id);

#endif
