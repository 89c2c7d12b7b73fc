/* token_filter: which tokens stand in a block of events, at some 11 bits for each; built once, never changed.
 *
 * A binary fuse filter: a token has a fingerprint of ten bits, and three places of the filter, XORed, give it. A token
 * that is there is always found; one that is not is taken for there once in 1,024 times. An absent or broken filter
 * holds everything, so a filter never hides an event.
 *
 *     filter := "F1" u16 log2 of a window's places, u32 windows, u64 seed, u32 tokens, u32 places, places of 10 bits
 *
 * Numbers are little-endian, places are packed lowest bit first. A single token touches three places within three
 * neighbouring windows: token_probe names their bytes, so that a database can give slices of a filter instead of all.
 */
#ifndef YAGURA_XDR_TOKEN_FILTER_H
#define YAGURA_XDR_TOKEN_FILTER_H

#include "core/base/arena.h"
#include "core/base/str.h"

enum { TOKEN_FILTER_HEAD = 24, TOKEN_PLACES = 3, TOKEN_PLACE_BYTES = 2, TOKEN_FILTER_TOKENS_MAX = 1 << 24 };

/* The filter's bytes. Tokens are hashes (token.h), each once. STR_NONE of too many: a filter that holds everything. */
struct str token_filter_new(struct arena *a, const uint64_t *tokens, size_t count);

bool token_filter_holds(struct str filter, uint64_t token);
size_t token_filter_count(struct str filter); /* distinct tokens; 0 of what is no filter */

/* Where to look for one token, from the filter's first TOKEN_FILTER_HEAD bytes: TOKEN_PLACE_BYTES each. */
struct token_probe {
    uint32_t offsets[TOKEN_PLACES]; /* in the filter */
    uint8_t shifts[TOKEN_PLACES];
    uint16_t fingerprint;
};

bool token_probe(struct str head, uint64_t token, struct token_probe *out); /* false: no filter, so anything is there */
bool token_probe_holds(const struct token_probe *p, const uint8_t slices[TOKEN_PLACES][TOKEN_PLACE_BYTES]);

#endif
