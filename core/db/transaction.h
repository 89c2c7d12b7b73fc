/* transaction: the few steps of db.c that page.c takes as well. Inside core/db alone. */
#ifndef YAGURA_CORE_DB_TRANSACTION_H
#define YAGURA_CORE_DB_TRANSACTION_H

#include <libpq-fe.h>

#include "core/db/db.h"

must_check bool transaction_start(struct scope *s, struct db *db); /* BEGIN is noted */
must_check bool transaction_is_open(struct scope *s);
must_check bool transaction_committed(struct scope *s, PGresult *r); /* the result of COMMIT */

#endif
