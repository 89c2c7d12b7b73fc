#include "workflows/oidc_kept.h"

#include <pthread.h>

#include "workflows/service.h"

enum { BODY_BYTES_MAX = 64 << 10, FIRST_BYTES = 4 << 10 };

struct kept {
    struct arena *arena; /* of url and body: absent, the place is free */
    struct str url, body;
    struct instant at;
};

struct oidc_kept {
    pthread_mutex_t lock;
    struct kept places[OIDC_KEPT_MAX];
};

struct oidc_kept *
oidc_kept_new(struct arena *a)
{
    struct oidc_kept *k = arena_new_of(a, struct oidc_kept);
    *k = (struct oidc_kept){ 0 };
    pthread_mutex_init(&k->lock, NULL);
    return k;
}

/* Where it is, else a free place, else the oldest. */
static struct kept *
place_of(struct oidc_kept *k, struct str url)
{
    struct kept *best = k->places;
    for (size_t i = 0; i < OIDC_KEPT_MAX; i++) {
        struct kept *each = k->places + i;
        if (each->arena && str_eq(each->url, url))
            return each;
        if (best->arena && (!each->arena || each->at.us < best->at.us))
            best = each;
    }
    return best;
}

bool
oidc_kept_find(struct scope *s, struct str url, int64_t age_us, struct str *body)
{
    struct oidc_kept *k = s->service->oidc_kept;
    pthread_mutex_lock(&k->lock);
    const struct kept *there = place_of(k, url);
    int64_t age = s->now.us - there->at.us;
    bool found = there->arena && str_eq(there->url, url) && age >= 0 && age < age_us;
    if (found)
        *body = str_copy(s->arena, there->body);
    pthread_mutex_unlock(&k->lock);
    return found;
}

void
oidc_kept_put(struct scope *s, struct str url, struct str body)
{
    struct oidc_kept *k = s->service->oidc_kept;
    if (body.len > BODY_BYTES_MAX)
        return;
    struct arena *arena = arena_new(FIRST_BYTES);
    struct kept fresh = { .arena = arena, .url = str_copy(arena, url), .body = str_copy(arena, body), .at = s->now };
    pthread_mutex_lock(&k->lock);
    struct kept *there = place_of(k, url);
    struct arena *old = there->arena;
    *there = fresh;
    pthread_mutex_unlock(&k->lock);
    if (old)
        arena_free(old);
}
