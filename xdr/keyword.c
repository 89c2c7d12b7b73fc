#include "xdr/keyword.h"

#include "xdr/event.h"
#include "xdr/find.h"
#include "xdr/fingerprint.h"
#include "xdr/hash.h"
#include "xdr/ordinary.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { PART_MIN = 3, FEW = 64, ORDINARY_WEIGHT = 8 };

struct word {
    struct str part; /* what is looked for, in small letters */
    uint32_t begin, key; /* where in it its rarest bytes begin, and they themselves without their case */
    uint32_t id;
};

struct keywords {
    const struct litset *set;               /* of many words */
    const struct fingerprints *few_runs;    /* of few, and of the escape that hides letters; then `words` */
    const struct word *words;
    size_t count;
    uint64_t key_bits[4]; /* by a hash of four bytes; with a shorter word all of them */
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

/* The bytes at a place without the bit that tells small letters from capitals. */
static uint32_t
key_at(struct str text, size_t at)
{
    char bytes[RUN_BYTES] = { 0 };
    size_t left = text.len - at;
    memcpy(bytes, text.at + at, left < RUN_BYTES ? left : RUN_BYTES);
    return hash_load32(bytes) & 0xDFDFDFDFu;
}

static uint32_t
bit_of_key(uint32_t key)
{
    return key * 0x9E3779B1u >> 24;
}

static void
note_key(struct keywords *k, const struct word *w)
{
    uint32_t bit = bit_of_key(w->key);
    k->key_bits[bit / 64] |= 1ull << (bit % 64);
    for (size_t i = 0; w->part.len < RUN_BYTES && i < COUNT_OF(k->key_bits); i++)
        k->key_bits[i] = UINT64_MAX;
}

static size_t
count_holding(const struct literal *literals, size_t count, struct str pair)
{
    size_t holding = 0;
    for (size_t i = 0; i < count; i++)
        holding += find_part(literals[i].text, pair);
    return holding;
}

/* Where in a word its run begins: at rare bytes, and with a pair behind the first that many words have ("s::", "t::"),
 * so that the groups of a fingerprint allow little else. */
static uint32_t
begin_of_run(const struct literal *literals, size_t count, struct str part)
{
    size_t best = 0;
    float most = -1;
    for (size_t i = 0; i + RUN_BYTES <= part.len; i++) {
        struct str run = str_head(str_skip(part, i), RUN_BYTES - 1);
        size_t sharing = count_holding(literals, count, str_skip(run, 1)), ordinary = ordinary_count(false, run, false);
        float gain = (float)sharing / (float)(1 + ORDINARY_WEIGHT * ordinary);
        if (gain > most) {
            most = gain;
            best = i;
        }
    }
    return (uint32_t)best;
}

static const struct fingerprints *
runs_of_few(struct arena *a, struct arena *work, struct literal *literals, size_t count, struct word *words)
{
    struct run *runs = arena_array_of(work, count + 1, struct run);
    for (size_t i = 0; i < count; i++) {
        struct str part = literals[i].text;
        uint32_t begin = begin_of_run(literals, count, part);
        runs[i] = (struct run){ str_skip(part, begin), true };
        words[i] = (struct word){ part, begin, key_at(part, begin), literals[i].id };
    }
    runs[count] = (struct run){ STR("\\u"), false };
    return fingerprints_new(a, runs, count + 1, FOR_LONG_TEXTS);
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
    runs_find(literals, count);
    struct keywords *k = arena_new_of(a, struct keywords);
    struct word *few = arena_array_of(a, count + 1, struct word);
    *k = (struct keywords){ .words = few, .count = count };
    k->few_runs = count <= FEW ? runs_of_few(a, work, literals, count, few) : NULL;
    for (size_t i = 0; k->few_runs && i < count; i++)
        note_key(k, &few[i]);
    k->set = k->few_runs ? NULL : litset_new(a, literals, count, ASKED_ALWAYS);
    return k;
}

/* ---- asking ---- */

static bool
stands_at(struct str text, size_t at, struct str part)
{
    return part.len <= text.len - at && str_eq_nocase((struct str){ text.at + at, part.len }, part);
}

static bool
word_stands_at(const struct word *w, struct str json, size_t at, uint32_t key)
{
    uint32_t of_word = w->part.len < RUN_BYTES ? (1u << 8 * w->part.len) - 1 : UINT32_MAX;
    return ((key ^ w->key) & of_word) == 0 && w->begin <= at && stands_at(json, at - w->begin, w->part);
}

/* False when an escape of letters stands at the place. */
static bool
find_few_at(const struct keywords *k, struct str json, size_t at, struct hits *hits)
{
    if (json.at[at] == '\\' && at + 1 < json.len && json.at[at + 1] == 'u' && begins_escape(json, at))
        return false;
    uint32_t key = key_at(json, at);
    uint32_t bit = bit_of_key(key);
    bool is_likely = k->key_bits[bit / 64] >> (bit % 64) & 1;
    for (size_t i = 0; is_likely && i < k->count; i++)
        if (word_stands_at(&k->words[i], json, at, key))
            hits_add(hits, k->words[i].id);
    return true;
}

/* The places of `part`, which is the line from `offset` on. */
static bool
find_few_in(const struct keywords *k, struct str json, size_t offset, struct str part, struct hits *hits)
{
    uint32_t marks[MARKS_MAX];
    size_t count;
    for (size_t from = 0; from < part.len;) {
        from = fingerprints_mark(k->few_runs, part, from, marks, &count);
        for (size_t i = 0; i < count; i++)
            if (!find_few_at(k, json, offset + marks[i], hits))
                return false;
    }
    return true;
}

/* Nothing behind a line may be read: its end is copied to where there is something behind. */
static bool
find_few(const struct keywords *k, struct str json, struct hits *hits)
{
    char end[2 * MARK_SLACK] = { 0 };
    size_t end_len = json.len < MARK_SLACK ? json.len : MARK_SLACK, head = json.len - end_len;
    memcpy(end, json.at + head, end_len);
    return find_few_in(k, json, 0, str_head(json, head), hits)
        && find_few_in(k, json, head, (struct str){ end, end_len }, hits);
}

bool
keywords_find(const struct keywords *k, struct event *of, struct hits *hits)
{
    struct str json = event_json(of);
    if (k->few_runs)
        return find_few(k, json, hits);
    if (json_hides_letters(json))
        return false;
    struct event_value line = event_whole(of);
    litset_scan(k->set, line.folded, line.is_ascii, hits);
    return true;
}
