#include "xdr/find.h"

#ifdef __SSE2__

#include <emmintrin.h>

static __m128i
load(const char *at)
{
    return _mm_loadu_si128((const __m128i *)(const void *)at);
}

/* Looks at the places [*from, ...) in steps of sixteen, as long as whole steps fit; *from is where it found the part
 * or where it ended. */
static bool
find_in_steps(struct str text, struct str part, size_t *from)
{
    const __m128i first = _mm_set1_epi8(part.at[0]), last = _mm_set1_epi8(part.at[part.len - 1]);
    size_t i = *from;
    for (; i + part.len + 15 <= text.len; i += 16) {
        __m128i begins = _mm_cmpeq_epi8(load(text.at + i), first);
        __m128i ends = _mm_cmpeq_epi8(load(text.at + i + part.len - 1), last);
        unsigned both = (unsigned)_mm_movemask_epi8(_mm_and_si128(begins, ends));
        for (; both; both &= both - 1)
            if (memcmp(text.at + i + __builtin_ctz(both), part.at, part.len) == 0) {
                *from = i + (size_t)__builtin_ctz(both);
                return true;
            }
    }
    *from = i;
    return false;
}

#else

static bool
find_in_steps(struct str text, struct str part, size_t *from)
{
    (void)text;
    (void)part;
    (void)from;
    return false;
}

#endif

size_t
find_where(struct str text, struct str part)
{
    size_t i = 0;
    if (part.len == 0 || part.len > text.len)
        return part.len ? text.len : 0;
    if (find_in_steps(text, part, &i))
        return i;
    for (; i + part.len <= text.len; i++)
        if (text.at[i] == part.at[0] && memcmp(text.at + i, part.at, part.len) == 0)
            return i;
    return text.len;
}

bool
find_part(struct str text, struct str part)
{
    return part.len == 0 || find_where(text, part) < text.len;
}
