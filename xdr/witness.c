/* witness: for each rule the literals of which a matching event holds at least one.
 *
 * A text test needs its literal, an AND needs what any one of its parts needs (the rarest is taken), an OR needs
 * one of all. NOT, null and tests that hold for absent fields need nothing. How rare a literal is in events can
 * only be guessed: short ones are common, and what many rules ask for (powershell.exe) is common too.
 */
#include "xdr/engine_parts.h"
#include "xdr/fold.h"
#include "xdr/hash.h"
#include "xdr/ordinary.h"

enum {
    COST_PRESENCE = 2000,
    COST_ORDINARY = 400,
    COST_LONE_FIELD = 4000, /* a field is made a text and asked at every event, which is dear for a single rule */
    ITEMS_MAX = 20 * 1000,
};

struct gatherer {
    struct engine *engine;
    struct arena *arena;
    const uint32_t *crowds; /* how many rules ask for a literal, by hash */
    uint32_t *counting;     /* the same while they are counted */
    const uint32_t *uses;   /* how many rules of a log source look at a field, by hash; NULL: not counted yet */
    uint64_t source;        /* of the rule */
    bool event_id_is_known;
};

enum { CROWD_BITS = 18, USE_BITS = 14 };

static uint64_t
source_of(const struct logsource *s)
{
    uint64_t h = hash_mix(hash_bytes(s->product.at, s->product.len), hash_bytes(s->category.at, s->category.len));
    return hash_mix(h, hash_bytes(s->service.at, s->service.len));
}

static size_t
use_of(uint64_t source, uint16_t field)
{
    return hash_mix(source, field) >> (64 - USE_BITS);
}

static uint32_t
crowd_of(const struct witness *w)
{
    uint64_t h = hash_mix(hash_bytes(w->text.at, w->text.len), w->field * 8u + w->literal);
    return (uint32_t)(h >> (64 - CROWD_BITS));
}

static uint64_t
base_cost(const struct witness *w)
{
    size_t len = w->text.len;
    if (w->kind == WITNESS_PRESENCE)
        return COST_PRESENCE;
    switch (w->literal) {
    case LITERAL_EQUALS:
        return len ? 4 : 400;
    case LITERAL_ENDS:
        return len >= 6 ? 4 : len >= 4 ? 20 : 400;
    case LITERAL_STARTS:
        return len >= 12 ? 20 : len >= 6 ? 60 : 600;
    default:
        return len >= 8 ? 6 : len >= 5 ? 10 : len == 4 ? 30 : len == 3 ? 100 : 800;
    }
}

static uint64_t
ordinary_count_of(const struct witness *w)
{
    bool begins = w->literal == LITERAL_EQUALS || w->literal == LITERAL_STARTS;
    bool ends = w->literal == LITERAL_EQUALS || w->literal == LITERAL_ENDS;
    return ordinary_count(begins, w->text, ends);
}

static uint64_t
cost_of(const struct gatherer *g, const struct witness *w)
{
    uint64_t cost = base_cost(w), crowd = g->crowds ? g->crowds[crowd_of(w)] : 0;
    if (w->field == FIELD_ANYWHERE)
        cost += 50;
    if (g->uses && g->uses[use_of(g->source, w->field)] <= 1)
        cost += COST_LONE_FIELD;
    if (w->kind == WITNESS_PRESENCE || !g->crowds)
        return cost;
    return cost + crowd + ordinary_count_of(w) * COST_ORDINARY;
}

static struct witnesses
one_witness(struct gatherer *g, struct witness w)
{
    struct witness *item = arena_new_of(g->arena, struct witness);
    *item = w;
    if (g->counting && w.kind == WITNESS_LITERAL)
        g->counting[crowd_of(&w)]++;
    return (struct witnesses){ .items = item, .count = 1, .cost = cost_of(g, item) };
}

static struct witnesses
no_witness(void)
{
    return (struct witnesses){ .none = true, .cost = UINT64_MAX };
}

static struct witnesses
presence(struct gatherer *g, uint16_t field)
{
    if (field == FIELD_ANYWHERE)
        return no_witness();
    return one_witness(g, (struct witness){ .kind = WITNESS_PRESENCE, .field = field });
}

static struct witnesses
literal_witness(struct gatherer *g, uint16_t field, enum literal_kind kind, struct str text)
{
    struct witness w = { WITNESS_LITERAL, kind, field, fold_copy(g->arena, text), 0, 0 };
    bool is_one_letter = kind == LITERAL_INSIDE && text.len == 1;
    bool is_empty = kind != LITERAL_EQUALS && text.len == 0;
    if (is_empty || (is_one_letter && ordinary_count_of(&w) > 0))
        return presence(g, field);
    return one_witness(g, w);
}

static struct witnesses
witnesses_of_text(struct gatherer *g, uint16_t field, struct str pattern)
{
    struct str inner;
    switch (pattern_class(pattern, &inner)) {
    case CHECK_EQUALS:
        return literal_witness(g, field, LITERAL_EQUALS, inner);
    case CHECK_STARTS:
        return literal_witness(g, field, LITERAL_STARTS, inner);
    case CHECK_ENDS:
        return literal_witness(g, field, LITERAL_ENDS, inner);
    case CHECK_INSIDE:
        return literal_witness(g, field, LITERAL_INSIDE, inner);
    case CHECK_GLOB:
        return literal_witness(g, field, LITERAL_INSIDE, pattern_longest_literal(pattern));
    default:
        return presence(g, field);
    }
}

static struct witnesses
witnesses_of_test(struct gatherer *g, const struct test *t)
{
    uint16_t field = t->field.at ? engine_field(g->engine, t->field) : FIELD_ANYWHERE;
    if (g->event_id_is_known && field == g->engine->event_id_field)
        return no_witness();
    switch (t->kind) {
    case TEST_TEXT:
        return witnesses_of_text(g, field, t->pattern);
    case TEST_REGEX:
        return literal_witness(g, field, LITERAL_INSIDE, regex_literal(g->arena, t->pattern, t->regex_flags));
    case TEST_NULL:
        return no_witness();
    default:
        return presence(g, field);
    }
}

static struct witnesses witnesses_of(struct gatherer *g, const struct expr *e);

static struct witnesses
witnesses_of_and(struct gatherer *g, const struct expr *e)
{
    struct witnesses best = no_witness();
    for (size_t i = 0; i < e->count; i++) {
        struct witnesses part = witnesses_of(g, e->parts[i]);
        if (part.none || (!best.none && part.cost >= best.cost))
            continue;
        best = part;
        best.part = best.part ? best.part : e->parts[i];
    }
    return best;
}

static struct witnesses
witnesses_of_or(struct gatherer *g, const struct expr *e)
{
    struct witnesses *parts = arena_array_of(g->arena, e->count + 1, struct witnesses);
    size_t count = 0;
    uint64_t cost = 0;
    bool none = false;
    for (size_t i = 0; i < e->count; i++) {
        parts[i] = witnesses_of(g, e->parts[i]);
        none = none || parts[i].none;
        count += parts[i].count;
        cost += parts[i].none ? 0 : parts[i].cost;
    }
    if (none || count > ITEMS_MAX)
        return no_witness();
    struct witness *items = arena_array_of(g->arena, count + 1, struct witness);
    size_t n = 0;
    for (size_t i = 0; i < e->count; i++)
        for (size_t j = 0; j < parts[i].count; j++)
            items[n++] = parts[i].items[j];
    return (struct witnesses){ .items = items, .count = count, .cost = cost };
}

static struct witnesses
witnesses_of(struct gatherer *g, const struct expr *e)
{
    switch (e->kind) {
    case EXPR_TEST:
        return witnesses_of_test(g, &e->test);
    case EXPR_AND:
        return witnesses_of_and(g, e);
    case EXPR_OR:
        return witnesses_of_or(g, e);
    default:
        return no_witness();
    }
}

static int
by_field_and_literal(const void *a, const void *b)
{
    const struct witness *v = *(struct witness *const *)a, *w = *(struct witness *const *)b;
    if (v->field != w->field)
        return v->field < w->field ? -1 : 1;
    if (v->kind != w->kind)
        return v->kind == WITNESS_LITERAL ? -1 : 1;
    if (v->literal != w->literal)
        return v->literal < w->literal ? -1 : 1;
    return str_compare(v->text, w->text);
}

/* Sorted once, so that every lane only compares numbers; the same literal of a field has the same rank. */
static uint32_t
rank(struct witness **all, size_t count)
{
    uint32_t ranks = 0;
    if (count)
        qsort(all, count, sizeof *all, by_field_and_literal);
    for (size_t i = 0; i < count; i++) {
        ranks += i > 0 && by_field_and_literal(&all[i - 1], &all[i]) != 0;
        all[i]->rank = ranks;
    }
    return ranks + 1;
}

static size_t
take_all(struct witness **all, size_t count, const struct witnesses *w)
{
    for (size_t i = 0; i < w->count; i++)
        all[count++] = &w->items[i];
    return count;
}

/* Every literal is kept under its rarest run among those of all rules. */
static void
find_ranks_and_runs(struct engine *e, struct arena *work)
{
    size_t most = 0, count = 0;
    for (size_t i = 0; i < e->set->rule_count; i++)
        most += e->witnesses[i].count + e->routed_witnesses[i].count;
    struct witness **all = arena_array_of(work, most + 1, struct witness *);
    for (size_t i = 0; i < e->set->rule_count; i++) {
        bool shared = e->witnesses[i].items == e->routed_witnesses[i].items;
        count = take_all(all, count, &e->witnesses[i]);
        count = shared ? count : take_all(all, count, &e->routed_witnesses[i]);
    }
    e->largest_fired = rank(all, count); /* no lane has more literals than there are */
    struct literal *literals = arena_array_of(work, count + 1, struct literal);
    for (size_t i = 0; i < count; i++)
        literals[i].text = all[i]->text;
    runs_find(literals, count);
    for (size_t i = 0; i < count; i++)
        all[i]->run = literals[i].run;
}

/* Kept in the engine's memory, what was only tried is not. */
static struct witnesses
kept(struct engine *e, struct witnesses w)
{
    struct witness *items = arena_array_of(e->arena, w.count + 1, struct witness);
    for (size_t i = 0; i < w.count; i++) {
        items[i] = w.items[i];
        items[i].text = str_copy(e->arena, w.items[i].text.at ? w.items[i].text : STR(""));
    }
    w.items = items;
    return w;
}

static uint32_t *
count_crowds(struct engine *e, struct arena *work, struct arena *keep)
{
    uint32_t *crowds = arena_array_of(keep, (size_t)1 << CROWD_BITS, uint32_t);
    for (size_t i = 0; i < e->set->rule_count; i++) {
        struct gatherer g = { .engine = e, .arena = work, .counting = crowds };
        if (e->set->rules[i].on_demand)
            continue;
        witnesses_of(&g, e->set->rules[i].condition);
        arena_reset(work);
    }
    return crowds;
}

static bool
asks_event_id(const struct engine *e, const struct expr *x)
{
    if (x->kind == EXPR_TEST)
        return x->test.field.at && str_eq(x->test.field, e->field_names[e->event_id_field]);
    for (size_t i = 0; i < x->count; i++)
        if (asks_event_id(e, x->parts[i]))
            return true;
    return false;
}

static bool
is_in_lanes(const struct ruleset *set)
{
    for (size_t i = 0; i < set->rule_count; i++)
        if (!set->rules[i].on_demand)
            return true;
    return false;
}

static void
count_uses(const struct engine *e, struct arena *work, uint32_t *uses)
{
    uint32_t *seen = arena_array_of(work, e->field_count, uint32_t);
    for (size_t i = 0; i < e->set->rule_count; i++) {
        uint64_t source = source_of(&e->set->rules[i].logsource);
        for (size_t j = 0; j < e->routed_witnesses[i].count; j++) {
            uint16_t field = e->routed_witnesses[i].items[j].field;
            uses[use_of(source, field)] += seen[field] != i + 1;
            seen[field] = (uint32_t)i + 1;
        }
    }
}

static bool
looks_at_lone_field(const struct gatherer *g, const struct witnesses *w)
{
    for (size_t i = 0; i < w->count; i++)
        if (g->uses[use_of(g->source, w->items[i].field)] <= 1)
            return true;
    return false;
}

static void
choose_witnesses(struct gatherer *g, size_t rule)
{
    struct engine *e = g->engine;
    const struct expr *condition = e->set->rules[rule].condition;
    g->event_id_is_known = false;
    e->witnesses[rule] = kept(e, witnesses_of(g, condition));
    g->event_id_is_known = true;
    e->routed_witnesses[rule] = asks_event_id(e, condition) ? kept(e, witnesses_of(g, condition)) : e->witnesses[rule];
    arena_reset(g->arena);
}

void
engine_build_witnesses(struct engine *e)
{
    size_t count = e->set->rule_count;
    e->witnesses = arena_array_of(e->arena, count + 1, struct witnesses);
    e->routed_witnesses = arena_array_of(e->arena, count + 1, struct witnesses);
    if (!is_in_lanes(e->set))
        return; /* the tables below cost more than a single question */
    struct arena *work = arena_new(256 * 1024);
    struct arena *counts = arena_new(1024);
    uint32_t *uses = arena_array_of(counts, (size_t)1 << USE_BITS, uint32_t);
    struct gatherer g = { .engine = e, .arena = work, .crowds = count_crowds(e, work, counts) };
    for (size_t i = 0; i < count; i++)
        if (!e->set->rules[i].on_demand)
            choose_witnesses(&g, i);
    count_uses(e, counts, uses);
    g.uses = uses;
    for (size_t i = 0; i < count; i++) {
        g.source = source_of(&e->set->rules[i].logsource);
        if (looks_at_lone_field(&g, &e->routed_witnesses[i]))
            choose_witnesses(&g, i);
    }
    find_ranks_and_runs(e, work);
    arena_free(work);
    arena_free(counts);
}
