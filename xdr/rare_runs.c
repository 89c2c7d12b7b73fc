/* rare_runs: which bytes of a literal tell it best from other texts. */
#include "xdr/hash.h"
#include "xdr/litset.h"
#include "xdr/ordinary.h"

/* How many literals hold each run of four bytes, roughly, and how often ordinary values do: common runs (".exe",
 * "\\win") make bad keys. */
enum { CROWD_BITS = 15, ORDINARY_WEIGHT = 16, LONG_FROM = 7, NEIGHBOURS = 4 };

static uint16_t *
crowd_of(uint16_t *crowds, const char *at)
{
    return &crowds[hash_load32(at) * 0x9E3779B1u >> (32 - CROWD_BITS)];
}

static void
count_crowds(struct str text, uint16_t weight, uint16_t *crowds)
{
    for (size_t i = 0; i + 4 <= text.len; i++) {
        uint16_t *crowd = crowd_of(crowds, text.at + i);
        *crowd = (uint16_t)(*crowd < UINT16_MAX / 2 ? *crowd + weight : *crowd);
    }
}

/* Where the runs begin that are filed: as many neighbours as the literal's class has, the least crowded together. */
static uint32_t
rarest_runs(struct str text, uint16_t *crowds)
{
    size_t runs = text.len >= LONG_FROM ? NEIGHBOURS : 1;
    uint64_t best_cost = UINT64_MAX;
    uint32_t best = 0;
    for (size_t i = 0; i + runs + 3 <= text.len; i++) {
        uint64_t cost = 0;
        for (size_t j = 0; j < runs; j++)
            cost += *crowd_of(crowds, text.at + i + j);
        if (cost < best_cost) {
            best = (uint32_t)i;
            best_cost = cost;
        }
    }
    return best;
}

void
runs_find(struct literal *literals, size_t count)
{
    scoped(arena_end) struct arena *work = arena_new(1024);
    uint16_t *crowds = arena_array_of(work, (size_t)1 << CROWD_BITS, uint16_t);
    count_crowds(str_of(ordinary_values), ORDINARY_WEIGHT, crowds);
    for (size_t i = 0; i < count; i++)
        count_crowds(literals[i].text, 1, crowds);
    for (size_t i = 0; i < count; i++)
        literals[i].run = rarest_runs(literals[i].text, crowds);
}
