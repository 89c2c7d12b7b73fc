#include "xdr/seek.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static inline char
fold(char c)
{
    return (unsigned)(c - 'A') < 26 ? (char)(c | 0x20) : c;
}

/* Guessed from Windows events as JSON: the rarer, the lower. */
static int
commonness(char c)
{
    static const char common[] = "zqjkvwybxghpufmldcnarostie0123456789";
    const char *at = c ? strchr(common, c) : NULL;
    unsigned char byte = (unsigned char)c;
    if (byte >= 0xE0)
        return 90; /* leads of characters are all alike */
    return at ? 10 + (int)(at - common) : strchr("\",: \\", c) ? 100 : 5;
}

struct seeker
seeker_of(struct str folded)
{
    struct seeker k = { folded, { 0, folded.len - 1 } };
    for (size_t i = 0; i < folded.len; i++)
        if (commonness(folded.at[i]) < commonness(folded.at[k.rare[0]]))
            k.rare[0] = i;
    if (k.rare[1] == k.rare[0])
        k.rare[1] = 0;
    for (size_t i = 0; i < folded.len; i++)
        if (i != k.rare[0] && commonness(folded.at[i]) < commonness(folded.at[k.rare[1]]))
            k.rare[1] = i;
    return k;
}

static inline bool
stands_at(const struct seeker *k, const char *at)
{
    for (size_t i = 0; i < k->text.len; i++)
        if (fold(at[i]) != k->text.at[i])
            return false;
    return true;
}

#ifdef __SSE2__

/* Letters are compared with the bit of their case set, which some signs then equal, too. */
static inline unsigned
places_like(const char *at, __m128i with, __m128i cased)
{
    __m128i c = _mm_loadu_si128((const __m128i *)(const void *)at);
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_or_si128(c, cased), with));
}

static inline __m128i
case_bit_of(char c)
{
    return _mm_set1_epi8((unsigned)(c - 'a') < 26 ? 0x20 : 0);
}

/* Whole steps only; *from is where it found the text or where it ended. */
static bool
seek_in_steps(const struct seeker *k, struct str in, size_t *from)
{
    const char one = k->text.at[k->rare[0]], other = k->text.at[k->rare[1]];
    const __m128i first = _mm_set1_epi8(one), second = _mm_set1_epi8(other);
    const __m128i first_case = case_bit_of(one), second_case = case_bit_of(other);
    size_t i = *from;
    for (; i + k->text.len + 15 <= in.len; i += 16) {
        unsigned both = places_like(in.at + i + k->rare[0], first, first_case);
        if (!both)
            continue;
        both &= places_like(in.at + i + k->rare[1], second, second_case);
        for (; both; both &= both - 1)
            if (stands_at(k, in.at + i + __builtin_ctz(both))) {
                *from = i + (size_t)__builtin_ctz(both);
                return true;
            }
    }
    *from = i;
    return false;
}

#else

static bool
seek_in_steps(const struct seeker *k, struct str in, size_t *from)
{
    (void)k;
    (void)in;
    (void)from;
    return false;
}

#endif

size_t
seek(const struct seeker *k, struct str in, size_t from)
{
    if (seek_in_steps(k, in, &from))
        return from;
    for (; from + k->text.len <= in.len; from++)
        if (stands_at(k, in.at + from))
            return from;
    return in.len;
}
