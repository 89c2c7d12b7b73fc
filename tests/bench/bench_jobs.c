/* bench_jobs: trivial jobs, for a figure and for the test that kills a worker.
 *
 *     bench_jobs add URL COUNT      adds that many, a thousand in each transaction
 *     bench_jobs work URL THREADS   works until SIGTERM
 *
 * Each job writes its number into bench_effect in the transaction that ends it. So a job that was lost is a gap, and
 * one that took effect twice is a number that stands twice.
 */
#include <signal.h>

#include "core/db/job.h"

enum { JOBS_PER_TRANSACTION = 1000 };

struct bench_effect {
    int64_t n;
};

static const struct shape bench_effect_shape =
    SHAPE(bench_effect, FIELD(bench_effect, n, "Which job it was", .required = true));

static const struct query bench_effect_add = {
    .name = "bench_effect_add",
    .sql = "INSERT INTO bench_effect (n) VALUES (:n)",
    .args = &bench_effect_shape,
};

static bool
take_effect(struct scope *s, void *args)
{
    return db_run(s, &bench_effect_add, args, NULL);
}

static const struct job_kind bench_job = {
    .name = "bench.effect",
    .prose = "Writes a number down",
    .args = &bench_effect_shape,
    .run = take_effect,
};

static bool
add_some(struct scope *s, struct db *db, int64_t from, int64_t to)
{
    if (!db_begin(s, db, (struct uuids){ 0 }))
        return false;
    for (int64_t n = from; n < to; n++) {
        if (!job_add(s, &bench_job, (struct uuid){ 0 }, &(struct bench_effect){ n }, s->now, STR_NONE))
            return false;
    }
    return db_commit(s);
}

static int
add(const struct db_settings *settings, int64_t count)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    const struct clock clock = clock_system();
    struct db *db = db_open(settings);
    bool added = true;

    for (int64_t from = 0; added && from < count; from += JOBS_PER_TRANSACTION) {
        struct scope s = scope_new(a, clock_now(&clock));
        int64_t to = from + JOBS_PER_TRANSACTION;

        added = add_some(&s, db, from, to < count ? to : count);
        db_end(&s);
        if (!added)
            fprintf(stderr, "bench_jobs: " STR_FMT "\n", STR_ARG(s.failure.detail));
        arena_reset(a);
    }
    db_close(db);
    return added ? 0 : 1;
}

static int
work(const struct db_settings *settings, int threads)
{
    static const struct job_kind *const kinds[] = { &bench_job };
    const struct job_catalogue catalogue = { .kinds = kinds, .count = COUNT_OF(kinds) };
    const struct clock clock = clock_system();
    struct job_workers *workers;
    sigset_t ends;
    int got;

    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    workers = job_workers_start(settings, &clock, &catalogue, NULL, threads);
    sigwait(&ends, &got);
    job_workers_stop(workers);
    return 0;
}

int
main(int argc, char **argv)
{
    struct db_settings settings = { .role = "yagura_jobs" };

    if (argc != 4 || (strcmp(argv[1], "add") != 0 && strcmp(argv[1], "work") != 0)) {
        fprintf(stderr, "usage: bench_jobs add URL COUNT | work URL THREADS\n");
        return 2;
    }
    settings.url = argv[2];
    if (strcmp(argv[1], "add") == 0)
        return add(&settings, strtoll(argv[3], NULL, 10));
    return work(&settings, (int)strtol(argv[3], NULL, 10));
}
