/* litset_parts: what a set of literals is made of. For the files that build and ask it; others take litset.h.
 *
 * What every look touches lies side by side: the set itself, then its probes, then its runs. A probe or run that no
 * literal needs is not there at all.
 */
#ifndef YAGURA_XDR_LITSET_PARTS_H
#define YAGURA_XDR_LITSET_PARTS_H

#include "xdr/bigram.h"
#include "xdr/hash.h"
#include "xdr/litset.h"

enum {
    NEAR_WORDS = 2,
    RUN_CLASSES = 6,  /* literals by length, the longest first */
    WIDE_CLASSES = 2, /* each once for runs that begin in ASCII, once for those beyond it */
    EMPTY_MAX = 2,    /* one that begins, one that ends a text */
};

/* A literal filed in a bucket; `before` is where the hashed run begins inside it. Its first and last eight bytes are at
 * hand (of a shorter one all, twice), so that its text is looked at only when it is long and nearly there. Half a line
 * of the cache each, since which of them are asked is a matter of chance. */
struct filed {
    uint64_t first, last;
    uint32_t text; /* where in litset.texts */
    uint32_t len;
    uint32_t id;
    uint32_t before : 31, more : 1; /* more: the next one lies in the same bucket */
};

enum { FILED_BYTES = 32 };
_Static_assert(sizeof(struct filed) == FILED_BYTES, "two of them are a line of the cache");

/* Buckets by the hash of a key: open addressing, then places in `filed`. Keys of one hash share a bucket: what is filed
 * is compared anyway. */
struct bucket {
    uint32_t hash;
    uint32_t place; /* in `filed`, from 1; 0: free */
};

struct buckets {
    struct bucket *items;
    size_t mask;
};

/* Which keys are worth a look into the buckets: a key sets two bits of one word, so that few others pass. */
struct filter {
    uint64_t *words;
    uint8_t shift;
};

/* What of a text is hashed to find literals at its edges. A name begins at the last slash or backslash, with it: most
 * literals that end a text hold a whole name, and few share one. */
enum probe_of { PROBE_WHOLE = 1, PROBE_NAME, PROBE_START, PROBE_END };

/* An edge of a text, hashed. */
struct probe {
    struct filter filter;
    struct buckets buckets;
    enum probe_of of;
    uint8_t bytes; /* of PROBE_START and PROBE_END */
    uint64_t near[NEAR_WORDS]; /* the filter's words, when these are all: nothing else needs to be in the cache */
};

struct runs {
    struct filter filter;
    struct buckets buckets;
    uint64_t mask;
    uint8_t bytes, stride; /* positions looked at are `stride` apart */
    uint8_t class;
};

struct litset {
    const struct filed *filed;
    const char *texts;
    const struct probe *probes;
    const struct runs *runs[WIDE_CLASSES];
    uint8_t probe_count, run_counts[WIDE_CLASSES], empty_count;
    uint32_t empty_ids[EMPTY_MAX]; /* empty literals: any text has them */
    const struct bigrams *bigrams; /* say where runs[0] may stand; NULL: each of them is looked for by itself */
    uint8_t runs_of_bucket[BUCKETS];
};

/* ---- keys ---- */

#ifdef __SSE2__

enum { BLOCK = 16 };

static inline unsigned
slashes_of_block(const char *at)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i slashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('/')), others = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    return (unsigned)_mm_movemask_epi8(_mm_or_si128(slashes, others));
}

/* Where the name at the end of a text begins: at its last slash or backslash; 0 when it has none. A block behind the
 * text can be read. */
static inline size_t
name_begin(struct str text)
{
    size_t i = text.len;
    for (; i >= BLOCK; i -= BLOCK) {
        unsigned found = slashes_of_block(text.at + i - BLOCK);
        if (found)
            return i - BLOCK + (31 - (size_t)__builtin_clz(found));
    }
    unsigned found = slashes_of_block(text.at) & ((1u << i) - 1);
    return found ? 31 - (size_t)__builtin_clz(found) : 0;
}

#else

static inline size_t
name_begin(struct str text)
{
    size_t i = text.len;
    while (i > 0 && text.at[i - 1] != '\\' && text.at[i - 1] != '/')
        i--;
    return i ? i - 1 : 0;
}

#endif

static inline struct str
name_of(struct str text)
{
    size_t begin = name_begin(text);
    return (struct str){ text.at + begin, text.len - begin };
}

/* Of all of a text: its first and last eight bytes and its length. */
static inline uint64_t
whole_key(struct str text)
{
    uint64_t first = hash_low_bytes(hash_load64(text.at), text.len);
    uint64_t last = text.len >= 8 ? hash_load64(text.at + text.len - 8) : first;
    return (first * HASH_FACTOR ^ last) + text.len * 0xD6E8FEB86659FD93ull;
}

/* Of eight bytes or fewer. */
static inline uint64_t
edge_key(const char *at, size_t bytes)
{
    return hash_low_bytes(hash_load64(at), bytes);
}

static inline uint32_t
bucket_hash(uint64_t key)
{
    return (uint32_t)(key * HASH_FACTOR >> 32);
}

/* The two bits stand in the upper half of the hash, where every byte of the key tells, below those of the word. */
static inline uint64_t
filter_bits(uint64_t hash)
{
    return 1ull << (hash >> 40 & 63) | 1ull << (hash >> 46 & 63);
}

static inline bool
filter_passes(struct filter f, uint64_t key)
{
    uint64_t hash = key * HASH_FACTOR, word = f.words[hash >> f.shift];
    return word >> (hash >> 40 & 63) & word >> (hash >> 46 & 63) & 1;
}

#endif
