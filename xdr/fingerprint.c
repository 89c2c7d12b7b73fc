#include "xdr/fingerprint.h"

#include "xdr/ordinary.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum {
    GROUPS = 8, /* a bit each in a byte of a table */
    RUNS_MAX = 600,
    STEP = 32,
    HALVES = 16,
};

_Static_assert(MARKED_MIN == STEP + RUN_BYTES - 1, "a text has room for a step");

struct fingerprints { /* which groups allow a half of a byte */
    uint8_t lower[RUN_BYTES][HALVES], upper[RUN_BYTES][HALVES];
};

#if defined(__x86_64__)

/* ---- building ---- */

/* How often each byte stands in ordinary values, by its halves. */
struct habits {
    float of[16][16];
};

static void
learn_habits(struct habits *h)
{
    struct str values = str_of(ordinary_values);
    for (size_t i = 0; i < 256; i++)
        h->of[i >> 4][i & 15] = 0.5f / (float)values.len;
    for (size_t i = 0; i < values.len; i++) {
        unsigned char byte = (unsigned char)values.at[i];
        h->of[byte >> 4][byte & 15] += 1.0f / (float)values.len;
    }
}

/* What a group allows, by halves of the bytes at each place. */
struct allowed {
    uint16_t lower[RUN_BYTES], upper[RUN_BYTES];
    float share; /* of all places, roughly */
};

static void
allow_byte(struct allowed *g, size_t place, unsigned char byte)
{
    g->lower[place] |= (uint16_t)(1u << (byte & 15));
    g->upper[place] |= (uint16_t)(1u << (byte >> 4));
}

static void
allow_run(struct allowed *g, const struct run *run)
{
    for (size_t i = 0; i < RUN_BYTES; i++) {
        if (i >= run->bytes.len) {
            g->lower[i] = g->upper[i] = UINT16_MAX;
            continue;
        }
        unsigned char byte = (unsigned char)run->bytes.at[i], letter = byte | 0x20;
        allow_byte(g, i, byte);
        if (run->any_case && letter >= 'a' && letter <= 'z')
            allow_byte(g, i, byte ^ 0x20);
    }
}

static float
share_allowed(const struct habits *h, const struct allowed *g)
{
    float share = 1;
    for (size_t i = 0; i < RUN_BYTES; i++) {
        float sum = 0;
        for (unsigned upper = g->upper[i]; upper; upper &= upper - 1)
            for (unsigned lower = g->lower[i]; lower; lower &= lower - 1)
                sum += h->of[__builtin_ctz(upper)][__builtin_ctz(lower)];
        share *= sum;
    }
    return share;
}

/* Each run joins the group that allows little more for it. */
static void
spread_runs(const struct habits *h, struct allowed groups[GROUPS], const struct run *runs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct allowed best = { .share = 0 };
        size_t at = 0;
        float least = 2;
        for (size_t n = 0; n < GROUPS; n++) {
            struct allowed tried = groups[n];
            allow_run(&tried, &runs[i]);
            tried.share = share_allowed(h, &tried);
            if (tried.share - groups[n].share < least) {
                least = tried.share - groups[n].share;
                best = tried;
                at = n;
            }
        }
        groups[at] = best;
    }
}

static void
lay_out_group(struct fingerprints *f, uint8_t group, const struct allowed *g)
{
    for (size_t place = 0; place < RUN_BYTES; place++)
        for (size_t i = 0; i < HALVES; i++) {
            f->lower[place][i] |= g->lower[place] >> i & 1 ? group : 0;
            f->upper[place][i] |= g->upper[place] >> i & 1 ? group : 0;
        }
}

const struct fingerprints *
fingerprints_new(struct arena *a, const struct run *runs, size_t count)
{
    if (count == 0 || count > RUNS_MAX || !__builtin_cpu_supports("avx2"))
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (runs[i].bytes.len == 0)
            return NULL;
    struct fingerprints *f = arena_new_of(a, struct fingerprints);
    struct habits habits;
    struct allowed groups[GROUPS] = { 0 };
    learn_habits(&habits);
    spread_runs(&habits, groups, runs, count);
    for (size_t i = 0; i < GROUPS; i++)
        lay_out_group(f, (uint8_t)(1u << i), &groups[i]);
    return f;
}

/* ---- looking ---- */

#define WITH_AVX2 __attribute__((target("avx2")))
#define INSIDE_LOOP __attribute__((target("avx2"), always_inline)) static inline

struct halves {
    __m256i lower, upper;
};

/* Both lanes of a vector look things up alike. */
INSIDE_LOOP __m256i
table(const uint8_t of[HALVES])
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)of));
}

INSIDE_LOOP struct halves
halves_at(const char *at)
{
    const __m256i low_bits = _mm256_set1_epi8(15);
    __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)at);
    return (struct halves){ _mm256_and_si256(bytes, low_bits),
                            _mm256_and_si256(_mm256_srli_epi16(bytes, 4), low_bits) };
}

INSIDE_LOOP struct halves
tables_of_byte(const struct fingerprints *f, size_t place)
{
    return (struct halves){ table(f->lower[place]), table(f->upper[place]) };
}

struct tables { /* in registers while a text is looked through */
    struct halves first, second, third;
};

INSIDE_LOOP __m256i
groups_of_byte(struct halves tables, struct halves byte)
{
    return _mm256_and_si256(_mm256_shuffle_epi8(tables.lower, byte.lower),
                            _mm256_shuffle_epi8(tables.upper, byte.upper));
}

/* For each of the places at[0] to at[31] the groups of which a run may begin there; reads two bytes more. */
INSIDE_LOOP __m256i
groups_at(const struct tables *t, const char *at)
{
    __m256i groups = _mm256_and_si256(groups_of_byte(t->first, halves_at(at)),
                                      groups_of_byte(t->second, halves_at(at + 1)));
    return _mm256_and_si256(groups, groups_of_byte(t->third, halves_at(at + 2)));
}

/* Adds the places from `begin` on that have a group, but for those before `from`. */
INSIDE_LOOP size_t
add_marks(__m256i groups, size_t begin, size_t from, uint32_t *marks, size_t n)
{
    uint32_t places = ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(groups, _mm256_setzero_si256()));
    for (places &= UINT32_MAX << (from - begin); places; places &= places - 1)
        marks[n++] = (uint32_t)(begin + (size_t)__builtin_ctz(places));
    return n;
}

/* Most steps find nothing. The last one ends with the text and overlaps the one before. */
WITH_AVX2 size_t
fingerprints_mark(const struct fingerprints *f, struct str text, size_t from, uint32_t marks[MARKS_MAX], size_t *count)
{
    const struct tables t = { tables_of_byte(f, 0), tables_of_byte(f, 1), tables_of_byte(f, 2) };
    size_t n = 0, i = from, last = text.len - MARKED_MIN, end = last + STEP;
    for (; i + STEP <= last && n + 2 * STEP <= MARKS_MAX; i += 2 * (size_t)STEP) {
        __m256i first = groups_at(&t, text.at + i), second = groups_at(&t, text.at + i + STEP);
        __m256i both = _mm256_or_si256(first, second);
        if (_mm256_testz_si256(both, both))
            continue;
        n = add_marks(first, i, i, marks, n);
        n = add_marks(second, i + STEP, i + STEP, marks, n);
    }
    while (i < end && n + STEP <= MARKS_MAX) {
        size_t begin = i < last ? i : last;
        n = add_marks(groups_at(&t, text.at + begin), begin, i, marks, n);
        i = begin + STEP;
    }
    *count = n;
    return i < end ? i : text.len;
}

#else

const struct fingerprints *
fingerprints_new(struct arena *a, const struct run *runs, size_t count)
{
    (void)a;
    (void)runs;
    (void)count;
    return NULL;
}

size_t
fingerprints_mark(const struct fingerprints *f, struct str text, size_t from, uint32_t marks[MARKS_MAX], size_t *count)
{
    (void)f;
    (void)from;
    (void)marks;
    *count = 0;
    return text.len;
}

#endif
