#include "xdr/fingerprint.h"

#include "xdr/ordinary.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum {
    GROUPS = 8,   /* a bit each in a byte of a table */
    SETS_MAX = 4, /* of tables, when eight groups would allow nearly anything */
    RUNS_OF_ONE_SET = 24,
    RUNS_MAX = 600,
    STEP = 32,
    HALVES = 16,
    LONG_TEXT_BYTES = 3, /* of a run that count in long texts */
};

struct tables { /* which groups allow a half of a byte */
    uint8_t lower[RUN_BYTES][HALVES], upper[RUN_BYTES][HALVES];
};

struct fingerprints {
    size_t sets;
    enum fingerprint_use use;
    struct tables tables[SETS_MAX];
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
allow_run(struct allowed *g, const struct run *run, size_t bytes)
{
    for (size_t i = 0; i < RUN_BYTES; i++) {
        if (i >= run->bytes.len || i >= bytes) {
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
spread_runs(const struct habits *h, struct allowed *groups, size_t group_count, const struct run *runs, size_t count,
            size_t bytes)
{
    for (size_t i = 0; i < count; i++) {
        struct allowed best = { .share = 0 };
        size_t at = 0;
        float least = 2;
        for (size_t n = 0; n < group_count; n++) {
            struct allowed tried = groups[n];
            allow_run(&tried, &runs[i], bytes);
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
lay_out_group(struct tables *t, uint8_t group, const struct allowed *g)
{
    for (size_t place = 0; place < RUN_BYTES; place++)
        for (size_t i = 0; i < HALVES; i++) {
            t->lower[place][i] |= g->lower[place] >> i & 1 ? group : 0;
            t->upper[place][i] |= g->upper[place] >> i & 1 ? group : 0;
        }
}

const struct fingerprints *
fingerprints_new(struct arena *a, const struct run *runs, size_t count, enum fingerprint_use use)
{
    size_t sets = use == FOR_LONG_TEXTS ? 1 : count / RUNS_OF_ONE_SET + 1;
    if (count == 0 || count > RUNS_MAX || !__builtin_cpu_supports("avx2"))
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (runs[i].bytes.len == 0)
            return NULL;
    struct fingerprints *f = arena_new_of(a, struct fingerprints);
    f->sets = sets < SETS_MAX ? sets : SETS_MAX;
    f->use = use;
    struct habits habits;
    struct allowed groups[SETS_MAX * GROUPS] = { 0 };
    learn_habits(&habits);
    spread_runs(&habits, groups, f->sets * GROUPS, runs, count, use == FOR_LONG_TEXTS ? LONG_TEXT_BYTES : RUN_BYTES);
    for (size_t i = 0; i < f->sets * GROUPS; i++)
        lay_out_group(&f->tables[i / GROUPS], (uint8_t)(1u << i % GROUPS), &groups[i]);
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
tables_of_byte(const struct tables *t, size_t place)
{
    return (struct halves){ table(t->lower[place]), table(t->upper[place]) };
}

INSIDE_LOOP __m256i
groups_of_byte(struct halves tables, struct halves byte)
{
    return _mm256_and_si256(_mm256_shuffle_epi8(tables.lower, byte.lower),
                            _mm256_shuffle_epi8(tables.upper, byte.upper));
}

INSIDE_LOOP __m256i
groups_of_run(const struct tables *t, const struct halves bytes[RUN_BYTES])
{
    __m256i groups = groups_of_byte(tables_of_byte(t, 0), bytes[0]);
    for (size_t i = 1; i < RUN_BYTES; i++)
        groups = _mm256_and_si256(groups, groups_of_byte(tables_of_byte(t, i), bytes[i]));
    return groups;
}

/* For each of the places at[0] to at[31] the groups of which a run may begin there; reads three bytes more. */
INSIDE_LOOP __m256i
groups_at(const struct fingerprints *f, size_t sets, const char *at)
{
    struct halves bytes[RUN_BYTES];
    for (size_t i = 0; i < RUN_BYTES; i++)
        bytes[i] = halves_at(at + i);
    __m256i groups = groups_of_run(&f->tables[0], bytes);
    for (size_t set = 1; set < sets; set++)
        groups = _mm256_or_si256(groups, groups_of_run(&f->tables[set], bytes));
    return groups;
}

/* Adds the places at `i` and behind that have a group and lie in the text. */
INSIDE_LOOP size_t
add_marks(__m256i groups, struct str text, size_t i, uint32_t *marks, size_t n)
{
    uint32_t places = ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(groups, _mm256_setzero_si256()));
    if (text.len - i < STEP)
        places &= (1u << (text.len - i)) - 1;
    for (; places; places &= places - 1)
        marks[n++] = (uint32_t)(i + (size_t)__builtin_ctz(places));
    return n;
}

INSIDE_LOOP size_t
mark(const struct fingerprints *f, size_t sets, struct str text, size_t from, uint32_t *marks, size_t *count)
{
    size_t n = 0, i = from;
    for (; i < text.len && n + STEP <= MARKS_MAX; i += STEP)
        n = add_marks(groups_at(f, sets, text.at + i), text, i, marks, n);
    *count = n;
    return i < text.len ? i : text.len;
}

INSIDE_LOOP __m256i
long_groups_at(const struct halves tables[LONG_TEXT_BYTES], const char *at)
{
    __m256i groups = groups_of_byte(tables[0], halves_at(at));
    for (size_t i = 1; i < LONG_TEXT_BYTES; i++)
        groups = _mm256_and_si256(groups, groups_of_byte(tables[i], halves_at(at + i)));
    return groups;
}

/* The case of whole lines: the one set's tables stay in registers, and most steps find nothing. */
INSIDE_LOOP size_t
mark_long(const struct fingerprints *f, struct str text, size_t from, uint32_t *marks, size_t *count)
{
    struct halves tables[LONG_TEXT_BYTES];
    size_t n = 0, i = from;
    for (size_t place = 0; place < LONG_TEXT_BYTES; place++)
        tables[place] = tables_of_byte(&f->tables[0], place);
    for (; i + 2 * STEP <= text.len && n + 2 * STEP <= MARKS_MAX; i += 2 * (size_t)STEP) {
        __m256i first = long_groups_at(tables, text.at + i), second = long_groups_at(tables, text.at + i + STEP);
        __m256i both = _mm256_or_si256(first, second);
        if (_mm256_testz_si256(both, both))
            continue;
        n = add_marks(first, text, i, marks, n);
        n = add_marks(second, text, i + STEP, marks, n);
    }
    for (; i < text.len && n + STEP <= MARKS_MAX; i += STEP)
        n = add_marks(long_groups_at(tables, text.at + i), text, i, marks, n);
    *count = n;
    return i < text.len ? i : text.len;
}

WITH_AVX2 size_t
fingerprints_mark(const struct fingerprints *f, struct str text, size_t from, uint32_t marks[MARKS_MAX], size_t *count)
{
    if (f->use == FOR_LONG_TEXTS)
        return mark_long(f, text, from, marks, count);
    return f->sets == 1 ? mark(f, 1, text, from, marks, count) : mark(f, f->sets, text, from, marks, count);
}

#else

const struct fingerprints *
fingerprints_new(struct arena *a, const struct run *runs, size_t count, enum fingerprint_use use)
{
    (void)use;
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
