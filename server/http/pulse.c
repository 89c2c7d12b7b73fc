#include "server/http/pulse.h"

#include <pthread.h>

#include "core/base/log.h"
#include "core/db/migrate.h"
#include "server/http/parts.h"
#include "server/http/peers.h"

enum { BEAT_S = 2, MIGRATIONS_EVERY = 15, ARENA_BYTES = 16 * 1024 };

struct pulse {
    struct http *http;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping;
    struct pulse_sight seen;
    struct db *db;
    struct arena *arena;
    int beats;
};

const struct shape gauge_row_shape = SHAPE(gauge_row,
    FIELD(gauge_row, name, "The metric's name"),
    FIELD(gauge_row, labels, "Its labels as Prometheus writes them"),
    FIELD(gauge_row, value, "What it says"));

const struct shape gauge_ask_shape = SHAPE(gauge_ask, FIELD(gauge_ask, at, "When it is asked"));

static void
keep_gauges(struct pulse_sight *seen, const struct rows *rows)
{
    const struct gauge_row *items = rows->items;
    for (size_t i = 0; i < rows->count && seen->gauge_count < PULSE_GAUGES_MAX; i++) {
        size_t k = seen->gauge_count++;
        snprintf(seen->gauges[k].name, sizeof seen->gauges[k].name, STR_FMT, STR_ARG(items[i].name));
        snprintf(seen->gauges[k].labels, sizeof seen->gauges[k].labels, STR_FMT, STR_ARG(items[i].labels));
        seen->gauges[k].value = items[i].value;
    }
}

static bool
ask_database(struct scope *s, struct pulse *p, struct pulse_sight *seen)
{
    const struct http_settings *settings = &p->http->settings;
    if (!db_begin(s, p->db, (struct uuids){ 0 }))
        return false;
    for (size_t i = 0; i < settings->gauge_count; i++) {
        struct rows rows;
        if (!db_list(s, settings->gauges[i], &(struct gauge_ask){ s->now }, &rows))
            return false;
        keep_gauges(seen, &rows);
    }
    return db_commit(s);
}

static void
count_migrations(struct scope *s, struct pulse *p, struct pulse_sight *seen)
{
    const struct http_settings *settings = &p->http->settings;
    bool is_due = p->seen.migrations_pending != 0 || p->beats % MIGRATIONS_EVERY == 0;
    seen->migrations_pending = p->seen.migrations_pending;
    if (!is_due)
        return;
    if (!migrate_pending(s, settings->database_owner_url, str_c(s->arena, settings->migrations_folder),
                         &seen->migrations_pending))
        seen->migrations_pending = -1;
}

static void
beat(struct pulse *p)
{
    struct pulse_sight seen = { 0 };
    arena_reset(p->arena);
    struct scope s = scope_new(p->arena, clock_now(p->http->settings.clock));
    seen.database_answers = ask_database(&s, p, &seen);
    db_end(&s);
    if (!seen.database_answers)
        snprintf(seen.trouble, sizeof seen.trouble, STR_FMT, STR_ARG(s.failure.detail));
    if (seen.database_answers != p->seen.database_answers)
        log_event(&s, seen.database_answers ? LOG_INFO : LOG_ERROR, "database.state", "%s%s",
                  seen.database_answers ? "answers" : "does not answer: ", seen.trouble);
    struct scope migrations = scope_new(p->arena, s.now);
    if (seen.database_answers)
        count_migrations(&migrations, p, &seen);
    else
        seen.migrations_pending = -1;
    peers_sweep(p->http->peers, clock_monotonic_us());
    pthread_mutex_lock(&p->lock);
    p->seen = seen;
    pthread_mutex_unlock(&p->lock);
    p->beats++;
}

static bool
rest(struct pulse *p)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += BEAT_S;
    pthread_mutex_lock(&p->lock);
    int waited = 0;
    while (!p->stopping && waited == 0)
        waited = pthread_cond_timedwait(&p->wake, &p->lock, &until);
    bool go_on = !p->stopping;
    pthread_mutex_unlock(&p->lock);
    return go_on;
}

static void *
live(void *argument)
{
    struct pulse *p = argument;
    do
        beat(p);
    while (rest(p));
    db_close(p->db);
    arena_free(p->arena);
    return NULL;
}

struct pulse *
pulse_start(struct arena *a, struct http *h)
{
    struct pulse *p = arena_new_of(a, struct pulse);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&p->wake, &monotonic);
    pthread_mutex_init(&p->lock, NULL);
    p->http = h;
    p->seen.migrations_pending = -1;
    p->db = db_open(&h->settings.db);
    p->arena = arena_new(ARENA_BYTES);
    if (pthread_create(&p->thread, NULL, live, p) != 0)
        abort();
    return p;
}

void
pulse_stop(struct pulse *p)
{
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_cond_signal(&p->wake);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->thread, NULL);
}

void
pulse_look(struct pulse *p, struct pulse_sight *out)
{
    pthread_mutex_lock(&p->lock);
    *out = p->seen;
    pthread_mutex_unlock(&p->lock);
}
