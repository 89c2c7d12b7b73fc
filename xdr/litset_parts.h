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

/* A literal filed in a bucket; `before` is where the hashed run begins inside it. Its first bytes are at hand, so that
 * most of what is not it costs no look at its text. */
struct filed {
    struct str text;
    uint64_t first, first_mask;
    uint32_t id;
    uint32_t before;
};

/* Buckets by key: open addressing, then a range of `filed`. */
struct bucket {
    uint64_t key;
    uint32_t first, count; /* count 0: free */
};

struct buckets {
    struct bucket *items;
    size_t mask;
};

/* The outermost bytes of a text, hashed: `bits` says which keys are worth a look into the buckets. */
struct probe {
    uint64_t *bits;
    struct buckets buckets;
    uint8_t shift, bytes; /* bytes 0: the literal must be all of the text */
    bool at_end;
};

struct runs {
    uint64_t *bits;
    struct buckets buckets;
    uint32_t mask;
    uint8_t shift, bytes, stride; /* positions looked at are `stride` apart */
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

/* ---- keys ---- */

static inline uint64_t
whole_key(struct str text)
{
    uint64_t last = text.len >= 8 ? hash_load64(text.at + text.len - 8) : hash_low_bytes(hash_load64(text.at), text.len);
    return last ^ text.len * 0xD6E8FEB86659FD93ull;
}

static inline uint64_t
spread(uint64_t key)
{
    uint64_t h = key * HASH_FACTOR;
    return h ^ h >> 32;
}

static inline uint64_t
key_bit(uint64_t key, uint8_t shift)
{
    return key * HASH_FACTOR >> shift;
}

static inline uint32_t
run_bit(uint32_t run, uint8_t shift)
{
    return run * 0x9E3779B1u >> shift;
}

static inline bool
has_bit(const uint64_t *bits, uint64_t bit)
{
    return bits[bit / 64] >> (bit % 64) & 1;
}

#endif
