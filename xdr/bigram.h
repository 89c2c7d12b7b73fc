/* bigram: where in a text one of many literals may end, found eight places at a time.
 *
 * Of each literal a window of at most eight bytes counts. Windows of one length share some of eight buckets. For every
 * pair of neighbouring bytes a table says at which distance before the end of a window which buckets allow it; laid
 * over each other, eight neighbouring pairs tell where all pairs of some window of a bucket were allowed. That is too
 * much rather than too little: who asks compares what really stands there. It costs the same however many literals
 * there are, without a branch. It needs SSE2; on other machines bigrams_new returns NULL.
 */
#ifndef YAGURA_XDR_BIGRAM_H
#define YAGURA_XDR_BIGRAM_H

#include "core/base/arena.h"
#include "xdr/hash.h"

enum { WINDOW_MAX = 8, BIGRAM_STEP = 8, BUCKETS = 8, BIGRAM_SLACK = 16 };

/* Windows of one length: their bytes as words in the order of memory. */
struct windows {
    const uint64_t *items;
    size_t count;
    uint8_t bytes;   /* 1 to 8 */
    uint8_t buckets; /* set: a bit for each that they share */
};

struct bigrams {
    const uint64_t *table; /* by a pair's place: a byte for each distance, in it a bit for each bucket that forbids */
    uint64_t start;        /* where a window would begin before the text */
    uint16_t mask; /* of the bits of a pair that count: all of its first byte, the lower ones of its second */
};

/* At most eight lengths, none of them empty. NULL when that cannot be done here. */
const struct bigrams *bigrams_new(struct arena *a, struct windows *lengths, size_t count);

#ifdef __SSE2__

#include <emmintrin.h>

struct bigram_walk {
    __m128i forbidden; /* of the next eight places, and of what is known of the eight behind them */
};

static inline struct bigram_walk
bigrams_begin(const struct bigrams *b)
{
    return (struct bigram_walk){ _mm_cvtsi64_si128((long long)b->start) };
}

/* For each of the pairs that begin at at[0] to at[7] a byte: the buckets of which a window may end with it.
 * BIGRAM_SLACK bytes behind the text can be read. */
static inline uint64_t
bigrams_step(const struct bigrams *b, const char *at, struct bigram_walk *walk)
{
    __m128i firsts = _mm_loadl_epi64((const __m128i *)(const void *)at);
    __m128i seconds = _mm_loadl_epi64((const __m128i *)(const void *)(at + 1));
    __m128i places = _mm_and_si128(_mm_unpacklo_epi8(firsts, seconds), _mm_set1_epi16((short)b->mask));
    __m128i ends = walk->forbidden;
#define ALLOWED(n) _mm_loadl_epi64((const __m128i *)(const void *)&b->table[_mm_extract_epi16(places, n)])
    ends = _mm_or_si128(ends, ALLOWED(0));
    ends = _mm_or_si128(ends, _mm_slli_si128(ALLOWED(1), 1));
    ends = _mm_or_si128(ends, _mm_slli_si128(ALLOWED(2), 2));
    ends = _mm_or_si128(ends, _mm_slli_si128(ALLOWED(3), 3));
    ends = _mm_or_si128(ends, _mm_slli_si128(ALLOWED(4), 4));
    ends = _mm_or_si128(ends, _mm_slli_si128(ALLOWED(5), 5));
    ends = _mm_or_si128(ends, _mm_slli_si128(ALLOWED(6), 6));
    ends = _mm_or_si128(ends, _mm_slli_si128(ALLOWED(7), 7));
#undef ALLOWED
    walk->forbidden = _mm_srli_si128(ends, BIGRAM_STEP);
    return ~(uint64_t)_mm_cvtsi128_si64(ends);
}

#endif

#endif
