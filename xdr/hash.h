/* hash: a fast hash of short texts for tables inside one process; the seed is fixed, tables are bounded. */
#ifndef YAGURA_XDR_HASH_H
#define YAGURA_XDR_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define HASH_FACTOR 0x9E3779B97F4A7C15ull

static inline uint64_t
hash_load64(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static inline uint32_t
hash_load32(const char *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static inline uint64_t
hash_low_bytes(uint64_t word, size_t bytes)
{
    return bytes >= 8 ? word : bytes ? word & UINT64_MAX >> (64 - 8 * bytes) : 0;
}

static inline uint64_t
hash_mix(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)(a ^ HASH_FACTOR) * (b ^ 0xD6E8FEB86659FD93ull);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Words of eight bytes, the last one overlapping: no byte-wise tail. */
static inline uint64_t
hash_bytes(const char *at, size_t len)
{
    uint64_t h = len;
    if (len >= 8) {
        for (size_t i = 0; i + 8 < len; i += 8)
            h = hash_mix(h, hash_load64(at + i));
        return hash_mix(h, hash_load64(at + len - 8));
    }
    if (len >= 4)
        return hash_mix(h, (uint64_t)hash_load32(at) << 32 | hash_load32(at + len - 4));
    uint64_t tail = 0;
    for (size_t i = 0; i < len; i++)
        tail = tail << 8 | (unsigned char)at[i];
    return hash_mix(h, tail);
}

#endif
