#include "workflows/detector.h"

#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/db/job.h"
#include "model/tenant.h"
#include "workflows/detector_parts.h"
#include "workflows/service.h"

enum { WAIT_MS = 1000, WORLD_BLOCK = 1 << 20, SCRATCH_BLOCK = 64 * 1024, HOME_BLOCK = 64 * 1024 };

struct detector {
    struct arena *arena, *scratch;
    struct clock clock;
    struct db *db; /* the thread's own */
    pthread_t thread;
    pthread_mutex_t lock; /* of everything below */
    pthread_cond_t changed;
    struct held_world *current;
    struct detector_facts facts;
    char problem[500];
    bool stopping;
    int wake_fd;
    bool listens; /* the thread's own */
};

/* ---- holding ---- */

struct held_world *
detector_hold(struct detector *d)
{
    pthread_mutex_lock(&d->lock);
    struct held_world *h = d->current;
    if (h)
        h->holders++;
    pthread_mutex_unlock(&d->lock);
    return h;
}

static void
end_world(struct held_world *h)
{
    struct detecting *g = h->pool;
    while (g) {
        struct detecting *next = g->next;
        matcher_free(g->matcher);
        arena_free(g->arena);
        arena_free(g->home);
        g = next;
    }
    struct arena *a = h->world->arena;
    rule_world_end(h->world);
    arena_free(a);
}

void
detector_let_go(struct detector *d, struct held_world *h)
{
    pthread_mutex_lock(&d->lock);
    bool last = h && --h->holders == 0;
    pthread_mutex_unlock(&d->lock);
    if (last)
        end_world(h);
}

/* ---- batches ---- */

static const struct problem no_rules_yet = {
    503, "rules-loading", { "The rules are being loaded. Please try again in a moment.",
                            "検知ルールを読み込んでいます。しばらくしてからもう一度お試しください。" } };

static struct detecting *
take_from_pool(struct detector *d, struct held_world *h)
{
    pthread_mutex_lock(&d->lock);
    struct detecting *g = h->pool;
    if (g) {
        h->pool = g->next;
        h->pooled--;
    }
    pthread_mutex_unlock(&d->lock);
    return g;
}

bool
detecting_begin(struct scope *s, struct uuid tenant_id, struct detecting **out)
{
    struct detector *d = s->service ? s->service->detector : NULL;
    struct held_world *h = d ? detector_hold(d) : NULL;
    *out = NULL;
    if (!h) {
        s->failure.retry_after_s = 2;
        return fail(s, &no_rules_yet, "no rules are loaded yet");
    }
    struct detecting *g = take_from_pool(d, h);
    if (!g) {
        struct arena *home = arena_new(HOME_BLOCK); /* it outlives its batches, who empty the other one */
        g = arena_new_of(home, struct detecting);
        g->home = home;
        g->arena = arena_new(SCRATCH_BLOCK);
        g->matcher = matcher_new(h->world->engine);
    }
    g->detector = d;
    g->held = h;
    g->tenant_id = tenant_id;
    g->last = &g->first;
    g->seen_last = &g->seen;
    *out = g;
    return true;
}

static void
forget(struct detecting *g)
{
    arena_reset(g->arena);
    memset(g->places, 0, sizeof g->places);
    g->first = NULL;
    g->seen = NULL;
    g->tallies = NULL;
    g->tally_count = g->tally_room = 0;
    g->counts = (struct detect_counts){ 0 };
}

void
detecting_end(struct detecting *g)
{
    if (!g)
        return;
    struct detector *d = g->detector;
    struct held_world *h = g->held;
    forget(g);
    pthread_mutex_lock(&d->lock);
    g->next = h->pool;
    h->pool = g;
    h->pooled++;
    pthread_mutex_unlock(&d->lock);
    detector_let_go(d, h);
}

/* ---- the thread ---- */

static bool
read_input(struct scope *s, struct detector *d, struct world_input *in)
{
    struct rule_world_row generation = { 0 };
    struct uuid provider = provider_tenant_id;
    /* The generation first: what changes while the rest is read will be read again. */
    bool good = db_begin(s, d->db, (struct uuids){ &provider, 1 })
        && db_one(s, &rule_world_generation, NULL, &generation) && job_see_every_tenant(s)
        && db_list(s, &rule_world_rules, NULL, &in->rules) && db_list(s, &rule_world_settings, NULL, &in->settings)
        && db_list(s, &exclusion_world, NULL, &in->exclusions) && db_commit(s);
    db_end(s);
    in->generation = generation.version;
    in->at = s->now;
    return good;
}

static void
put_in_place(struct detector *d, struct rule_world *w)
{
    struct held_world *h = arena_new_of(w->arena, struct held_world), *old;
    *h = (struct held_world){ .world = w, .holders = 1 };
    pthread_mutex_lock(&d->lock);
    old = d->current;
    d->current = h;
    d->facts = (struct detector_facts){ .generation = w->generation, .rules = (int64_t)w->set->rule_count,
                                        .correlations = (int64_t)w->set->correlation_count,
                                        .exclusions = (int64_t)w->exclusion_count,
                                        .refused = (int64_t)w->refusal_count, .loaded_at = w->at };
    snprintf(d->problem, sizeof d->problem, "%s", "");
    if (w->refusal_count)
        snprintf(d->problem, sizeof d->problem, STR_FMT ": " STR_FMT, STR_ARG(w->refusals[0].file),
                 STR_ARG(w->refusals[0].reason));
    pthread_cond_broadcast(&d->changed);
    pthread_mutex_unlock(&d->lock);
    if (old)
        detector_let_go(d, old);
}

static void
note_failure(struct detector *d, const struct scope *s)
{
    pthread_mutex_lock(&d->lock);
    d->facts.failed_at = s->now;
    snprintf(d->problem, sizeof d->problem, STR_FMT, STR_ARG(s->failure.detail));
    pthread_mutex_unlock(&d->lock);
    log_warn(s, "detector.stale", "the rules could not be loaded: " STR_FMT, STR_ARG(s->failure.detail));
}

/* True when a world is in place that is as new as the database was. */
static bool
load(struct detector *d)
{
    struct arena *a = arena_new(WORLD_BLOCK);
    struct scope s = scope_new(a, clock_now(&d->clock));
    struct world_input in = { 0 };
    int64_t began = clock_monotonic_us();
    s.db = d->db;
    if (!read_input(&s, d, &in)) {
        note_failure(d, &s);
        arena_free(a);
        return false;
    }
    struct rule_world *w = rule_world_build(a, &in);
    for (size_t i = 0; i < w->refusal_count && i < 20; i++)
        log_warn(NULL, "detector.refused", STR_FMT ":%d " STR_FMT, STR_ARG(w->refusals[i].file), w->refusals[i].line,
                 STR_ARG(w->refusals[i].reason));
    put_in_place(d, w); /* this thread alone replaces it: it can still be told of */
    log_info(NULL, "detector.loaded", "generation=%lld rules=%zu correlations=%zu exclusions=%zu refused=%zu ms=%lld",
             (long long)w->generation, w->set->rule_count, w->set->correlation_count, w->exclusion_count,
             w->refusal_count, (long long)((clock_monotonic_us() - began) / 1000));
    return true;
}

static bool
is_newer(struct scope *s, struct detector *d, bool *newer)
{
    struct rule_world_row generation = { 0 };
    struct uuid provider = provider_tenant_id;
    bool good = db_begin(s, d->db, (struct uuids){ &provider, 1 })
        && db_one(s, &rule_world_generation, NULL, &generation) && db_commit(s);
    db_end(s);
    pthread_mutex_lock(&d->lock);
    *newer = !d->current || d->facts.generation != generation.version;
    pthread_mutex_unlock(&d->lock);
    return good;
}

/* One look; false when it should be tried again soon. Every second it asks anew: a notification lost with a
 * connection is no rule lost. */
static void
look(struct detector *d)
{
    arena_reset(d->scratch);
    struct scope s = scope_new(d->scratch, clock_now(&d->clock));
    bool newer = false, notified;
    s.db = d->db;
    if (!d->listens)
        d->listens = db_listen(&s, d->db, "yagura_rules");
    if (d->listens && is_newer(&s, d, &newer) && newer && !load(d))
        d->listens = false;
    if (scope_has_failed(&s))
        d->listens = false;
    struct scope waiting = scope_new(d->scratch, clock_now(&d->clock));
    if (!db_wait(&waiting, d->db, WAIT_MS, d->wake_fd, &notified))
        d->listens = false;
}

static bool
is_stopping(struct detector *d)
{
    pthread_mutex_lock(&d->lock);
    bool stopping = d->stopping;
    pthread_mutex_unlock(&d->lock);
    return stopping;
}

static void *
run(void *detector)
{
    struct detector *d = detector;
    while (!is_stopping(d))
        look(d);
    return NULL;
}

struct detector *
detector_start(const struct db_settings *db, const struct clock *clock)
{
    struct arena *a = arena_new(SCRATCH_BLOCK);
    struct detector *d = arena_new_of(a, struct detector);
    *d = (struct detector){ .arena = a, .scratch = arena_new(SCRATCH_BLOCK), .clock = *clock, .db = db_open(db),
                            .wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
    pthread_mutex_init(&d->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&d->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    (void)load(d); /* when the database is away now, the thread makes up for it */
    if (d->wake_fd >= 0 && pthread_create(&d->thread, NULL, run, d) == 0)
        return d;
    log_error(NULL, "detector.start", "%m");
    db_close(d->db);
    arena_free(d->scratch);
    arena_free(a);
    return NULL;
}

void
detector_stop(struct detector *d)
{
    uint64_t one = 1;
    if (!d)
        return;
    pthread_mutex_lock(&d->lock);
    d->stopping = true;
    pthread_mutex_unlock(&d->lock);
    if (write(d->wake_fd, &one, sizeof one) < 0)
        log_debug(NULL, "detector.wake", "%m"); /* it wakes by itself within a second */
    pthread_join(d->thread, NULL);
    if (d->current)
        detector_let_go(d, d->current);
    close(d->wake_fd);
    db_close(d->db);
    arena_free(d->scratch);
    pthread_cond_destroy(&d->changed);
    pthread_mutex_destroy(&d->lock);
    arena_free(d->arena);
}

void
detector_tell(struct detector *d, struct arena *a, struct detector_facts *out)
{
    pthread_mutex_lock(&d->lock);
    *out = d->facts;
    out->problem = d->problem[0] ? str_copy(a, str_of(d->problem)) : STR_NONE;
    pthread_mutex_unlock(&d->lock);
}

bool
detector_wait(struct detector *d, int64_t generation, int timeout_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&d->lock);
    int status = 0;
    while ((!d->current || d->facts.generation < generation) && status == 0)
        status = pthread_cond_timedwait(&d->changed, &d->lock, &until);
    bool good = d->current && d->facts.generation >= generation;
    pthread_mutex_unlock(&d->lock);
    return good;
}
