#include "server/http/workers.h"

#include <pthread.h>

struct worker {
    struct workers *pool;
    struct db *db;
    pthread_t thread;
    uint64_t owner; /* of the task it runs */
};

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct task *first, **last;
    struct workers_state state; /* `waiting` counts reserved places as well */
    bool stopping;
    struct worker *items;
};

static int64_t
at_work_for(const struct workers *p, uint64_t owner)
{
    int64_t count = 0;
    for (int64_t i = 0; owner && i < p->state.threads; i++)
        count += p->items[i].owner == owner;
    return count;
}

/* The first task of whoever has the fewest at work; NULL when all that wait are of one who has his most. */
static struct task **
choose(struct workers *p)
{
    struct task **best = NULL;
    int64_t fewest = p->stopping || p->state.threads == 1 ? INT64_MAX : p->state.threads - 1;
    for (struct task **at = &p->first; *at && fewest > 0; at = &(*at)->next) {
        int64_t count = at_work_for(p, (*at)->owner);
        if (count < fewest) {
            fewest = count;
            best = at;
        }
    }
    return best;
}

static struct task *
next_task(struct worker *w, bool finished_one)
{
    struct workers *p = w->pool;
    struct task **at, *t = NULL;
    pthread_mutex_lock(&p->lock);
    p->state.busy -= finished_one;
    w->owner = 0;
    while (!(at = choose(p)) && !(p->stopping && !p->first))
        pthread_cond_wait(&p->wake, &p->lock);
    if (at) {
        t = *at;
        *at = t->next;
        if (p->last == &t->next)
            p->last = at;
        w->owner = t->owner;
        p->state.waiting--;
        p->state.busy++;
    }
    pthread_mutex_unlock(&p->lock);
    return t;
}

static void *
work(void *argument)
{
    struct worker *w = argument;
    struct task *t;
    bool finished_one = false;
    while ((t = next_task(w, finished_one))) {
        t->run(w, t);
        finished_one = true;
    }
    db_close(w->db);
    return NULL;
}

struct workers *
workers_start(struct arena *a, const struct db_settings *db, int64_t threads, int64_t waiting_max)
{
    struct workers *p = arena_new_of(a, struct workers);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->wake, NULL);
    p->last = &p->first;
    p->state = (struct workers_state){ .threads = threads, .waiting_max = waiting_max };
    p->items = arena_array_of(a, (size_t)threads, struct worker);
    for (int64_t i = 0; i < threads; i++) {
        struct worker *w = &p->items[i];
        *w = (struct worker){ .pool = p, .db = db_open(db) };
        if (pthread_create(&w->thread, NULL, work, w) != 0)
            abort(); /* a service that cannot have its threads must not start half */
    }
    return p;
}

void
workers_stop(struct workers *p)
{
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_cond_broadcast(&p->wake);
    pthread_mutex_unlock(&p->lock);
    for (int64_t i = 0; i < p->state.threads; i++)
        pthread_join(p->items[i].thread, NULL);
}

bool
workers_reserve(struct workers *p)
{
    pthread_mutex_lock(&p->lock);
    bool free_place = p->state.waiting < p->state.waiting_max && !p->stopping;
    p->state.waiting += free_place;
    pthread_mutex_unlock(&p->lock);
    return free_place;
}

static void
append(struct workers *p, struct task *t, int64_t places)
{
    pthread_mutex_lock(&p->lock);
    t->next = NULL;
    *p->last = t;
    p->last = &t->next;
    p->state.waiting += places;
    pthread_cond_signal(&p->wake);
    pthread_mutex_unlock(&p->lock);
}

void
workers_push(struct workers *p, struct task *t)
{
    append(p, t, 0);
}

void
workers_push_more(struct workers *p, struct task *t)
{
    append(p, t, 1);
}

struct workers_state
workers_look(struct workers *p)
{
    pthread_mutex_lock(&p->lock);
    struct workers_state state = p->state;
    pthread_mutex_unlock(&p->lock);
    return state;
}

struct db *
worker_db(struct worker *w)
{
    return w->db;
}
