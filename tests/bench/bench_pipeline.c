/* bench_pipeline: what bare libpq does with the statements of one request.
 *
 *     bench_pipeline URL CONNECTIONS SECONDS < statements.json     {"rounds":…,"seconds":…,"p50_us":…,"p99_us":…}
 *
 * The statements are [{"sql":"…","params":["…",null]}]. Each is prepared once on every connection; a round sends all of
 * them in one pipeline with one sync and reads all rows. One thread, all connections in one poll: nothing but
 * libpq and PostgreSQL is measured, which is the limit that the server's list call chases.
 */
#include <libpq-fe.h>
#include <poll.h>

#include <jansson.h>

#include "core/base/arena.h"
#include "core/base/instant.h"

enum { STATEMENTS_MAX = 32, PARAMS_MAX = 64 };

struct statement {
    char name[24];
    const char *sql;
    const char *params[PARAMS_MAX];
    int param_count;
};

struct bench {
    struct statement statements[STATEMENTS_MAX];
    size_t statement_count;
    int64_t *spans_us;
    size_t rounds, rounds_room;
    int64_t values; /* read from the answers, as a program with a use for them would */
};

struct client {
    PGconn *pg;
    int64_t asked_at;
};

static void
die(const char *what)
{
    fprintf(stderr, "bench_pipeline: %s\n", what);
    exit(1);
}

static void
read_statements(struct bench *b)
{
    json_error_t error;
    json_t *list = json_loadf(stdin, 0, &error);
    json_t *item, *param;
    size_t at, param_at;

    if (!json_is_array(list) || json_array_size(list) > STATEMENTS_MAX)
        die(error.text);
    json_array_foreach(list, at, item) {
        struct statement *s = &b->statements[b->statement_count++];

        snprintf(s->name, sizeof(s->name), "s%zu", at);
        s->sql = json_string_value(json_object_get(item, "sql"));
        json_array_foreach(json_object_get(item, "params"), param_at, param) {
            if (param_at >= PARAMS_MAX)
                die("too many parameters");
            s->params[s->param_count++] = json_string_value(param);
        }
    }
}

static void
open_client(const struct bench *b, struct client *c, const char *url)
{
    c->pg = PQconnectdb(url);
    if (PQstatus(c->pg) != CONNECTION_OK)
        die(PQerrorMessage(c->pg));
    for (size_t i = 0; i < b->statement_count; i++) {
        PGresult *result = PQprepare(c->pg, b->statements[i].name, b->statements[i].sql, 0, NULL);

        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            die(PQerrorMessage(c->pg));
        PQclear(result);
    }
    if (PQsetnonblocking(c->pg, 1) != 0 || PQenterPipelineMode(c->pg) != 1)
        die(PQerrorMessage(c->pg));
}

static void
ask(const struct bench *b, struct client *c)
{
    c->asked_at = clock_monotonic_us();
    for (size_t i = 0; i < b->statement_count; i++) {
        const struct statement *s = &b->statements[i];

        if (PQsendQueryPrepared(c->pg, s->name, s->param_count, s->params, NULL, NULL, 0) != 1)
            die(PQerrorMessage(c->pg));
    }
    if (PQpipelineSync(c->pg) != 1 || PQflush(c->pg) != 0)
        die(PQerrorMessage(c->pg));
}

static void
read_values(struct bench *b, const PGresult *result)
{
    for (int row = 0; row < PQntuples(result); row++) {
        for (int column = 0; column < PQnfields(result); column++)
            b->values += PQgetlength(result, row, column);
    }
}

/* True when the round is complete. */
static bool
take(struct bench *b, struct client *c)
{
    if (PQconsumeInput(c->pg) != 1)
        die(PQerrorMessage(c->pg));
    while (!PQisBusy(c->pg)) {
        PGresult *result = PQgetResult(c->pg);
        ExecStatusType status = PQresultStatus(result);

        if (result == NULL)
            continue; /* between two statements */
        if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_PIPELINE_SYNC)
            die(PQresultErrorMessage(result));
        read_values(b, result);
        PQclear(result);
        if (status == PGRES_PIPELINE_SYNC)
            return true;
    }
    return false;
}

static int
by_size(const void *a, const void *b)
{
    const int64_t *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

static void
run(struct bench *b, struct client *clients, struct pollfd *sockets, nfds_t count, int64_t ends_at)
{
    size_t busy = count;

    for (nfds_t i = 0; i < count; i++) {
        sockets[i] = (struct pollfd){ .fd = PQsocket(clients[i].pg), .events = POLLIN };
        ask(b, &clients[i]);
    }
    while (busy > 0) {
        if (poll(sockets, count, 10000) <= 0)
            die("no answer for 10 s");
        for (nfds_t i = 0; i < count; i++) {
            if (sockets[i].revents == 0 || !take(b, &clients[i]))
                continue;
            if (b->rounds < b->rounds_room)
                b->spans_us[b->rounds++] = clock_monotonic_us() - clients[i].asked_at;
            if (clock_monotonic_us() < ends_at)
                ask(b, &clients[i]);
            else
                busy--;
        }
    }
}

int
main(int argc, char **argv)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    struct bench b = { .rounds_room = 4000000 };
    struct client *clients;
    int64_t began;
    long count;

    if (argc != 4) {
        fprintf(stderr, "usage: bench_pipeline URL CONNECTIONS SECONDS < statements.json\n");
        return 2;
    }
    read_statements(&b);
    b.spans_us = arena_array_of(a, b.rounds_room, int64_t);
    count = strtol(argv[2], NULL, 10);
    clients = arena_array_of(a, (size_t)count, struct client);
    for (long i = 0; i < count; i++)
        open_client(&b, &clients[i], argv[1]);
    began = clock_monotonic_us();
    run(&b, clients, arena_array_of(a, (size_t)count, struct pollfd), (nfds_t)count,
        began + SECONDS(strtol(argv[3], NULL, 10)));
    began = clock_monotonic_us() - began;
    qsort(b.spans_us, b.rounds, sizeof(*b.spans_us), by_size);
    printf("{\"rounds\":%zu,\"seconds\":%.3f,\"p50_us\":%lld,\"p99_us\":%lld,\"bytes\":%lld}\n", b.rounds,
           (double)began / 1e6, (long long)b.spans_us[b.rounds / 2], (long long)b.spans_us[b.rounds * 99 / 100],
           (long long)b.values);
    return 0;
}
