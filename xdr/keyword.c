#include "xdr/keyword.h"

#include <hs.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { PART_MIN = 3 };

struct keyword_set {
    hs_database_t *database;
};

struct keyword_scratch {
    hs_scratch_t *scratch;
};

/* Characters that every JSON writer leaves as they are. */
static bool
is_written_plainly(char c)
{
    bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return is_word || (c && strchr(" _-.,:;()[]{}!#$%*@^|~?", c));
}

static struct str
plainly_written_part(struct str word)
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

static void
free_database(void *database)
{
    hs_free_database(database);
}

struct keyword_set *
keyword_set_new(struct arena *a, const struct keyword *words, size_t count)
{
    const char **texts = arena_array_of(a, count + 1, const char *);
    size_t *lengths = arena_array_of(a, count + 1, size_t);
    unsigned *flags = arena_array_of(a, count + 1, unsigned), *ids = arena_array_of(a, count + 1, unsigned);
    for (size_t i = 0; i < count; i++) {
        struct str part = plainly_written_part(words[i].text);
        if (part.len < PART_MIN)
            return NULL;
        texts[i] = str_copy(a, part).at;
        lengths[i] = part.len;
        flags[i] = HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH;
        ids[i] = words[i].id;
    }
    struct keyword_set *set = arena_new_of(a, struct keyword_set);
    hs_compile_error_t *error = NULL;
    hs_error_t code = hs_compile_lit_multi(texts, flags, ids, lengths, (unsigned)count, HS_MODE_BLOCK, NULL,
                                           &set->database, &error);
    if (code != HS_SUCCESS) {
        hs_free_compile_error(error);
        return NULL;
    }
    arena_defer(a, free_database, set->database);
    return set;
}

static void
free_scratch(void *scratch)
{
    hs_free_scratch(scratch);
}

struct keyword_scratch *
keyword_scratch_new(struct arena *a, const struct keyword_set *const *sets)
{
    struct keyword_scratch *s = arena_new_of(a, struct keyword_scratch);
    for (size_t i = 0; sets[i]; i++)
        if (hs_alloc_scratch(sets[i]->database, &s->scratch) != HS_SUCCESS)
            abort();
    if (s->scratch)
        arena_defer(a, free_scratch, s->scratch);
    return s;
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

static bool
has_unicode_escape(struct str json)
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

struct scan {
    void (*found)(void *to, uint32_t id);
    void *to;
};

static int
on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    const struct scan *scan = context;
    (void)from;
    (void)to;
    (void)flags;
    scan->found(scan->to, id);
    return 0;
}

bool
keyword_set_scan(const struct keyword_set *set, struct keyword_scratch *s, struct str json,
                 void (*found)(void *to, uint32_t id), void *to)
{
    struct scan scan = { found, to };
    if (json.len > UINT32_MAX || has_unicode_escape(json))
        return false;
    return hs_scan(set->database, json.at, (unsigned)json.len, 0, s->scratch, on_match, &scan) == HS_SUCCESS;
}
