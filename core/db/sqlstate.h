/* sqlstate: the one place where PostgreSQL's errors become problems. */
#ifndef YAGURA_CORE_DB_SQLSTATE_H
#define YAGURA_CORE_DB_SQLSTATE_H

#include <libpq-fe.h>

#include "core/base/scope.h"

/* Always false. `label` names the query for the log. */
bool sqlstate_fail(struct scope *s, const PGresult *r, const char *label);
bool connection_fail(struct scope *s, const char *why);

/* Whether the server's plans no longer fit its tables: a migration ran under us. */
bool sqlstate_is_stale_plan(const PGresult *r);

#endif
