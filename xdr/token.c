#include "xdr/token.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "core/base/crypto.h"
#include "xdr/fold.h"
#include "xdr/json_escape.h"

enum {
    SLACK = FOLD_SLACK + 64, /* steps of 64 bytes and words of 8 read behind a text */
    FIRST_SLOTS = 1 << 14,
    PIECES_SEEN = 1 << 14,
    PIECE_MIN = 3, /* a shorter one has no token */
    GROUP_DIGITS_MAX = 4,
    GROUP_DIGITS_MIN = 3,
    OCTET_DIGITS_MAX = 3,
    OCTETS = 4,
    WINDOW_GRAMS = TOKEN_GRAM_REACH - TOKEN_GRAM + 1,
};

enum token_kind { TOKEN_RUN = 1, TOKEN_GRAMS, TOKEN_NAME, TOKEN_OCTETS, TOKEN_GROUP, TOKEN_PAIR };

/* ---- hashes: on disk, so they never change ---- */

static inline uint64_t
word_at(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static inline uint64_t
mix(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)(a ^ 0x9E3779B97F4A7C15ull) * (b ^ 0xD6E8FEB86659FD93ull);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* At least 7 bytes behind the text can be read. */
static inline uint64_t
hash_token(enum token_kind kind, const char *at, size_t len)
{
    uint64_t h = mix(len << 8 | kind, 0x2545F4914F6CDD1Dull);
    for (; len > 8; at += 8, len -= 8)
        h = mix(h, word_at(at));
    uint64_t kept = len ? ~0ull >> (64 - 8 * len) : 0;
    h = mix(h, word_at(at) & kept);
    return h ? h : 1;
}

/* ---- sets ---- */

struct token_set {
    struct arena *slot_arena, *text_arena; /* what is outgrown goes as a whole */
    uint64_t *slots; /* open addressing; 0 is a free place */
    size_t mask, count, most;
    char *text;      /* the line at hand, folded */
    size_t text_room;
    uint64_t *seen, seed[2]; /* pieces of lines whose tokens are in the set already, by their hash */
};

static void
end_of_set(void *of)
{
    struct token_set *set = of;
    arena_free(set->slot_arena);
    arena_free(set->text_arena);
}

static void
take_slots(struct token_set *set, size_t count)
{
    set->slot_arena = arena_new(64);
    set->slots = arena_array_of(set->slot_arena, count, uint64_t);
    set->mask = count - 1;
    set->most = count / 2;
}

struct token_set *
token_set_new(struct arena *a)
{
    struct token_set *set = arena_new_of(a, struct token_set);
    take_slots(set, FIRST_SLOTS);
    set->seen = arena_array_of(a, PIECES_SEEN, uint64_t);
    random_bytes(set->seed, sizeof set->seed); /* so that nobody outside can make a piece look seen */
    arena_defer(a, end_of_set, set);
    return set;
}

void
token_set_clear(struct token_set *set)
{
    memset(set->slots, 0, (set->mask + 1) * sizeof *set->slots);
    memset(set->seen, 0, PIECES_SEEN * sizeof *set->seen);
    set->count = 0;
}

size_t
token_set_count(const struct token_set *set)
{
    return set->count;
}

static void
set_widen(struct token_set *set)
{
    struct token_set old = *set;
    take_slots(set, 4 * (old.mask + 1));
    set->count = 0;
    for (size_t i = 0; i <= old.mask; i++)
        if (old.slots[i])
            token_set_put(set, old.slots[i]);
    arena_free(old.slot_arena);
}

void
token_set_put(struct token_set *set, uint64_t token)
{
    size_t i = token & set->mask;
    for (; set->slots[i]; i = (i + 1) & set->mask)
        if (set->slots[i] == token)
            return;
    set->slots[i] = token;
    if (++set->count > set->most)
        set_widen(set);
}

uint64_t *
token_set_take(struct token_set *set, size_t *count)
{
    size_t kept = 0;
    for (size_t i = 0; i <= set->mask; i++)
        if (set->slots[i])
            set->slots[kept++] = set->slots[i];
    *count = kept;
    return set->slots;
}

/* ---- runs ---- */

struct run_at {
    size_t begin, end;
    bool is_whole;
};

struct walk {
    const char *text; /* folded; SLACK bytes behind it can be read */
    size_t len;
    bool cut_first, cut_last;  /* runs at the ends go on outside */
    struct token_set *set;     /* where tokens go, or into `out` */
    uint64_t *out;             /* the rarer ones, so the longer ones, first */
    size_t *lengths, count, most;
    struct run_at last, octets[OCTETS - 1]; /* the numbers before, joined by dots */
    size_t octet_count;
};

/* Few of them are asked for, so those come first that fewest events have. */
static void
need(struct walk *w, uint64_t token, size_t length)
{
    size_t place = w->count;
    for (size_t i = 0; i < w->count; i++)
        if (w->out[i] == token)
            return;
    for (; place > 0 && w->lengths[place - 1] < length; place--)
        if (place < w->most) {
            w->out[place] = w->out[place - 1];
            w->lengths[place] = w->lengths[place - 1];
        }
    if (place < w->most) {
        w->out[place] = token;
        w->lengths[place] = length;
    }
    w->count += w->count < w->most;
}

static inline void
put(struct walk *w, enum token_kind kind, const char *at, size_t len)
{
    uint64_t token = hash_token(kind, at, len);
    if (w->set)
        token_set_put(w->set, token);
    else
        need(w, token, kind == TOKEN_GRAMS ? TOKEN_GRAM_REACH : len); /* a gram stands for the run it is of */
}

static inline bool
is_digit(char c)
{
    return (unsigned)(c - '0') < 10;
}

static bool
is_number(const struct walk *w, struct run_at r)
{
    for (size_t i = r.begin; i < r.end; i++)
        if (!is_digit(w->text[i]))
            return false;
    return true;
}

static bool
is_group(const struct walk *w, struct run_at r)
{
    if (r.end - r.begin > GROUP_DIGITS_MAX)
        return false;
    for (size_t i = r.begin; i < r.end; i++)
        if (!is_digit(w->text[i]) && (unsigned)(w->text[i] - 'a') >= 6)
            return false;
    return true;
}

/* Of each window of neighbouring grams the one whose hash is lowest. */
static void
put_grams(struct walk *w, struct run_at r)
{
    size_t grams = r.end - r.begin - TOKEN_GRAM + 1, lowest = SIZE_MAX, said = SIZE_MAX;
    uint64_t hashes[64], lowest_hash = 0; /* of the last grams, by their place */
    for (size_t i = 0; i < grams; i++) {
        uint64_t h = mix(word_at(w->text + r.begin + i), 0x5851F42D4C957F2Dull);
        hashes[i % 64] = h;
        if (lowest == SIZE_MAX || h < lowest_hash) {
            lowest = i;
            lowest_hash = h;
        } else if (lowest + WINDOW_GRAMS <= i) {
            lowest = i + 1 - WINDOW_GRAMS;
            for (size_t j = lowest + 1; j <= i; j++)
                lowest = hashes[j % 64] < hashes[lowest % 64] ? j : lowest;
            lowest_hash = hashes[lowest % 64];
        }
        if (i + 1 >= WINDOW_GRAMS && lowest != said) {
            put(w, TOKEN_GRAMS, w->text + r.begin + lowest, TOKEN_GRAM);
            said = lowest;
        }
    }
}

static void
put_octets(struct walk *w, struct run_at r)
{
    const struct run_at before = w->last;
    bool goes_back = before.begin >= 2 && w->text[before.begin - 1] == '.' && is_digit(w->text[before.begin - 2]);
    bool goes_on = r.end + 1 < w->len && w->text[r.end] == '.' && is_digit(w->text[r.end + 1]);
    if (goes_back || goes_on)
        put(w, TOKEN_OCTETS, w->text + before.begin, r.end - before.begin);
}

/* A number of one to three digits, which may go on a chain of them. */
static void
walk_octet(struct walk *w, struct run_at r, bool is_dotted)
{
    if (!is_dotted)
        w->octet_count = 0;
    if (w->octet_count)
        put_octets(w, r);
    if (w->octet_count == OCTETS - 1) {
        put(w, TOKEN_OCTETS, w->text + w->octets[0].begin, r.end - w->octets[0].begin);
        memmove(w->octets, w->octets + 1, (OCTETS - 2) * sizeof *w->octets);
        w->octet_count--;
    }
    w->octets[w->octet_count++] = r;
}

/* What a whole run makes together with the one before it. */
static void
walk_joined(struct walk *w, struct run_at r)
{
    const struct run_at before = w->last;
    size_t gap = r.begin - before.end, len = r.end - before.begin;
    char join = w->text[before.end];
    bool is_dotted = gap == 1 && join == '.';
    bool is_ranged = gap <= 2 && join == ':' && w->text[r.begin - 1] == ':';
    if (is_dotted && !is_number(w, before))
        put(w, TOKEN_NAME, w->text + before.begin, len);
    if (is_ranged && (r.end - r.begin >= GROUP_DIGITS_MIN || before.end - before.begin >= GROUP_DIGITS_MIN)
        && is_group(w, before) && is_group(w, r))
        put(w, TOKEN_GROUP, w->text + before.begin, len);
}

static inline void
walk_run(struct walk *w, size_t begin, size_t end)
{
    struct run_at r = { begin, end, true };
    size_t len = end - begin;
    r.is_whole = !(w->cut_first && begin == 0) && !(w->cut_last && end == w->len);
    if (len >= TOKEN_GRAM_REACH)
        put_grams(w, r);
    if (r.is_whole && len >= TOKEN_RUN_MIN && len <= TOKEN_RUN_MAX)
        put(w, TOKEN_RUN, w->text + begin, len);
    r.is_whole = r.is_whole && len < TOKEN_GRAM_REACH;
    bool is_joined = r.is_whole && w->last.is_whole && w->last.end + 2 >= begin && begin > 0;
    if (is_joined)
        walk_joined(w, r);
    if (r.is_whole && len <= OCTET_DIGITS_MAX && is_digit(w->text[begin]) && is_number(w, r))
        walk_octet(w, r, is_joined && w->last.end + 1 == begin && w->text[w->last.end] == '.');
    else
        w->octet_count = 0;
    w->last = r;
}

/* ---- characters beyond ASCII ---- */

static size_t
character_bytes(const char *at, const char *end)
{
    unsigned char lead = (unsigned char)*at;
    size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    return bytes <= (size_t)(end - at) ? bytes : (size_t)(end - at);
}

static bool
is_replacement(const char *at, size_t len)
{
    return len == 3 && memcmp(at, "\xEF\xBF\xBD", 3) == 0;
}

static void
walk_wide(struct walk *w, size_t begin, size_t end)
{
    const char *at = w->text + begin, *stop = w->text + end;
    size_t first = character_bytes(at, stop);
    while (at + first < stop) {
        size_t second = character_bytes(at + first, stop);
        if (!is_replacement(at, first) && !is_replacement(at + first, second))
            put(w, TOKEN_PAIR, at, first + second);
        at += first;
        first = second;
    }
}

/* ---- walking ---- */

#ifdef __SSE2__

/* Bits of the places that hold a quote or a backslash. */
static inline uint64_t
mark_joints(const char *at)
{
    uint64_t marks = 0;
    for (int i = 0; i < 4; i++) {
        __m128i c = _mm_loadu_si128((const __m128i *)(const void *)(at + 16 * i));
        __m128i joint = _mm_or_si128(_mm_cmpeq_epi8(c, _mm_set1_epi8('"')), _mm_cmpeq_epi8(c, _mm_set1_epi8('\\')));
        marks |= (uint64_t)(unsigned)_mm_movemask_epi8(joint) << (16 * i);
    }
    return marks;
}

/* Bits of the places that hold ASCII letters and digits; of those beyond ASCII in *wide. The text is folded. */
static inline uint64_t
mark_step(const char *at, uint64_t *wide)
{
    const __m128i zero = _mm_set1_epi8('0' - 1), nine = _mm_set1_epi8('9' + 1);
    const __m128i a = _mm_set1_epi8('a' - 1), z = _mm_set1_epi8('z' + 1);
    uint64_t marks = 0, high = 0;
    for (int i = 0; i < 4; i++) {
        __m128i c = _mm_loadu_si128((const __m128i *)(const void *)(at + 16 * i));
        __m128i digit = _mm_and_si128(_mm_cmpgt_epi8(c, zero), _mm_cmplt_epi8(c, nine));
        __m128i letter = _mm_and_si128(_mm_cmpgt_epi8(c, a), _mm_cmplt_epi8(c, z));
        marks |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_or_si128(digit, letter)) << (16 * i);
        high |= (uint64_t)(unsigned)_mm_movemask_epi8(c) << (16 * i);
    }
    *wide = high;
    return marks;
}

#else

static inline uint64_t
mark_joints(const char *at)
{
    uint64_t marks = 0;
    for (int i = 0; i < 64; i++)
        marks |= (uint64_t)(at[i] == '"' || at[i] == '\\') << i;
    return marks;
}

static inline uint64_t
mark_step(const char *at, uint64_t *wide)
{
    uint64_t marks = 0;
    *wide = 0;
    for (int i = 0; i < 64; i++) {
        bool is_letter = is_digit(at[i]) || (unsigned)(at[i] - 'a') < 26;
        marks |= (uint64_t)is_letter << i;
        *wide |= (uint64_t)((unsigned char)at[i] >> 7) << i;
    }
    return marks;
}

#endif

/* Where marked places begin and end, over the steps of a text. */
struct stretch {
    size_t begin;
    bool is_open;
};

static inline void
walk_marks(struct walk *w, struct stretch *s, uint64_t marks, size_t at, void (*found)(struct walk *, size_t, size_t))
{
    uint64_t edges = marks ^ (marks << 1 | s->is_open);
    for (; edges; edges &= edges - 1) {
        size_t place = at + (size_t)__builtin_ctzll(edges);
        if (s->is_open)
            found(w, s->begin, place);
        s->begin = place;
        s->is_open = !s->is_open;
    }
}

static void
walk_text(struct walk *w)
{
    struct stretch letters = { 0 }, wide = { 0 };
    w->last.is_whole = false;
    w->octet_count = 0;
    for (size_t i = 0; i < w->len; i += 64) {
        uint64_t high, marks = mark_step(w->text + i, &high);
        uint64_t inside = w->len - i < 64 ? ~(~0ull << (w->len - i)) : ~0ull;
        walk_marks(w, &letters, marks & inside, i, walk_run);
        if ((high & inside) || wide.is_open)
            walk_marks(w, &wide, high & inside, i, walk_wide);
    }
    if (letters.is_open && w->len % 64 == 0)
        walk_run(w, letters.begin, w->len);
    if (wide.is_open && w->len % 64 == 0)
        walk_wide(w, wide.begin, w->len);
}

/* ---- lines ---- */

/* The text's own place, with room for `len` bytes and for what is read around them. */
static char *
text_place(struct token_set *set, size_t len)
{
    size_t room = len + SLACK;
    if (room > set->text_room) {
        arena_free(set->text_arena);
        set->text_arena = arena_new(64);
        set->text_room = 2 * room;
        set->text = arena_alloc(set->text_arena, set->text_room);
    }
    return set->text;
}

/* Which ASCII characters some senders always write as \uXXXX: needles that are sought in raw bytes leave them out. */
static bool
is_often_escaped(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7F || (c && strchr("\"/<>&'+=`", c));
}

/* The text with its escapes undone, and what they were. */
static size_t
undo(char *out, struct str s, unsigned *traits)
{
    size_t len = 0;
    for (size_t i = 0; i < s.len;) {
        if (s.at[i] != '\\' || i + 1 == s.len) {
            out[len++] = s.at[i++];
            continue;
        }
        char c = s.at[i + 1];
        i += 2;
        if (c == 'u') {
            size_t bytes = json_put_unicode(out + len, s, &i);
            bool is_wide = (unsigned char)out[len] >= 0x80;
            *traits |= is_wide ? LINE_ESCAPES_WIDE : is_often_escaped(out[len]) ? 0 : LINE_ESCAPES_PLAIN;
            len += bytes;
            continue;
        }
        out[len] = json_meaning(c);
        *traits |= out[len] == c && c != '\\' && !is_often_escaped(c) ? LINE_ESCAPES_PLAIN : 0;
        len++;
    }
    return len;
}

static unsigned
add_undone(struct token_set *set, struct str json)
{
    unsigned traits = 0;
    char *undone = text_place(set, 2 * (2 * json.len + SLACK)); /* \u without digits grows from two bytes to three */
    char *folded = undone + 2 * json.len + SLACK;
    struct str text = { undone, undo(undone, json, &traits) };
    fold_into(folded, text);
    struct walk w = { .text = folded, .len = text.len, .set = set };
    walk_text(&w);
    return traits;
}

/* Two words at a time; the last two overlap those before. At least 7 bytes behind the piece can be read. */
static inline uint64_t
hash_piece(const struct token_set *set, const char *at, size_t len)
{
    const char *end = at + len;
    uint64_t h = len ^ set->seed[0];
    if (len <= 8)
        return mix(h ^ (word_at(at) & ~0ull >> (64 - 8 * len)), set->seed[1]);
    for (; len > 16; at += 16, len -= 16)
        h = mix(h ^ word_at(at), word_at(at + 8) ^ set->seed[1]);
    at = len < 8 ? end - 16 : at; /* then there is more before it */
    return mix(h ^ word_at(at), word_at(end - 8) ^ set->seed[1]);
}

/* What stands between two joints of a JSON text. Most of it stood in lines before. */
static void
walk_piece(struct walk *w, const char *at, size_t len)
{
    if (len < PIECE_MIN)
        return;
    uint64_t h = hash_piece(w->set, at, len);
    uint64_t *seen = &w->set->seen[h % PIECES_SEEN];
    if (*seen == h)
        return;
    *seen = h;
    w->text = at;
    w->len = len;
    walk_text(w);
}

static inline bool
is_letter_or_digit(char c)
{
    return is_digit(c) || (unsigned)(c - 'a') < 26;
}

/* Quotes, and escapes that stand for a blank, part a JSON text into pieces: no token reaches across. Other escapes are
 * of signs, which part tokens as they stand. False at an escape whose meaning may be part of a token. */
static bool
walk_json(struct walk *w, const char *text, size_t len)
{
    size_t begin = 0, next = 0;
    for (size_t i = 0; i < len; i += 64) {
        uint64_t joints = mark_joints(text + i);
        for (; joints; joints &= joints - 1) {
            size_t at = i + (size_t)__builtin_ctzll(joints);
            if (at >= len)
                break;
            if (at < next)
                continue;
            bool is_escape = text[at] == '\\' && at + 1 < len;
            next = is_escape ? at + 2 : at + 1;
            if (is_escape && !is_letter_or_digit(text[at + 1]))
                continue;
            if (is_escape && json_meaning(text[at + 1]) == text[at + 1])
                return false;
            walk_piece(w, text + begin, at - begin);
            begin = next;
        }
    }
    walk_piece(w, text + begin, len - begin);
    return true;
}

unsigned
token_set_add(struct token_set *set, struct str json)
{
    char *folded = text_place(set, json.len);
    fold_into(folded, json);
    struct walk w = { .set = set };
    return walk_json(&w, folded, json.len) ? 0 : add_undone(set, json);
}

size_t
token_needs(enum needle_kind kind, struct str text, uint64_t *out, size_t most)
{
    scoped(arena_end) struct arena *a = arena_new(1024);
    char *folded = arena_alloc(a, text.len + SLACK);
    fold_into(folded, text);
    struct walk w = {
        .text = folded,
        .len = text.len,
        .cut_first = kind == NEEDLE_CONTAINS || kind == NEEDLE_ENDS,
        .cut_last = kind == NEEDLE_CONTAINS || kind == NEEDLE_STARTS,
        .out = out,
        .lengths = arena_array_of(a, most + 1, size_t),
        .most = most,
    };
    walk_text(&w);
    return w.count;
}
