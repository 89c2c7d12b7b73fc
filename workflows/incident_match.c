#include "workflows/incident_match.h"

#include <arpa/inet.h>

#include "core/base/text.h"

static const char *const words[MATCH_KIND_COUNT] = { NULL, "computer", "user", "process", "executable", "address",
                                                     "domain", "file", "rule" };

const char *
match_kind_word(enum match_kind kind)
{
    return words[kind];
}

bool
match_kind_of(struct str word, enum match_kind *out)
{
    for (enum match_kind k = 1; k < MATCH_KIND_COUNT; k++)
        if (str_is(word, words[k])) {
            *out = k;
            return true;
        }
    return false;
}

unsigned
match_gather_by(const struct strs *list)
{
    unsigned bits = 0;
    enum match_kind kind;
    for (size_t i = 0; i < list->count; i++)
        if (match_kind_of(list->items[i], &kind))
            bits |= MATCH_BIT(kind);
    return bits & MATCH_BIT(MATCH_ADDRESS) ? bits | MATCH_BIT(MATCH_DOMAIN) : bits;
}

/* ---- stories ---- */

static size_t
root(size_t *parent, size_t node)
{
    while (parent[node] != node)
        node = parent[node] = parent[parent[node]];
    return node;
}

static void
unite(size_t *parent, size_t a, size_t b)
{
    size_t x = root(parent, a), y = root(parent, b);
    if (x < y)
        parent[y] = x;
    else
        parent[x] = y;
}

static int
same_thing_first(const void *a, const void *b)
{
    const struct match_mark *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    int by_value = str_compare(x->value, y->value);
    if (by_value)
        return by_value;
    return x->from.us < y->from.us ? -1 : x->from.us > y->from.us;
}

/* Along the marks of one thing, in the order of their beginnings, whatever begins before all earlier ones have ended
 * is of their story. */
void
match_stories(struct match_mark *marks, size_t mark_count, size_t node_count, size_t *story)
{
    for (size_t i = 0; i < node_count; i++)
        story[i] = i;
    if (mark_count)
        qsort(marks, mark_count, sizeof *marks, same_thing_first);
    struct instant end = { 0 };
    for (size_t i = 0; i < mark_count; i++) {
        bool same = i && marks[i].kind == marks[i - 1].kind && str_eq(marks[i].value, marks[i - 1].value);
        if (same && marks[i].from.us <= end.us)
            unite(story, marks[i].node, marks[i - 1].node);
        if (!same || marks[i].to.us > end.us)
            end = marks[i].to;
    }
    for (size_t i = 0; i < node_count; i++)
        story[i] = root(story, i);
}

/* ---- what a detection has to do with ---- */

/* Files of the operating system are everywhere: that two detections are about cmd.exe says nothing of them. */
static bool
is_of_system(struct str path)
{
    static const char *const folders[] = { "\\windows\\", "/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/", "/usr/lib/",
                                           "/system/library/", "\\program files" };
    for (size_t i = 0; i < COUNT_OF(folders); i++)
        if (str_contains(path, str_of(folders[i])))
            return !str_contains(path, STR("\\temp\\")) && !str_contains(path, STR("\\tasks\\"))
                && !str_contains(path, STR("\\debug\\"));
    return false;
}

static bool
is_ipv4_anyones(const unsigned char b[4])
{
    return b[0] == 0 || b[0] == 10 || b[0] == 127 || b[0] >= 224 || (b[0] == 169 && b[1] == 254)
        || (b[0] == 172 && (b[1] & 0xF0) == 16) || (b[0] == 192 && b[1] == 168) || (b[0] == 100 && (b[1] & 0xC0) == 64);
}

enum address_word { WORD_IS_NAME, WORD_IS_PUBLIC, WORD_IS_ANYONES };

/* Private addresses are those of servers that everybody talks to. */
static enum address_word
address_word(struct str text)
{
    char room[64];
    unsigned char b[16];
    if (text.len >= sizeof room)
        return WORD_IS_NAME;
    memcpy(room, text.at, text.len);
    room[text.len] = '\0';
    if (inet_pton(AF_INET, room, b) == 1)
        return is_ipv4_anyones(b) ? WORD_IS_ANYONES : WORD_IS_PUBLIC;
    if (inet_pton(AF_INET6, room, b) == 1)
        return b[0] == 0 || (b[0] & 0xFE) == 0xFC || (b[0] == 0xFE && (b[1] & 0xC0) == 0x80) || b[0] == 0xFF
            ? WORD_IS_ANYONES : WORD_IS_PUBLIC;
    return WORD_IS_NAME;
}

static void
add(struct match_thing *out, size_t *count, enum match_kind kind, struct str value, struct str label, bool joins)
{
    if (!value.len || *count == MATCH_THINGS_MAX)
        return;
    for (size_t i = 0; i < *count; i++)
        if (out[i].kind == kind && str_eq(out[i].value, value)) {
            out[i].joins = out[i].joins || joins;
            return;
        }
    out[(*count)++] = (struct match_thing){ kind, value, label, joins };
}

static struct str
name_of(struct str path)
{
    size_t from = path.len;
    while (from > 0 && path.at[from - 1] != '\\' && path.at[from - 1] != '/')
        from--;
    return str_skip(path, from);
}

/* An account is known by itself; that it joins others is said of the account on one computer. */
size_t
match_things(struct arena *a, const struct match_detection *d, unsigned gather_by, struct match_thing *out)
{
    size_t count = 0;
    struct str file = name_of(d->path);
#define JOINS(kind) ((gather_by & MATCH_BIT(kind)) != 0)
    add(out, &count, MATCH_COMPUTER, d->computer, d->computer, JOINS(MATCH_COMPUTER));
    if (d->user.len)
        add(out, &count, MATCH_USER,
            d->computer.len ? str_printf(a, STR_FMT "@" STR_FMT, STR_ARG(d->user), STR_ARG(d->computer)) : d->user,
            d->user, JOINS(MATCH_USER) && d->computer.len > 0);
    add(out, &count, MATCH_PROCESS, d->process, file.len ? file : d->process, JOINS(MATCH_PROCESS));
    add(out, &count, MATCH_PROCESS, d->parent, d->parent, JOINS(MATCH_PROCESS));
    add(out, &count, MATCH_EXECUTABLE, d->hash, file.len ? file : d->hash,
        JOINS(MATCH_EXECUTABLE) && !d->common && !is_of_system(d->path));
    for (size_t i = 0; i < d->addresses.count; i++) {
        enum address_word word = address_word(d->addresses.items[i]);
        enum match_kind kind = word == WORD_IS_NAME ? MATCH_DOMAIN : MATCH_ADDRESS;
        add(out, &count, kind, d->addresses.items[i], d->addresses.items[i], JOINS(kind) && word != WORD_IS_ANYONES);
    }
    add(out, &count, MATCH_RULE, d->rule, d->title, JOINS(MATCH_RULE) && d->score >= MATCH_THREAT);
#undef JOINS
    return count;
}

/* ---- rules ---- */

static bool
is_asked(int64_t bound)
{
    return bound != INT64_MIN;
}

static bool
is_among(const struct strs *list, struct str word)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->items[i], word))
            return true;
    return false;
}

/* Different words that `of` finds in the detections that count. */
static int64_t
count_different(const struct match_rule *r, const struct match_detection *const *story, size_t count,
                struct strs (*of)(const struct match_detection *const *d))
{
    enum { DIFFERENT_MAX = 64 };
    struct str met[DIFFERENT_MAX];
    struct strs found = { met, 0 };
    for (size_t i = 0; i < count; i++) {
        if (r->rule_keys.count && !is_among(&r->rule_keys, story[i]->rule))
            continue;
        struct strs of_one = of(&story[i]);
        for (size_t k = 0; k < of_one.count && found.count < DIFFERENT_MAX; k++)
            if (of_one.items[k].len && !is_among(&found, of_one.items[k]))
                met[found.count++] = of_one.items[k];
    }
    return (int64_t)found.count;
}

static struct strs
computers_of(const struct match_detection *const *d)
{
    union { const struct str *read; struct str *items; } at = { .read = &(*d)->computer };
    return (struct strs){ at.items, 1 };
}

static struct strs
rules_of(const struct match_detection *const *d)
{
    union { const struct str *read; struct str *items; } at = { .read = &(*d)->rule };
    return (struct strs){ at.items, 1 };
}

static struct strs
tactics_of(const struct match_detection *const *d)
{
    return (*d)->tactics;
}

/* The earliest moment at which `tactic` was seen no earlier than `after`. */
static bool
next_of(const struct match_detection *const *story, size_t count, struct str tactic, struct instant after,
        struct instant *at)
{
    bool found = false;
    for (size_t i = 0; i < count; i++)
        if (is_among(&story[i]->tactics, tactic) && story[i]->last_at.us >= after.us) {
            int64_t seen = story[i]->first_at.us > after.us ? story[i]->first_at.us : after.us;
            if (!found || seen < at->us)
                *at = (struct instant){ seen };
            found = true;
        }
    return found;
}

static bool
in_order(const struct match_rule *r, const struct match_detection *const *story, size_t count)
{
    struct instant at = { INT64_MIN };
    for (size_t i = 0; i < r->tactic_order.count; i++)
        if (!next_of(story, count, r->tactic_order.items[i], at, &at))
            return false;
    return true;
}

bool
match_rule_holds(const struct match_rule *r, const struct match_detection *const *story, size_t count)
{
    int64_t worst = INT64_MIN, sum = 0;
    bool correlated = false;
    for (size_t i = 0; i < count; i++) {
        if (r->rule_keys.count && !is_among(&r->rule_keys, story[i]->rule))
            continue;
        worst = story[i]->score > worst ? story[i]->score : worst;
        sum += story[i]->score;
        correlated = correlated || story[i]->correlation;
    }
    return r->enabled && worst != INT64_MIN
        && (!is_asked(r->min_score) || worst >= r->min_score)
        && (!is_asked(r->sum_score) || sum >= r->sum_score)
        && (!r->correlation || correlated)
        && (!is_asked(r->min_detections) || count_different(r, story, count, rules_of) >= r->min_detections)
        && (!is_asked(r->min_tactics) || count_different(r, story, count, tactics_of) >= r->min_tactics)
        && (!is_asked(r->min_computers) || count_different(r, story, count, computers_of) >= r->min_computers)
        && in_order(r, story, count);
}
