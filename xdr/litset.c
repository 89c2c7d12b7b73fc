#include "xdr/litset.h"

#include "xdr/hash.h"
#include "xdr/ordinary.h"

enum {
    EDGE_SIZES = 5, /* bytes hashed at an edge of the text: edge_bytes */
    GRAM_CLASSES = 5, /* literals of 7 bytes and more, of 4 to 6, of 3, of 2 and of 1 */
    WIDE_CLASSES = 2, /* each once for runs that begin in ASCII, once for those beyond it */
    LONG_FROM = 7,
    STRIDE = 4,     /* of the first class at least, */
    STRIDE_MAX = 8, /* and more where its shortest literal allows */
    BITS_MIN = 10,
    BITS_MAX = 18,
};

static const uint8_t edge_bytes[EDGE_SIZES] = { 8, 6, 4, 2, 1 };

/* A literal filed in a bucket; `before` is where the hashed run begins inside it. */
struct filed {
    struct str text;
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

struct edge {
    struct buckets of_size[EDGE_SIZES];
    bool used[EDGE_SIZES], any;
    bool has_empty; /* an empty literal: any text has it */
    uint32_t empty_id;
};

struct grams {
    struct buckets buckets;
    uint64_t *bits;
    uint8_t shift, bytes, stride; /* positions looked at are `stride` apart */
    uint32_t mask;
    bool used;
};

struct litset {
    struct filed *filed;
    struct buckets whole; /* LITERAL_EQUALS, by the hash of all bytes */
    bool has_whole;
    struct edge head, tail;
    struct grams grams[WIDE_CLASSES][GRAM_CLASSES];
    bool has_grams[WIDE_CLASSES];
};

/* ---- keys ---- */

static inline uint64_t
edge_key(const char *at, size_t bytes)
{
    switch (bytes) {
    case 8:
        return hash_load64(at);
    case 6:
        return hash_load64(at) & 0xFFFFFFFFFFFFull;
    case 4:
        return hash_load32(at);
    case 2:
        return hash_load32(at) & 0xFFFFu;
    default:
        return (unsigned char)at[0];
    }
}

static inline uint64_t
spread(uint64_t key)
{
    uint64_t h = key * HASH_FACTOR;
    return h ^ h >> 32;
}

static inline const struct bucket *
find_bucket(const struct buckets *b, uint64_t key)
{
    for (size_t i = spread(key) & b->mask;; i = (i + 1) & b->mask) {
        const struct bucket *item = &b->items[i];
        if (item->count == 0)
            return NULL;
        if (item->key == key)
            return item;
    }
}

static inline uint32_t
gram_hash(uint32_t gram, uint8_t shift)
{
    return gram * 0x9E3779B1u >> shift;
}

/* ---- building ---- */

/* One literal on its way into buckets: where it will be filed. */
struct filing {
    const struct literal *literal;
    uint64_t key;
    uint32_t before;
};

static int
by_key(const void *a, const void *b)
{
    const struct filing *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    int order = str_compare(x->literal->text, y->literal->text);
    return order ? order : (x->literal->id > y->literal->id) - (x->literal->id < y->literal->id);
}

/* Literals are copied with slack behind them: keys are loaded as whole words. */
static struct str
with_slack(struct arena *a, struct str text)
{
    char *copy = arena_alloc(a, text.len + 8);
    if (text.len)
        memcpy(copy, text.at, text.len);
    return (struct str){ copy, text.len };
}

static struct buckets
build_buckets(struct arena *a, struct litset *set, size_t *filed_count, struct filing *filings, size_t count)
{
    size_t room = 4;
    while (room < count * 2)
        room *= 2;
    struct buckets b = { arena_array_of(a, room, struct bucket), room - 1 };
    qsort(filings, count, sizeof *filings, by_key);
    for (size_t i = 0; i < count; i++) {
        size_t at = spread(filings[i].key) & b.mask;
        while (b.items[at].count && b.items[at].key != filings[i].key)
            at = (at + 1) & b.mask;
        if (b.items[at].count == 0)
            b.items[at] = (struct bucket){ filings[i].key, (uint32_t)*filed_count, 0 };
        b.items[at].count++;
        set->filed[(*filed_count)++] = (struct filed){ filings[i].literal->text, filings[i].literal->id,
                                                       filings[i].before };
    }
    return b;
}

struct build {
    struct arena *arena;
    struct litset *set;
    struct literal *literals;
    size_t count, filed_count;
    struct filing *filings;
};

static void
build_whole(struct build *b)
{
    size_t count = 0;
    for (size_t i = 0; i < b->count; i++)
        if (b->literals[i].kind == LITERAL_EQUALS)
            b->filings[count++] = (struct filing){ &b->literals[i],
                                                   hash_bytes(b->literals[i].text.at, b->literals[i].text.len), 0 };
    b->set->has_whole = count > 0;
    if (count)
        b->set->whole = build_buckets(b->arena, b->set, &b->filed_count, b->filings, count);
}

static size_t
edge_size_of(size_t len)
{
    size_t size = 0;
    while (edge_bytes[size] > len)
        size++;
    return size;
}

static void
build_edge(struct build *b, enum literal_kind kind, struct edge *edge)
{
    for (size_t size = 0; size < EDGE_SIZES; size++) {
        size_t count = 0, bytes = edge_bytes[size];
        for (size_t i = 0; i < b->count; i++) {
            const struct literal *l = &b->literals[i];
            if (l->kind != kind || l->text.len == 0 || edge_size_of(l->text.len) != size)
                continue;
            const char *at = kind == LITERAL_STARTS ? l->text.at : l->text.at + l->text.len - bytes;
            b->filings[count++] = (struct filing){ l, edge_key(at, bytes), 0 };
        }
        edge->used[size] = count > 0;
        edge->any = edge->any || count > 0;
        if (count)
            edge->of_size[size] = build_buckets(b->arena, b->set, &b->filed_count, b->filings, count);
    }
    for (size_t i = 0; i < b->count; i++)
        if (b->literals[i].kind == kind && b->literals[i].text.len == 0) {
            edge->has_empty = edge->any = true;
            edge->empty_id = b->literals[i].id;
        }
}

static void
fill_bits(struct build *b, struct grams *g, size_t count)
{
    size_t log = BITS_MIN;
    while (log < BITS_MAX && ((size_t)1 << log) < count * 32)
        log++;
    g->shift = (uint8_t)(32 - log);
    g->bits = arena_array_of(b->arena, ((size_t)1 << log) / 64, uint64_t);
    for (size_t i = 0; i < count; i++) {
        uint32_t h = gram_hash((uint32_t)b->filings[i].key, g->shift);
        g->bits[h / 64] |= 1ull << (h % 64);
    }
}

static size_t
class_of(size_t len)
{
    return len >= LONG_FROM ? 0 : len >= 4 ? 1 : GRAM_CLASSES - len;
}

/* Bytes of one run, by class. */
static const uint8_t run_bytes[GRAM_CLASSES] = { 4, 4, 3, 2, 1 };

/* A wide literal can only stand in a text that is not ASCII. */
static bool
is_wide(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] >= 0x80)
            return true;
    return false;
}

static bool
is_of_class(const struct literal *l, size_t wide, size_t class)
{
    return l->kind == LITERAL_INSIDE && l->text.len && class_of(l->text.len) == class
        && is_wide(l->text) == (wide == 1);
}

/* How far apart looks may be so that each literal of the class, wherever it stands, is met in one of its runs. */
static uint8_t
stride_of(const struct build *b, size_t wide, size_t class)
{
    size_t stride = class == 0 ? STRIDE_MAX : 1;
    for (size_t i = 0; class == 0 && i < b->count; i++)
        if (is_of_class(&b->literals[i], wide, class) && b->literals[i].text.len - 3 < stride)
            stride = b->literals[i].text.len - 3;
    return (uint8_t)stride;
}

/* As many neighbouring runs as looks are apart: around the rarest ones, which l->run begins. */
static size_t
file_literal(struct build *b, const struct literal *l, struct grams *g, size_t count)
{
    size_t last = l->text.len + 1 - g->bytes - g->stride;
    size_t aside = g->stride > STRIDE ? (g->stride - STRIDE) / 2u : 0;
    size_t before = l->run > aside ? l->run - aside : 0;
    before = before < last ? before : last;
    for (size_t i = 0; i < g->stride; i++) {
        uint32_t run = hash_load32(l->text.at + before + i) & g->mask;
        b->filings[count++] = (struct filing){ l, run, (uint32_t)(before + i) };
    }
    return count;
}

static void
build_grams(struct build *b, size_t wide, size_t class)
{
    struct grams *g = &b->set->grams[wide][class];
    size_t count = 0;
    g->bytes = run_bytes[class];
    g->mask = g->bytes == 4 ? UINT32_MAX : (1u << 8 * g->bytes) - 1;
    g->stride = stride_of(b, wide, class);
    for (size_t i = 0; i < b->count; i++)
        if (is_of_class(&b->literals[i], wide, class))
            count = file_literal(b, &b->literals[i], g, count);
    g->used = count > 0;
    b->set->has_grams[wide] = b->set->has_grams[wide] || g->used;
    if (!g->used)
        return;
    fill_bits(b, g, count);
    g->buckets = build_buckets(b->arena, b->set, &b->filed_count, b->filings, count);
}

static size_t
filings_needed(const struct literal *literals, size_t count)
{
    size_t needed = 0;
    for (size_t i = 0; i < count; i++)
        needed += literals[i].text.len >= LONG_FROM ? STRIDE_MAX : 1;
    return needed;
}

struct litset *
litset_new(struct arena *a, const struct literal *literals, size_t count)
{
    struct litset *set = arena_new_of(a, struct litset);
    struct arena *work = arena_new(64 * 1024);
    struct build b = { .arena = a, .set = set, .count = count,
                       .literals = arena_array_of(work, count + 1, struct literal),
                       .filings = arena_array_of(work, count * STRIDE_MAX + 1, struct filing) };
    set->filed = arena_array_of(a, filings_needed(literals, count) + 1, struct filed);
    for (size_t i = 0; i < count; i++) {
        b.literals[i] = literals[i];
        b.literals[i].text = with_slack(a, literals[i].text);
    }
    build_whole(&b);
    build_edge(&b, LITERAL_STARTS, &set->head);
    build_edge(&b, LITERAL_ENDS, &set->tail);
    for (size_t wide = 0; wide < WIDE_CLASSES; wide++)
        for (size_t class = 0; class < GRAM_CLASSES; class++)
            build_grams(&b, wide, class);
    arena_free(work);
    return set;
}

/* ---- rare runs ---- */

/* How many literals hold each run of four bytes, roughly, and how often ordinary values do: common runs (".exe",
 * "\\win") make bad keys. */
enum { CROWD_BITS = 15, ORDINARY_WEIGHT = 16 };

static uint16_t *
crowd_of(uint16_t *crowds, const char *at)
{
    return &crowds[gram_hash(hash_load32(at), 32 - CROWD_BITS)];
}

static void
count_crowds(struct str text, uint16_t weight, uint16_t *crowds)
{
    for (size_t i = 0; i + 4 <= text.len; i++) {
        uint16_t *crowd = crowd_of(crowds, text.at + i);
        *crowd = (uint16_t)(*crowd < UINT16_MAX / 2 ? *crowd + weight : *crowd);
    }
}

/* Where the runs begin that are filed: as many neighbours as the class has, the least crowded together. */
static uint32_t
rarest_runs(struct str text, uint16_t *crowds)
{
    size_t runs = text.len >= LONG_FROM ? STRIDE : 1;
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
    struct arena *work = arena_new(1024);
    uint16_t *crowds = arena_array_of(work, (size_t)1 << CROWD_BITS, uint16_t);
    count_crowds(str_of(ordinary_values), ORDINARY_WEIGHT, crowds);
    for (size_t i = 0; i < count; i++)
        count_crowds(literals[i].text, 1, crowds);
    for (size_t i = 0; i < count; i++)
        literals[i].run = rarest_runs(literals[i].text, crowds);
    arena_free(work);
}

/* ---- asking ---- */

/* With `hits` every literal found is reported; without, the first one ends the search. */
static inline bool
report(struct hits *hits, uint32_t id)
{
    if (!hits)
        return true;
    if (hits->stamps[id] != hits->now) {
        hits->stamps[id] = hits->now;
        hits->ids[hits->count++] = id;
    }
    return false;
}

static inline bool
ask_whole(const struct litset *set, struct str text, struct hits *hits)
{
    const struct bucket *b = find_bucket(&set->whole, hash_bytes(text.at, text.len));
    for (uint32_t i = 0; b && i < b->count; i++)
        if (str_eq(set->filed[b->first + i].text, text) && report(hits, set->filed[b->first + i].id))
            return true;
    return false;
}

static inline bool
ask_edge(const struct litset *set, const struct edge *edge, bool at_end, struct str text, struct hits *hits)
{
    if (edge->has_empty && report(hits, edge->empty_id))
        return true;
    for (size_t size = 0; size < EDGE_SIZES; size++) {
        size_t bytes = edge_bytes[size];
        if (!edge->used[size] || text.len < bytes)
            continue;
        const char *at = at_end ? text.at + text.len - bytes : text.at;
        const struct bucket *b = find_bucket(&edge->of_size[size], edge_key(at, bytes));
        for (uint32_t i = 0; b && i < b->count; i++) {
            const struct filed *f = &set->filed[b->first + i];
            bool found = at_end ? str_ends(text, f->text) : str_starts(text, f->text);
            if (found && report(hits, f->id))
                return true;
        }
    }
    return false;
}

/* The bitmap let position `i` pass: compare what is filed under the run that stands there. */
static bool
ask_position(const struct litset *set, const struct grams *g, uint32_t gram, size_t i, struct str text,
             struct hits *hits)
{
    const struct bucket *b = find_bucket(&g->buckets, gram);
    for (uint32_t j = 0; b && j < b->count; j++) {
        const struct filed *f = &set->filed[b->first + j];
        if (f->before > i || f->text.len > text.len - (i - f->before))
            continue;
        if (memcmp(text.at + i - f->before, f->text.at, f->text.len) == 0 && report(hits, f->id))
            return true;
    }
    return false;
}

static bool
ask_grams(const struct litset *set, const struct grams *g, struct str text, struct hits *hits)
{
    const uint64_t *bits = g->bits;
    uint32_t mask = g->mask;
    uint8_t shift = g->shift;
    for (size_t i = 0, end = text.len - g->bytes + 1, stride = g->stride; i < end; i += stride) {
        uint32_t gram = hash_load32(text.at + i) & mask;
        uint32_t h = gram_hash(gram, shift);
        if (__builtin_expect(bits[h / 64] >> (h % 64) & 1, 0) && ask_position(set, g, gram, i, text, hits))
            return true;
    }
    return false;
}

static bool
ask_inside(const struct litset *set, bool wide, struct str text, struct hits *hits)
{
    for (size_t class = 0; set->has_grams[wide] && class < GRAM_CLASSES; class++) {
        const struct grams *g = &set->grams[wide][class];
        if (g->used && text.len >= g->bytes && ask_grams(set, g, text, hits))
            return true;
    }
    return false;
}

static inline bool
ask(const struct litset *set, struct str text, bool is_ascii, struct hits *hits)
{
    if (set->has_whole && ask_whole(set, text, hits))
        return true;
    if (set->tail.any && ask_edge(set, &set->tail, true, text, hits))
        return true;
    if (set->head.any && ask_edge(set, &set->head, false, text, hits))
        return true;
    return ask_inside(set, false, text, hits) || (!is_ascii && ask_inside(set, true, text, hits));
}

void
litset_scan(const struct litset *set, struct str text, bool is_ascii, struct hits *hits)
{
    ask(set, text, is_ascii, hits);
}

bool
litset_any(const struct litset *set, struct str text, bool is_ascii)
{
    return ask(set, text, is_ascii, NULL);
}
