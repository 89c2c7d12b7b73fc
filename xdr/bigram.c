#include "xdr/bigram.h"

#include <pthread.h>

#include "xdr/ordinary.h"

#ifdef __SSE2__

enum { BITS_MIN = 8, BITS_MAX = 13, FEW = 16, BYTES = 256 };

struct build {
    uint64_t *table;
    uint16_t mask;
    const float *habits;                /* how often each pair stands in ordinary values */
    float shares[BUCKETS][WINDOW_MAX];  /* of all places, those a bucket allows at a distance */
};

/* A lone byte counts as a pair with anything behind it. */
static size_t
pairs_of(const struct windows *w)
{
    return w->bytes > 1 ? w->bytes - 1u : 1;
}

static uint64_t
forbidding(size_t distance, size_t bucket)
{
    return 1ull << (BUCKETS * distance + bucket);
}

/* ---- how often pairs stand in ordinary values ---- */

static float habits[1 << BITS_MAX];
static pthread_once_t habits_made = PTHREAD_ONCE_INIT;

static void
learn_habits(void)
{
    const uint16_t mask = (1 << BITS_MAX) - 1;
    size_t len = strlen(ordinary_values);
    for (size_t i = 0; i <= mask; i++)
        habits[i] = 0.5f / (float)len;
    for (size_t i = 0; i + 1 < len; i++) {
        const unsigned char *at = (const unsigned char *)ordinary_values + i;
        habits[(at[0] | at[1] << 8) & mask] += 1.0f / (float)len;
    }
}

/* ---- building ---- */

/* Of pairs of which fewer bits count. */
static const float *
habits_of(struct arena *work, uint16_t mask)
{
    float *sums = arena_array_of(work, mask + 1u, float);
    for (size_t i = 0; i < COUNT_OF(habits); i++)
        sums[i & mask] += habits[i];
    return sums;
}

static void
forbid_all(struct build *b, const struct windows *w)
{
    uint64_t all = 0;
    for (size_t bucket = 0; bucket < BUCKETS; bucket++)
        for (size_t distance = 0; w->buckets >> bucket & 1 && distance < pairs_of(w); distance++) {
            all |= forbidding(distance, bucket);
            b->shares[bucket][distance] = 0;
        }
    for (size_t i = 0; i <= b->mask; i++)
        b->table[i] |= all;
}

static size_t
place_of_pair(const struct build *b, uint64_t window, size_t i)
{
    return window >> 8 * i & b->mask;
}

static float
share_of_place(const struct build *b, size_t place, size_t distance, size_t bucket)
{
    return b->table[place] & forbidding(distance, bucket) ? b->habits[place] : 0;
}

/* How many more places the bucket would let pass, roughly. */
static float
loss(const struct build *b, const struct windows *w, uint64_t window, size_t bucket)
{
    size_t pairs = pairs_of(w);
    float before = 1, after = 1;
    for (size_t i = 0; i < pairs; i++) {
        size_t distance = pairs - 1 - i;
        before *= b->shares[bucket][distance];
        after *= b->shares[bucket][distance] + share_of_place(b, place_of_pair(b, window, i), distance, bucket);
    }
    return after - before;
}

static void
allow_pair(struct build *b, size_t place, size_t distance, size_t bucket)
{
    b->shares[bucket][distance] += share_of_place(b, place, distance, bucket);
    b->table[place] &= ~forbidding(distance, bucket);
}

static void
allow_window(struct build *b, const struct windows *w, uint64_t window, size_t bucket)
{
    size_t pairs = pairs_of(w);
    for (size_t i = 0; i < pairs && w->bytes > 1; i++)
        allow_pair(b, place_of_pair(b, window, i), pairs - 1 - i, bucket);
    for (uint64_t second = 0; w->bytes == 1 && second < BYTES; second++)
        allow_pair(b, place_of_pair(b, window | second << 8, 0), 0, bucket);
}

/* Each window joins the bucket that lets few more places pass for it. What all of them let pass is returned. */
static float
spread(struct build *b, const struct windows *w)
{
    forbid_all(b, w);
    for (size_t i = 0; i < w->count; i++) {
        size_t best = 0;
        float least = 2;
        for (size_t bucket = 0; bucket < BUCKETS; bucket++) {
            float more = w->buckets >> bucket & 1 ? loss(b, w, w->items[i], bucket) : 2;
            if (more < least) {
                least = more;
                best = bucket;
            }
        }
        allow_window(b, w, w->items[i], best);
    }
    float sum = 0;
    for (size_t bucket = 0; bucket < BUCKETS; bucket++) {
        float share = w->buckets >> bucket & 1 ? 1 : 0;
        for (size_t distance = 0; distance < pairs_of(w); distance++)
            share *= b->shares[bucket][distance];
        sum += share;
    }
    return sum;
}

/* Every length has a bucket; the others go one by one to the length that lets most pass. */
static void
share_buckets(struct build *b, struct windows *lengths, size_t count)
{
    float passing[BUCKETS];
    for (size_t i = 0; i < count; i++) {
        lengths[i].buckets = (uint8_t)(1u << i);
        passing[i] = spread(b, &lengths[i]);
    }
    for (size_t bucket = count; bucket < BUCKETS; bucket++) {
        size_t most = 0;
        for (size_t i = 1; i < count; i++)
            most = passing[i] > passing[most] ? i : most;
        lengths[most].buckets |= (uint8_t)(1u << bucket);
        passing[most] = spread(b, &lengths[most]);
    }
}

static uint64_t
before_text(const struct windows *lengths, size_t count)
{
    uint64_t start = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t place = 0; place + 1 < pairs_of(&lengths[i]); place++)
            start |= (uint64_t)lengths[i].buckets << BUCKETS * place;
    return start;
}

const struct bigrams *
bigrams_new(struct arena *a, struct windows *lengths, size_t count)
{
    scoped(arena_end) struct arena *work = arena_new(64 * 1024);
    size_t windows = 0;
    for (size_t i = 0; i < count; i++)
        windows += lengths[i].count;
    if (count == 0 || count > BUCKETS)
        return NULL;
    int bits = BITS_MIN;
    while (bits < BITS_MAX && windows > (size_t)FEW << (bits - BITS_MIN))
        bits++;
    struct build b = { .mask = (uint16_t)((1u << bits) - 1) };
    pthread_once(&habits_made, learn_habits);
    b.table = arena_array_of(a, b.mask + 1u, uint64_t);
    b.habits = habits_of(work, b.mask);
    share_buckets(&b, lengths, count);
    struct bigrams *made = arena_new_of(a, struct bigrams);
    *made = (struct bigrams){ b.table, before_text(lengths, count), b.mask };
    return made;
}

#else

const struct bigrams *
bigrams_new(struct arena *a, struct windows *lengths, size_t count)
{
    (void)a;
    (void)lengths;
    (void)count;
    return NULL;
}

#endif
