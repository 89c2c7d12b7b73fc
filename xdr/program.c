/* program: conditions as steps over checks, in an order that fails or succeeds cheaply. */
#include "xdr/engine_parts.h"
#include "xdr/fold.h"
#include "xdr/ordinary.h"

enum {
    SET_FROM = 6,     /* this many literals of one field become one set; */
    INSIDES_FROM = 3, /* this many of those that stand inside of it one check, */
    INSIDES_MAX = 64, /* unless they are more */
};

enum join { JOIN_AND = CHECK_KINDS, JOIN_OR, JOIN_NOT };

/* Where a step leads that is being laid out: the next one, or a label. Labels are numbers of the rule. */
#define STEP_NEXT (UINT32_MAX - 2)

/* A tree of steps before it is laid out flat. How dear a part is and how likely it holds are guesses: they only say
 * which part to ask first. */
struct branch {
    unsigned kind; /* enum check_kind or enum join */
    struct branch **parts; /* of what joins them */
    size_t count;
    struct step check; /* else */
    float cost, chance;
};

struct builder {
    struct engine *engine;
    struct arena *work;
    const struct sketch_habits *habits;
    const struct expr *told; /* what seems to hold because the rule is asked at all; may be NULL */
    uint32_t *labels;        /* steps that those of the rule lead to */
    size_t label_count, label_room;
};

static const struct {
    float cost, chance;
} guesses[] = {
    [CHECK_EQUALS] = { 1, 0.05f }, [CHECK_STARTS] = { 1, 0.1f },     [CHECK_ENDS] = { 1, 0.05f },
    [CHECK_EXISTS] = { 1, 0.8f },  [CHECK_ANY_VALUE] = { 1, 0.95f }, [CHECK_NULL] = { 1, 0.2f },
    [CHECK_NUMBER] = { 3, 0.3f },  [CHECK_CIDR] = { 3, 0.1f },       [CHECK_FIELD] = { 2, 0.05f },
    [CHECK_INSIDE] = { 3, 0.05f }, [CHECK_SET] = { 6, 0.2f },        [CHECK_GLOB] = { 5, 0.03f },
    [CHECK_REGEX] = { 30, 0.05f }, [CHECK_INSIDES] = { 4, 0.1f },
};
enum { COST_ANYWHERE = 100 };
static const float chance_when_told = 0.99f, likely = 0.5f;

static void *
wider(struct arena *a, void *items, size_t count, size_t *room, size_t bytes)
{
    if (count < *room)
        return items;
    *room = *room ? *room * 2 : 1024;
    void *copy = arena_array(a, *room, bytes);
    if (count)
        memcpy(copy, items, count * bytes);
    return copy;
}

static struct branch *
branch_new(struct builder *b, unsigned kind, size_t room)
{
    struct branch *br = arena_new_of(b->work, struct branch);
    *br = (struct branch){ .kind = kind, .parts = arena_array_of(b->work, room + 1, struct branch *) };
    return br;
}

const struct regex *
engine_find_regex(const struct engine *e, struct str source, unsigned flags)
{
    for (size_t i = 0; i < e->regex_count; i++)
        if (e->regexes[i].flags == flags && str_eq(e->regexes[i].source, source))
            return e->regexes[i].regex;
    return NULL;
}

const struct regex *
engine_regex(struct engine *e, struct str source, unsigned flags)
{
    const struct regex *known = engine_find_regex(e, source, flags);
    if (known)
        return known;
    e->regexes = wider(e->arena, e->regexes, e->regex_count, &e->regex_room, sizeof *e->regexes);
    known = regex_new(e->arena, source, flags);
    e->regexes[e->regex_count++] = (struct known_regex){ source, flags, known };
    return known;
}

static void
set_text(struct step *c, struct str text)
{
    c->text = text.at;
    c->len = (uint32_t)text.len;
}

/* What stands in every text that fits: a folded literal. */
static void
fill_runs(struct builder *b, struct step *c)
{
    c->has_runs = !c->cased && c->len >= SKETCH_RUN;
    if (c->has_runs)
        c->runs = sketch_runs_of(b->habits, step_text(c));
}

/* An empty text has no case; nothing is its edge. */
static void
fill_edge(struct step *c)
{
    char edge[sizeof c->of.edge] = { 0 };
    size_t len = c->len < sizeof edge ? c->len : sizeof edge, last = c->len - len;
    size_t from = c->kind == CHECK_STARTS || last > UINT16_MAX ? 0 : last;
    c->cased = c->cased || len == 0;
    if (len == 0)
        return;
    memcpy(edge, c->text + from, len);
    c->of.edge = hash_load64(edge);
    c->edge_from = (uint16_t)from;
    c->edge_shift = (uint8_t)(8 * (sizeof edge - len));
}

static void
fill_text_check(struct builder *b, struct step *c, const struct test *t)
{
    struct arena *a = b->engine->arena;
    struct str pattern = t->cased ? t->pattern : fold_copy(a, t->pattern);
    c->cased = t->cased;
    struct str inner;
    c->kind = (uint8_t)pattern_class(pattern, &inner);
    if (c->kind == CHECK_GLOB) {
        struct str *glob = arena_new_of(a, struct str);
        *glob = pattern;
        c->of.glob = glob;
        inner = pattern_longest_literal(pattern);
    }
    set_text(c, inner);
    if (c->kind == CHECK_GLOB || c->kind == CHECK_INSIDE)
        fill_runs(b, c);
    else if (c->kind != CHECK_ANY_VALUE)
        fill_edge(c);
}

static void
fill_regex_check(struct builder *b, struct step *c, const struct test *t)
{
    struct arena *a = b->engine->arena;
    c->kind = CHECK_REGEX;
    c->of.regex = engine_regex(b->engine, t->pattern, t->regex_flags);
    set_text(c, fold_copy(a, regex_literal(b->work, t->pattern, t->regex_flags)));
    fill_runs(b, c);
}

/* What stands among ordinary values is likely to stand in the next event too. */
static float
chance_of_literal(const struct step *c)
{
    bool begins = c->kind == CHECK_EQUALS || c->kind == CHECK_STARTS;
    bool ends = c->kind == CHECK_EQUALS || c->kind == CHECK_ENDS;
    float often = (float)ordinary_count(begins, step_text(c), ends) / ORDINARY_COUNT_MAX;
    return guesses[c->kind].chance + often * 0.85f;
}

static void
guess(struct branch *br)
{
    const struct step *c = &br->check;
    bool is_literal = c->kind == CHECK_EQUALS || c->kind == CHECK_STARTS || c->kind == CHECK_ENDS
        || c->kind == CHECK_INSIDE;
    br->cost = guesses[c->kind].cost + (c->field == FIELD_ANYWHERE ? COST_ANYWHERE : 0);
    br->chance = is_literal && !c->cased ? chance_of_literal(c) : guesses[c->kind].chance;
}

static struct branch *
check_branch(struct builder *b, const struct test *t)
{
    struct branch *br = branch_new(b, 0, 0);
    struct step *c = &br->check;
    c->field = t->field.at ? engine_field(b->engine, t->field) : FIELD_ANYWHERE;
    switch (t->kind) {
    case TEST_TEXT:
        fill_text_check(b, c, t);
        break;
    case TEST_REGEX:
        fill_regex_check(b, c, t);
        break;
    case TEST_CIDR:
        c->kind = CHECK_CIDR;
        c->of.test = t;
        break;
    case TEST_NUMBER:
        c->kind = CHECK_NUMBER;
        c->of.test = t;
        break;
    case TEST_EXISTS:
        c->kind = CHECK_EXISTS;
        break;
    case TEST_NULL:
        c->kind = CHECK_NULL;
        break;
    case TEST_FIELD:
        c->kind = CHECK_FIELD;
        c->of.test = t;
        c->other = engine_field(b->engine, t->other);
        break;
    }
    br->kind = c->kind;
    guess(br);
    return br;
}

static struct branch *branch_of(struct builder *b, const struct expr *e);

/* Parts of the same kind are taken in: (a or b) or c is one list. */
static void
take_parts(struct builder *b, struct branch *into, const struct expr *e, size_t *room)
{
    for (size_t i = 0; i < e->count; i++) {
        struct branch *part = branch_of(b, e->parts[i]);
        part->chance = e->parts[i] == b->told ? chance_when_told : part->chance;
        bool same = part->kind == into->kind;
        size_t more = same ? part->count : 1;
        if (into->count + more > *room) {
            *room = (into->count + more) * 2;
            struct branch **parts = arena_array_of(b->work, *room, struct branch *);
            memcpy(parts, into->parts, into->count * sizeof *parts);
            into->parts = parts;
        }
        for (size_t j = 0; j < more; j++)
            into->parts[into->count++] = same ? part->parts[j] : part;
    }
}

/* Which literals are taken together: those with runs for a sketch, and all others. What likely stands there is asked
 * by itself, before them. */
enum { OF_EDGES, OF_INSIDES, SET_KINDS };

static bool
fits_set(const struct branch *br)
{
    const struct step *c = &br->check;
    bool is_literal = c->kind == CHECK_EQUALS || c->kind == CHECK_STARTS || c->kind == CHECK_ENDS
        || (c->kind == CHECK_INSIDE && c->len);
    return br->kind < CHECK_KINDS && is_literal && !c->cased && br->chance < likely;
}

static bool
fits_set_of(const struct branch *br, uint16_t field, size_t of)
{
    return fits_set(br) && br->check.field == field && br->check.has_runs == (of == OF_INSIDES);
}

static enum literal_kind
literal_kind_of(uint8_t kind)
{
    return kind == CHECK_EQUALS ? LITERAL_EQUALS : kind == CHECK_STARTS ? LITERAL_STARTS
        : kind == CHECK_ENDS ? LITERAL_ENDS : LITERAL_INSIDE;
}

static struct insides *
insides_new(struct builder *b, const struct literal *literals, size_t count, const struct litset *set)
{
    struct insides *in = arena_new_of(b->work, struct insides);
    struct sketch_runs *runs = arena_array_of(b->work, count, struct sketch_runs);
    struct str *texts = arena_array_of(b->work, count, struct str);
    for (size_t i = 0; i < count; i++) {
        texts[i] = literals[i].text;
        runs[i] = sketch_runs_of(b->habits, texts[i]);
    }
    *in = (struct insides){ runs, texts, count, set };
    return in;
}

/* All literals of `field` in an OR, of one kind, become one check. */
static struct branch *
set_branch(struct builder *b, const struct branch *of, uint16_t field, size_t kind, size_t count)
{
    struct literal *literals = arena_array_of(b->work, count, struct literal);
    struct branch *br = branch_new(b, CHECK_SET, 0);
    float none_stands = 1;
    size_t n = 0;
    for (size_t i = 0; i < of->count; i++)
        if (fits_set_of(of->parts[i], field, kind)) {
            const struct step *c = &of->parts[i]->check;
            literals[n++] = (struct literal){ literal_kind_of(c->kind), step_text(c), 0, 0 };
            none_stands *= 1 - of->parts[i]->chance / 2; /* they are alike: nobody lists what is independent */
        }
    runs_find(literals, n);
    const struct litset *set = litset_new(b->engine->arena, literals, n, ASKED_SELDOM);
    br->check = (struct step){ .kind = CHECK_SET, .field = field, .of.set = set };
    if (kind == OF_INSIDES && n <= INSIDES_MAX) {
        br->kind = br->check.kind = CHECK_INSIDES;
        br->check.of.insides = insides_new(b, literals, n, set);
    }
    guess(br);
    br->chance = 1 - none_stands;
    return br;
}

static size_t
count_fitting(const struct branch *of, uint16_t field, size_t kind)
{
    size_t count = 0;
    for (size_t i = 0; i < of->count; i++)
        count += fits_set_of(of->parts[i], field, kind);
    return count;
}

/* One look over the list for each field in it, of which there are few. */
static void
gather_sets(struct builder *b, struct branch *or_branch)
{
    struct branch *out = branch_new(b, JOIN_OR, or_branch->count);
    bool *gathered = arena_array_of(b->work, b->engine->field_count * SET_KINDS, bool);
    bool *lone = arena_array_of(b->work, b->engine->field_count * SET_KINDS, bool);
    for (size_t i = 0; i < or_branch->count; i++) {
        struct branch *part = or_branch->parts[i];
        size_t kind = part->check.has_runs ? OF_INSIDES : OF_EDGES;
        size_t group = part->check.field * (size_t)SET_KINDS + kind;
        if (!fits_set(part) || lone[group]) {
            out->parts[out->count++] = part;
        } else if (!gathered[group]) {
            size_t same = count_fitting(or_branch, part->check.field, kind);
            gathered[group] = same >= (kind == OF_INSIDES ? INSIDES_FROM : SET_FROM);
            lone[group] = !gathered[group];
            out->parts[out->count++] = lone[group] ? part : set_branch(b, or_branch, part->check.field, kind, same);
        }
    }
    *or_branch = *out;
}

/* Cheap parts that likely decide come first: those that fail an AND, those that fulfil an OR. */
static int
by_gain_of_and(const void *a, const void *b)
{
    const struct branch *v = *(struct branch *const *)a, *w = *(struct branch *const *)b;
    float x = v->cost / (1.001f - v->chance), y = w->cost / (1.001f - w->chance);
    return (x > y) - (x < y);
}

static int
by_gain_of_or(const void *a, const void *b)
{
    const struct branch *v = *(struct branch *const *)a, *w = *(struct branch *const *)b;
    float x = v->cost / (0.001f + v->chance), y = w->cost / (0.001f + w->chance);
    return (x > y) - (x < y);
}

static void
put_in_order(struct branch *br)
{
    bool is_and = br->kind == JOIN_AND;
    float reached = 1; /* how likely the next part is asked at all */
    if (br->count)
        qsort(br->parts, br->count, sizeof *br->parts, is_and ? by_gain_of_and : by_gain_of_or);
    for (size_t i = 0; i < br->count; i++) {
        br->cost += reached * br->parts[i]->cost;
        reached *= is_and ? br->parts[i]->chance : 1 - br->parts[i]->chance;
    }
    br->chance = is_and ? reached : 1 - reached;
}

static struct branch *
joined_branch(struct builder *b, const struct expr *e)
{
    struct branch *br = branch_new(b, e->kind == EXPR_AND ? JOIN_AND : JOIN_OR, e->count);
    size_t room = e->count + 1;
    take_parts(b, br, e, &room);
    if (br->kind == JOIN_OR && br->count >= INSIDES_FROM)
        gather_sets(b, br);
    put_in_order(br);
    return br;
}

static struct branch *
branch_of(struct builder *b, const struct expr *e)
{
    if (e->kind == EXPR_TEST)
        return check_branch(b, &e->test);
    if (e->kind != EXPR_NOT)
        return joined_branch(b, e);
    struct branch *br = branch_new(b, JOIN_NOT, 1);
    br->parts[br->count++] = branch_of(b, e->parts[0]);
    br->cost = br->parts[0]->cost;
    br->chance = 1 - br->parts[0]->chance;
    return br;
}

/* With room behind it for readers of whole words. */
static struct str
packed_text(struct arena *a, struct str text)
{
    char *copy = arena_alloc(a, text.len + sizeof(uint64_t));
    if (text.len)
        memcpy(copy, text.at, text.len);
    return (struct str){ copy, text.len };
}

/* What a check refers to, copied to lie where its neighbours' does. */
static struct step
packed(struct arena *a, struct step c)
{
    if (c.len)
        set_text(&c, packed_text(a, step_text(&c)));
    if (c.kind != CHECK_INSIDES)
        return c;
    size_t count = c.of.insides->count;
    struct insides *in = arena_new_of(a, struct insides);
    struct sketch_runs *runs = arena_array_of(a, count, struct sketch_runs);
    struct str *texts = arena_array_of(a, count, struct str);
    memcpy(runs, c.of.insides->runs, count * sizeof *runs);
    for (size_t i = 0; i < count; i++)
        texts[i] = packed_text(a, c.of.insides->texts[i]);
    *in = (struct insides){ runs, texts, count, c.of.insides->set };
    c.of.insides = in;
    return c;
}

static void
add_step(struct builder *b, const struct step *check, uint32_t if_holds, uint32_t if_fails)
{
    struct program *p = &b->engine->program;
    p->steps = wider(b->engine->arena, p->steps, p->step_count, &p->step_room, sizeof *p->steps);
    struct step *s = &p->steps[p->step_count++];
    *s = packed(b->engine->arena, *check);
    s->jumps_if = if_fails == STEP_NEXT;
    s->jump = s->jumps_if ? if_holds : if_fails;
}

/* Steps of a branch: where they lead when it holds and when it fails; one of both is what follows it. */
static void
lay_out(struct builder *b, const struct branch *br, uint32_t if_holds, uint32_t if_fails)
{
    const struct step always = { .kind = CHECK_ALWAYS };
    bool is_and = br->kind == JOIN_AND;
    if (br->kind < CHECK_KINDS) {
        add_step(b, &br->check, if_holds, if_fails);
    } else if (br->kind == JOIN_NOT) {
        lay_out(b, br->parts[0], if_fails, if_holds);
    } else if (br->count == 0) {
        add_step(b, &always, is_and ? if_holds : if_fails, is_and ? if_fails : if_holds);
    } else {
        uint32_t decided = is_and ? if_fails : if_holds; /* where a part leads that spares the others */
        bool is_behind = decided == STEP_NEXT;
        b->labels = wider(b->work, b->labels, b->label_count, &b->label_room, sizeof *b->labels);
        size_t label = b->label_count;
        b->label_count += is_behind;
        decided = is_behind ? (uint32_t)label : decided;
        for (size_t i = 0; i + 1 < br->count; i++)
            lay_out(b, br->parts[i], is_and ? STEP_NEXT : decided, is_and ? decided : STEP_NEXT);
        lay_out(b, br->parts[br->count - 1], if_holds, if_fails);
        if (is_behind)
            b->labels[label] = (uint32_t)b->engine->program.step_count;
    }
}

/* Labels become steps; a rule begins at a line of the cache. */
static uint32_t
lay_out_rule(struct builder *b, const struct branch *br)
{
    const struct step always = { .kind = CHECK_ALWAYS };
    struct program *p = &b->engine->program;
    b->labels = NULL;
    b->label_count = b->label_room = 0;
    if (p->step_count % 2)
        add_step(b, &always, STEP_HOLDS, STEP_NEXT);
    uint32_t root = (uint32_t)p->step_count;
    lay_out(b, br, STEP_NEXT, STEP_FAILS);
    add_step(b, &always, STEP_HOLDS, STEP_NEXT);
    for (size_t i = root; i < p->step_count; i++)
        if (p->steps[i].jump < b->label_count)
            p->steps[i].jump = b->labels[p->steps[i].jump];
    return root;
}

/* Whether the expression holds whenever one of its witnesses is seen: literals, any of them. */
static bool
is_told(const struct expr *e)
{
    struct str inner;
    if (e->kind == EXPR_TEST)
        return e->test.kind == TEST_TEXT && e->test.field.at
            && pattern_class(e->test.pattern, &inner) < CHECK_ANY_VALUE;
    for (size_t i = 0; i < e->count; i++)
        if (!is_told(e->parts[i]))
            return false;
    return e->kind == EXPR_OR;
}

/* Steps begin at a line of the cache; each rule's too. */
static void
align_steps(struct engine *e)
{
    struct program *p = &e->program;
    char *room = arena_alloc(e->arena, (p->step_count + 2) * STEP_BYTES);
    struct step *steps = (struct step *)(void *)(room + (-(uintptr_t)room & (2 * STEP_BYTES - 1)));
    if (p->step_count)
        memcpy(steps, p->steps, p->step_count * sizeof *steps);
    p->steps = steps;
    p->step_room = p->step_count;
}

void
engine_build_programs(struct engine *e)
{
    struct arena *habits = arena_new(1024);
    struct builder b = { .engine = e, .work = arena_new(256 * 1024), .habits = sketch_habits_new(habits) };
    e->roots = arena_array_of(e->arena, e->set->rule_count + 1, uint32_t);
    for (size_t i = 0; i < e->set->rule_count; i++) {
        const struct expr *part = e->routed_witnesses[i].part;
        b.told = part && is_told(part) ? part : NULL;
        const struct branch *br = branch_of(&b, e->set->rules[i].condition);
        e->roots[i] = lay_out_rule(&b, br);
        arena_reset(b.work);
    }
    align_steps(e);
    arena_free(b.work);
    arena_free(habits);
}
