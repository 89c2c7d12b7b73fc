#include "xdr/needle.h"

#include "xdr/event.h"
#include "xdr/find.h"
#include "xdr/fold.h"
#include "xdr/regex.h"
#include "xdr/token_filter.h"

enum { CLAUSES_MAX = 64 };

struct clause {
    struct needle_look *any;
    size_t count;
};

struct needles {
    struct clause all[CLAUSES_MAX];
    size_t count, total;
};

/* ---- what a needle looks like in JSON ---- */

/* ASCII characters that senders write in more than one way, and those that they must escape. A backslash is \\ to all
 * of them; a segment notes the lines where it is not. */
static bool
has_many_forms(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7F || strchr("\"/<>&'+=`", c);
}

/* The bytes of the character, if it stands in lines only as these bytes: one beyond ASCII must have no other case. */
static size_t
plain_form(const char *at, size_t left, bool wide_too)
{
    unsigned char c = (unsigned char)*at;
    if (c < 0x80)
        return has_many_forms(*at) ? 0 : 1;
    size_t bytes = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 0;
    bool may_fold = bytes == 3 && c == 0xEF; /* full-width letters, and U+FFFD that stands for what is broken */
    return wide_too && bytes && !may_fold && bytes <= left ? bytes : 0;
}

static size_t
form_bytes(const char *at)
{
    unsigned char c = (unsigned char)*at;
    return c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
}

/* The longest part of a folded text that stands in JSON as the bytes returned. */
static struct str
longest_piece(struct arena *a, struct str text, bool wide_too)
{
    char *out = arena_alloc(a, 2 * text.len + FOLD_SLACK);
    size_t len = 0, begin = 0;
    struct str longest = { out, 0 };
    for (size_t i = 0; i < text.len;) {
        size_t bytes = plain_form(text.at + i, text.len - i, wide_too);
        if (!bytes) {
            i += form_bytes(text.at + i);
            begin = len;
            continue;
        }
        if (text.at[i] == '\\')
            out[len++] = '\\';
        memcpy(out + len, text.at + i, bytes);
        len += bytes;
        i += bytes;
        if (len - begin > longest.len)
            longest = (struct str){ out + begin, len - begin };
    }
    return longest;
}

static struct needle_look
look_of(struct arena *a, struct needle needle)
{
    struct needle_look l = { .kind = needle.kind, .text = fold_copy(a, needle.text) };
    uint64_t *tokens = arena_array_of(a, NEEDLE_TOKENS_MAX, uint64_t);
    l.piece = longest_piece(a, l.text, true);
    l.plain = longest_piece(a, l.text, false);
    l.tokens.tokens = tokens;
    l.tokens.count = token_needs(needle.kind, needle.text, tokens, NEEDLE_TOKENS_MAX);
    return l;
}

/* ---- questions ---- */

static bool
add_clause(struct needles *n, struct clause c)
{
    if (c.count == 0 || n->count == CLAUSES_MAX || n->total + c.count > NEEDLES_MAX)
        return false;
    n->all[n->count++] = c;
    n->total += c.count;
    return true;
}

struct needles *
needles_new(struct arena *a, const struct needle_clause *all, size_t count)
{
    struct needles *n = arena_new_of(a, struct needles);
    for (size_t i = 0; i < count; i++) {
        if (all[i].count > NEEDLES_MAX)
            return NULL;
        struct clause c = { arena_array_of(a, all[i].count, struct needle_look), all[i].count };
        for (size_t j = 0; j < c.count; j++)
            c.any[j] = look_of(a, all[i].any[j]);
        if (!add_clause(n, c))
            return NULL;
    }
    return n;
}

struct needles *
needles_both(struct arena *a, const struct needles *one, const struct needles *other)
{
    struct needles *n = arena_new_of(a, struct needles);
    if (one)
        *n = *one;
    for (size_t i = 0; other && i < other->count; i++)
        add_clause(n, other->all[i]); /* without it, less is asked before the event is */
    return n;
}

bool
needles_are_none(const struct needles *n)
{
    return n->count == 0;
}

size_t
needles_clause_count(const struct needles *n)
{
    return n->count;
}

size_t
needles_looks(const struct needles *n, size_t clause, const struct needle_look **out)
{
    *out = n->all[clause].any;
    return n->all[clause].count;
}

/* ---- conditions ---- */

/* How much a clause narrows: the least of its needles counts, and many needles make it wide. */
static long
worth(const struct clause *c)
{
    long least = 1000;
    for (size_t i = 0; i < c->count; i++) {
        size_t len = c->any[i].plain.len;
        long of = (c->any[i].tokens.count ? 40 : 0) + (long)(len < 40 ? len : 40);
        least = of < least ? of : least;
    }
    return least - (long)(c->count < 80 ? c->count / 4 : 20);
}

static const struct clause *
best_clause(const struct needles *n)
{
    const struct clause *best = NULL;
    for (size_t i = 0; i < n->count; i++)
        if (n->all[i].count && (!best || worth(&n->all[i]) > worth(best)))
            best = &n->all[i];
    return best;
}

static void
need_text(struct arena *a, struct needles *n, struct str text, bool begins, bool ends)
{
    static const enum needle_kind kinds[2][2] = { { NEEDLE_CONTAINS, NEEDLE_ENDS }, { NEEDLE_STARTS, NEEDLE_EQUALS } };
    if (text.len == 0)
        return;
    struct needle_look *look = arena_new_of(a, struct needle_look);
    *look = look_of(a, (struct needle){ kinds[begins][ends], text });
    if (look->plain.len || look->piece.len || look->tokens.count)
        add_clause(n, (struct clause){ look, 1 });
}

static bool
is_marker(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte == PATTERN_MANY || byte == PATTERN_ONE || byte == PATTERN_DASH;
}

/* "SHA256=...,IMPHASH=..." may be made of hashes that an event keeps by themselves: only the hashes are needed. */
static void
need_hashes(struct arena *a, struct needles *n, struct str text)
{
    struct str rest = text, part;
    while (rest.len && str_cut(&rest, ',', &part)) {
        size_t sign = str_find(part, STR("="));
        bool is_name = sign == part.len && part.len < 16;
        if (!is_name)
            need_text(a, n, sign < part.len ? str_skip(part, sign + 1) : part, false, false);
    }
}

static void
need_regex(struct arena *a, struct needles *n, const struct test *t)
{
    struct str text = regex_literal(a, t->pattern, t->regex_flags);
    if (str_eq_nocase(t->field, STR("Hashes")))
        need_hashes(a, n, text);
    else
        need_text(a, n, text, false, false);
}

static void
need_pattern(struct arena *a, struct needles *n, const struct test *t)
{
    struct str p = t->pattern;
    for (size_t i = 0, begin = 0; i <= p.len; i++) {
        if (i < p.len && !is_marker(p.at[i]))
            continue;
        struct str text = { p.at + begin, i - begin };
        if (str_eq_nocase(t->field, STR("Hashes")))
            need_hashes(a, n, text);
        else
            need_text(a, n, text, begin == 0, i == p.len);
        begin = i + 1;
    }
}

static void need_expr(struct arena *a, struct needles *n, const struct expr *e);

static void
need_any(struct arena *a, struct needles *n, const struct expr *const *parts, size_t count)
{
    struct clause all = { 0 };
    const struct clause **bests = arena_array_of(a, count, const struct clause *);
    for (size_t i = 0; i < count; i++) {
        struct needles *of = arena_new_of(a, struct needles);
        need_expr(a, of, parts[i]);
        bests[i] = best_clause(of);
        if (!bests[i] || all.count + bests[i]->count > NEEDLES_MAX)
            return;
        all.count += bests[i]->count;
    }
    all.any = arena_array_of(a, all.count, struct needle_look);
    for (size_t i = 0, at = 0; i < count; at += bests[i]->count, i++)
        memcpy(all.any + at, bests[i]->any, bests[i]->count * sizeof *all.any);
    add_clause(n, all);
}

static void
need_expr(struct arena *a, struct needles *n, const struct expr *e)
{
    switch (e->kind) {
    case EXPR_AND:
        for (size_t i = 0; i < e->count; i++)
            need_expr(a, n, e->parts[i]);
        return;
    case EXPR_OR:
        need_any(a, n, e->parts, e->count);
        return;
    case EXPR_TEST:
        if (e->test.kind == TEST_TEXT)
            need_pattern(a, n, &e->test);
        else if (e->test.kind == TEST_REGEX)
            need_regex(a, n, &e->test);
        return;
    default:
        return;
    }
}

struct needles *
needles_of_exprs(struct arena *a, const struct expr *const *conditions, size_t count)
{
    struct needles *n = arena_new_of(a, struct needles);
    if (count == 1)
        need_expr(a, n, conditions[0]);
    else
        need_any(a, n, conditions, count);
    return n;
}

/* ---- filters ---- */

static bool
look_may_be_in(const struct needle_look *l, struct str filter)
{
    for (size_t i = 0; i < l->tokens.count; i++)
        if (!token_filter_holds(filter, l->tokens.tokens[i]))
            return false;
    return true;
}

static bool
clause_may_be_in(const struct clause *c, struct str filter)
{
    for (size_t i = 0; i < c->count; i++)
        if (look_may_be_in(&c->any[i], filter))
            return true;
    return false;
}

bool
needles_may_be_in(const struct needles *n, struct str filter)
{
    for (size_t i = 0; i < n->count; i++)
        if (!clause_may_be_in(&n->all[i], filter))
            return false;
    return true;
}

/* ---- events ---- */

static bool
is_word_character(char c)
{
    return (unsigned)(c - '0') < 10 || (unsigned)((c | 0x20) - 'a') < 26;
}

static bool
has_word(struct str text, struct str word)
{
    if (word.len == 0)
        return true;
    for (size_t from = 0; from + word.len <= text.len;) {
        size_t at = from + find_where(str_skip(text, from), word);
        if (at == text.len)
            return false;
        bool begins = at == 0 || !is_word_character(text.at[at - 1]);
        bool ends = at + word.len == text.len || !is_word_character(text.at[at + word.len]);
        if (begins && ends)
            return true;
        from = at + 1;
    }
    return false;
}

static bool
value_holds(const struct needle_look *l, struct str folded)
{
    switch (l->kind) {
    case NEEDLE_EQUALS:
        return str_eq(folded, l->text);
    case NEEDLE_STARTS:
        return str_starts(folded, l->text);
    case NEEDLE_ENDS:
        return str_ends(folded, l->text);
    case NEEDLE_WORD:
        return has_word(folded, l->text);
    default:
        return find_part(folded, l->text);
    }
}

static bool
clause_holds(const struct clause *c, struct event_values values)
{
    for (uint32_t i = 0; i < values.count; i++)
        for (size_t j = 0; j < c->count; j++)
            if (value_holds(&c->any[j], values.items[i].folded))
                return true;
    return false;
}

bool
needles_hold(const struct needles *n, struct event *of)
{
    struct event_values values = n->count ? event_all_values(of) : (struct event_values){ 0 };
    for (size_t i = 0; i < n->count; i++)
        if (!clause_holds(&n->all[i], values))
            return false;
    return true;
}
