/* litset_build: literals sorted into probes and runs. */
#include "xdr/litset_parts.h"

enum {
    EDGE_SIZES = 4, /* bytes hashed at an edge of the text: edge_bytes */
    LONG_RUN = 6, /* of the first class, */
    LONG_RUN_MAX = 8,
    LONGER_FROM = 11, /* where its shortest literal has this many bytes */
    STRIDE_MAX = 8,
    STRIDE_OF_BIGRAMS = 3, /* where looks would be no farther apart, bigrams are faster */
    NEIGHBOURS = 4, /* runs_find looks for so many */
    BITS_MIN = 7,
    BITS_MAX = 18,
    LOG_OF_WORD = 6,
    BITS_PER_KEY = 16,
    PROBES_MAX = 2 * EDGE_SIZES + 2,
    LITERAL_SLACK = 16,
};

enum plan { PLAN_STRIDES, PLAN_BIGRAMS };

static const uint8_t edge_bytes[EDGE_SIZES] = { 8, 4, 2, 1 };
/* From which length on literals are of a class. Runs are as long, but for those of the long ones that are looked for
 * in strides. */
static const uint8_t class_from[][RUN_CLASSES] = {
    [PLAN_STRIDES] = { 7, 4, 3, 2, 1, 0 },
    [PLAN_BIGRAMS] = { 8, 6, 4, 3, 2, 1 },
};

/* One literal on its way into buckets: where it will be filed. */
struct filing {
    const struct literal *literal;
    uint64_t key;
    uint32_t before;
};

struct build {
    struct arena *arena, *work;
    struct litset *set;
    struct literal *literals;
    size_t count;
    struct filed *filed;
    size_t filed_count;
    struct filing *filings;
    size_t filing_count;
    struct probe probes[PROBES_MAX];
    struct runs runs[WIDE_CLASSES][RUN_CLASSES];
    enum plan plan; /* of the literals beginning in ASCII */
    struct windows windows[RUN_CLASSES]; /* the runs of these, for bigrams */
};

/* ---- buckets ---- */

static int
by_hash(const void *a, const void *b)
{
    const struct filing *x = a, *y = b;
    uint32_t v = bucket_hash(x->key), w = bucket_hash(y->key);
    if (v != w)
        return v < w ? -1 : 1;
    int order = str_compare(x->literal->text, y->literal->text);
    return order ? order : (x->literal->id > y->literal->id) - (x->literal->id < y->literal->id);
}

/* Literals are copied with slack behind them: they are read as whole words and blocks. */
static void
take_texts(struct build *b, const struct literal *literals)
{
    size_t bytes = 0;
    for (size_t i = 0; i < b->count; i++)
        bytes += literals[i].text.len + LITERAL_SLACK;
    char *texts = arena_alloc(b->arena, bytes + 1), *at = texts;
    if (bytes > UINT32_MAX)
        abort(); /* rules are read from files far smaller */
    for (size_t i = 0; i < b->count; i++) {
        b->literals[i] = literals[i];
        if (literals[i].text.len)
            memcpy(at, literals[i].text.at, literals[i].text.len);
        b->literals[i].text.at = at;
        at += literals[i].text.len + LITERAL_SLACK;
    }
    b->set->texts = texts;
}

static struct filed
filed_literal(const struct build *b, const struct filing *f)
{
    struct str text = f->literal->text;
    uint64_t first = hash_low_bytes(hash_load64(text.at), text.len);
    uint64_t last = text.len > 8 ? hash_load64(text.at + text.len - 8) : first;
    return (struct filed){ first, last, (uint32_t)(text.at - b->set->texts), (uint32_t)text.len, f->literal->id,
                           f->before, 0 };
}

static void
add_filing(struct build *b, const struct literal *l, uint64_t key, size_t before)
{
    b->filings[b->filing_count++] = (struct filing){ l, key, (uint32_t)before };
}

/* Of the filings gathered, which are forgotten then. */
static struct buckets
build_buckets(struct build *b)
{
    size_t room = 4;
    while (room < b->filing_count * 2)
        room *= 2;
    struct buckets made = { arena_array_of(b->arena, room, struct bucket), room - 1 };
    qsort(b->filings, b->filing_count, sizeof *b->filings, by_hash);
    for (size_t i = 0; i < b->filing_count; i++) {
        uint32_t hash = bucket_hash(b->filings[i].key);
        size_t at = hash & made.mask;
        bool is_new = i == 0 || hash != bucket_hash(b->filings[i - 1].key);
        while (is_new && made.items[at].place)
            at = (at + 1) & made.mask;
        if (is_new)
            made.items[at] = (struct bucket){ hash, (uint32_t)b->filed_count + 1 };
        else
            b->filed[b->filed_count - 1].more = 1;
        b->filed[b->filed_count++] = filed_literal(b, &b->filings[i]);
    }
    b->filing_count = 0;
    return made;
}

static size_t
log_of_bits(size_t keys)
{
    size_t log = BITS_MIN;
    while (log < BITS_MAX && ((size_t)1 << log) < keys * BITS_PER_KEY)
        log++;
    return log;
}

/* Of the filings gathered. */
static struct filter
build_filter(struct build *b)
{
    size_t log = log_of_bits(b->filing_count) - LOG_OF_WORD;
    struct filter f = { arena_array_of(b->arena, (size_t)1 << log, uint64_t), (uint8_t)(64 - log) };
    for (size_t i = 0; i < b->filing_count; i++) {
        uint64_t hash = b->filings[i].key * HASH_FACTOR;
        f.words[hash >> f.shift] |= filter_bits(hash);
    }
    return f;
}

/* ---- the edges ---- */

static void
add_probe(struct build *b, enum probe_of of, size_t bytes)
{
    if (b->filing_count == 0)
        return;
    struct probe p = { .filter = build_filter(b), .of = of, .bytes = (uint8_t)bytes };
    p.buckets = build_buckets(b);
    b->probes[b->set->probe_count++] = p;
}

static void
build_whole(struct build *b)
{
    for (size_t i = 0; i < b->count; i++)
        if (b->literals[i].kind == LITERAL_EQUALS)
            add_filing(b, &b->literals[i], whole_key(b->literals[i].text), 0);
    add_probe(b, PROBE_WHOLE, 0);
}

static bool
holds_name(const struct literal *l)
{
    return l->kind == LITERAL_ENDS && (memchr(l->text.at, '\\', l->text.len) || memchr(l->text.at, '/', l->text.len));
}

static void
build_names(struct build *b)
{
    for (size_t i = 0; i < b->count; i++) {
        struct str text = b->literals[i].text;
        if (holds_name(&b->literals[i]))
            add_filing(b, &b->literals[i], whole_key(name_of(text)), 0);
    }
    add_probe(b, PROBE_NAME, 0);
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
build_edge(struct build *b, enum literal_kind kind)
{
    bool at_end = kind == LITERAL_ENDS, has_empty = false;
    for (size_t size = 0; size < EDGE_SIZES; size++) {
        size_t bytes = edge_bytes[size];
        for (size_t i = 0; i < b->count; i++) {
            const struct literal *l = &b->literals[i];
            if (l->kind != kind || l->text.len == 0 || holds_name(l) || edge_size_of(l->text.len) != size)
                continue;
            add_filing(b, l, edge_key(at_end ? l->text.at + l->text.len - bytes : l->text.at, bytes), 0);
        }
        add_probe(b, at_end ? PROBE_END : PROBE_START, bytes);
    }
    for (size_t i = 0; i < b->count && !has_empty; i++)
        if (b->literals[i].kind == kind && b->literals[i].text.len == 0) {
            b->set->empty_ids[b->set->empty_count++] = b->literals[i].id;
            has_empty = true;
        }
}

/* ---- the inside ---- */

static size_t
class_of(size_t len, enum plan plan)
{
    size_t class = 0;
    while (class_from[plan][class] > len)
        class++;
    return class;
}

/* A wide literal can only stand in a text that is not ASCII. */
static bool
is_wide(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] >= 0x80)
            return true;
    return false;
}

static enum plan
plan_of(const struct build *b, size_t wide)
{
    return wide ? PLAN_STRIDES : b->plan;
}

static bool
is_of_class(const struct build *b, const struct literal *l, size_t wide, size_t class)
{
    return l->kind == LITERAL_INSIDE && l->text.len && class_of(l->text.len, plan_of(b, wide)) == class
        && is_wide(l->text) == (wide == 1);
}

static size_t
shortest_of_class(const struct build *b, size_t wide, size_t class)
{
    size_t shortest = LONG_RUN_MAX + STRIDE_MAX - 1;
    for (size_t i = 0; i < b->count; i++)
        if (is_of_class(b, &b->literals[i], wide, class) && b->literals[i].text.len < shortest)
            shortest = b->literals[i].text.len;
    return shortest;
}

/* How long runs are and how far apart looks may be so that each literal of the class, wherever it stands, is met in one
 * of its runs. */
static void
measure_class(const struct build *b, size_t wide, struct runs *r)
{
    enum plan plan = plan_of(b, wide);
    r->bytes = class_from[plan][r->class];
    r->stride = 1;
    if (plan == PLAN_STRIDES && r->class == 0) {
        size_t shortest = shortest_of_class(b, wide, 0);
        r->bytes = shortest < LONGER_FROM ? LONG_RUN : LONG_RUN_MAX;
        r->stride = (uint8_t)(shortest + 1 - r->bytes);
    }
    r->mask = hash_low_bytes(UINT64_MAX, r->bytes);
}

/* As many neighbouring runs as looks are apart: of the rarest bytes, which l->run begins. */
static void
file_literal(struct build *b, const struct literal *l, const struct runs *r)
{
    size_t bytes = r->bytes + r->stride - 1u, rarest = r->class == 0 ? NEIGHBOURS + 3 : 4, last = l->text.len - bytes;
    size_t aside = bytes > rarest ? (bytes - rarest) / 2 : 0;
    size_t before = l->run > aside ? l->run - aside : 0;
    before = before < last ? before : last;
    for (size_t i = 0; i < r->stride; i++)
        add_filing(b, l, hash_load64(l->text.at + before + i) & r->mask, before + i);
}

/* Of the filings gathered. */
static struct windows
windows_of(struct build *b, const struct runs *r)
{
    uint64_t *keys = arena_array_of(b->work, b->filing_count, uint64_t);
    for (size_t i = 0; i < b->filing_count; i++)
        keys[i] = b->filings[i].key;
    return (struct windows){ keys, b->filing_count, r->bytes, 0 };
}

static void
build_runs(struct build *b, size_t wide, size_t class)
{
    struct runs r = { .class = (uint8_t)class };
    measure_class(b, wide, &r);
    for (size_t i = 0; i < b->count; i++)
        if (is_of_class(b, &b->literals[i], wide, class))
            file_literal(b, &b->literals[i], &r);
    if (b->filing_count == 0)
        return;
    if (wide == 0)
        b->windows[b->set->run_counts[0]] = windows_of(b, &r);
    r.filter = build_filter(b);
    r.buckets = build_buckets(b);
    b->runs[wide][b->set->run_counts[wide]++] = r;
}

/* Whether looking for each class by itself would mean a look at nearly every place, or more. */
static enum plan
choose_plan(const struct build *b, enum litset_use use)
{
    struct runs longest = { 0 };
    measure_class(b, 0, &longest);
    bool has_long = false, has_short = false;
    for (size_t i = 0; i < b->count; i++) {
        has_long = has_long || is_of_class(b, &b->literals[i], 0, 0);
        for (size_t class = 1; class < RUN_CLASSES; class++)
            has_short = has_short || is_of_class(b, &b->literals[i], 0, class);
    }
    bool is_dense = has_short || (has_long && longest.stride <= STRIDE_OF_BIGRAMS);
    return use == ASKED_ALWAYS && is_dense ? PLAN_BIGRAMS : PLAN_STRIDES;
}

static void
build_bigrams(struct build *b)
{
    b->set->bigrams = bigrams_new(b->arena, b->windows, b->set->run_counts[0]);
    for (size_t bucket = 0; bucket < BUCKETS; bucket++)
        for (size_t i = 0; i < b->set->run_counts[0]; i++)
            if (b->windows[i].buckets >> bucket & 1)
                b->set->runs_of_bucket[bucket] = (uint8_t)i;
}

/* What stands anywhere. */
static void
build_insides(struct build *b, enum litset_use use)
{
    b->plan = choose_plan(b, use);
    for (size_t wide = 0; wide < WIDE_CLASSES; wide++)
        for (size_t class = 0; class < RUN_CLASSES; class++)
            build_runs(b, wide, class);
    if (b->plan == PLAN_BIGRAMS)
        build_bigrams(b);
}

/* ---- all of it ---- */

static size_t
filings_needed(const struct literal *literals, size_t count)
{
    size_t needed = 0;
    for (size_t i = 0; i < count; i++)
        needed += literals[i].text.len >= class_from[PLAN_STRIDES][0] ? STRIDE_MAX : 1;
    return needed;
}

static void
take_near(struct probe *p)
{
    size_t words = (size_t)1 << (64 - p->filter.shift);
    if (words > NEAR_WORDS)
        return;
    memcpy(p->near, p->filter.words, words * sizeof *p->near);
    p->filter.words = p->near;
}

/* As many as there are, each within a line of the cache. */
static const struct filed *
aligned_filed(const struct build *b)
{
    char *room = arena_alloc(b->arena, (b->filed_count + 2) * FILED_BYTES);
    char *aligned = room + (-(uintptr_t)room & (2 * FILED_BYTES - 1));
    if (b->filed_count)
        memcpy(aligned, b->filed, b->filed_count * FILED_BYTES);
    return (const struct filed *)(const void *)aligned;
}

static void
keep_parts(struct build *b)
{
    struct litset *set = b->set;
    struct probe *probes = arena_array_of(b->arena, set->probe_count + 1u, struct probe);
    memcpy(probes, b->probes, set->probe_count * sizeof *probes);
    for (size_t i = 0; i < set->probe_count; i++)
        take_near(&probes[i]);
    set->probes = probes;
    for (size_t wide = 0; wide < WIDE_CLASSES; wide++) {
        struct runs *runs = arena_array_of(b->arena, set->run_counts[wide] + 1u, struct runs);
        memcpy(runs, b->runs[wide], set->run_counts[wide] * sizeof *runs);
        set->runs[wide] = runs;
    }
    set->filed = aligned_filed(b);
}

struct litset *
litset_new(struct arena *a, const struct literal *literals, size_t count, enum litset_use use)
{
    scoped(arena_end) struct arena *work = arena_new(64 * 1024);
    size_t needed = filings_needed(literals, count);
    struct build b = { .arena = a, .work = work, .set = arena_new_of(a, struct litset), .count = count,
                       .literals = arena_array_of(work, count + 1, struct literal),
                       .filings = arena_array_of(work, needed + 1, struct filing),
                       .filed = arena_array_of(work, needed + 1, struct filed) };
    take_texts(&b, literals);
    build_whole(&b);
    build_names(&b);
    build_edge(&b, LITERAL_ENDS);
    build_edge(&b, LITERAL_STARTS);
    build_insides(&b, use);
    keep_parts(&b);
    return b.set;
}
