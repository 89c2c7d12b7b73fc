/* The threads that work off jobs. Each owns a connection and two arenas: one for what it claimed, one for the job it
 * runs. Nothing is shared but the wish to stop. */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/db/connection.h"
#include "core/db/job_row.h"

enum { ARENA_BLOCK = 64 << 10, POLL_MS = 1000, REVIVE_EVERY_US = 2000000, SWEEP_EVERY_US = 60000000, THREADS_MAX = 64 };

struct worker {
    struct job_workers *all;
    pthread_t thread;
    struct db *db;
    struct arena *claims, *work;
    struct strs short_kinds, acting_kinds;
    size_t many_from;     /* from here on, short_kinds have run_many */
    bool keeps_house;     /* one of them does */
    bool listens;
    int64_t one_by_one;   /* so many claims, after a batch had failed */
    int64_t revive_at_us, sweep_at_us;
};

struct job_workers {
    struct arena *arena;
    const struct clock *clock;
    const struct job_catalogue *catalogue;
    const struct service *service;
    _Atomic int *acting; /* how many of each kind of the catalogue act right now */
    _Atomic bool stop;
    int wake;
    struct worker *workers;
    int count;
};

static size_t
index_of(const struct job_workers *all, struct str name)
{
    size_t i = 0;
    while (i < all->catalogue->count && !str_is(name, all->catalogue->kinds[i]->name))
        i++;
    return i; /* always below the count: only known kinds are claimed */
}

static const struct job_kind *
kind_named(const struct job_workers *all, struct str name)
{
    return all->catalogue->kinds[index_of(all, name)];
}

/* The scope of the claim: its arena holds the rows, and what is noted for the connection. */
static struct scope
claim_scope(struct worker *w)
{
    arena_reset(w->claims);
    struct scope s = scope_new(w->claims, clock_now(w->all->clock));
    s.service = w->all->service;
    return s;
}

/* The scope of one job: who asks is the system, for the job's tenant. */
static struct scope
job_scope(struct worker *w, const struct job_row *job)
{
    arena_reset(w->work);
    struct scope s = scope_new(w->work, clock_now(w->all->clock));
    struct principal *who = arena_new_of(w->work, struct principal);
    struct uuid *tenant = arena_new_of(w->work, struct uuid);
    *tenant = job->tenant_id;
    *who = principal_system;
    who->tenant_id = job->tenant_id;
    who->tenants = (struct uuids){ tenant, 1 };
    s.who = who;
    s.service = w->all->service;
    s.request_id = uuid_format(w->work, job->id);
    return s;
}

static bool
read_args(struct scope *s, const struct job_kind *kind, const struct job_row *job, void **args)
{
    *args = kind->args ? arena_alloc(s->arena, kind->args->size) : NULL;
    return !kind->args || shape_read_stored(s, kind->args, job->args.raw, *args);
}

static bool
run_job(struct worker *w, const struct job_row *job, struct scope *s, void **args)
{
    const struct job_kind *kind = kind_named(w->all, job->kind);
    *s = job_scope(w, job);
    s->db = w->db;
    return (read_args(s, kind, job, args) && kind->run(s, *args))
        || fail(s, &problem_internal, "%s failed without a reason", kind->name);
}

static bool
see_tenant_of(struct scope *claim, const struct job_row *job)
{
    struct uuid tenant = job->tenant_id;
    return db_set_tenants(claim, (struct uuids){ &tenant, 1 });
}

enum outcome { IDLE, WORKED, BROKEN };

static enum outcome
broken(struct worker *w, struct scope *claim)
{
    db_end(claim);
    log_warn(claim, "job.worker", STR_FMT, STR_ARG(claim->failure.detail));
    w->listens = w->listens && db_socket(w->db) >= 0;
    return BROKEN;
}

/* ---- short jobs ---- */

/* All or none. What failed, and what stood beside it, comes again one by one. */
static enum outcome
run_batch(struct worker *w, struct scope *claim, const struct rows *rows)
{
    const struct job_row *jobs = rows->items;
    struct scope s;
    void *args;
    for (size_t i = 0; i < rows->count; i++) {
        if (!see_tenant_of(claim, &jobs[i])) /* also of the same tenant: the one before may have widened its view */
            return broken(w, claim);
        if (!run_job(w, &jobs[i], &s, &args)) {
            w->one_by_one = (int64_t)rows->count;
            db_end(claim);
            return WORKED;
        }
    }
    if (db_commit(claim))
        return WORKED;
    w->one_by_one = (int64_t)rows->count;
    return broken(w, claim);
}

/* In the transaction that claimed, so nobody else sees the job in between. */
static bool
write_failure(struct scope *claim, const struct job_row *job, const struct job_kind *kind, enum job_state from,
              const struct failure *why)
{
    bool ours;
    return db_savepoint_rollback(claim) && job_end(claim, job, kind, from, why, &ours);
}

/* What failed only at the commit, and was rolled back with its claim. */
static enum outcome
write_late_failure(struct worker *w, struct scope *claim, const struct job_row *job)
{
    struct failure why = claim->failure;
    bool ours;
    db_end(claim);
    scope_forgive(claim);
    if (db_socket(w->db) >= 0 && db_begin(claim, w->db, (struct uuids){ 0 })
        && job_end(claim, job, kind_named(w->all, job->kind), JOB_READY, &why, &ours) && db_commit(claim))
        return WORKED;
    return broken(w, claim);
}

static enum outcome
run_alone(struct worker *w, struct scope *claim, const struct job_row *job)
{
    struct scope s;
    void *args;
    if (!db_savepoint(claim) || !see_tenant_of(claim, job))
        return broken(w, claim);
    bool ran = run_job(w, job, &s, &args);
    if (db_socket(w->db) < 0)
        return broken(w, claim); /* it was the connection that failed: the job is as it was */
    if (ran)
        return db_commit(claim) ? WORKED : write_late_failure(w, claim, job);
    return write_failure(claim, job, kind_named(w->all, job->kind), JOB_DONE, &s.failure) && db_commit(claim)
        ? WORKED : broken(w, claim);
}

/* ---- hundreds of a kind ---- */

/* The scope of all: it sees every tenant of whom there is a job. */
static struct scope
many_scope(struct worker *w, const struct job_row *jobs, size_t count)
{
    struct scope s = job_scope(w, jobs);
    struct uuid *tenants = arena_array_of(w->work, count, struct uuid);
    struct principal *who = arena_new_of(w->work, struct principal);
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        size_t t = 0;
        while (t < known && !uuid_eq(tenants[t], jobs[i].tenant_id))
            t++;
        tenants[t] = jobs[i].tenant_id;
        known += t == known;
    }
    *who = *s.who;
    who->tenants = (struct uuids){ tenants, known };
    s.who = who;
    return s;
}

static bool
run_together(struct worker *w, struct scope *claim, const struct rows *rows, struct job_item *items)
{
    const struct job_row *jobs = rows->items;
    const struct job_kind *kind = kind_named(w->all, jobs[0].kind);
    struct scope s = many_scope(w, jobs, rows->count);
    s.db = w->db;
    if (!db_set_tenants(claim, s.who->tenants))
        return false;
    for (size_t i = 0; i < rows->count; i++) {
        items[i].tenant_id = jobs[i].tenant_id;
        if (!read_args(&s, kind, &jobs[i], &items[i].args))
            return false;
    }
    if (kind->run_many(&s, items, rows->count))
        return true;
    log_warn(&s, "job.batch_failed", "%s: " STR_FMT, kind->name, STR_ARG(s.failure.detail));
    return false;
}

static enum outcome
run_many(struct worker *w, struct scope *claim, const struct rows *rows)
{
    const struct job_row *jobs = rows->items;
    struct job_item *items = arena_array_of(claim->arena, rows->count, struct job_item);
    struct uuids later = { arena_array_of(claim->arena, rows->count, struct uuid), 0 };
    if (!run_together(w, claim, rows, items)) {
        w->one_by_one = (int64_t)rows->count;
        db_end(claim);
        return WORKED;
    }
    for (size_t i = 0; i < rows->count; i++)
        if (items[i].later)
            later.items[later.count++] = jobs[i].id;
    w->one_by_one = (int64_t)later.count;
    if ((later.count == 0 || job_unclaim(claim, later)) && db_commit(claim))
        return WORKED;
    w->one_by_one = (int64_t)rows->count;
    return broken(w, claim);
}

/* One batch of each kind that takes many; what comes again alone is for work_short. */
static enum outcome
work_many(struct worker *w)
{
    enum outcome outcome = IDLE;
    for (size_t k = w->many_from; k < w->short_kinds.count && w->one_by_one == 0; k++) {
        struct scope claim = claim_scope(w);
        struct rows rows = { 0 };
        if (!db_begin(&claim, w->db, (struct uuids){ 0 })
            || !job_claim(&claim, (struct strs){ w->short_kinds.items + k, 1 }, JOB_DONE, JOB_MANY, &rows))
            return broken(w, &claim);
        if (rows.count)
            outcome = run_many(w, &claim, &rows);
        else if (!db_commit(&claim))
            return broken(w, &claim);
        if (outcome == BROKEN)
            return BROKEN;
    }
    return outcome;
}

static enum outcome
work_short(struct worker *w)
{
    struct scope claim = claim_scope(w);
    struct rows rows = { 0 };
    bool alone = w->one_by_one > 0;
    const struct strs kinds = { w->short_kinds.items, alone ? w->short_kinds.count : w->many_from };
    if (kinds.count == 0)
        return IDLE;
    if (!db_begin(&claim, w->db, (struct uuids){ 0 })
        || !job_claim(&claim, kinds, JOB_DONE, alone ? 1 : JOB_BATCH, &rows))
        return broken(w, &claim);
    if (rows.count == 0) {
        w->one_by_one = 0;
        return db_commit(&claim) ? IDLE : broken(w, &claim);
    }
    w->one_by_one -= alone;
    return alone ? run_alone(w, &claim, rows.items) : run_batch(w, &claim, &rows);
}

/* ---- jobs that act outside ---- */

struct acting {
    const struct job_row *job;
    const struct job_kind *kind;
    struct scope s; /* of the job, from run to finish */
    void *args;
    _Atomic int *place; /* counted while it runs and acts */
};

/* An advisory lock outlives its transaction's rollback, but not its connection. */
static enum outcome
broken_with_lock(struct worker *w, struct scope *claim)
{
    broken(w, claim);
    connection_lose(w->db);
    return BROKEN;
}

/* The kinds that may begin to act now. */
static struct strs
free_kinds(const struct worker *w, struct arena *a)
{
    struct strs kinds = { arena_array_of(a, w->acting_kinds.count, struct str), 0 };
    for (size_t i = 0; i < w->acting_kinds.count; i++) {
        size_t k = index_of(w->all, w->acting_kinds.items[i]);
        int most = w->all->catalogue->kinds[k]->parallel_max;
        if (most == 0 || atomic_load(&w->all->acting[k]) < most)
            kinds.items[kinds.count++] = w->acting_kinds.items[i];
    }
    return kinds;
}

/* Two threads may have seen the same free place: the second one leaves its claim. */
static bool
take_place(const struct job_kind *kind, _Atomic int *acting)
{
    if (atomic_fetch_add(acting, 1) < kind->parallel_max || kind->parallel_max == 0)
        return true;
    atomic_fetch_sub(acting, 1);
    return false;
}

/* The first transaction: claim, lock, run. A row that somebody holds the lock of is not ours, whatever it says. */
static enum outcome
start_acting(struct worker *w, struct scope *claim, struct acting *a)
{
    struct rows rows;
    bool held = false;
    *a = (struct acting){ 0 };
    if (!db_begin(claim, w->db, (struct uuids){ 0 })
        || !job_claim(claim, free_kinds(w, claim->arena), JOB_ACTING, 1, &rows))
        return broken(w, claim);
    if (rows.count == 0)
        return db_commit(claim) ? IDLE : broken(w, claim);
    a->job = rows.items;
    a->kind = kind_named(w->all, a->job->kind);
    _Atomic int *acting = &w->all->acting[index_of(w->all, a->job->kind)];
    if (!take_place(a->kind, acting)) {
        db_end(claim);
        return IDLE;
    }
    a->place = acting;
    if (!job_lock(claim, a->job->id, &held))
        return broken_with_lock(w, claim);
    if (!held) {
        db_end(claim);
        return IDLE;
    }
    if (!db_savepoint(claim) || !see_tenant_of(claim, a->job))
        return broken_with_lock(w, claim);
    bool ran = run_job(w, a->job, &a->s, &a->args);
    if (db_socket(w->db) < 0)
        return broken(w, claim);
    if (ran)
        return db_commit(claim) ? WORKED : broken_with_lock(w, claim);
    struct failure why = a->s.failure;
    a->kind = NULL; /* nothing to act upon */
    bool written = write_failure(claim, a->job, kind_named(w->all, a->job->kind), JOB_ACTING, &why)
        && job_unlock(claim, a->job->id) && db_commit(claim);
    return written ? WORKED : broken_with_lock(w, claim);
}

/* The last transaction. The row is written first: from then on its lock in the table is the claim, and the advisory
 * one can go. */
static bool
finish_acting(struct worker *w, struct scope *end, struct acting *a, bool acted, const struct failure *why)
{
    bool ours = false;
    if (!db_begin(end, w->db, (struct uuids){ 0 })
        || !job_end(end, a->job, a->kind, JOB_ACTING, acted ? NULL : why, &ours) || !job_unlock(end, a->job->id))
        return false;
    if (!ours)
        log_warn(end, "job.claim_lost", "%s: the connection was lost while it acted", a->kind->name);
    if (!ours || !a->kind->finish)
        return db_commit(end);
    a->s.now = end->now;
    a->s.db = w->db;
    if (!see_tenant_of(end, a->job))
        return false;
    if (!a->kind->finish(&a->s, a->args, acted))
        return fail(end, &problem_internal, "%s: finish failed: " STR_FMT, a->kind->name, STR_ARG(a->s.failure.detail));
    return db_commit(end);
}

static enum outcome
act_and_finish(struct worker *w, struct acting *of)
{
    struct acting a = *of;
    a.s.db = NULL; /* no transaction is open while it acts */
    bool acted = a.kind->act(&a.s, a.args);
    if (!acted && !scope_has_failed(&a.s))
        fail(&a.s, &problem_internal, "%s failed without a reason", a.kind->name);
    struct failure why = a.s.failure;
    struct scope end = scope_new(w->claims, clock_now(w->all->clock));
    if (finish_acting(w, &end, &a, acted, &why))
        return WORKED;
    struct failure late = end.failure;
    db_end(&end);
    scope_forgive(&end);
    a.kind = kind_named(w->all, a.job->kind);
    bool ours;
    bool written = db_begin(&end, w->db, (struct uuids){ 0 })
        && job_end(&end, a.job, a.kind, JOB_ACTING, &late, &ours) && job_unlock(&end, a.job->id) && db_commit(&end);
    return written ? WORKED : broken_with_lock(w, &end);
}

static enum outcome
work_acting(struct worker *w)
{
    struct scope claim = claim_scope(w);
    struct acting a;
    if (w->acting_kinds.count == 0)
        return IDLE;
    enum outcome outcome = start_acting(w, &claim, &a);
    if (outcome == WORKED && a.kind)
        outcome = act_and_finish(w, &a);
    if (a.place)
        atomic_fetch_sub(a.place, 1);
    return outcome;
}

/* ---- the thread ---- */

static bool
keep_house(struct worker *w, struct scope *s)
{
    int64_t now = clock_monotonic_us(), revived = 0;
    if (!w->keeps_house || now < w->revive_at_us)
        return true;
    w->revive_at_us = now + REVIVE_EVERY_US;
    bool sweeps = now >= w->sweep_at_us;
    if (sweeps)
        w->sweep_at_us = now + SWEEP_EVERY_US;
    if (!db_begin(s, w->db, (struct uuids){ 0 }) || !job_revive_abandoned(s, &revived) || (sweeps && !job_sweep(s))
        || !db_commit(s))
        return false;
    if (revived)
        log_warn(s, "job.revived", "%lld jobs whose worker is gone", (long long)revived);
    return true;
}

/* Asleep until somebody adds a job, a second has passed (a later job may be due) or it is time to stop. */
static void
rest(struct worker *w, struct scope *s)
{
    bool notified;
    if (db_wait(s, w->db, POLL_MS, w->all->wake, &notified))
        return;
    w->listens = false;
    struct pollfd p = { .fd = w->all->wake, .events = POLLIN };
    poll(&p, 1, POLL_MS);
}

/* Listens first and looks then: what is added in between wakes it. */
static bool
listen(struct worker *w, struct scope *s)
{
    if (w->listens && db_socket(w->db) >= 0)
        return true;
    w->listens = db_listen(s, w->db, "yagura_job");
    return w->listens;
}

static void *
work(void *context)
{
    struct worker *w = context;
    while (!atomic_load(&w->all->stop)) {
        struct scope s = claim_scope(w);
        bool well = listen(w, &s) && keep_house(w, &s);
        db_end(&s);
        enum outcome many = well ? work_many(w) : BROKEN;
        if (many == WORKED && w->one_by_one == 0)
            continue; /* each deadline is written down before people are told of the first */
        enum outcome quick = many != BROKEN ? work_short(w) : BROKEN;
        enum outcome slow = quick != BROKEN ? work_acting(w) : BROKEN;
        if (many == WORKED || quick == WORKED || slow == WORKED)
            continue;
        struct scope idle = scope_new(w->claims, s.now);
        rest(w, &idle);
    }
    return NULL;
}

/* A server that stalls keeps whoever acts on it waiting for as long as it likes. One worker never acts, so that
 * deadlines and all other work inside the database do not wait behind it. */
static void
sort_kinds(struct worker *w, const struct job_catalogue *c, bool acts)
{
    w->short_kinds.items = arena_array_of(w->all->arena, c->count, struct str);
    w->acting_kinds.items = arena_array_of(w->all->arena, c->count, struct str);
    for (size_t i = 0; i < c->count; i++) {
        struct strs *list = c->kinds[i]->act ? &w->acting_kinds : &w->short_kinds;
        if (!c->kinds[i]->run_many && (acts || !c->kinds[i]->act))
            list->items[list->count++] = str_of(c->kinds[i]->name);
    }
    w->many_from = w->short_kinds.count;
    for (size_t i = 0; i < c->count; i++)
        if (c->kinds[i]->run_many)
            w->short_kinds.items[w->short_kinds.count++] = str_of(c->kinds[i]->name);
}

static bool
start_worker(struct job_workers *all, const struct db_settings *settings, int number, int threads)
{
    struct worker *w = &all->workers[number];
    *w = (struct worker){ .all = all, .keeps_house = number == 0, .db = db_open(settings),
                          .claims = arena_new(ARENA_BLOCK), .work = arena_new(ARENA_BLOCK) };
    sort_kinds(w, all->catalogue, number > 0 || threads == 1);
    if (pthread_create(&w->thread, NULL, work, w) == 0)
        return true;
    db_close(w->db);
    arena_free(w->claims);
    arena_free(w->work);
    return false;
}

struct job_workers *
job_workers_start(const struct db_settings *settings, const struct clock *clock, const struct job_catalogue *catalogue,
                  const struct service *service, int threads)
{
    struct arena *a = arena_new(ARENA_BLOCK);
    struct job_workers *all = arena_new_of(a, struct job_workers);
    if (threads > THREADS_MAX)
        threads = THREADS_MAX;
    *all = (struct job_workers){ .arena = a, .clock = clock, .catalogue = catalogue, .service = service,
                                 .wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
    all->acting = arena_array(a, catalogue->count, sizeof *all->acting);
    all->workers = arena_array_of(a, (size_t)threads, struct worker);
    while (all->count < threads && all->wake >= 0 && start_worker(all, settings, all->count, threads))
        all->count++;
    if (all->count == threads)
        return all;
    job_workers_stop(all);
    return NULL;
}

void
job_workers_stop(struct job_workers *all)
{
    if (!all)
        return;
    atomic_store(&all->stop, true);
    const uint64_t one = 1;
    bool woken = write(all->wake, &one, sizeof one) == sizeof one; /* if not, they look up within a second */
    if (!woken)
        log_debug(NULL, "job.stop", "workers stop at their next look");
    for (int i = 0; i < all->count; i++) {
        struct worker *w = &all->workers[i];
        pthread_join(w->thread, NULL);
        db_close(w->db);
        arena_free(w->claims);
        arena_free(w->work);
    }
    if (all->wake >= 0)
        close(all->wake);
    arena_free(all->arena);
}
