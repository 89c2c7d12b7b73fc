/* litset_parts: what a set of literals is made of. For the files that build and ask it; others take litset.h.
 *
 * What every look touches lies side by side: the set itself, then its probes, then its runs. A probe or run that no
 * literal needs is not there at all.
 */
#ifndef YAGURA_XDR_LITSET_PARTS_H
#define YAGURA_XDR_LITSET_PARTS_H

#include "xdr/fingerprint.h"
#include "xdr/hash.h"
#include "xdr/litset.h"

enum {
    RUN_CLASSES = 5,  /* literals of 7 bytes and more, of 4 to 6, of 3, of 2 and of 1 */
    WIDE_CLASSES = 2, /* each once for runs that begin in ASCII, once for those beyond it */
    EMPTY_MAX = 2,    /* one that begins, one that ends a text */
};

/* A literal filed in a bucket; `before` is where the hashed run begins inside it. Its first and last eight bytes are at
 * hand (of a shorter one all, twice), so that its text is looked at only when it is long and nearly there. */
struct filed {
    struct str text;
    uint64_t first, last;
    uint32_t id;
    uint32_t before : 31, more : 1; /* more: the next one lies in the same bucket */
};

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
    const struct probe *probes;
    const struct runs *runs[WIDE_CLASSES];
    uint8_t probe_count, run_counts[WIDE_CLASSES], empty_count;
    uint8_t first_short; /* of runs[0]: those from here on look at every place */
    uint32_t empty_ids[EMPTY_MAX]; /* empty literals: any text has them */
    const struct fingerprints *short_runs; /* of runs[0] from first_short on; may be NULL */
    const uint64_t *pair_bits;             /* by the first two bytes of literals shorter than four */
};

enum { PAIR_BITS = 12 };

/* ---- keys ---- */

/* Where the name at the end of a text begins: at its last slash or backslash; 0 when it has none. */
static inline size_t
name_begin(struct str text)
{
    size_t i = text.len;
    while (i > 0 && text.at[i - 1] != '\\' && text.at[i - 1] != '/')
        i--;
    return i ? i - 1 : 0;
}

/* Of all of a text: its first and last eight bytes and its length. */
static inline uint64_t
whole_key(struct str text)
{
    uint64_t first = hash_low_bytes(hash_load64(text.at), text.len);
    uint64_t last = text.len >= 8 ? hash_load64(text.at + text.len - 8) : first;
    return (first * HASH_FACTOR ^ last) + text.len * 0xD6E8FEB86659FD93ull;
}

/* Of eight bytes or fewer, or of sixteen. */
static inline uint64_t
edge_key(const char *at, size_t bytes)
{
    uint64_t key = hash_low_bytes(hash_load64(at), bytes);
    return bytes > 8 ? key * HASH_FACTOR ^ hash_load64(at + bytes - 8) : key;
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

static inline uint32_t
pair_bit(uint32_t pair)
{
    return (pair & 0xFFFF) * 0x9E3779B1u >> (32 - PAIR_BITS);
}

static inline bool
has_bit(const uint64_t *bits, uint64_t bit)
{
    return bits[bit / 64] >> (bit % 64) & 1;
}

#endif
