/* A binary fuse filter (Graf and Lemire, 2022) with three places for each token.
 *
 * A token's places lie in three neighbouring windows. Building is peeling: a place that only one token has left is that
 * token's own; taking the token away frees others, until none is left. Walking back, each token's own place is set
 * so that its three places give its fingerprint. Of one seed in some dozens it does not work out; then the next is
 * taken.
 */
#include "xdr/token_filter.h"

#include <math.h>

enum {
    FINGERPRINT_BITS = 10,
    WINDOW_BITS_MAX = 18,
    SEEDS_MAX = 100,
    AT_WINDOW_BITS = 2,
    AT_WINDOWS = 4,
    AT_SEED = 8,
    AT_TOKENS = 16,
    AT_PLACES = 20,
    TAIL = 1, /* so that the last place's two bytes are there */
};

struct layout {
    uint64_t seed;
    uint32_t window_bits, windows, tokens, places; /* windows in which a token may begin */
};

static uint64_t
scramble(uint64_t token, uint64_t seed)
{
    uint64_t h = token + seed;
    h = (h ^ h >> 33) * 0xFF51AFD7ED558CCDull;
    h = (h ^ h >> 33) * 0xC4CEB9FE1A85EC53ull;
    return h ^ h >> 33;
}

static void
places_of(const struct layout *l, uint64_t h, uint32_t out[TOKEN_PLACES])
{
    uint32_t mask = (1u << l->window_bits) - 1;
    uint64_t span = (uint64_t)l->windows << l->window_bits;
    uint32_t first = (uint32_t)((unsigned __int128)h * span >> 64);
    out[0] = first;
    out[1] = (first + (1u << l->window_bits)) ^ ((uint32_t)(h >> 18) & mask);
    out[2] = (first + (2u << l->window_bits)) ^ ((uint32_t)h & mask);
}

static uint16_t
fingerprint_of(uint64_t h)
{
    return (uint16_t)((h ^ h >> 32) * 0x9E3779B1u >> 20 & ((1u << FINGERPRINT_BITS) - 1));
}

static size_t
bytes_of(uint32_t places)
{
    return TOKEN_FILTER_HEAD + ((size_t)places * FINGERPRINT_BITS + 7) / 8 + TAIL;
}

/* Windows and places for so many tokens; the figures are those of the paper. */
static struct layout
layout_for(size_t count)
{
    double n = count < 2 ? 2 : (double)count;
    int bits = (int)floor(log(n) / log(3.33) + 2.25);
    double factor = fmax(1.125, 0.875 + 0.25 * log(1e6) / log(n));
    struct layout l = { .tokens = (uint32_t)count };
    l.window_bits = (uint32_t)(bits > WINDOW_BITS_MAX ? WINDOW_BITS_MAX : bits);
    uint64_t wanted = (uint64_t)(n * factor), size = 1ull << l.window_bits;
    uint64_t windows = (wanted + size - 1) / size;
    l.windows = windows > 2 ? (uint32_t)windows - 2 : 1;
    l.places = (l.windows + 2) << l.window_bits;
    return l;
}

/* ---- building ---- */

struct peeling {
    uint64_t *hashes;  /* XOR of the hashes of the tokens that a place has left */
    uint32_t *counts;
    uint64_t *order;   /* of the tokens taken away, */
    uint32_t *owned;   /* and the place each of them owns */
    uint32_t *queue;
};

static void
toggle(struct peeling *p, const uint32_t places[TOKEN_PLACES], uint64_t h, uint32_t by)
{
    for (size_t i = 0; i < TOKEN_PLACES; i++) {
        p->hashes[places[i]] ^= h;
        p->counts[places[i]] += by;
    }
}

/* How many tokens could be taken away; all of them, or the seed is no good. */
static size_t
peel(struct peeling *p, const struct layout *l)
{
    size_t waiting = 0, taken = 0;
    uint32_t places[TOKEN_PLACES];
    for (uint32_t i = 0; i < l->places; i++)
        if (p->counts[i] == 1)
            p->queue[waiting++] = i;
    while (waiting) {
        uint32_t place = p->queue[--waiting];
        if (p->counts[place] != 1)
            continue;
        uint64_t h = p->hashes[place];
        p->order[taken] = h;
        p->owned[taken++] = place;
        places_of(l, h, places);
        toggle(p, places, h, UINT32_MAX);
        for (size_t i = 0; i < TOKEN_PLACES; i++)
            if (p->counts[places[i]] == 1)
                p->queue[waiting++] = places[i];
    }
    return taken;
}

static bool
find_order(struct peeling *p, struct layout *l, const uint64_t *tokens)
{
    uint32_t places[TOKEN_PLACES];
    for (uint64_t try = 1; try <= SEEDS_MAX; try++) {
        l->seed = try * 0x9E3779B97F4A7C15ull;
        memset(p->hashes, 0, l->places * sizeof *p->hashes);
        memset(p->counts, 0, l->places * sizeof *p->counts);
        for (uint32_t i = 0; i < l->tokens; i++) {
            uint64_t h = scramble(tokens[i], l->seed);
            places_of(l, h, places);
            toggle(p, places, h, 1);
        }
        if (peel(p, l) == l->tokens)
            return true;
    }
    return false;
}

static uint16_t
place_get(const uint8_t *at, uint32_t place)
{
    const uint8_t *byte = at + TOKEN_FILTER_HEAD + (size_t)place * FINGERPRINT_BITS / 8;
    unsigned word = byte[0] | (unsigned)byte[1] << 8;
    return (uint16_t)(word >> place * FINGERPRINT_BITS % 8 & ((1u << FINGERPRINT_BITS) - 1));
}

static void
place_set(uint8_t *at, uint32_t place, uint16_t value)
{
    uint8_t *byte = at + TOKEN_FILTER_HEAD + (size_t)place * FINGERPRINT_BITS / 8;
    unsigned word = (unsigned)value << place * FINGERPRINT_BITS % 8;
    byte[0] |= (uint8_t)word;
    byte[1] |= (uint8_t)(word >> 8);
}

static void
write_head(uint8_t *at, const struct layout *l)
{
    uint16_t window_bits = (uint16_t)l->window_bits;
    memcpy(at, "F1", 2);
    memcpy(at + AT_WINDOW_BITS, &window_bits, sizeof window_bits);
    memcpy(at + AT_WINDOWS, &l->windows, sizeof l->windows);
    memcpy(at + AT_SEED, &l->seed, sizeof l->seed);
    memcpy(at + AT_TOKENS, &l->tokens, sizeof l->tokens);
    memcpy(at + AT_PLACES, &l->places, sizeof l->places);
}

struct str
token_filter_new(struct arena *a, const uint64_t *tokens, size_t count)
{
    if (count > TOKEN_FILTER_TOKENS_MAX)
        return STR_NONE;
    struct layout l = layout_for(count);
    scoped(arena_end) struct arena *work = arena_new(64);
    struct peeling p = {
        arena_array_of(work, l.places, uint64_t), arena_array_of(work, l.places, uint32_t),
        arena_array_of(work, count + 1, uint64_t), arena_array_of(work, count + 1, uint32_t),
        arena_array_of(work, (size_t)l.places + TOKEN_PLACES * count, uint32_t),
    };
    if (!find_order(&p, &l, tokens))
        return STR_NONE;
    uint8_t *at = arena_alloc(a, bytes_of(l.places));
    write_head(at, &l);
    uint32_t places[TOKEN_PLACES];
    for (size_t i = count; i-- > 0;) {
        places_of(&l, p.order[i], places);
        uint16_t value = fingerprint_of(p.order[i]);
        for (size_t j = 0; j < TOKEN_PLACES; j++)
            value ^= places[j] == p.owned[i] ? 0 : place_get(at, places[j]);
        place_set(at, p.owned[i], value);
    }
    return (struct str){ (const char *)at, bytes_of(l.places) };
}

/* ---- asking ---- */

static bool
read_head(struct str head, struct layout *l)
{
    uint16_t window_bits;
    if (head.len < TOKEN_FILTER_HEAD || memcmp(head.at, "F1", 2) != 0)
        return false;
    memcpy(&window_bits, head.at + AT_WINDOW_BITS, sizeof window_bits);
    memcpy(&l->windows, head.at + AT_WINDOWS, sizeof l->windows);
    memcpy(&l->seed, head.at + AT_SEED, sizeof l->seed);
    memcpy(&l->tokens, head.at + AT_TOKENS, sizeof l->tokens);
    memcpy(&l->places, head.at + AT_PLACES, sizeof l->places);
    l->window_bits = window_bits;
    return window_bits <= WINDOW_BITS_MAX && l->windows > 0 && l->tokens <= TOKEN_FILTER_TOKENS_MAX
        && l->places <= 4u * TOKEN_FILTER_TOKENS_MAX
        && l->places == ((uint64_t)l->windows + 2) << window_bits;
}

size_t
token_filter_count(struct str filter)
{
    struct layout l;
    return read_head(filter, &l) ? l.tokens : 0;
}

bool
token_probe(struct str head, uint64_t token, struct token_probe *out)
{
    struct layout l;
    if (!read_head(head, &l))
        return false;
    uint64_t h = scramble(token, l.seed);
    uint32_t places[TOKEN_PLACES];
    places_of(&l, h, places);
    out->fingerprint = fingerprint_of(h);
    for (size_t i = 0; i < TOKEN_PLACES; i++) {
        out->offsets[i] = (uint32_t)(TOKEN_FILTER_HEAD + (size_t)places[i] * FINGERPRINT_BITS / 8);
        out->shifts[i] = (uint8_t)(places[i] * FINGERPRINT_BITS % 8);
    }
    return true;
}

bool
token_probe_holds(const struct token_probe *p, const uint8_t slices[TOKEN_PLACES][TOKEN_PLACE_BYTES])
{
    unsigned value = 0;
    for (size_t i = 0; i < TOKEN_PLACES; i++)
        value ^= (slices[i][0] | (unsigned)slices[i][1] << 8) >> p->shifts[i];
    return (value & ((1u << FINGERPRINT_BITS) - 1)) == p->fingerprint;
}

bool
token_filter_holds(struct str filter, uint64_t token)
{
    struct token_probe p;
    uint8_t slices[TOKEN_PLACES][TOKEN_PLACE_BYTES];
    if (!token_probe(filter, token, &p))
        return true;
    for (size_t i = 0; i < TOKEN_PLACES; i++) {
        if (p.offsets[i] + (size_t)TOKEN_PLACE_BYTES > filter.len)
            return true;
        memcpy(slices[i], filter.at + p.offsets[i], TOKEN_PLACE_BYTES);
    }
    return token_probe_holds(&p, (const uint8_t(*)[TOKEN_PLACE_BYTES])slices);
}
