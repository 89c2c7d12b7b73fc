/* serve: everything in one process, or one part of it with --only. */
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/db/job.h"
#include "core/db/migrate.h"
#include "server/api/routes.h"
#include "server/catalogue.h"
#include "server/http/http.h"
#include "server/program.h"
#include "server/syslog.h"
#include "workflows/detector.h"

enum { PEM_MAX = 256 * 1024 };

enum part { PART_API = 1, PART_INGEST = 2, PART_JOBS = 4, PART_ALL = 7 };

struct serving {
    struct program program;
    unsigned parts;
    struct http *http;
    struct syslog_doors *syslog;
    struct job_workers *jobs;
};

static bool
options_read(int argc, char **argv, unsigned *parts, const char **config)
{
    *parts = PART_ALL;
    *config = NULL;
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 == argc)
            return false;
        if (strcmp(argv[i], "--config") == 0)
            *config = argv[i + 1];
        else if (strcmp(argv[i], "--only") != 0)
            return false;
        else if (strcmp(argv[i + 1], "api") == 0)
            *parts = PART_API;
        else if (strcmp(argv[i + 1], "ingest") == 0)
            *parts = PART_INGEST;
        else if (strcmp(argv[i + 1], "jobs") == 0)
            *parts = PART_JOBS;
        else
            return false;
    }
    return true;
}

static void
close_file(FILE **f)
{
    if (*f)
        fclose(*f);
}

static bool
read_pem(struct scope *s, struct str file, struct str *out)
{
    *out = STR_NONE;
    if (!file.at)
        return true;
    scoped(close_file) FILE *f = fopen(str_c(s->arena, file), "re");
    char *text = arena_alloc(s->arena, PEM_MAX);
    size_t length = f ? fread(text, 1, PEM_MAX - 1, f) : 0;
    if (length == 0 || length == PEM_MAX - 1)
        return fail(s, &problem_invalid, "configuration: cannot read " STR_FMT, STR_ARG(file));
    *out = (struct str){ text, length };
    return true;
}

/* Every query is compared with the database before the first call is answered. A database that is away is no reason
 * not to start: /readyz says so, and the check is made up for by whoever starts next. */
static bool
agrees_with_database(struct program *p)
{
    struct scope s = p->s;
    struct db_settings owner = program_database(p, NULL), api = program_database(p, "yagura_api");
    int pending;
    if (!migrate_pending(&s, owner.url, str_c(s.arena, p->settings.migration_dir), &pending)) {
        log_warn(&s, "serve.unchecked", STR_FMT, STR_ARG(s.failure.detail));
        return s.failure.problem == &problem_unavailable
            || fail(&p->s, s.failure.problem, STR_FMT, STR_ARG(s.failure.detail));
    }
    if (pending)
        return fail(&p->s, &problem_internal, "%d migrations are pending: run yagura migrate", pending);
    struct db *db = db_open(&api);
    struct db_catalogue all = catalogue_collect(s.arena, api_routes, api_routes_count);
    bool good = db_check(&s, db, &all);
    db_end(&s);
    db_close(db);
    return good || fail(&p->s, s.failure.problem, STR_FMT, STR_ARG(s.failure.detail));
}

static bool
start_http(struct serving *v)
{
    struct program *p = &v->program;
    struct scope *s = &p->s;
    const struct settings *from = &p->settings;
    bool api = v->parts & PART_API, ingest = v->parts & PART_INGEST;
    struct http_settings to = {
        .listen = from->listen, .public_url = from->public_url, .workers = from->workers, .loops = from->loops,
        .writers = from->writers, .uploads_max = from->uploads_max,
        .queue_max = from->queue_max, .connections_max = from->connections_max,
        .connections_per_address = from->connections_per_address, .streams_per_person = from->streams_per_person,
        .rate_per_address = from->rate_per_address, .rate_per_person = from->rate_per_person,
        .idle_s = from->idle_s, .request_s = from->request_s, .trusted_proxies = from->trusted_proxies,
        .metrics_token = from->metrics_token, .portal_folder = api ? from->portal_dir : STR_NONE,
        .migrations_folder = from->migration_dir,
        .db = program_database(p, api || !ingest ? "yagura_api" : "yagura_ingest"),
        .database_owner_url = program_database(p, NULL).url, .clock = &p->service.clock, .service = &p->service,
        .tables = api ? api_routes : ingest_only_routes,
        .table_count = api ? api_routes_count : ingest ? ingest_only_routes_count : 0, .gauges = gauge_queries,
        .gauge_count = gauge_queries_count, .nouns = change_nouns, .version = STR(YAGURA_VERSION) };
    return read_pem(s, from->tls_cert_file, &to.tls_cert) && read_pem(s, from->tls_key_file, &to.tls_key)
        && http_start(s, &to, &v->http);
}

/* Rules are made ready before the first event comes. */
static void
start_detector(struct serving *v)
{
    struct program *p = &v->program;
    struct db_settings db = program_database(p, "yagura_jobs");
    p->service.detector = detector_start(&db, &p->service.clock);
}

static bool
start_syslog(struct serving *v)
{
    struct program *p = &v->program;
    struct db_settings db = program_database(p, v->parts & PART_API ? "yagura_api" : "yagura_ingest");
    return !(v->parts & PART_INGEST) || syslog_open(&p->s, &p->settings, &db, &v->syslog);
}

static bool
start_jobs(struct serving *v)
{
    struct program *p = &v->program;
    struct db_settings db = program_database(p, "yagura_jobs");
    if (!(v->parts & PART_JOBS) || job_catalogue.count == 0)
        return true;
    v->jobs = job_workers_start(&db, &p->service.clock, &job_catalogue, &p->service, (int)p->settings.job_threads);
    return v->jobs != NULL || fail(&p->s, &problem_internal, "the job workers do not start");
}

/* Signals are waited for, not handled: every thread that is started later inherits the mask. */
static void
mask_signals(sigset_t *waited)
{
    sigemptyset(waited);
    sigaddset(waited, SIGTERM);
    sigaddset(waited, SIGINT);
    sigprocmask(SIG_BLOCK, waited, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void
stop(struct serving *v)
{
    syslog_close(v->syslog);
    http_stop(v->http);
    if (v->jobs)
        job_workers_stop(v->jobs);
    detector_stop(v->program.service.detector);
}

int
serve_command(int argc, char **argv)
{
    struct serving v = { 0 };
    const char *config;
    sigset_t waited;
    int sign;
    if (!options_read(argc, argv, &v.parts, &config)) {
        fprintf(stderr, "yagura serve [--only api|ingest|jobs] [--config FILE]\n");
        return 2;
    }
    mask_signals(&waited);
    struct program *p = &v.program;
    if (!program_open(p, config) || !agrees_with_database(p))
        return program_complain(p);
    start_detector(&v);
    if (!start_http(&v)) {
        detector_stop(p->service.detector);
        return program_complain(p);
    }
    if (!start_syslog(&v) || !start_jobs(&v)) {
        stop(&v);
        return program_complain(p);
    }
    log_info(&p->s, "serve.started", "port=%d version=%s", http_port(v.http), YAGURA_VERSION);
    sigwait(&waited, &sign);
    log_info(&p->s, "serve.stopping", "signal=%d", sign);
    stop(&v);
    log_info(NULL, "serve.stopped", "all work is finished");
    return program_end(p, 0);
}
