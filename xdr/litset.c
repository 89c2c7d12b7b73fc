#include "xdr/litset_parts.h"

enum { LOOKS = 4 };

/* With `hits` every literal found is reported; without, the first one ends the search. */
static inline bool
report(struct hits *hits, uint32_t id)
{
    if (!hits)
        return true;
    hits_add(hits, id);
    return false;
}

/* Whether the literal stands at `at`, where at least its length is left; a few bytes behind can be read. */
static inline bool
stands_at(const struct litset *set, const struct filed *f, const char *at)
{
    size_t len = f->len;
    if (hash_low_bytes(hash_load64(at) ^ f->first, len))
        return false;
    if (len <= 8)
        return true;
    return hash_load64(at + len - 8) == f->last
        && (len <= 16 || memcmp(at + 8, set->texts + f->text + 8, len - 16) == 0);
}

/* The first of those filed under a key; NULL when there is none. */
static inline const struct filed *
find_filed(const struct litset *set, const struct buckets *b, uint64_t key)
{
    uint32_t hash = bucket_hash(key);
    for (size_t i = hash & b->mask;; i = (i + 1) & b->mask) {
        struct bucket item = b->items[i];
        if (item.place == 0)
            return NULL;
        if (item.hash == hash)
            return &set->filed[item.place - 1];
    }
}

static inline const struct filed *
next_filed(const struct filed *f)
{
    return f->more ? f + 1 : NULL;
}

/* ---- the edges ---- */

static bool __attribute__((noinline)) /* rarely taken: what calls it stays small */
ask_bucket(const struct litset *set, const struct probe *p, uint64_t key, struct str text, struct hits *hits)
{
    for (const struct filed *f = find_filed(set, &p->buckets, key); f; f = next_filed(f)) {
        bool fits = p->of == PROBE_WHOLE ? f->len == text.len : f->len <= text.len;
        bool is_at_end = p->of == PROBE_NAME || p->of == PROBE_END;
        const char *begin = is_at_end ? text.at + text.len - f->len : text.at;
        if (fits && stands_at(set, f, begin) && report(hits, f->id))
            return true;
    }
    return false;
}

static inline bool
ask_probe(const struct litset *set, const struct probe *p, struct str text, struct hits *hits)
{
    uint64_t key;
    if (p->of == PROBE_WHOLE)
        key = whole_key(text);
    else if (p->of == PROBE_NAME)
        key = whole_key(name_of(text));
    else if (text.len < p->bytes)
        return false;
    else
        key = edge_key(p->of == PROBE_END ? text.at + text.len - p->bytes : text.at, p->bytes);
    return filter_passes(p->filter, key) && ask_bucket(set, p, key, text, hits);
}

/* ---- the inside ---- */

/* The bitmap let position `i` pass: compare what is filed under the run that stands there. */
static bool __attribute__((noinline))
ask_position(const struct litset *set, const struct runs *r, uint64_t run, size_t i, struct str text,
             struct hits *hits)
{
    for (const struct filed *f = find_filed(set, &r->buckets, run); f; f = next_filed(f)) {
        if (f->before > i || f->len > text.len - (i - f->before))
            continue;
        if (stands_at(set, f, text.at + i - f->before) && report(hits, f->id))
            return true;
    }
    return false;
}

/* Four looks at once, a bit for each that may have found something: nothing to guess wrong before all are done. The
 * last of them may lie behind the text, where something can still be read. */
static inline unsigned
look_at_four(const struct runs *r, const char *at)
{
    unsigned found = 0;
    for (size_t n = 0; n < LOOKS; n++)
        found |= (unsigned)filter_passes(r->filter, hash_load64(at + n * r->stride) & r->mask) << n;
    return found;
}

static bool
ask_runs(const struct litset *set, const struct runs *r, struct str text, struct hits *hits)
{
    const struct runs of = *r; /* kept in registers */
    if (text.len < of.bytes)
        return false;
    for (size_t i = 0, last = text.len - of.bytes; i <= last; i += LOOKS * of.stride)
        for (unsigned found = look_at_four(&of, text.at + i); found; found &= found - 1) {
            size_t at = i + (size_t)__builtin_ctz(found) * of.stride;
            if (at <= last && ask_position(set, r, hash_load64(text.at + at) & of.mask, at, text, hits))
                return true;
        }
    return false;
}

/* A window of the bucket may end with the pair of bytes at `i`. */
static inline bool
ask_end(const struct litset *set, size_t bucket, size_t i, struct str text, struct hits *hits)
{
    const struct runs *r = &set->runs[0][set->runs_of_bucket[bucket]];
    size_t end = i + (r->bytes > 1 ? 2 : 1);
    if (end > text.len || end < r->bytes)
        return false;
    uint64_t run = hash_load64(text.at + end - r->bytes) & r->mask;
    return filter_passes(r->filter, run) && ask_position(set, r, run, end - r->bytes, text, hits);
}

#ifdef __SSE2__

static bool
ask_bigrams(const struct litset *set, struct str text, struct hits *hits)
{
    const struct bigrams of = *set->bigrams; /* kept in registers */
    struct bigram_walk walk = bigrams_begin(&of);
    for (size_t i = 0; i < text.len; i += BIGRAM_STEP) {
        uint64_t ends = bigrams_step(&of, text.at + i, &walk);
        for (; ends; ends &= ends - 1) {
            size_t bit = (size_t)__builtin_ctzll(ends);
            if (ask_end(set, bit % BUCKETS, i + bit / BUCKETS, text, hits))
                return true;
        }
    }
    return false;
}

#else

static bool
ask_bigrams(const struct litset *set, struct str text, struct hits *hits)
{
    (void)set;
    (void)text;
    (void)hits;
    return false;
}

#endif

static inline bool
ask_inside(const struct litset *set, size_t wide, struct str text, struct hits *hits)
{
    if (wide == 0 && set->bigrams)
        return ask_bigrams(set, text, hits);
    for (size_t i = 0; i < set->run_counts[wide]; i++)
        if (ask_runs(set, &set->runs[wide][i], text, hits))
            return true;
    return false;
}

static inline bool
ask(const struct litset *set, struct str text, bool is_ascii, struct hits *hits)
{
    for (size_t i = 0; i < set->empty_count; i++)
        if (report(hits, set->empty_ids[i]))
            return true;
    for (size_t i = 0; i < set->probe_count; i++)
        if (ask_probe(set, &set->probes[i], text, hits))
            return true;
    return ask_inside(set, 0, text, hits) || (!is_ascii && ask_inside(set, 1, text, hits));
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
