#include "server/http/arenas.h"

#include <pthread.h>

enum { KEPT_MAX = 64, BLOCK_BYTES = 32 * 1024 };

struct arenas {
    pthread_mutex_t lock;
    struct arena *kept[KEPT_MAX];
    size_t count;
};

struct arenas *
arenas_new(struct arena *a)
{
    struct arenas *p = arena_new_of(a, struct arenas);
    pthread_mutex_init(&p->lock, NULL);
    return p;
}

void
arenas_end(struct arenas *p)
{
    for (size_t i = 0; i < p->count; i++)
        arena_free(p->kept[i]);
    p->count = 0;
}

struct arena *
arenas_take(struct arenas *p)
{
    pthread_mutex_lock(&p->lock);
    struct arena *a = p->count ? p->kept[--p->count] : NULL;
    pthread_mutex_unlock(&p->lock);
    return a ? a : arena_new(BLOCK_BYTES);
}

void
arenas_give(struct arenas *p, struct arena *a)
{
    arena_reset(a);
    pthread_mutex_lock(&p->lock);
    bool keep = p->count < KEPT_MAX;
    if (keep)
        p->kept[p->count++] = a;
    pthread_mutex_unlock(&p->lock);
    if (!keep)
        arena_free(a);
}
