#include "workflows/ingest_gate.h"

#include <pthread.h>

#include "workflows/ingest.h"
#include "xdr/fold.h"

enum { TABLE = 4096, BLOCK = 64 * 1024 };
enum { BURST_S = 2, TOLD_EVERY_S = 5, RETRY_S = 1, BUSY_RETRY_S = 2, RETRY_MOST_S = 60 };
enum { ARRIVAL_LEVEL = 1 }; /* quick; small segments are merged later, and packed better then */

const struct problem ingest_too_fast = {
    429, "too-many-events",
    { "This key sends more than its share. Please wait and send again.",
      "このキーの送信量が割り当てを超えています。しばらく待ってから再送してください。" },
};
const struct problem ingest_too_many = {
    503, "ingest-busy",
    { "Too many batches arrive at the moment. Please send again soon.",
      "現在、受信が混み合っています。少し待ってから再送してください。" },
};

struct house_share { /* of one customer */
    struct house_share *next;
    struct uuid tenant_id;
    int64_t at_work;
};

struct key_share {
    struct key_share *next;
    struct uuid key_id;
    struct house_share *house;
    int64_t at_work;
    double events; /* that it may send now; below zero: it waits */
    double per_second;
    int64_t filled_us, told_us;
    struct sender_count untold;
};

struct ingest_gate {
    pthread_mutex_t lock;
    struct arena *arena;
    struct ingest_limits limits;
    struct key_share *keys[TABLE];
    struct house_share *houses[TABLE];
    struct ingest_tools *idle;
    struct ingest_place *spare;
    int64_t at_work;
};

struct ingest_place {
    struct ingest_place *next;
    struct ingest_gate *gate;
    struct key_share *key;
    struct ingest_tools *tools;
};

static void
release(void *handle)
{
    struct ingest_gate *g = handle;
    for (struct ingest_tools *t = g->idle; t;) {
        struct arena *kept = t->kept;
        arena_free(t->batch);
        t = t->next;
        arena_free(kept);
    }
    pthread_mutex_destroy(&g->lock);
    arena_free(g->arena);
}

struct ingest_gate *
ingest_gate_new(struct arena *a, const struct ingest_limits *limits)
{
    struct ingest_gate *g = arena_new_of(a, struct ingest_gate);
    *g = (struct ingest_gate){ .limits = *limits, .arena = arena_new(BLOCK) };
    pthread_mutex_init(&g->lock, NULL);
    arena_defer(a, release, g);
    return g;
}

static struct ingest_tools *
tools_new(void)
{
    static const struct decoder_bounds bounds = { .text_max = INGEST_TEXT_MAX, .ratio_max = INGEST_RATIO_MAX,
                                                  .ratio_from = INGEST_RATIO_FROM };
    struct arena *kept = arena_new(BLOCK);
    struct ingest_tools *t = arena_new_of(kept, struct ingest_tools);
    *t = (struct ingest_tools){ .kept = kept, .batch = arena_new(BLOCK), .decoder = decoder_new(kept, &bounds),
                                .writer = segment_writer_new(kept, &(struct segment_options){ .level = ARRIVAL_LEVEL }),
                                .carried = arena_alloc(kept, INGEST_EVENT_MAX + FOLD_SLACK) };
    return t;
}

static size_t
row_of(struct uuid id)
{
    uint32_t random;
    memcpy(&random, id.bytes + 12, sizeof random);
    return random % TABLE;
}

/* ---- under the lock ---- */

static struct house_share *
house_of(struct ingest_gate *g, struct uuid tenant_id)
{
    struct house_share **at = &g->houses[row_of(tenant_id)];
    while (*at && !uuid_eq((*at)->tenant_id, tenant_id))
        at = &(*at)->next;
    if (!*at) {
        *at = arena_new_of(g->arena, struct house_share);
        **at = (struct house_share){ .tenant_id = tenant_id };
    }
    return *at;
}

static struct key_share *
key_of(struct ingest_gate *g, const struct sender_row *sender)
{
    struct key_share **at = &g->keys[row_of(sender->key_id)];
    while (*at && !uuid_eq((*at)->key_id, sender->key_id))
        at = &(*at)->next;
    double share = (double)(sender->events_per_second == INT_NONE ? g->limits.key_events_per_second
                                                                 : sender->events_per_second);
    if (!*at) {
        *at = arena_new_of(g->arena, struct key_share);
        **at = (struct key_share){ .key_id = sender->key_id, .house = house_of(g, sender->tenant_id),
                                   .filled_us = clock_monotonic_us(), .events = share * BURST_S,
                                   .untold.key_id = sender->key_id };
    }
    (*at)->per_second = share;
    return *at;
}

static void
fill(struct key_share *k)
{
    int64_t now_us = clock_monotonic_us();
    k->events += k->per_second * (double)(now_us - k->filled_us) / 1e6;
    if (k->events > k->per_second * BURST_S)
        k->events = k->per_second * BURST_S;
    k->filled_us = now_us;
}

static bool
may_enter(struct scope *s, const struct ingest_gate *g, const struct key_share *k)
{
    const struct ingest_limits *l = &g->limits;
    s->failure.retry_after_s = RETRY_S;
    if (k->events < 0) {
        int64_t wait_s = (int64_t)(-k->events / k->per_second) + 1;
        s->failure.retry_after_s = wait_s < RETRY_MOST_S ? wait_s : RETRY_MOST_S;
        return fail(s, &ingest_too_fast, "%lld events a second", (long long)k->per_second);
    }
    if (k->at_work >= l->key_batches)
        return fail(s, &ingest_too_fast, "%lld batches of one key at once", (long long)l->key_batches);
    if (k->house->at_work >= l->tenant_batches)
        return fail(s, &ingest_too_fast, "%lld batches of one customer at once", (long long)l->tenant_batches);
    s->failure.retry_after_s = BUSY_RETRY_S;
    if (g->at_work >= l->batches)
        return fail(s, &ingest_too_many, "%lld batches at once", (long long)l->batches);
    s->failure.retry_after_s = 0;
    return true;
}

static struct ingest_place *
take_place(struct ingest_gate *g, struct key_share *k)
{
    struct ingest_place *p = g->spare ? g->spare : arena_new_of(g->arena, struct ingest_place);
    if (g->spare)
        g->spare = p->next;
    *p = (struct ingest_place){ .gate = g, .key = k, .tools = g->idle };
    if (g->idle)
        g->idle = g->idle->next;
    g->at_work++;
    k->at_work++;
    k->house->at_work++;
    return p;
}

/* ---- for batches ---- */

bool
ingest_enter(struct scope *s, struct ingest_gate *g, const struct sender_row *sender, struct ingest_place **out)
{
    pthread_mutex_lock(&g->lock);
    struct key_share *k = key_of(g, sender);
    fill(k);
    *out = may_enter(s, g, k) ? take_place(g, k) : NULL;
    pthread_mutex_unlock(&g->lock);
    if (*out && !(*out)->tools)
        (*out)->tools = tools_new();
    return *out != NULL;
}

struct ingest_tools *
ingest_place_tools(struct ingest_place *p)
{
    return p->tools;
}

void
ingest_spend(struct ingest_place *p, int64_t events)
{
    pthread_mutex_lock(&p->gate->lock);
    p->key->events -= (double)events;
    pthread_mutex_unlock(&p->gate->lock);
}

bool
ingest_tell(struct ingest_place *p, const struct sender_count *add, struct sender_count *out)
{
    struct key_share *k = p->key;
    int64_t now_us = clock_monotonic_us();
    pthread_mutex_lock(&p->gate->lock);
    struct sender_count *sum = &k->untold;
    sum->events += add->events;
    sum->bytes += add->bytes;
    sum->refused += add->refused;
    bool due = !k->told_us || now_us - k->told_us >= SECONDS(TOLD_EVERY_S);
    if (due) {
        *out = *sum;
        *sum = (struct sender_count){ .key_id = k->key_id };
        k->told_us = now_us;
    }
    pthread_mutex_unlock(&p->gate->lock);
    return due;
}

void
ingest_tell_later(struct ingest_place *p, const struct sender_count *untold)
{
    pthread_mutex_lock(&p->gate->lock);
    struct sender_count *sum = &p->key->untold;
    sum->events += untold->events;
    sum->bytes += untold->bytes;
    sum->refused += untold->refused;
    pthread_mutex_unlock(&p->gate->lock);
}

void
ingest_leave(struct ingest_place *p)
{
    struct ingest_gate *g = p->gate;
    arena_reset(p->tools->batch);
    pthread_mutex_lock(&g->lock);
    g->at_work--;
    p->key->at_work--;
    p->key->house->at_work--;
    p->tools->next = g->idle;
    g->idle = p->tools;
    p->next = g->spare;
    g->spare = p;
    pthread_mutex_unlock(&g->lock);
}
