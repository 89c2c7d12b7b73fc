/* connection: libpq in pipeline mode, inside core/db alone.
 *
 * Statements are sent as calls. Nothing waits until connection_finish, which sends a sync, reads every result and
 * reports the first error through sqlstate.c. So whatever belongs together travels in one round trip:
 *
 *     prepare? BEGIN prepare? set_config prepare? query COMMIT | sync  ->  results in the same order
 *
 * BEGIN, the tenants and savepoints are only noted (`pending`) and sent before the next statement.
 * A lost connection takes its prepared statements with it (the arena `session`).
 */
#ifndef YAGURA_CORE_DB_CONNECTION_H
#define YAGURA_CORE_DB_CONNECTION_H

#include <libpq-fe.h>

#include "core/db/db.h"
#include "core/db/statement.h"

enum { CALLS_MAX = 32, PENDING_MAX = 6 };

struct call {
    struct statement *prepares; /* this call makes the statement known to the server */
    const char *label;          /* for the log */
    PGresult *result;
};

struct pending {
    const char *sql;    /* or, when NULL, the tenants to be seen: */
    struct str tenants; /* a uuid[] literal in the memory of the scope */
};

struct db {
    struct arena *arena, *session;
    struct db_settings settings;
    PGconn *conn;
    struct statements statements;
    struct call calls[CALLS_MAX];
    size_t call_count;
    bool answered; /* the calls have their results; the next one begins a new pipeline */
    struct pending pending[PENDING_MAX];
    size_t pending_count;
    bool open;   /* db_begin was called */
    bool begun;  /* and BEGIN went out */
    bool stale;  /* the schema changed under the prepared statements */
    int64_t sent;
    int64_t retry_at_us; /* no new attempt to connect before */
};

must_check bool connection_ready(struct scope *s, struct db *db);
bool connection_is_alive(struct db *db); /* takes in what the server said meanwhile */
void connection_lose(struct db *db);

/* Each adds a call and gives its number; trouble shows at the finish. */
int connection_send_sql(struct db *db, const char *sql);
int connection_send(struct scope *s, struct db *db, struct statement *st, const void *args, const struct strs *extra);
int connection_send_describe(struct db *db, struct statement *st);
void connection_note(struct db *db, struct pending p);
void connection_send_pending(struct scope *s, struct db *db);

must_check bool connection_finish(struct scope *s, struct db *db);
PGresult *connection_take(struct scope *s, struct db *db, int call); /* once; it lives as long as the scope's arena */

#endif
