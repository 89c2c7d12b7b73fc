#include "core/db/connection.h"

#include <errno.h>
#include <poll.h>

#include "core/base/log.h"
#include "core/db/sqlstate.h"

enum { STATEMENT_TIMEOUT_MS = 30000, RECONNECT_PAUSE_US = 500000, SESSION_BLOCK = 32 << 10, SETTINGS_ROOM = 600 };

struct tenants_arg {
    struct str tenants;
};

static const struct shape tenants_arg_shape = SHAPE(tenants_arg, FIELD(tenants_arg, tenants, "uuid[] as text"));

static const struct query set_tenants = {
    .name = "set_tenants",
    .sql = "SELECT set_config('yagura.tenants', :tenants, true)",
    .args = &tenants_arg_shape,
};

static void
drop_result(struct call *c)
{
    PQclear(c->result);
    *c = (struct call){ 0 };
}

static void
clear_calls(struct db *db)
{
    for (size_t i = 0; i < db->call_count; i++)
        drop_result(&db->calls[i]);
    db->call_count = 0;
    db->answered = false;
}

void
connection_lose(struct db *db)
{
    clear_calls(db);
    PQfinish(db->conn);
    db->conn = NULL;
    db->statements = (struct statements){ 0 };
    db->stale = false;
    arena_reset(db->session);
}

static void
log_notice(void *context, const PGresult *notice)
{
    (void)context;
    log_debug(NULL, "db.notice", "%s", PQresultErrorMessage(notice));
}

/* Time zone and limits of the session, then who it is: the last result says whether row-level security binds it. */
static bool
set_up_session(struct scope *s, struct db *db)
{
    char sql[SETTINGS_ROOM];
    const char *role = db->settings.role;
    int timeout = db->settings.statement_timeout_ms ? db->settings.statement_timeout_ms : STATEMENT_TIMEOUT_MS;
    char *quoted = role ? PQescapeIdentifier(db->conn, role, strlen(role)) : NULL;
    snprintf(sql, sizeof sql,
             "SET timezone = 'UTC'; SET jit = off; SET statement_timeout = %d; SET client_min_messages = warning;"
             "SET idle_in_transaction_session_timeout = %d; %s%s%s"
             "SELECT rolsuper OR rolbypassrls, rolname FROM pg_roles WHERE rolname = current_user",
             timeout, 4 * timeout, role ? "SET ROLE " : "", role ? quoted : "", role ? ";" : "");
    PQfreemem(quoted);
    PGresult *r = PQexec(db->conn, sql);
    bool asked = PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1;
    bool bypasses = asked && *PQgetvalue(r, 0, 0) == 't';
    if (!asked)
        connection_fail(s, PQresultErrorMessage(r));
    else if (role && bypasses)
        fail(s, &problem_unavailable, "database: role %s could bypass row-level security", PQgetvalue(r, 0, 1));
    PQclear(r);
    return asked && !(role && bypasses);
}

static bool
connect_now(struct scope *s, struct db *db)
{
    const char *const keys[] = { "dbname", "application_name", "connect_timeout", "tcp_user_timeout", "client_encoding",
                                 NULL };
    const char *const values[] = { db->settings.url, "yagura", "5", "15000", "UTF8", NULL };
    db->conn = PQconnectdbParams(keys, values, 1);
    if (PQstatus(db->conn) != CONNECTION_OK) {
        connection_fail(s, PQerrorMessage(db->conn));
        return false;
    }
    PQsetNoticeReceiver(db->conn, log_notice, NULL);
    return set_up_session(s, db)
        && ((PQenterPipelineMode(db->conn) && PQsetnonblocking(db->conn, 1) == 0)
            || connection_fail(s, PQerrorMessage(db->conn)));
}

/* A server that went away has said so by now, and closed the socket: seen without asking it. Its last words come
 * first, the end behind them. */
bool
connection_is_alive(struct db *db)
{
    struct pollfd p = { .fd = db->conn ? PQsocket(db->conn) : -1, .events = POLLIN };
    while (db->conn && poll(&p, 1, 0) > 0)
        if (!PQconsumeInput(db->conn))
            return false;
    return db->conn && PQstatus(db->conn) == CONNECTION_OK;
}

bool
connection_ready(struct scope *s, struct db *db)
{
    if (db->conn && db->stale)
        connection_lose(db);
    if (connection_is_alive(db))
        return true;
    if (db->conn)
        log_warn(s, "db.lost", "%s", PQerrorMessage(db->conn));
    connection_lose(db);
    if (clock_monotonic_us() < db->retry_at_us)
        return connection_fail(s, "not reachable a moment ago");
    if (connect_now(s, db))
        return true;
    connection_lose(db);
    db->retry_at_us = clock_monotonic_us() + RECONNECT_PAUSE_US;
    return false;
}

static struct call *
add_call(struct db *db, const char *label)
{
    if (db->answered)
        clear_calls(db);
    if (db->call_count == CALLS_MAX)
        abort(); /* pipelines are ours and short */
    struct call *c = &db->calls[db->call_count++];
    *c = (struct call){ .label = label };
    return c;
}

static int
last_call(const struct db *db)
{
    return (int)db->call_count - 1;
}

int
connection_send_sql(struct db *db, const char *sql)
{
    add_call(db, sql);
    db->sent++;
    PQsendQueryParams(db->conn, sql, 0, NULL, NULL, NULL, NULL, 1);
    return last_call(db);
}

static void
send_prepare(struct db *db, struct statement *st)
{
    Oid types[PARAMETERS_MAX];
    size_t count = st->field_count + st->extra_count;
    for (size_t i = 0; i < count; i++)
        types[i] = i < st->field_count ? field_type(st->fields[i]) : 0;
    add_call(db, st->label)->prepares = st;
    PQsendPrepare(db->conn, st->name, st->sql, (int)count, types);
}

/* The same statement twice in one pipeline is prepared once. */
static bool
is_being_prepared(const struct db *db, const struct statement *st)
{
    if (db->answered)
        return false;
    for (size_t i = 0; i < db->call_count; i++)
        if (db->calls[i].prepares == st)
            return true;
    return false;
}

int
connection_send(struct scope *s, struct db *db, struct statement *st, const void *args, const struct strs *extra)
{
    struct values v;
    if (!st->prepared && !is_being_prepared(db, st))
        send_prepare(db, st);
    statement_values(s->arena, st, args, extra, &v);
    add_call(db, st->label);
    db->sent++;
    PQsendQueryPrepared(db->conn, st->name, (int)(st->field_count + st->extra_count), v.at, v.lengths, v.formats, 1);
    return last_call(db);
}

int
connection_send_describe(struct db *db, struct statement *st)
{
    if (!st->prepared && !is_being_prepared(db, st))
        send_prepare(db, st);
    add_call(db, st->label);
    PQsendDescribePrepared(db->conn, st->name);
    return last_call(db);
}

void
connection_note(struct db *db, struct pending p)
{
    if (db->pending_count == PENDING_MAX)
        abort(); /* callers send what is noted before it gets long */
    db->pending[db->pending_count++] = p;
}

void
connection_send_pending(struct scope *s, struct db *db)
{
    for (size_t i = 0; i < db->pending_count; i++) {
        const struct pending *p = &db->pending[i];
        struct tenants_arg arg = { p->tenants };
        if (p->sql)
            connection_send_sql(db, p->sql);
        else
            connection_send(s, db, statement_of_query(s, &db->statements, db->session, &set_tenants), &arg, NULL);
    }
    db->begun = db->begun || db->pending_count > 0;
    db->pending_count = 0;
}

/* Reads while it writes: a server that waits for us to read its answers does not read our questions. */
static bool
flush(PGconn *conn)
{
    for (;;) {
        int left = PQflush(conn);
        if (left <= 0)
            return left == 0;
        struct pollfd p = { .fd = PQsocket(conn), .events = POLLIN | POLLOUT };
        if (poll(&p, 1, -1) < 0 && errno != EINTR)
            return false;
        if (p.revents & (POLLIN | POLLERR | POLLHUP) && !PQconsumeInput(conn))
            return false;
    }
}

static bool
is_good(const PGresult *r)
{
    ExecStatusType status = PQresultStatus(r);
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

/* Every call answers with one result and a NULL behind it. */
static bool
read_results(struct db *db)
{
    for (size_t i = 0; i < db->call_count; i++) {
        struct call *c = &db->calls[i];
        c->result = PQgetResult(db->conn);
        if (!c->result || PQstatus(db->conn) != CONNECTION_OK)
            return false;
        PQclear(PQgetResult(db->conn));
        if (c->prepares && is_good(c->result))
            c->prepares->prepared = true;
    }
    PGresult *sync = PQgetResult(db->conn);
    bool synced = PQresultStatus(sync) == PGRES_PIPELINE_SYNC;
    PQclear(sync);
    return synced;
}

static bool
report(struct scope *s, struct db *db)
{
    for (size_t i = 0; i < db->call_count; i++) {
        const struct call *c = &db->calls[i];
        if (is_good(c->result) || PQresultStatus(c->result) == PGRES_PIPELINE_ABORTED)
            continue;
        db->stale = sqlstate_is_stale_plan(c->result);
        return db->stale ? fail(s, &problem_busy, "the schema changed") : sqlstate_fail(s, c->result, c->label);
    }
    return true;
}

bool
connection_finish(struct scope *s, struct db *db)
{
    bool sent = db->conn && PQstatus(db->conn) == CONNECTION_OK && PQpipelineSync(db->conn) && flush(db->conn);
    if (!sent || !read_results(db)) {
        connection_fail(s, db->conn ? PQerrorMessage(db->conn) : "not connected");
        connection_lose(db);
        return false;
    }
    db->answered = true;
    return report(s, db);
}

static void
end_result(void *result)
{
    PQclear(result);
}

PGresult *
connection_take(struct scope *s, struct db *db, int call)
{
    PGresult *r = db->calls[call].result;
    db->calls[call].result = NULL;
    arena_defer(s->arena, end_result, r);
    return r;
}
