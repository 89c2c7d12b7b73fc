#include "server/http/rate_limit.h"

#include <pthread.h>
#include <sys/random.h>

enum { SLOTS = 8192, WINDOW = 8, MINUTE_US = 60000000 };

struct bucket {
    uint64_t key;    /* 0: free */
    int64_t at_us;   /* when `spent` was true */
    int64_t spent;   /* in microseconds of refill: 0 is a full bucket */
};

struct rate_table {
    pthread_mutex_t lock;
    int64_t per_minute, call_us; /* what one call costs */
    uint64_t seed;
    struct bucket slots[SLOTS];
};

struct rate_table *
rate_table_new(struct arena *a, int64_t per_minute)
{
    struct rate_table *t = arena_new_of(a, struct rate_table);
    pthread_mutex_init(&t->lock, NULL);
    t->per_minute = per_minute;
    t->call_us = per_minute ? MINUTE_US / per_minute : 0;
    if (getrandom(&t->seed, sizeof t->seed, 0) != sizeof t->seed)
        t->seed = (uint64_t)(uintptr_t)t;
    return t;
}

/* FNV-1a from a seed nobody outside knows, so that keys cannot be chosen to collide. */
static uint64_t
hash(uint64_t seed, struct str key)
{
    uint64_t h = seed ^ 0xCBF29CE484222325u;
    for (size_t i = 0; i < key.len; i++)
        h = (h ^ (unsigned char)key.at[i]) * 0x100000001B3u;
    h ^= h >> 29;
    return h ? h : 1;
}

static int64_t
spent_now(const struct bucket *b, int64_t now_us)
{
    int64_t left = b->spent - (now_us - b->at_us);
    return left > 0 ? left : 0;
}

static struct bucket *
find(struct rate_table *t, uint64_t key, int64_t now_us)
{
    struct bucket *fullest = NULL;
    for (uint64_t i = 0; i < WINDOW; i++) {
        struct bucket *b = &t->slots[(key + i) % SLOTS];
        if (b->key == key)
            return b;
        if (!fullest || !b->key || (fullest->key && spent_now(b, now_us) < spent_now(fullest, now_us)))
            fullest = b;
    }
    *fullest = (struct bucket){ .key = key, .at_us = now_us };
    return fullest;
}

bool
rate_take(struct rate_table *t, struct str key, int64_t now_us, struct rate *out)
{
    *out = (struct rate){ .limit = t->per_minute };
    if (!t->per_minute)
        return true;
    uint64_t hashed = hash(t->seed, key);
    pthread_mutex_lock(&t->lock);
    struct bucket *b = find(t, hashed, now_us);
    b->spent = spent_now(b, now_us);
    b->at_us = now_us;
    bool allowed = b->spent + t->call_us <= MINUTE_US;
    if (allowed)
        b->spent += t->call_us;
    int64_t spent = b->spent;
    pthread_mutex_unlock(&t->lock);
    out->remaining = (MINUTE_US - spent) / t->call_us;
    out->reset_s = (spent + 999999) / 1000000;
    out->retry_s = allowed ? 0 : (spent + t->call_us - MINUTE_US + 999999) / 1000000;
    return allowed;
}
