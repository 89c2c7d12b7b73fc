/* db: connections, transactions and what a request may see.
 *
 * A worker owns one struct db (a connection) for its life. A unit of work is one transaction: begin, queries,
 * commit. Begin is not sent alone: it travels in the same pipeline as the statements that follow (who asks, the
 * tenants, the first query), and a read that is one query costs one round trip in all. A transaction cannot be
 * left open: db_end rolls back whatever was not committed, and the worker always calls it.
 *
 * A lost connection becomes problem_unavailable with Retry-After, and mends itself at the next begin. A deadlock or
 * serialisation failure is problem_busy: nothing happened, the whole unit of work may be done over. SQLSTATE is
 * mapped to problems in sqlstate.c and nowhere else, by the name of the constraint: `person_email_key` is FAULT_TAKEN
 * at /email, a CHECK `person_email_check` is FAULT_NOT_IN_DOMAIN there, a foreign key `person_tenant_id_fkey`
 * FAULT_NOT_FOUND at /tenant_id. SQL functions fail with ERRCODE YG403, YG404, YG409 or YG422 for those problems.
 */
#ifndef YAGURA_CORE_DB_DB_H
#define YAGURA_CORE_DB_DB_H

#include "core/db/query.h"

struct db_settings {
    const char *url;
    const char *role;         /* SET ROLE on connect; refused when the result could bypass row-level security.
                                 NULL: whoever the url names, and no such question: migrations and tests */
    int statement_timeout_ms; /* 0: 30 s */
};

struct db *db_open(const struct db_settings *settings); /* connects lazily */
void db_close(struct db *db);

must_check bool db_begin(struct scope *s, struct db *db, struct uuids tenants);

/* BEGIN plus one statement that decides itself who asks and which tenants are seen (sign-in); its row comes back in
 * the same round trip. `then` or `page` is sent behind it in the same pipeline, and with `commit` COMMIT as well. */
struct db_opening {
    const struct query *opening;
    const void *opening_args;
    void *opening_row;
    const struct query *then;
    const void *then_args;
    const struct listing *page;
    const void *page_args;
    const struct listing_ask *ask;
    bool commit;
    struct rows then_rows; /* out */
    struct page page_rows; /* out */
};
must_check bool db_begin_with(struct scope *s, struct db *db, struct db_opening *o);

must_check bool db_set_tenants(struct scope *s, struct uuids tenants);
/* What follows in the transaction is planned once for all values. Otherwise a connection plans the first five times
 * for the values at hand, and a plan over a table of many days takes longer than what it asks for. */
must_check bool db_plan_once(struct scope *s);
must_check bool db_commit(struct scope *s);
void db_end(struct scope *s); /* rolls back what is open; safe to call always */
bool db_is_open(const struct scope *s); /* a handler may have committed by itself */

must_check bool db_savepoint(struct scope *s); /* for bulk calls: one item fails, the rest goes on */
must_check bool db_savepoint_release(struct scope *s);
must_check bool db_savepoint_rollback(struct scope *s);

/* What other sessions say with NOTIFY, outside any transaction. Names are lower-case words. */
must_check bool db_listen(struct scope *s, struct db *db, const char *channel); /* again after a lost connection */
/* Sleeps until a notification comes, `wake_fd` (-1: none) becomes readable, or the time is over; false: the connection
 * is lost. */
must_check bool db_wait(struct scope *s, struct db *db, int timeout_ms, int wake_fd, bool *notified);

int64_t db_statements(const struct db *db); /* sent so far, for the test that refuses N+1 reads */
int db_socket(const struct db *db);         /* for poll; -1 when not connected */

/* Every query, listing and domain the program has, in plain sight, checked at start. */
struct db_catalogue {
    const struct query *const *queries;
    size_t query_count;
    const struct listing *const *listings;
    size_t listing_count;
};
must_check bool db_check(struct scope *s, struct db *db, const struct db_catalogue *c);

#endif
