#include "xdr/engine_parts.h"
#include "xdr/find.h"
#include "xdr/number.h"

enum { MATCHER_BLOCK = 256 * 1024 };

struct matcher *
matcher_new(const struct engine *e)
{
    struct arena *a = arena_new(MATCHER_BLOCK);
    struct matcher *m = arena_new_of(a, struct matcher);
    size_t rules = e->set->rule_count;
    *m = (struct matcher){
        .arena = a, .engine = e, .event = event_new(a, e->map),
        .fields = arena_array_of(a, e->field_count, struct field_state),
        .sketches = arena_array_of(a, e->field_count, struct sketch *),
        .rule_stamps = arena_array_of(a, rules + 1, uint32_t),
        .candidates = arena_array_of(a, rules + 1, uint32_t),
        .matched = arena_array_of(a, rules + 1, uint32_t),
        .hits = { .stamps = arena_array_of(a, e->largest_fired + 1, uint32_t),
                  .ids = arena_array_of(a, e->largest_fired + 1, uint32_t) },
        .regex = regex_scratch_new(a),
    };
    return m;
}

void
matcher_free(struct matcher *m)
{
    if (m)
        arena_free(m->arena);
}

/* ---- fields ---- */

const char *const hash_names[HASH_COUNT] = { "MD5", "SHA1", "SHA256", "IMPHASH" };

/* Schemas that keep every hash by itself: rules ask for all of them in one text, "SHA256=...,IMPHASH=...". */
static struct event_values
joined_hashes(struct matcher *m)
{
    struct str parts[4 * HASH_COUNT];
    size_t count = 0;
    for (size_t i = 0; i < HASH_COUNT; i++) {
        const struct event_values *hash = matcher_values(m, m->engine->hash_fields[i]);
        if (hash->count == 0)
            continue;
        parts[count] = count ? STR(",") : STR("");
        parts[count + 1] = str_of(hash_names[i]);
        parts[count + 2] = STR("=");
        parts[count + 3] = hash->items[0].text;
        count += 4;
    }
    return count ? event_made_value(m->event, parts, count) : (struct event_values){ 0 };
}

const struct event_values *
matcher_find_values(struct matcher *m, uint16_t field)
{
    struct field_state *state = &m->fields[field];
    state->stamp = m->stamp;
    state->values = (struct event_values){ 0 };
    if (field == FIELD_ANYWHERE) {
        state->values = event_all_values(m->event);
        return &state->values;
    }
    const struct engine *e = m->engine;
    const struct view *view = &e->views[m->origin.shape * DIALECT_COUNT + m->origin.dialect];
    const uint16_t *slots = e->view_slots + view->fields[field].first;
    for (size_t i = 0; i < view->fields[field].count; i++)
        if (event_has(m->event, slots[i])) {
            state->values = event_values(m->event, slots[i]);
            return &state->values;
        }
    if (field == e->hashes_field && m->origin.shape == SHAPE_ECS)
        state->values = joined_hashes(m);
    return &state->values;
}

static void
next_stamp(struct matcher *m)
{
    if (++m->stamp)
        return;
    memset(m->fields, 0, m->engine->field_count * sizeof *m->fields);
    memset(m->rule_stamps, 0, m->engine->set->rule_count * sizeof *m->rule_stamps);
    for (size_t i = 0; i < m->engine->field_count; i++)
        if (m->sketches[i])
            m->sketches[i]->stamp = 0;
    m->stamp = 1;
}

const char *
matcher_read(struct matcher *m, struct str line)
{
    next_stamp(m);
    m->candidate_count = m->matched_count = 0;
    const char *problem = event_read(m->event, line);
    if (problem)
        return problem;
    matcher_route(m);
    /* Routing may have asked for these before it knew the shape. */
    m->fields[m->engine->event_id_field].stamp = 0;
    m->fields[m->engine->event_type_field].stamp = 0;
    return NULL;
}

/* ---- checks ---- */

/* Seldom asked: what asks everything else stays small without them. */
static bool __attribute__((noinline))
number_fits(const struct test *t, struct str text)
{
    long double n;
    int64_t part;
    if (t->part == PART_WHOLE)
        return number_of(text, &n) && number_stands(n, t->relation, t->number);
    return time_part(text, t->part, &part) && number_stands(part, t->relation, t->number);
}

static bool __attribute__((noinline))
address_fits(const struct test *t, struct str text)
{
    uint8_t address[16];
    return address_of(text, address) && network_holds(&t->network, address);
}

/* The literal at `at`, where at least its length is left; its last eight bytes or all of it are at hand. */
static inline bool
ends_fit(const struct check *c, const char *at)
{
    size_t len = c->text.len;
    if (len <= sizeof c->of.edge)
        return hash_low_bytes(hash_load64(at) ^ c->of.edge, len) == 0;
    return hash_load64(at + len - sizeof c->of.edge) == c->of.edge
        && memcmp(at, c->text.at, len - sizeof c->of.edge) == 0;
}

static inline bool
start_fits(const struct check *c, const char *at)
{
    size_t len = c->text.len, more = len > sizeof c->of.edge ? len - sizeof c->of.edge : 0;
    return hash_low_bytes(hash_load64(at) ^ c->of.edge, len) == 0
        && (more == 0 || memcmp(at + len - more, c->text.at + len - more, more) == 0);
}

/* As texts are folded, so that words of eight bytes can be read of them. */
static bool
folded_fits(const struct check *c, struct str text)
{
    if (c->text.len > text.len)
        return false;
    if (c->kind == CHECK_STARTS)
        return start_fits(c, text.at);
    return (c->kind == CHECK_ENDS || c->text.len == text.len) && ends_fit(c, text.at + text.len - c->text.len);
}

static bool
cased_fits(const struct check *c, struct str text)
{
    return c->kind == CHECK_EQUALS ? str_eq(text, c->text)
        : c->kind == CHECK_STARTS  ? str_starts(text, c->text)
                                   : str_ends(text, c->text);
}

static bool
value_fits(struct matcher *m, const struct check *c, const struct event_value *v)
{
    struct str text = c->cased ? v->text : v->folded;
    switch ((enum check_kind)c->kind) {
    case CHECK_EQUALS:
    case CHECK_STARTS:
    case CHECK_ENDS:
        return c->cased ? cased_fits(c, text) : folded_fits(c, text);
    case CHECK_INSIDE:
        return find_part(text, c->text);
    case CHECK_ANY_VALUE:
        return true;
    case CHECK_GLOB:
        return find_part(text, c->text)
            && (v->is_ascii ? glob_fits_ascii(*c->of.glob, text) : glob_fits(*c->of.glob, text));
    case CHECK_SET:
        return litset_any(c->of.set, v->folded, v->is_ascii);
    case CHECK_INSIDES:
        return litset_any(c->of.insides->set, v->folded, v->is_ascii);
    case CHECK_REGEX:
        return find_part(v->folded, c->text) && regex_finds(c->of.regex, m->regex, v->text);
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
        return str_eq(left, right);
    }
}

static bool __attribute__((noinline))
field_fits(struct matcher *m, const struct check *c)
{
    const struct event_values left = *matcher_values(m, c->field), right = *matcher_values(m, c->other);
    for (uint32_t i = 0; i < left.count; i++)
        for (uint32_t j = 0; j < right.count; j++) {
            const struct event_value *l = &left.items[i], *r = &right.items[j];
            bool cased = c->of.test->cased;
            if (fields_stand(cased ? l->text : l->folded, c->of.test->relation, cased ? r->text : r->folded))
                return true;
        }
    return false;
}

/* The sketch of the field's only value, once it is worth it; `sought` is how many literals are to be asked of it. */
static struct sketch *
sketch_of(struct matcher *m, uint16_t field, const struct event_values *values, size_t sought)
{
    if (values->count != 1 || values->items[0].folded.len > SKETCH_TEXT_MAX)
        return NULL;
    if (!m->sketches[field])
        m->sketches[field] = arena_new_of(m->arena, struct sketch);
    struct sketch *s = m->sketches[field];
    if (s->stamp != m->stamp) {
        s->stamp = m->stamp;
        s->asked = 0;
        s->is_made = false;
    }
    if (s->is_made)
        return s;
    s->asked = (uint16_t)(s->asked + sought);
    if (s->asked <= SKETCH_AFTER)
        return NULL;
    sketch_make(s, values->items[0].folded);
    return s;
}

static bool
insides_fit(const struct insides *in, const struct sketch *s, struct str text)
{
    for (size_t i = 0; i < in->count; i++)
        if (sketch_may_hold(s, in->runs[i]) && find_part(text, in->texts[i]))
            return true;
    return false;
}

static bool
check_holds(struct matcher *m, const struct check *c)
{
    const struct event_values *values = matcher_values(m, c->field);
    if (c->kind == CHECK_EXISTS)
        return values->is_present;
    if (c->kind == CHECK_NULL)
        return !values->is_present || values->is_null;
    if (c->kind == CHECK_FIELD)
        return field_fits(m, c);
    bool is_list = c->kind == CHECK_INSIDES;
    if (is_list || c->has_runs) {
        const struct sketch *s = sketch_of(m, c->field, values, is_list ? c->of.insides->count : 1);
        if (s && is_list)
            return insides_fit(c->of.insides, s, values->items[0].folded);
        if (s && !sketch_may_hold(s, c->runs))
            return false;
    }
    for (uint32_t i = 0; i < values->count; i++)
        if (value_fits(m, c, &values->items[i]))
            return true;
    return false;
}

bool
matcher_evaluate(struct matcher *m, uint32_t at)
{
    const struct step *s = &m->engine->program.steps[at];
    if (s->kind < JOIN_AND)
        return check_holds(m, &s->check);
    if (s->kind == JOIN_NOT)
        return !matcher_evaluate(m, s->join.first);
    bool ends_with = s->kind == JOIN_OR;
    for (uint32_t i = 0; i < s->join.count; i++)
        if (matcher_evaluate(m, s->join.first + i) == ends_with)
            return ends_with;
    return !ends_with;
}

/* ---- one event ---- */

static void
add_candidates(struct matcher *m, const uint32_t *rules, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (m->rule_stamps[rules[i]] != m->stamp) {
            m->rule_stamps[rules[i]] = m->stamp;
            m->candidates[m->candidate_count++] = rules[i];
            __builtin_prefetch(&m->engine->program.steps[m->engine->roots[rules[i]]]);
        }
}

static void
begin_hits(struct matcher *m)
{
    m->hits.count = 0;
    if (++m->hits.now)
        return;
    memset(m->hits.stamps, 0, (m->engine->largest_fired + 1) * sizeof *m->hits.stamps);
    m->hits.now = 1;
}

static void
find_keywords(struct matcher *m)
{
    const struct lane *lane = m->lane;
    begin_hits(m);
    if (!keywords_find(lane->keywords, m->event, &m->hits)) {
        add_candidates(m, lane->keyword_rules, lane->keyword_rule_count);
        return;
    }
    for (uint32_t i = 0; i < m->hits.count; i++) {
        const struct fired *fired = &lane->keyword_fired[m->hits.ids[i]];
        add_candidates(m, lane->keyword_rules + fired->first, fired->count);
    }
}

static void
find_candidates(struct matcher *m)
{
    const struct lane *lane = m->lane;
    if (lane->keywords)
        find_keywords(m);
    begin_hits(m); /* the numbers of keywords and of the fields' literals are not the same */
    for (size_t i = 0; i < lane->field_count; i++) {
        const struct lane_field *f = &lane->fields[i];
        const struct event_values *values = matcher_values(m, f->field);
        if (!values->is_present)
            continue;
        add_candidates(m, lane->rules + f->presence_first, f->presence_count);
        for (uint32_t j = 0; f->set && j < values->count; j++)
            litset_scan(f->set, values->items[j].folded, values->items[j].is_ascii, &m->hits);
    }
    for (uint32_t i = 0; i < m->hits.count; i++) {
        const struct fired *fired = &lane->fired[m->hits.ids[i]];
        add_candidates(m, lane->rules + fired->first, fired->count);
    }
    add_candidates(m, lane->always, lane->always_count);
}

static int
ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static struct matches
result(struct matcher *m)
{
    if (m->matched_count > 1)
        qsort(m->matched, m->matched_count, sizeof *m->matched, ascending);
    return (struct matches){ m->matched, m->matched_count, NULL };
}

struct matches
matcher_run(struct matcher *m, struct str line)
{
    const char *problem = matcher_read(m, line);
    if (problem)
        return (struct matches){ .problem = problem };
    find_candidates(m);
    for (size_t i = 0; i < m->candidate_count; i++) {
        uint32_t rule = m->candidates[i];
        bool asked = m->lane_is_exact || origin_allows(&m->origin, &m->engine->set->rules[rule].logsource);
        if (asked && matcher_evaluate(m, m->engine->roots[rule]))
            m->matched[m->matched_count++] = rule;
    }
    return result(m);
}

struct matches
matcher_run_plainly(struct matcher *m, struct str line)
{
    const char *problem = matcher_read(m, line);
    if (problem)
        return (struct matches){ .problem = problem };
    for (uint32_t i = 0; i < m->engine->set->rule_count; i++) {
        const struct rule *r = &m->engine->set->rules[i];
        if (!r->on_demand && origin_allows(&m->origin, &r->logsource) && oracle_holds(m, r->condition))
            m->matched[m->matched_count++] = i;
    }
    return result(m);
}

bool
matcher_holds(struct matcher *m, uint32_t rule)
{
    const struct ruleset *set = m->engine->set;
    return rule < set->rule_count && origin_allows(&m->origin, &set->rules[rule].logsource)
        && matcher_evaluate(m, m->engine->roots[rule]);
}

bool
matcher_field(struct matcher *m, struct str name, size_t nth, struct str *out)
{
    uint32_t field;
    if (!name_index_find(m->engine->fields, name, &field) || field == FIELD_ANYWHERE)
        return false;
    const struct event_values *values = matcher_values(m, (uint16_t)field);
    if (nth >= values->count)
        return false;
    *out = values->items[nth].text;
    return true;
}

bool
matcher_time(struct matcher *m, int64_t *unix_ms)
{
    for (size_t i = 0; i < taxonomy_mark_count; i++) {
        uint16_t slot = m->engine->mark_slots[i];
        if (taxonomy_marks[i].mark != MARK_TIME || !event_has(m->event, slot))
            continue;
        struct event_values values = event_values(m->event, slot);
        if (values.count && time_of(values.items[0].text, unix_ms))
            return true;
    }
    return false;
}

struct str
matcher_kind(const struct matcher *m)
{
    const struct origin *o = &m->origin;
    if (o->category_count)
        return o->categories[0];
    return o->service.len ? o->service : o->product.len ? o->product : STR_NONE;
}
