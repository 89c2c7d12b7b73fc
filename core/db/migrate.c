#include "core/db/migrate.h"

#include <ctype.h>
#include <dirent.h>
#include <libpq-fe.h>

#include "core/base/crypto.h"
#include "core/base/log.h"

enum { FILES_MAX = 10000, FILE_BYTES_MAX = 256 << 10 };

/* Any number will do as long as every copy of the program uses the same: "yagura" on a telephone's keys. */
#define LOCK_KEY "924872"
#define NO_TRANSACTION "-- no-transaction"

static const struct problem migration_failed = {
    500, "migration-failed", { "The database could not be brought up to date.", "データベースを更新できませんでした。" } };

struct migration {
    int64_t number;
    struct str name; /* 0042_incident_verdict.sql */
    struct str sql;
    struct str sha256;
};

struct migrations {
    struct migration *items;
    size_t count;
};

/* ---- the files ---- */

static int
by_number(const void *a, const void *b)
{
    const struct migration *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static int
is_migration(const struct dirent *entry)
{
    return str_ends(str_of(entry->d_name), STR(".sql"));
}

static void
close_file(FILE **f)
{
    if (*f)
        fclose(*f);
}

static bool
read_file(struct scope *s, const char *folder, struct migration *m)
{
    struct str path = str_printf(s->arena, "%s/" STR_FMT, folder, STR_ARG(m->name));
    scoped(close_file) FILE *f = fopen(path.at, "re");
    if (!f)
        return fail(s, &migration_failed, "cannot open %s", path.at);
    char *bytes = arena_alloc(s->arena, FILE_BYTES_MAX + 1);
    size_t length = fread(bytes, 1, FILE_BYTES_MAX + 1, f);
    if (length > FILE_BYTES_MAX || ferror(f))
        return fail(s, &migration_failed, "cannot read %s, or it is larger than %d bytes", path.at, FILE_BYTES_MAX);
    m->sql = str_copy(s->arena, (struct str){ bytes, length });
    if (!str_is_utf8(m->sql))
        return fail(s, &migration_failed, "%s is not UTF-8 text", path.at);
    m->sha256 = hex_of(s->arena, sha256_of(s->arena, m->sql));
    return true;
}

static bool
read_number(struct scope *s, struct migration *m)
{
    struct str rest = m->name, digits;
    return (str_cut(&rest, '_', &digits) && rest.at && str_int(digits, &m->number) && m->number > 0)
        || fail(s, &migration_failed, STR_FMT " is not named NUMBER_name.sql", STR_ARG(m->name));
}

static void
free_names(struct dirent **names, int count)
{
    for (int i = 0; i < count; i++)
        free(names[i]); /* scandir's own */
    free(names);
}

static bool
read_folder(struct scope *s, const char *folder, struct migrations *out)
{
    struct dirent **names;
    int count = scandir(folder, &names, is_migration, NULL);
    if (count < 0)
        return fail(s, &migration_failed, "cannot read the folder %s", folder);
    out->items = arena_array_of(s->arena, (size_t)count + 1, struct migration);
    out->count = (size_t)count;
    for (int i = 0; i < count; i++)
        out->items[i].name = str_copy(s->arena, str_of(names[i]->d_name));
    free_names(names, count);
    for (size_t i = 0; i < out->count; i++)
        if (!read_number(s, &out->items[i]) || !read_file(s, folder, &out->items[i]))
            return false;
    qsort(out->items, out->count, sizeof *out->items, by_number);
    for (size_t i = 1; i < out->count; i++)
        if (out->items[i].number == out->items[i - 1].number)
            return fail(s, &migration_failed, STR_FMT " and " STR_FMT " have the same number",
                        STR_ARG(out->items[i - 1].name), STR_ARG(out->items[i].name));
    return true;
}

/* ---- the database ---- */

static void
end_connection(void *conn)
{
    PQfinish(conn);
}

static void
ignore_notice(void *unused, const char *message)
{
    (void)unused;
    (void)message;
}

static bool
connect_to(struct scope *s, const char *url, PGconn **out)
{
    PGconn *conn = PQconnectdb(url);
    if (!conn)
        abort();
    arena_defer(s->arena, end_connection, conn);
    if (PQstatus(conn) != CONNECTION_OK)
        return fail(s, &problem_unavailable, "database: %s", PQerrorMessage(conn));
    PQsetNoticeProcessor(conn, ignore_notice, NULL);
    *out = conn;
    return true;
}

static int
line_of(struct str sql, int64_t character)
{
    int line = 1;
    for (size_t i = 0; i < sql.len && character > 1; i++) {
        character -= ((unsigned char)sql.at[i] & 0xC0) != 0x80;
        line += sql.at[i] == '\n';
    }
    return line;
}

static bool
execute(struct scope *s, PGconn *conn, struct str name, struct str sql)
{
    PGresult *result = PQexec(conn, sql.at);
    ExecStatusType status = PQresultStatus(result);
    bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
    if (!done) {
        int64_t character = 0;
        const char *position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
        const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
        if (position && str_int(str_of(position), &character))
            fail(s, &migration_failed, STR_FMT ":%d: %s", STR_ARG(name), line_of(sql, character), message);
        else
            fail(s, &migration_failed, STR_FMT ": %s", STR_ARG(name), message ? message : PQerrorMessage(conn));
    }
    PQclear(result);
    return done;
}

static bool
statement(struct scope *s, PGconn *conn, const char *sql)
{
    return execute(s, conn, STR("migrations"), str_of(sql));
}

static void
clear_result(PGresult **result)
{
    PQclear(*result);
}

/* What ran must stand unchanged in the folder, and nothing may be added below it. */
static bool
compare_applied(struct scope *s, const PGresult *applied, const struct migrations *m, size_t *done)
{
    *done = (size_t)PQntuples(applied);
    for (size_t i = 0; i < *done; i++) {
        struct str name = str_of(PQgetvalue(applied, (int)i, 0));
        struct str sha256 = str_of(PQgetvalue(applied, (int)i, 1));
        if (i >= m->count || !str_eq(m->items[i].name, name)) {
            bool added = i < m->count && str_compare(m->items[i].name, name) < 0;
            struct str culprit = added ? m->items[i].name : name;
            const char *why = added ? "was added below one that already ran: give it a higher number"
                                    : "ran here before but is missing in the folder";
            return fail(s, &migration_failed, STR_FMT " %s", STR_ARG(culprit), why);
        }
        if (!str_eq(m->items[i].sha256, sha256))
            return fail(s, &migration_failed, STR_FMT " was changed after it ran: restore it and write a new migration",
                        STR_ARG(name));
    }
    return true;
}

static bool
find_done(struct scope *s, PGconn *conn, const struct migrations *m, size_t *done)
{
    scoped(clear_result) PGresult *exists = PQexec(conn, "SELECT to_regclass('schema_migration') IS NOT NULL");
    if (PQresultStatus(exists) != PGRES_TUPLES_OK)
        return fail(s, &problem_unavailable, "database: %s", PQerrorMessage(conn));
    *done = 0;
    if (PQgetvalue(exists, 0, 0)[0] == 'f')
        return true;
    scoped(clear_result) PGresult *applied = PQexec(conn, "SELECT name, sha256 FROM schema_migration ORDER BY number");
    return PQresultStatus(applied) == PGRES_TUPLES_OK ? compare_applied(s, applied, m, done)
                                                      : fail(s, &migration_failed, "%s", PQerrorMessage(conn));
}

static bool
record(struct scope *s, PGconn *conn, const struct migration *m)
{
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)m->number);
    const char *values[] = { number, m->name.at, m->sha256.at };
    scoped(clear_result) PGresult *result = PQexecParams(
        conn, "INSERT INTO schema_migration (number, name, sha256, applied_at) VALUES ($1::bigint, $2, $3, now())", 3,
        NULL, values, NULL, NULL, 0);
    return PQresultStatus(result) == PGRES_COMMAND_OK
        || fail(s, &migration_failed, STR_FMT ": %s", STR_ARG(m->name), PQerrorMessage(conn));
}

static bool
apply(struct scope *s, PGconn *conn, const struct migration *m)
{
    bool alone = str_starts(m->sql, STR(NO_TRANSACTION));
    bool applied = (alone || statement(s, conn, "BEGIN")) && execute(s, conn, m->name, m->sql) && record(s, conn, m)
                && (alone || statement(s, conn, "COMMIT"));
    if (applied)
        log_info(s, "migration.applied", STR_FMT, STR_ARG(m->name));
    return applied; /* what failed is rolled back with the connection */
}

#define SCHEMA_MIGRATION                                                                                    \
    "CREATE TABLE IF NOT EXISTS schema_migration ("                                                         \
    " number bigint PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL)"

bool
migrate_run(struct scope *s, const char *url, const char *folder, int *applied)
{
    PGconn *conn;
    struct migrations m;
    size_t done;
    *applied = 0;
    if (!read_folder(s, folder, &m) || !connect_to(s, url, &conn)
        || !statement(s, conn, "SELECT pg_advisory_lock(" LOCK_KEY ")") /* released with the connection */
        || !statement(s, conn, SCHEMA_MIGRATION) || !find_done(s, conn, &m, &done))
        return false;
    for (; done < m.count; done++, ++*applied)
        if (!apply(s, conn, &m.items[done]))
            return false;
    return true;
}

bool
migrate_pending(struct scope *s, const char *url, const char *folder, int *pending)
{
    PGconn *conn;
    struct migrations m;
    size_t done;
    if (!read_folder(s, folder, &m) || !connect_to(s, url, &conn) || !find_done(s, conn, &m, &done))
        return false;
    *pending = (int)(m.count - done);
    return true;
}

bool
migrate_newest(struct scope *s, const char *folder, int64_t *number)
{
    struct migrations m;
    if (!read_folder(s, folder, &m))
        return false;
    *number = m.count ? m.items[m.count - 1].number : 0;
    return true;
}
