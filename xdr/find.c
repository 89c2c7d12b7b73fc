#include "xdr/find.h"

#ifdef __SSE2__

#include <emmintrin.h>

enum { STEP = 16 };

static __m128i
load(const char *at)
{
    return _mm_loadu_si128((const __m128i *)(const void *)at);
}

/* A bit for each of the places at[0] to at[15] where the part's first and last byte stand. */
static inline unsigned
likely_places(const char *at, size_t len, __m128i first, __m128i last)
{
    __m128i begins = _mm_cmpeq_epi8(load(at), first), ends = _mm_cmpeq_epi8(load(at + len - 1), last);
    return (unsigned)_mm_movemask_epi8(_mm_and_si128(begins, ends));
}

/* Most likely places differ in their first bytes already: no call for these. */
static inline bool
is_equal(const char *at, struct str part)
{
    uint32_t here, wanted;
    if (part.len >= sizeof here) {
        memcpy(&here, at, sizeof here);
        memcpy(&wanted, part.at, sizeof wanted);
        if (here != wanted)
            return false;
    }
    return memcmp(at, part.at, part.len) == 0;
}

/* False when the text is too short for a step of sixteen places. The last step overlaps the one before. */
static bool
find_in_steps(struct str text, struct str part, size_t *where)
{
    if (text.len < part.len + STEP - 1)
        return false;
    const __m128i first = _mm_set1_epi8(part.at[0]), last = _mm_set1_epi8(part.at[part.len - 1]);
    size_t end = text.len - part.len - (STEP - 1);
    *where = text.len;
    for (size_t i = 0;; i = i + STEP < end ? i + STEP : end) {
        for (unsigned both = likely_places(text.at + i, part.len, first, last); both; both &= both - 1) {
            size_t at = i + (size_t)__builtin_ctz(both);
            if (is_equal(text.at + at, part)) {
                *where = at;
                return true;
            }
        }
        if (i == end)
            return true;
    }
}

#else

static bool
find_in_steps(struct str text, struct str part, size_t *where)
{
    (void)text;
    (void)part;
    (void)where;
    return false;
}

#endif

size_t
find_where(struct str text, struct str part)
{
    size_t where;
    if (part.len == 0 || part.len > text.len)
        return part.len ? text.len : 0;
    if (find_in_steps(text, part, &where))
        return where;
    for (size_t i = 0; i + part.len <= text.len; i++)
        if (text.at[i] == part.at[0] && memcmp(text.at + i, part.at, part.len) == 0)
            return i;
    return text.len;
}

bool
find_part(struct str text, struct str part)
{
    return part.len == 0 || find_where(text, part) < text.len;
}
