/* database: a database of its own for one test program, made from the migrations of core alone (or empty), gone at the
 * end.
 * script/test says where PostgreSQL stands (YAGURA_TEST_PG); without it these tests fail and say so. */
#ifndef YAGURA_TESTS_UNIT_DATABASE_H
#define YAGURA_TESTS_UNIT_DATABASE_H

#include "tests/unit/claims.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <unistd.h>

#include "core/base/crypto.h"
#include "core/db/db.h"

struct database {
    char name[64], url[300], admin_url[300];
    PGconn *admin; /* a superuser: for looking behind row-level security */
};

static inline PGconn *
database_connect(const char *url)
{
    PGconn *c = PQconnectdb(url);
    if (PQstatus(c) != CONNECTION_OK)
        claim_failed("%s: %s", url, PQerrorMessage(c));
    return c;
}

static inline void
database_run(PGconn *c, const char *sql)
{
    PGresult *r = PQexec(c, sql);
    if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
        claim_failed("%.300s: %s", sql, PQerrorMessage(c));
    PQclear(r);
}

static inline int64_t
database_number(PGconn *c, const char *sql)
{
    int64_t value = 0;
    PGresult *r = PQexec(c, sql);
    if (PQresultStatus(r) != PGRES_TUPLES_OK || PQntuples(r) != 1 || !str_int(str_of(PQgetvalue(r, 0, 0)), &value))
        claim_failed("%s: %s", sql, PQerrorMessage(c));
    PQclear(r);
    return value;
}

static inline void
database_run_file(PGconn *c, const char *path)
{
    static char sql[1 << 18];
    FILE *f = fopen(path, "re");
    if (!f)
        claim_failed("%s: cannot open", path);
    size_t length = fread(sql, 1, sizeof sql - 1, f);
    fclose(f);
    sql[length] = 0;
    database_run(c, sql);
}

/* An empty one, owned by the role that migrates. */
static inline void
database_create(struct database *d, const char *purpose)
{
    const char *socket = getenv("YAGURA_TEST_PG");
    char sql[400], server[256];
    if (!socket)
        claim_failed("YAGURA_TEST_PG is not set: run script/test, or script/with-postgres this-program");
    assert_true(crypto_start());
    snprintf(d->name, sizeof d->name, "unit_%s_%d", purpose, (int)getpid());
    snprintf(server, sizeof server, "host=%s user=postgres dbname=postgres", socket);
    snprintf(d->url, sizeof d->url, "host=%s user=yagura dbname=%s", socket, d->name);
    snprintf(d->admin_url, sizeof d->admin_url, "host=%s user=postgres dbname=%s", socket, d->name);
    PGconn *c = database_connect(server);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s OWNER yagura TEMPLATE template0", d->name);
    database_run(c, sql);
    PQfinish(c);
    d->admin = database_connect(d->admin_url);
    database_run(d->admin, "ALTER SCHEMA public OWNER TO yagura");
}

static inline void
database_make(struct database *d, const char *purpose)
{
    database_create(d, purpose);
    PGconn *c = database_connect(d->url);
    database_run_file(c, YAGURA_SOURCE_DIR "/migrations/0001_core.sql");
    database_run_file(c, YAGURA_SOURCE_DIR "/migrations/0084_job_keys.sql");
    PQfinish(c);
}

static inline void
database_end(struct database *d)
{
    char sql[200], server[256];
    PQfinish(d->admin);
    snprintf(server, sizeof server, "host=%s user=postgres dbname=postgres", getenv("YAGURA_TEST_PG"));
    PGconn *c = database_connect(server);
    snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s WITH (FORCE)", d->name);
    database_run(c, sql);
    PQfinish(c);
}

#endif
