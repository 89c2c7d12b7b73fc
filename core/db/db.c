#include "core/db/db.h"

#include <errno.h>
#include <poll.h>

#include "core/base/log.h"
#include "core/base/text.h"
#include "core/db/connection.h"
#include "core/db/sqlstate.h"
#include "core/db/transaction.h"

enum { DB_BLOCK = 4 << 10, SESSION_BLOCK = 32 << 10, TENANTS_MAX = 8 << 20 };

const struct shape id_args_shape = SHAPE(id_args, FIELD(id_args, id, "Which one", .required = true));

struct db *
db_open(const struct db_settings *settings)
{
    struct arena *a = arena_new(DB_BLOCK);
    struct db *db = arena_new_of(a, struct db);
    *db = (struct db){
        .arena = a,
        .session = arena_new(SESSION_BLOCK),
        .settings = { .url = str_c(a, str_of(settings->url)),
                      .role = settings->role ? str_c(a, str_of(settings->role)) : NULL,
                      .statement_timeout_ms = settings->statement_timeout_ms },
    };
    return db;
}

void
db_close(struct db *db)
{
    if (!db)
        return;
    connection_lose(db);
    arena_free(db->session);
    arena_free(db->arena);
}

static struct str
tenants_literal(struct arena *a, struct uuids tenants)
{
    struct text t = text_new(a, TENANTS_MAX);
    text_add_char(&t, '{');
    for (size_t i = 0; i < tenants.count; i++) {
        char id[UUID_TEXT_BYTES];
        uuid_write(id, tenants.items[i]);
        if (i)
            text_add_char(&t, ',');
        text_add(&t, (struct str){ id, sizeof id });
    }
    text_add_char(&t, '}');
    return text_str(&t);
}

/* Statements pile up where listings are asked in ever new ways; forgetting all is rare and cheap. */
bool
transaction_start(struct scope *s, struct db *db)
{
    if (db->open)
        return fail(s, &problem_internal, "a transaction is open already");
    if (db->statements.count > STATEMENTS_MAX)
        connection_lose(db);
    if (!connection_ready(s, db))
        return false;
    db->open = true;
    db->begun = false;
    db->pending_count = 0;
    s->db = db;
    connection_note(db, (struct pending){ .sql = "BEGIN" });
    return true;
}

bool
db_begin(struct scope *s, struct db *db, struct uuids tenants)
{
    return transaction_start(s, db) && db_set_tenants(s, tenants);
}

/* An error leaves the server's transaction aborted, not ended; one that was lost has ended by itself. */
bool
transaction_is_open(struct scope *s)
{
    return (s->db && s->db->open && s->db->conn)
        || fail(s, s->db && s->db->open ? &problem_unavailable : &problem_internal, "no transaction is open");
}

/* Before the list of what is noted gets long, it goes out. */
static bool
make_room(struct scope *s)
{
    if (s->db->pending_count < PENDING_MAX)
        return true;
    connection_send_pending(s, s->db);
    return connection_finish(s, s->db);
}

static bool
note(struct scope *s, struct pending p)
{
    if (!transaction_is_open(s) || !make_room(s))
        return false;
    connection_note(s->db, p);
    return true;
}

bool
db_set_tenants(struct scope *s, struct uuids tenants)
{
    return note(s, (struct pending){ .tenants = tenants_literal(s->arena, tenants) });
}

bool
db_plan_once(struct scope *s)
{
    return note(s, (struct pending){ .sql = "SET LOCAL plan_cache_mode = force_generic_plan" });
}

bool
db_savepoint(struct scope *s)
{
    return note(s, (struct pending){ .sql = "SAVEPOINT item" });
}

bool
db_savepoint_release(struct scope *s)
{
    return note(s, (struct pending){ .sql = "RELEASE SAVEPOINT item" });
}

static bool
run_now(struct scope *s, const char *sql, PGresult **out)
{
    int call = connection_send_sql(s->db, sql);
    if (!connection_finish(s, s->db))
        return false;
    *out = connection_take(s, s->db, call);
    return true;
}

/* A savepoint that was only noted is forgotten with what stood behind it. */
bool
db_savepoint_rollback(struct scope *s)
{
    PGresult *ignored;
    if (!transaction_is_open(s))
        return false;
    struct db *db = s->db;
    for (size_t i = db->pending_count; i > 0; i--)
        if (db->pending[i - 1].sql && strcmp(db->pending[i - 1].sql, "SAVEPOINT item") == 0) {
            db->pending_count = i - 1;
            return true;
        }
    db->pending_count = 0;
    return run_now(s, "ROLLBACK TO SAVEPOINT item", &ignored)
        && note(s, (struct pending){ .sql = "RELEASE SAVEPOINT item" });
}

bool
transaction_committed(struct scope *s, PGresult *r)
{
    s->db->open = s->db->begun = false;
    return strcmp(PQcmdStatus(r), "COMMIT") == 0
        || fail(s, &problem_internal, "the transaction had failed and was rolled back");
}

bool
db_commit(struct scope *s)
{
    PGresult *r;
    if (!transaction_is_open(s))
        return false;
    struct db *db = s->db;
    if (!db->begun) { /* nothing was asked of it */
        db->pending_count = 0;
        db->open = false;
        return true;
    }
    connection_send_pending(s, db);
    if (!run_now(s, "COMMIT", &r))
        return false;
    return transaction_committed(s, r);
}

bool
db_is_open(const struct scope *s)
{
    return s->db && s->db->open;
}

void
db_end(struct scope *s)
{
    struct db *db = s->db;
    if (!db || !db->open)
        return;
    struct scope trial = scope_new(s->arena, s->now);
    PGresult *ignored;
    trial.db = db;
    if (db->conn && db->begun && !run_now(&trial, "ROLLBACK", &ignored))
        connection_lose(db);
    db->open = db->begun = false;
    db->pending_count = 0;
}

/* Sends what is noted, then the query; its result is the scope's. */
static bool
ask(struct scope *s, const struct query *q, const void *args, struct statement **st, PGresult **out)
{
    if (!transaction_is_open(s))
        return false;
    struct db *db = s->db;
    *st = statement_of_query(s, &db->statements, db->session, q);
    if (!*st)
        return false;
    connection_send_pending(s, db);
    int call = connection_send(s, db, *st, args, NULL);
    if (!connection_finish(s, db))
        return false;
    *out = connection_take(s, db, call);
    return statement_map(s, *st, db->session, *out);
}

bool
db_maybe(struct scope *s, const struct query *q, const void *args, void *row, bool *found)
{
    struct statement *st;
    PGresult *r;
    if (!ask(s, q, args, &st, &r))
        return false;
    *found = PQntuples(r) > 0;
    if (PQntuples(r) > 1)
        return fail(s, &problem_internal, "query %s: %d rows where one was expected", q->name, PQntuples(r));
    return !*found || !row || statement_row(s, st, r, 0, row);
}

bool
db_one(struct scope *s, const struct query *q, const void *args, void *row)
{
    bool found;
    return db_maybe(s, q, args, row, &found) && (found || fail(s, &problem_not_found, "%s", q->name));
}

bool
db_list(struct scope *s, const struct query *q, const void *args, struct rows *out)
{
    struct statement *st;
    PGresult *r;
    return ask(s, q, args, &st, &r) && statement_rows(s, st, r, out);
}

bool
db_run(struct scope *s, const struct query *q, const void *args, int64_t *affected)
{
    struct statement *st;
    PGresult *r;
    int64_t count = 0;
    if (!ask(s, q, args, &st, &r))
        return false;
    bool counted = str_int(str_of(PQcmdTuples(r)), &count);
    if (affected)
        *affected = counted ? count : 0;
    return true;
}

bool
db_update(struct scope *s, const struct query *q, const void *args, void *row, const struct query *exists,
          struct uuid id)
{
    const struct id_args who = { id };
    bool found;
    if (!db_maybe(s, q, args, row, &found) || found)
        return found;
    return db_maybe(s, exists, &who, NULL, &found)
        && fail(s, found ? &problem_stale : &problem_not_found, "%s", q->name);
}

/* ---- notifications ---- */

bool
db_listen(struct scope *s, struct db *db, const char *channel)
{
    for (const char *c = channel; *c; c++)
        if (!(*c >= 'a' && *c <= 'z') && *c != '_')
            return fail(s, &problem_internal, "channel %s: not a lower-case word", channel);
    if (!connection_ready(s, db))
        return false;
    connection_send_sql(db, str_c(s->arena, str_printf(s->arena, "LISTEN %s", channel)));
    return connection_finish(s, db);
}

static bool
take_notifications(PGconn *conn)
{
    bool any = false;
    for (PGnotify *n; (n = PQnotifies(conn)); PQfreemem(n))
        any = true;
    return any;
}

bool
db_wait(struct scope *s, struct db *db, int timeout_ms, int wake_fd, bool *notified)
{
    *notified = db->conn && take_notifications(db->conn);
    if (*notified)
        return true;
    if (!db->conn)
        return connection_fail(s, "not connected");
    struct pollfd p[2] = { { .fd = PQsocket(db->conn), .events = POLLIN }, { .fd = wake_fd, .events = POLLIN } };
    int ready = poll(p, wake_fd >= 0 ? 2 : 1, timeout_ms);
    if (ready <= 0 || !p[0].revents)
        return true;
    if (!connection_is_alive(db)) {
        connection_fail(s, PQerrorMessage(db->conn));
        connection_lose(db);
        return false;
    }
    *notified = take_notifications(db->conn);
    return true;
}

int64_t
db_statements(const struct db *db)
{
    return db->sent;
}

int
db_socket(const struct db *db)
{
    return db->conn ? PQsocket(db->conn) : -1;
}
