#include "xdr/fold.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* The folded form of a character of two bytes (code points 80 to 7FF). */
static uint32_t
fold_two(uint32_t c)
{
    bool latin1 = c >= 0xC0 && c <= 0xDE && c != 0xD7;
    bool even_pairs = (c >= 0x100 && c <= 0x12F) || (c >= 0x132 && c <= 0x137) || (c >= 0x14A && c <= 0x177)
        || (c >= 0x460 && c <= 0x481) || (c >= 0x48A && c <= 0x4BF) || (c >= 0x4D0 && c <= 0x52F);
    bool odd_pairs = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E) || (c >= 0x4C1 && c <= 0x4CE);
    if (latin1)
        return c + 0x20;
    if (even_pairs)
        return c | 1;
    if (odd_pairs)
        return c + (c & 1);
    if (c >= 0x391 && c <= 0x3AB && c != 0x3A2) /* Greek */
        return c + 0x20;
    if (c >= 0x410 && c <= 0x42F) /* Cyrillic */
        return c + 0x20;
    if (c >= 0x400 && c <= 0x40F)
        return c + 0x50;
    if (c >= 0x531 && c <= 0x556) /* Armenian */
        return c + 0x30;
    return c;
}

static size_t
fold_wide_character(unsigned char *p, size_t left)
{
    if (p[0] >= 0xC2 && p[0] <= 0xDF && left >= 2) {
        uint32_t c = fold_two((uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F));
        p[0] = (unsigned char)(0xC0 | c >> 6);
        p[1] = (unsigned char)(0x80 | (c & 0x3F));
        return 2;
    }
    bool full_width = left >= 3 && p[0] == 0xEF && p[1] == 0xBC && p[2] >= 0xA1 && p[2] <= 0xBA;
    if (full_width) { /* U+FF21..3A to U+FF41..5A */
        p[1] = 0xBD;
        p[2] = (unsigned char)(p[2] - 0x20);
        return 3;
    }
    return 1;
}

static void
fold_wide(char *text, size_t len)
{
    unsigned char *p = (unsigned char *)text;
    for (size_t i = 0; i < len;)
        i += p[i] < 0x80 ? 1 : fold_wide_character(p + i, len - i);
}

#ifdef __SSE2__

static inline __m128i
fold_step(char *out, const char *at)
{
    const __m128i before_a = _mm_set1_epi8('A' - 1), after_z = _mm_set1_epi8('Z' + 1);
    __m128i c = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i is_upper = _mm_and_si128(_mm_cmpgt_epi8(c, before_a), _mm_cmplt_epi8(c, after_z));
    _mm_storeu_si128((__m128i *)(void *)out, _mm_or_si128(c, _mm_and_si128(is_upper, _mm_set1_epi8(0x20))));
    return c;
}

/* Texts shorter than a step take a step in a buffer of their own. */
static bool
fold_short(char *out, struct str text)
{
    char step[16] = { 0 };
    memcpy(step, text.at, text.len);
    bool is_ascii = _mm_movemask_epi8(fold_step(step, step)) == 0;
    memcpy(out, step, sizeof step);
    return is_ascii;
}

/* The last step ends where the text ends, and does some bytes twice. */
static bool
fold_ascii(char *out, struct str text)
{
    if (text.len < 16)
        return text.len == 0 || fold_short(out, text);
    __m128i seen = fold_step(out + text.len - 16, text.at + text.len - 16);
    for (size_t i = 0; i + 16 < text.len; i += 16)
        seen = _mm_or_si128(seen, fold_step(out + i, text.at + i));
    return _mm_movemask_epi8(seen) == 0;
}

#else

static bool
fold_ascii(char *out, struct str text)
{
    unsigned char seen = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        seen |= c;
        out[i] = (char)(c | ((unsigned)(c - 'A') < 26 ? 0x20 : 0));
    }
    return seen < 0x80;
}

#endif

bool
fold_into(char *out, struct str text)
{
    bool is_ascii = fold_ascii(out, text);
    if (!is_ascii)
        fold_wide(out, text.len);
    return is_ascii;
}

struct str
fold_copy(struct arena *a, struct str text)
{
    char *out = arena_alloc(a, text.len + FOLD_SLACK);
    fold_into(out, text);
    return (struct str){ out, text.len };
}
