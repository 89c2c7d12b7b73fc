#include "xdr/keyword.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { PART_MIN = 3 };

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

const struct litset *
keywords_new(struct arena *a, const struct keyword *words, size_t count)
{
    struct literal *literals = arena_array_of(a, count + 1, struct literal);
    for (size_t i = 0; i < count; i++) {
        struct str part = plainly_written_part(words[i].text);
        if (part.len < PART_MIN)
            return NULL;
        literals[i] = (struct literal){ LITERAL_INSIDE, part, words[i].id, 0 };
    }
    runs_find(literals, count);
    return litset_new(a, literals, count);
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
