/* migrate: numbered SQL files, forward only. Each runs in a transaction of its own under one advisory lock, and its
 * SHA-256 is kept: a file that was changed after it ran is refused by name. `-- no-transaction` on the first line
 * is for CREATE INDEX CONCURRENTLY. */
#ifndef YAGURA_CORE_DB_MIGRATE_H
#define YAGURA_CORE_DB_MIGRATE_H

#include "core/base/scope.h"

must_check bool migrate_run(struct scope *s, const char *url, const char *folder, int *applied);
must_check bool migrate_newest(struct scope *s, const char *folder, int64_t *number); /* 0: there is none */
must_check bool migrate_pending(struct scope *s, const char *url, const char *folder, int *pending);

#endif
