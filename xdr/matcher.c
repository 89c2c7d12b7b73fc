#include "xdr/engine_parts.h"
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
        .rules = arena_array_of(a, rules + 1, struct rule_state),
        .candidates = arena_array_of(a, rules + 1, uint32_t),
        .matched = arena_array_of(a, rules + 1, uint32_t),
        .hits = { .stamps = arena_array_of(a, e->largest_fired + 1, uint32_t),
                  .ids = arena_array_of(a, e->largest_fired + 1, uint32_t) },
        .regex = regex_scratch_new(a),
    };
    for (size_t i = 0; i < rules; i++)
        m->rules[i].root = e->roots[i];
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
    const struct engine *e = m->engine;
    const struct places_of_field *places = &e->views[m->origin.shape * DIALECT_COUNT + m->origin.dialect].fields[field];
    struct field_state *state = &m->fields[field];
    state->stamp = m->stamp;
    state->sought = 0;
    state->is_sketched = false;
    if (field == FIELD_ANYWHERE) {
        m->anywhere = event_all_values(m->event);
        return state->values = &m->anywhere;
    }
    state->values = event_first_values(m->event, e->view_slots + places->first, places->count);
    if (field == e->hashes_field && m->origin.shape == SHAPE_ECS && !state->values->is_present) {
        m->joined = joined_hashes(m);
        state->values = &m->joined;
    }
    return state->values;
}

static void
next_stamp(struct matcher *m)
{
    if (++m->stamp)
        return;
    for (size_t i = 0; i < m->engine->field_count; i++)
        m->fields[i].stamp = 0;
    for (size_t i = 0; i < m->engine->set->rule_count; i++)
        m->rules[i].stamp = 0;
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

/* ---- one event ---- */

static void
add_candidates(struct matcher *m, const uint32_t *rules, size_t count)
{
    const struct step *steps = m->engine->program.steps;
    for (size_t i = 0; i < count; i++) {
        struct rule_state *r = &m->rules[rules[i]];
        if (r->stamp == m->stamp)
            continue;
        r->stamp = m->stamp;
        m->candidates[m->candidate_count++] = rules[i];
        __builtin_prefetch(&steps[r->root]);
        __builtin_prefetch(&steps[r->root + 2]);
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
        if (asked && matcher_evaluate(m, m->rules[rule].root))
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
        const struct event_values *values = event_values(m->event, slot);
        if (values->count && time_of(values->items[0].text, unix_ms))
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
