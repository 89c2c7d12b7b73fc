/* evaluate: whether a rule's condition holds for the event that was read, step by step (program.h). */
#include "xdr/engine_parts.h"
#include "xdr/find.h"
#include "xdr/number.h"

/* ---- literals at an edge: what is asked most ---- */

/* Whether the edge fits is one question, not several: each one asked is one the processor guesses wrong. Texts are
 * folded, so that a word can be read behind them. */
static inline bool
folded_fits(const struct step *c, struct str text)
{
    if (c->len > text.len)
        return false;
    size_t over = text.len - c->len;
    const char *begin = text.at + (c->kind == CHECK_STARTS ? 0 : over);
    uint64_t other = (hash_load64(begin + c->edge_from) ^ c->of.edge) << c->edge_shift;
    if (other | (c->kind == CHECK_EQUALS ? over : 0))
        return false;
    return c->len <= sizeof c->of.edge || memcmp(begin, c->text, c->len) == 0;
}

static bool __attribute__((noinline))
cased_fits(const struct step *c, struct str text)
{
    struct str literal = step_text(c);
    return c->kind == CHECK_EQUALS ? str_eq(text, literal)
        : c->kind == CHECK_STARTS  ? str_starts(text, literal)
                                   : str_ends(text, literal);
}

static inline bool
edge_holds(struct matcher *m, const struct step *c)
{
    const struct event_values *values = matcher_values(m, c->field);
    for (uint32_t i = 0; i < values->count; i++)
        if (c->cased ? cased_fits(c, values->items[i].text) : folded_fits(c, values->items[i].folded))
            return true;
    return false;
}

/* ---- literals inside ---- */

static const struct sketch * __attribute__((noinline))
make_sketch(struct matcher *m, struct field_state *state)
{
    if (!state->sketch)
        state->sketch = arena_new_of(m->arena, struct sketch);
    sketch_make(state->sketch, state->values->items[0].folded);
    state->is_sketched = true;
    return state->sketch;
}

/* The sketch of the field's only value, once it is worth it; `sought` is how many literals are to be asked of it. */
static inline const struct sketch *
sketch_of(struct matcher *m, uint16_t field, size_t sought)
{
    struct field_state *state = &m->fields[field];
    if (state->is_sketched)
        return state->sketch;
    if (state->values->count != 1 || state->values->items[0].folded.len > SKETCH_TEXT_MAX)
        return NULL;
    state->sought = (uint16_t)(state->sought + sought);
    return state->sought > SKETCH_AFTER ? make_sketch(m, state) : NULL;
}

/* A sketch says that the text cannot stand there. */
static inline bool
is_ruled_out(struct matcher *m, const struct step *c)
{
    const struct sketch *s = c->has_runs ? sketch_of(m, c->field, 1) : NULL;
    return s && !sketch_may_hold(s, c->runs);
}

static inline bool
inside_holds(struct matcher *m, const struct step *c)
{
    const struct event_values *values = matcher_values(m, c->field);
    if (is_ruled_out(m, c))
        return false;
    for (uint32_t i = 0; i < values->count; i++)
        if (find_part(c->cased ? values->items[i].text : values->items[i].folded, step_text(c)))
            return true;
    return false;
}

static bool
insides_hold(struct matcher *m, const struct step *c)
{
    const struct event_values *values = matcher_values(m, c->field);
    const struct insides *in = c->of.insides;
    const struct sketch *s = sketch_of(m, c->field, in->count);
    for (size_t i = 0; s && i < in->count; i++)
        if (sketch_may_hold(s, in->runs[i]) && find_part(values->items[0].folded, in->texts[i]))
            return true;
    for (uint32_t i = 0; !s && i < values->count; i++)
        if (litset_any(in->set, values->items[i].folded, values->items[i].is_ascii))
            return true;
    return false;
}

/* ---- what is asked seldom ---- */

static bool
number_fits(const struct test *t, struct str text)
{
    long double n;
    int64_t part;
    if (t->part == PART_WHOLE)
        return number_of(text, &n) && number_stands(n, t->relation, t->number);
    return time_part(text, t->part, &part) && number_stands(part, t->relation, t->number);
}

static bool
address_fits(const struct test *t, struct str text)
{
    uint8_t address[16];
    return address_of(text, address) && network_holds(&t->network, address);
}

static bool
glob_stands(const struct step *c, const struct event_value *v)
{
    struct str text = c->cased ? v->text : v->folded;
    return find_part(text, step_text(c))
        && (v->is_ascii ? glob_fits_ascii(*c->of.glob, text) : glob_fits(*c->of.glob, text));
}

static bool
value_fits(struct matcher *m, const struct step *c, const struct event_value *v)
{
    switch (c->kind) {
    case CHECK_ANY_VALUE:
        return true;
    case CHECK_GLOB:
        return glob_stands(c, v);
    case CHECK_SET:
        return litset_any(c->of.set, v->folded, v->is_ascii);
    case CHECK_REGEX:
        return find_part(v->folded, step_text(c)) && regex_finds(c->of.regex, m->regex, v->text);
    case CHECK_CIDR:
        return address_fits(c->of.test, v->text);
    case CHECK_NUMBER:
        return number_fits(c->of.test, v->text);
    default:
        return false;
    }
}

static bool
fields_stand(struct str left, enum relation relation, struct str right)
{
    switch (relation) {
    case DOES_CONTAIN:
        return find_part(left, right);
    case DOES_START:
        return str_starts(left, right);
    case DOES_END:
        return str_ends(left, right);
    default:
        return left.len == right.len && str_eq(left, right);
    }
}

static bool
field_fits(struct matcher *m, const struct step *c)
{
    const struct event_values *left = matcher_values(m, c->field), *right = matcher_values(m, c->other);
    for (uint32_t i = 0; i < left->count; i++)
        for (uint32_t j = 0; j < right->count; j++) {
            const struct event_value *l = &left->items[i], *r = &right->items[j];
            bool cased = c->of.test->cased;
            if (fields_stand(cased ? l->text : l->folded, c->of.test->relation, cased ? r->text : r->folded))
                return true;
        }
    return false;
}

/* Not inlined: what is asked most stays small without it. */
static bool __attribute__((noinline))
other_holds(struct matcher *m, const struct step *c)
{
    if (c->kind == CHECK_ALWAYS)
        return true;
    if (c->kind == CHECK_FIELD)
        return field_fits(m, c);
    const struct event_values *values = matcher_values(m, c->field);
    if (c->kind == CHECK_EXISTS)
        return values->is_present;
    if (c->kind == CHECK_NULL)
        return !values->is_present || values->is_null;
    if (is_ruled_out(m, c))
        return false;
    for (uint32_t i = 0; i < values->count; i++)
        if (value_fits(m, c, &values->items[i]))
            return true;
    return false;
}

/* ---- conditions ---- */

static inline bool
step_holds(struct matcher *m, const struct step *c)
{
    if (c->kind <= CHECK_ENDS)
        return edge_holds(m, c);
    if (c->kind == CHECK_INSIDE)
        return inside_holds(m, c);
    return c->kind == CHECK_INSIDES ? insides_hold(m, c) : other_holds(m, c);
}

bool
matcher_evaluate(struct matcher *m, uint32_t at)
{
    const struct step *steps = m->engine->program.steps;
    while (at < STEP_FAILS) {
        const struct step *s = &steps[at];
        at = step_holds(m, s) == s->jumps_if ? s->jump : at + 1;
    }
    return at == STEP_HOLDS;
}
