/* pattern: patterns taken apart, and matched where they are more than one literal. */
#include "xdr/engine_parts.h"
#include "xdr/find.h"

static bool
is_marker(char c)
{
    return (unsigned char)c >= PATTERN_DASH;
}

static bool
is_many(char c)
{
    return (unsigned char)c == PATTERN_MANY;
}

enum check_kind
pattern_class(struct str pattern, struct str *inner)
{
    size_t begin = 0, end = pattern.len;
    while (begin < end && is_many(pattern.at[begin]))
        begin++;
    while (end > begin && is_many(pattern.at[end - 1]))
        end--;
    bool open_start = begin > 0, open_end = end < pattern.len;
    *inner = str_head(str_skip(pattern, begin), end - begin);
    for (size_t i = begin; i < end; i++)
        if (is_marker(pattern.at[i]))
            return CHECK_GLOB;
    if (inner->len == 0 && open_start)
        return CHECK_ANY_VALUE;
    if (open_start)
        return open_end ? CHECK_INSIDE : CHECK_ENDS;
    return open_end ? CHECK_STARTS : CHECK_EQUALS;
}

struct str
pattern_longest_literal(struct str pattern)
{
    struct str best = STR("");
    for (size_t i = 0; i < pattern.len;) {
        size_t end = i;
        while (end < pattern.len && !is_marker(pattern.at[end]))
            end++;
        if (end - i > best.len)
            best = str_head(str_skip(pattern, i), end - i);
        i = end + 1;
    }
    return best;
}

/* Bytes of the character at the head of valid UTF-8, or of the lone byte that stands there. */
static size_t
character_bytes(struct str s)
{
    size_t n = 1;
    while (n < s.len && ((unsigned char)s.at[n] & 0xC0) == 0x80)
        n++;
    return n;
}

static size_t
dash_bytes(struct str s)
{
    if (s.at[0] == '-' || s.at[0] == '/')
        return 1;
    bool is_typographic = s.len >= 3 && memcmp(s.at, "\xE2\x80", 2) == 0 && (unsigned char)s.at[2] >= 0x93
        && (unsigned char)s.at[2] <= 0x95;
    return is_typographic ? 3 : 0;
}

/* Bytes of `text` that the mark or letter at the head of a glob takes; 0 when it does not fit. */
static size_t
bytes_taken(char mark, struct str text)
{
    if (text.len == 0)
        return 0;
    if ((unsigned char)mark == PATTERN_ONE)
        return character_bytes(text);
    if ((unsigned char)mark == PATTERN_DASH)
        return dash_bytes(text);
    return mark == text.at[0];
}

/* Goes back to the last MANY only, which is enough and keeps the work within glob.len * text.len. */
bool
glob_fits(struct str glob, struct str text)
{
    size_t g = 0, t = 0, after_many = SIZE_MAX, resume = 0;
    while (t < text.len || g < glob.len) {
        if (g < glob.len && is_many(glob.at[g])) {
            after_many = ++g;
            resume = t;
            continue;
        }
        size_t taken = g < glob.len ? bytes_taken(glob.at[g], str_skip(text, t)) : 0;
        if (taken) {
            g++;
            t += taken;
            continue;
        }
        if (after_many == SIZE_MAX || resume >= text.len)
            return false;
        resume += character_bytes(str_skip(text, resume));
        g = after_many;
        t = resume;
    }
    return true;
}

/* ---- texts of ASCII: every mark but MANY takes one byte ---- */

static bool
segment_stands_at(struct str segment, const char *at)
{
    for (size_t i = 0; i < segment.len; i++) {
        unsigned char mark = (unsigned char)segment.at[i];
        bool fits = mark == PATTERN_DASH ? at[i] == '-' || at[i] == '/' : at[i] == segment.at[i];
        if (!fits && mark != PATTERN_ONE)
            return false;
    }
    return true;
}

/* The first place at or behind `from` where the segment stands; text.len + 1 when there is none. */
static size_t
find_segment(struct str text, size_t from, struct str segment)
{
    struct str literal = pattern_longest_literal(segment);
    size_t before = literal.len ? (size_t)(literal.at - segment.at) : 0, none = text.len + 1;
    for (size_t at = from; at + segment.len <= text.len; at++) {
        struct str rest = str_skip(text, at + before);
        size_t where = literal.len ? find_where(rest, literal) : 0;
        at += where;
        if ((literal.len && where == rest.len) || at + segment.len > text.len)
            return none;
        if (segment_stands_at(segment, text.at + at))
            return at;
    }
    return none;
}

bool
glob_fits_ascii(struct str glob, struct str text)
{
    size_t at = 0;
    bool floats = false;
    for (;;) {
        size_t len = 0;
        while (len < glob.len && !is_many(glob.at[len]))
            len++;
        struct str segment = str_head(glob, len);
        bool is_last = len == glob.len;
        if (segment.len > text.len - at)
            return false;
        if (is_last && !floats && segment.len != text.len - at)
            return false;
        if (is_last && floats)
            at = text.len - segment.len;
        else if (floats)
            at = find_segment(text, at, segment);
        if (at > text.len || !segment_stands_at(segment, text.at + at))
            return false;
        if (is_last)
            return true;
        at += segment.len;
        glob = str_skip(glob, len + 1);
        floats = true;
    }
}
