#include "xdr/keyword.h"

#include "xdr/event.h"
#include "xdr/find.h"
#include "xdr/fingerprint.h"
#include "xdr/hash.h"
#include "xdr/ordinary.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { PART_MIN = 3, FEW = 64, PAIR_BYTES = 2, HEAD_BYTES = 48, ORDINARY_WEIGHT = 8 };

struct word {
    struct str part; /* what is looked for, in small letters */
    uint32_t begin;  /* where in it its run begins */
    uint32_t id;
};

/* A few bytes that some words have: two or three. */
struct shared_run {
    uint32_t key, mask; /* them without their case, and which bytes count */
    uint32_t first, count; /* of these words */
};

struct keywords {
    const struct litset *set;         /* of many words */
    const struct fingerprints *marks; /* of few: of their runs, and of the escape that hides letters */
    const struct shared_run *runs;
    const struct word *words;
    size_t run_count;
};

/* Characters that every JSON writer leaves as they are. */
static bool
is_written_plainly(char c)
{
    bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return is_word || (c && strchr(" _-.,:;()[]{}!#$%*@^|~?", c));
}

struct str
keyword_part(struct str word)
{
    struct str best = STR("");
    for (size_t i = 0; i < word.len;) {
        size_t end = i;
        while (end < word.len && is_written_plainly(word.at[end]))
            end++;
        if (end - i > best.len)
            best = str_head(str_skip(word, i), end - i);
        i = end + 1;
    }
    return best;
}

/* Whether the backslash at `at` begins an escape: an even number of backslashes stands before it. */
static bool
begins_escape(struct str json, size_t at)
{
    size_t before = 0;
    while (before < at && json.at[at - before - 1] == '\\')
        before++;
    return before % 2 == 0;
}

bool
json_hides_letters(struct str json)
{
    size_t i = 0;
#ifdef __SSE2__
    const __m128i backslash = _mm_set1_epi8('\\'), letter = _mm_set1_epi8('u');
    for (; i + 17 <= json.len; i += 16) {
        __m128i here = _mm_loadu_si128((const __m128i *)(const void *)(json.at + i));
        __m128i next = _mm_loadu_si128((const __m128i *)(const void *)(json.at + i + 1));
        __m128i both = _mm_and_si128(_mm_cmpeq_epi8(here, backslash), _mm_cmpeq_epi8(next, letter));
        for (unsigned mask = (unsigned)_mm_movemask_epi8(both); mask; mask &= mask - 1)
            if (begins_escape(json, i + (size_t)__builtin_ctz(mask)))
                return true;
    }
#endif
    for (; i + 1 < json.len; i++)
        if (json.at[i] == '\\' && json.at[i + 1] == 'u' && begins_escape(json, i))
            return true;
    return false;
}

/* ---- building ---- */

/* Bytes without the bit that tells small letters from capitals. */
static uint32_t
key_of(uint32_t bytes)
{
    return bytes & 0xDFDFDFDFu;
}

struct choice { /* of the bytes that words are found by */
    struct str bytes;
    uint64_t words; /* a bit for each that has them */
    float cost;
};

/* How often they stand in ordinary values, and how often their pairs do; a pair is likelier anywhere than three. */
static float
cost_of_bytes(struct str bytes)
{
    float often = (float)ordinary_count(false, bytes, false), pairs = 0;
    for (size_t i = 0; i + PAIR_BYTES <= bytes.len; i++)
        pairs += (float)ordinary_count(false, str_head(str_skip(bytes, i), PAIR_BYTES), false);
    return ORDINARY_WEIGHT * often + (bytes.len > PAIR_BYTES ? 1 + pairs / (2 * ORDINARY_COUNT_MAX) : 2);
}

/* Where its run is looked for: a word may be as long as a rule. */
static struct str
head_of(const struct literal *word)
{
    return str_head(word->text, HEAD_BYTES);
}

static struct choice
choice_of(const struct literal *words, size_t count, struct str bytes)
{
    struct choice c = { bytes, 0, cost_of_bytes(bytes) };
    for (size_t i = 0; i < count; i++)
        c.words |= (uint64_t)find_part(head_of(&words[i]), bytes) << i;
    return c;
}

/* Longer ones come first: of those as good they are the better ones. */
static size_t
gather_choices(struct arena *a, const struct literal *words, size_t count, struct choice **out)
{
    size_t room = 1, n = 0;
    for (size_t i = 0; i < count; i++)
        room += 2 * head_of(&words[i]).len;
    *out = arena_array_of(a, room, struct choice);
    for (size_t bytes = RUN_BYTES; bytes >= PAIR_BYTES; bytes--)
        for (size_t i = 0; i < count; i++)
            for (size_t at = 0; at + bytes <= head_of(&words[i]).len; at++)
                (*out)[n++] = choice_of(words, count, str_head(str_skip(words[i].text, at), bytes));
    return n;
}

static const struct choice *
best_choice(const struct choice *choices, size_t count, uint64_t left)
{
    const struct choice *best = choices;
    float most = -1;
    for (size_t i = 0; i < count; i++) {
        float gain = (float)__builtin_popcountll(choices[i].words & left) / choices[i].cost;
        if (gain > most) {
            most = gain;
            best = &choices[i];
        }
    }
    return best;
}

static struct shared_run
shared_run_of(struct str bytes, size_t first)
{
    char word[sizeof(uint32_t)] = { 0 };
    memcpy(word, bytes.at, bytes.len);
    return (struct shared_run){ key_of(hash_load32(word)), UINT32_MAX >> (32 - 8 * bytes.len), (uint32_t)first, 0 };
}

/* Few runs that are rare elsewhere, so that each of them can have a group of the fingerprints for itself ("::", "kiw"):
 * the one that finds most words of those left, again and again. */
static void
find_by_few_runs(struct keywords *k, struct arena *a, struct arena *work, const struct literal *words, size_t count)
{
    struct choice *choices;
    size_t choice_count = gather_choices(work, words, count, &choices), found = 0;
    struct run *marked = arena_array_of(work, count + 1, struct run);
    struct shared_run *runs = arena_array_of(a, count + 1, struct shared_run);
    struct word *ordered = arena_array_of(a, count + 1, struct word);
    uint64_t left = count ? UINT64_MAX >> (64 - count) : 0;
    while (left) {
        const struct choice *c = best_choice(choices, choice_count, left);
        struct shared_run *r = &runs[k->run_count];
        *r = shared_run_of(c->bytes, found);
        marked[k->run_count++] = (struct run){ c->bytes, true };
        for (uint64_t of = c->words & left; of; of &= of - 1) {
            const struct literal *w = &words[__builtin_ctzll(of)];
            ordered[found++] = (struct word){ w->text, (uint32_t)find_where(w->text, c->bytes), w->id };
            r->count++;
        }
        left &= ~c->words;
    }
    marked[k->run_count] = (struct run){ STR("\\u"), false };
    k->runs = runs;
    k->words = ordered;
    k->marks = fingerprints_new(a, marked, k->run_count + 1);
}

const struct keywords *
keywords_new(struct arena *a, const struct keyword *words, size_t count)
{
    scoped(arena_end) struct arena *work = arena_new(4096);
    struct literal *literals = arena_array_of(work, count + 1, struct literal);
    for (size_t i = 0; i < count; i++) {
        struct str part = keyword_part(words[i].text);
        if (part.len < PART_MIN)
            return NULL;
        literals[i] = (struct literal){ LITERAL_INSIDE, part, words[i].id, 0 };
    }
    struct keywords *k = arena_new_of(a, struct keywords);
    if (count <= FEW)
        find_by_few_runs(k, a, work, literals, count);
    if (k->marks)
        return k;
    runs_find(literals, count);
    k->set = litset_new(a, literals, count, ASKED_ALWAYS);
    return k;
}

/* ---- asking ---- */

static bool
stands_at(struct str text, size_t at, struct str part)
{
    return part.len <= text.len - at && str_eq_nocase((struct str){ text.at + at, part.len }, part);
}

/* False when an escape of letters stands at the place. */
static bool
find_few_at(const struct keywords *k, struct str json, size_t at, struct hits *hits)
{
    if (json.at[at] == '\\' && at + 1 < json.len && json.at[at + 1] == 'u' && begins_escape(json, at))
        return false;
    char bytes[sizeof(uint32_t)] = { 0 };
    memcpy(bytes, json.at + at, json.len - at < RUN_BYTES ? json.len - at : RUN_BYTES);
    uint32_t key = key_of(hash_load32(bytes));
    for (const struct shared_run *r = k->runs; r < k->runs + k->run_count; r++)
        for (uint32_t i = 0; ((key ^ r->key) & r->mask) == 0 && i < r->count; i++) {
            const struct word *w = &k->words[r->first + i];
            if (w->begin <= at && stands_at(json, at - w->begin, w->part))
                hits_add(hits, w->id);
        }
    return true;
}

/* What stands in a string of an object is followed by a quote and a brace, so that no word ends with the line. */
static bool
find_few(const struct keywords *k, struct str json, struct hits *hits)
{
    uint32_t marks[MARKS_MAX];
    char wider[MARKED_MIN] = { 0 };
    if (json.len < MARKED_MIN) {
        memcpy(wider, json.at, json.len);
        json = (struct str){ wider, MARKED_MIN };
    }
    for (size_t from = 0, count; from < json.len;) {
        from = fingerprints_mark(k->marks, json, from, marks, &count);
        for (size_t i = 0; i < count; i++)
            if (!find_few_at(k, json, marks[i], hits))
                return false;
    }
    return true;
}

bool
keywords_find(const struct keywords *k, struct event *of, struct hits *hits)
{
    struct str json = event_json(of);
    if (k->marks)
        return find_few(k, json, hits);
    if (json_hides_letters(json))
        return false;
    struct event_value line = event_whole(of);
    litset_scan(k->set, line.folded, line.is_ascii, hits);
    return true;
}
