/* lane: the rules that one kind of event can concern, gathered once for every kind the tables and rules know. */
#include <pthread.h>
#include <stdatomic.h>

#include "xdr/engine_parts.h"
#include "xdr/fold.h"
#include "xdr/hash.h"
#include "xdr/number.h"

enum { IDS_MAX = 256, LANE_ROOM_MIN = 64, KEYWORD_SETS_MAX = 1024, KNOWN_LANES_MAX = 4096 };

/* ---- which event ids a rule can match ---- */

struct ids {
    bool any;
    int32_t items[IDS_MAX];
    size_t count;
};

static bool
ids_hold(const struct ids *ids, int32_t id)
{
    for (size_t i = 0; i < ids->count; i++)
        if (ids->items[i] == id)
            return true;
    return ids->any;
}

static void
ids_add(struct ids *ids, int32_t id)
{
    if (ids->any || ids_hold(ids, id))
        return;
    if (ids->count == IDS_MAX)
        ids->any = true;
    else
        ids->items[ids->count++] = id;
}

static bool
is_event_id_test(const struct test *t, int64_t *id)
{
    bool plain = t->kind == TEST_TEXT && t->field.at && str_is(t->field, "EventID") && str_int(t->pattern, id);
    return plain && *id >= 0 && *id <= INT32_MAX;
}

static void ids_of(const struct expr *e, struct ids *out);

static void
ids_of_and(const struct expr *e, struct ids *out)
{
    for (size_t i = 0; i < e->count; i++) {
        struct ids part, both;
        ids_of(e->parts[i], &part);
        if (part.any)
            continue;
        both.any = false;
        both.count = 0;
        for (size_t j = 0; j < part.count; j++)
            if (ids_hold(out, part.items[j]))
                ids_add(&both, part.items[j]);
        *out = both;
    }
}

static void
ids_of(const struct expr *e, struct ids *out)
{
    int64_t id;
    out->any = true;
    out->count = 0;
    if (e->kind == EXPR_TEST && is_event_id_test(&e->test, &id)) {
        out->any = false;
        ids_add(out, (int32_t)id);
    } else if (e->kind == EXPR_AND) {
        ids_of_and(e, out);
    } else if (e->kind == EXPR_OR) {
        out->any = false;
        for (size_t i = 0; i < e->count; i++) {
            struct ids part;
            ids_of(e->parts[i], &part);
            out->any = out->any || part.any;
            for (size_t j = 0; j < part.count; j++)
                ids_add(out, part.items[j]);
        }
    }
}

/* ---- origins ---- */

static bool
part_allows(struct str of_rule, struct str of_event, bool open)
{
    bool can_be = of_rule.len == of_event.len; /* asked a million times while lanes are made */
    return !of_rule.at || open || (can_be && str_eq_nocase(of_rule, of_event));
}

bool
origin_allows(const struct origin *o, const struct logsource *source)
{
    if (!part_allows(source->product, o->product, o->product_open)
        || !part_allows(source->service, o->service, o->service_open))
        return false;
    if (!source->category.at || o->category_open)
        return true;
    for (size_t i = 0; i < o->category_count; i++)
        if (str_eq_nocase(source->category, o->categories[i]))
            return true;
    return false;
}

/* ---- building one lane ---- */

struct pair { /* a rule and one of its witnesses */
    const struct witness *witness;
    uint32_t rule;
};

static int
by_field_and_rank(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    uint32_t v = x->witness->rank, w = y->witness->rank;
    if (x->witness->field != y->witness->field)
        return x->witness->field < y->witness->field ? -1 : 1;
    return v != w ? (v > w) - (v < w) : (x->rule > y->rule) - (x->rule < y->rule);
}

static bool
is_same_literal(const struct witness *v, const struct witness *w)
{
    return v->rank == w->rank;
}

struct known_keywords {
    const struct keywords *set;
    const struct fired *fired;
    const uint32_t *rules;
    size_t rule_count;
    const struct pair *pairs;
    size_t pair_count;
};

/* Keyword sets are few and shared by many lanes. */
struct keyword_cache {
    struct arena *work;
    struct known_keywords *items;
    size_t count, room;
};

struct lane_build {
    struct engine *engine;
    struct keyword_cache *keywords;
    struct arena *work;
    struct lane *lane;
    struct pair *pairs;
    size_t pair_count;
    struct lane_field *fields;
    struct fired *fired;
    uint32_t *rules, *always;
    size_t rules_used;
};

/* The pairs [begin, end) all look at one field. */
static void
build_field(struct lane_build *b, size_t begin, size_t end)
{
    struct lane_field *f = &b->fields[b->lane->field_count++];
    struct literal *literals = arena_array_of(b->work, end - begin, struct literal);
    size_t count = 0, i = begin;
    f->field = b->pairs[begin].witness->field;
    while (i < end && b->pairs[i].witness->kind == WITNESS_LITERAL) {
        const struct witness *w = b->pairs[i].witness;
        struct fired *fired = &b->fired[b->lane->fired_count];
        literals[count++] = (struct literal){ w->literal, w->text, (uint32_t)b->lane->fired_count++, w->run };
        fired->first = (uint32_t)b->rules_used;
        for (; i < end && b->pairs[i].witness->kind == WITNESS_LITERAL && is_same_literal(w, b->pairs[i].witness); i++)
            b->rules[b->rules_used++] = b->pairs[i].rule;
        fired->count = (uint32_t)b->rules_used - fired->first;
    }
    f->set = count ? litset_new(b->engine->arena, literals, count, ASKED_ALWAYS) : NULL;
    f->presence_first = (uint32_t)b->rules_used;
    for (; i < end; i++)
        b->rules[b->rules_used++] = b->pairs[i].rule;
    f->presence_count = (uint32_t)b->rules_used - f->presence_first;
}

static bool
are_same_pairs(const struct known_keywords *known, const struct pair *pairs, size_t count)
{
    if (known->pair_count != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (known->pairs[i].rule != pairs[i].rule || known->pairs[i].witness->rank != pairs[i].witness->rank)
            return false;
    return true;
}

/* The pairs [0, count) are those of words anywhere: fields are sorted, and FIELD_ANYWHERE comes first. */
static struct known_keywords
make_keywords(struct lane_build *b, size_t count)
{
    struct engine *e = b->engine;
    struct keyword *words = arena_array_of(b->work, count, struct keyword);
    struct fired *fired = arena_array_of(e->arena, count, struct fired);
    uint32_t *rules = arena_array_of(e->arena, count, uint32_t);
    struct pair *pairs = arena_array_of(b->keywords->work, count, struct pair);
    size_t word_count = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_new = i == 0 || !is_same_literal(b->pairs[i - 1].witness, b->pairs[i].witness);
        if (is_new) {
            words[word_count] = (struct keyword){ b->pairs[i].witness->text, (uint32_t)word_count };
            fired[word_count++] = (struct fired){ (uint32_t)i, 0 };
        }
        fired[word_count - 1].count++;
        rules[i] = b->pairs[i].rule;
        pairs[i] = b->pairs[i];
    }
    struct known_keywords made = { keywords_new(e->arena, words, word_count), fired, rules, count, pairs, count };
    return made;
}

/* False when the words have to be looked for in the values after all. */
static bool
build_keywords(struct lane_build *b, size_t count)
{
    struct keyword_cache *cache = b->keywords;
    struct known_keywords *known = NULL;
    for (size_t i = 0; i < cache->count && !known; i++)
        known = are_same_pairs(&cache->items[i], b->pairs, count) ? &cache->items[i] : NULL;
    struct known_keywords made = known ? *known : make_keywords(b, count);
    if (!known && cache->count < cache->room)
        cache->items[cache->count++] = made;
    b->lane->keywords = made.set;
    b->lane->keyword_fired = made.fired;
    b->lane->keyword_rules = made.rules;
    b->lane->keyword_rule_count = made.rule_count;
    return made.set != NULL;
}

static void
take_rule(struct lane_build *b, uint32_t rule, bool routed)
{
    const struct witnesses *w = routed ? &b->engine->routed_witnesses[rule] : &b->engine->witnesses[rule];
    if (w->none)
        b->always[b->lane->always_count++] = rule;
    for (size_t i = 0; !w->none && i < w->count; i++)
        b->pairs[b->pair_count++] = (struct pair){ &w->items[i], rule };
}

/* Values so long that what is sought in them is better sought in the raw line, which is looked through anyway. */
static const char *const long_fields[] = { "CallTrace" };
enum { LINE_PART_MIN = 4 };

static bool
suits_line(const struct witness *w)
{
    return w->kind == WITNESS_LITERAL && keyword_part(w->text).len >= LINE_PART_MIN;
}

/* Whatever holds of a part of the line is a sign as good as before; only when all of a field go is it worth it. */
static void
move_to_line(struct lane_build *b, const char *field_name)
{
    size_t of_field = 0, anywhere = 0;
    for (size_t i = 0; i < b->pair_count; i++) {
        const struct witness *w = b->pairs[i].witness;
        bool is_field = str_is(b->engine->field_names[w->field], field_name);
        if (is_field && !suits_line(w))
            return;
        of_field += is_field;
        anywhere += w->field == FIELD_ANYWHERE;
    }
    for (size_t i = 0; of_field && anywhere && i < b->pair_count; i++) {
        struct pair *p = &b->pairs[i];
        if (!str_is(b->engine->field_names[p->witness->field], field_name))
            continue;
        struct witness *moved = arena_new_of(b->engine->arena, struct witness);
        *moved = *p->witness;
        moved->field = FIELD_ANYWHERE;
        p->witness = moved;
    }
}

static size_t
count_pairs(const struct engine *e, const uint32_t *rules, size_t count, bool routed)
{
    size_t pairs = 0;
    for (size_t i = 0; i < count; i++)
        pairs += (routed ? &e->routed_witnesses[rules[i]] : &e->witnesses[rules[i]])->count;
    return pairs;
}

static const struct lane *
lane_new(struct engine *e, struct keyword_cache *keywords, const uint32_t *rules, size_t count, bool routed)
{
    size_t pairs = count_pairs(e, rules, count, routed);
    struct lane_build b = { .engine = e, .keywords = keywords, .work = arena_new(256 * 1024),
                            .lane = arena_new_of(e->arena, struct lane) };
    b.pairs = arena_array_of(b.work, pairs + 1, struct pair);
    b.fields = arena_array_of(e->arena, (pairs < e->field_count ? pairs : e->field_count) + 1, struct lane_field);
    b.fired = arena_array_of(e->arena, pairs + 1, struct fired);
    b.rules = arena_array_of(e->arena, pairs + 1, uint32_t);
    b.always = arena_array_of(e->arena, count + 1, uint32_t);
    uint32_t *members = arena_array_of(e->arena, count + 1, uint32_t);
    for (size_t i = 0; i < count; i++) {
        members[i] = rules[i];
        take_rule(&b, rules[i], routed);
    }
    for (size_t i = 0; i < COUNT_OF(long_fields); i++)
        move_to_line(&b, long_fields[i]);
    qsort(b.pairs, b.pair_count, sizeof *b.pairs, by_field_and_rank);
    for (size_t begin = 0, end; begin < b.pair_count; begin = end) {
        for (end = begin; end < b.pair_count && b.pairs[end].witness->field == b.pairs[begin].witness->field;)
            end++;
        bool is_anywhere = b.pairs[begin].witness->field == FIELD_ANYWHERE;
        if (!is_anywhere || !build_keywords(&b, end))
            build_field(&b, begin, end);
    }
    b.lane->fields = b.fields;
    b.lane->fired = b.fired;
    b.lane->rules = b.rules;
    b.lane->always = b.always;
    b.lane->members = members;
    b.lane->rule_count = count;
    arena_free(b.work);
    return b.lane;
}

/* ---- making lanes ---- */

struct lane_works {
    struct engine *engine; /* of which lanes are the only part that grows after compilation, */
    pthread_mutex_t lock;  /* in the hands of one thread at a time */
    struct keyword_cache keywords;
    struct id_list {
        bool any;
        const int32_t *items;
        size_t count;
    } * ids; /* of each rule */
    uint32_t *chosen;
    struct {
        const uint32_t *rules;
        size_t count;
        bool routed;
        const struct lane *lane;
    } * known; /* lanes that other kinds of events can share */
    size_t known_count, known_room;
};

static struct id_list
id_list_of(struct arena *a, const struct expr *condition)
{
    struct ids ids;
    ids_of(condition, &ids);
    int32_t *items = arena_array_of(a, ids.count + 1, int32_t);
    for (size_t i = 0; i < ids.count; i++)
        items[i] = ids.items[i];
    return (struct id_list){ ids.any, items, ids.count };
}

static bool
id_list_holds(const struct id_list *ids, int64_t id)
{
    for (size_t i = 0; i < ids->count; i++)
        if (ids->items[i] == id)
            return true;
    return ids->any;
}

static const struct lane *
shared_lane(struct lane_works *b, size_t count, bool routed)
{
    for (size_t i = 0; i < b->known_count; i++)
        if (b->known[i].count == count && b->known[i].routed == routed
            && memcmp(b->known[i].rules, b->chosen, count * sizeof *b->chosen) == 0)
            return b->known[i].lane;
    const struct lane *lane = lane_new(b->engine, &b->keywords, b->chosen, count, routed);
    if (b->known_count < b->known_room) {
        b->known[b->known_count].rules = lane->members;
        b->known[b->known_count].count = count;
        b->known[b->known_count].routed = routed;
        b->known[b->known_count++].lane = lane;
    }
    return lane;
}

/* Of the rules the origin allows. */
static const struct lane *
make_lane(struct lane_works *b, const struct lane_key *key)
{
    const struct origin *o = &key->origin;
    size_t count = 0;
    for (size_t i = 0; i < b->engine->set->rule_count; i++) {
        const struct rule *r = &b->engine->set->rules[i];
        bool possible = !key->ids_are_split || id_list_holds(&b->ids[i], o->event_id);
        if (possible && !r->on_demand && origin_allows(o, &r->logsource))
            b->chosen[count++] = (uint32_t)i;
    }
    return shared_lane(b, count, key->ids_are_split && o->event_id != ANY_EVENT_ID);
}

const struct lane *
engine_lane(const struct engine *e, struct lane_key *key)
{
    const struct lane *lane = atomic_load_explicit(&key->lane, memory_order_acquire);
    if (lane)
        return lane;
    pthread_mutex_lock(&e->lane_works->lock);
    lane = atomic_load_explicit(&key->lane, memory_order_relaxed);
    if (!lane) {
        lane = make_lane(e->lane_works, key);
        atomic_store_explicit(&key->lane, lane, memory_order_release);
    }
    pthread_mutex_unlock(&e->lane_works->lock);
    return lane;
}

size_t
engine_memory(const struct engine *e)
{
    pthread_mutex_lock(&e->lane_works->lock);
    size_t bytes = arena_used(e->arena);
    pthread_mutex_unlock(&e->lane_works->lock);
    return bytes;
}

/* ---- the kinds of events ---- */

static size_t
lane_place(const struct engine *e, uint32_t channel, int32_t event_id, uint32_t variant)
{
    size_t i = hash_mix(channel * 4u + variant, (uint32_t)event_id) & e->lane_key_mask;
    while (e->lane_keys[i].taken
           && (e->lane_keys[i].channel != channel || e->lane_keys[i].event_id != event_id
               || e->lane_keys[i].variant != variant))
        i = (i + 1) & e->lane_key_mask;
    return i;
}

struct lane_key *
engine_lane_key(const struct engine *e, uint32_t channel, int64_t event_id, enum variant variant)
{
    int32_t id = event_id >= 0 && event_id <= INT32_MAX ? (int32_t)event_id : ANY_EVENT_ID;
    struct lane_key *exact = &e->lane_keys[lane_place(e, channel, id, variant)];
    if (!exact->taken)
        exact = &e->lane_keys[lane_place(e, channel, ANY_EVENT_ID, VARIANT_NONE)];
    return exact->taken ? exact : NULL;
}

static void
widen_lanes(struct engine *e)
{
    struct lane_key *old = e->lane_keys;
    size_t old_room = old ? e->lane_key_mask + 1 : 0, room = old_room ? old_room * 2 : LANE_ROOM_MIN;
    e->lane_keys = arena_array_of(e->arena, room, struct lane_key);
    e->lane_key_mask = room - 1;
    for (size_t i = 0; i < old_room; i++)
        if (old[i].taken)
            e->lane_keys[lane_place(e, old[i].channel, old[i].event_id, old[i].variant)] = old[i];
}

static void
add_kind(struct lane_works *b, uint32_t channel, enum variant variant, const struct origin *o, bool ids_are_split)
{
    struct engine *e = b->engine;
    if (!e->lane_keys || e->lane_key_count * 2 > e->lane_key_mask)
        widen_lanes(e);
    size_t at = lane_place(e, channel, (int32_t)o->event_id, variant);
    if (e->lane_keys[at].taken)
        return;
    e->lane_keys[at] = (struct lane_key){ .channel = channel, .event_id = (int32_t)o->event_id, .variant = variant,
                                          .taken = true, .ids_are_split = ids_are_split, .origin = *o };
    e->lane_key_count++;
}

static void
add_channel_event(struct lane_works *b, uint32_t channel, struct origin o, int32_t event_id)
{
    static const enum variant variants[] = { VARIANT_NONE, VARIANT_CREATE, VARIANT_DELETE };
    bool has_variants = str_is(o.service, "sysmon") && event_id == 12;
    o.event_id = event_id;
    for (size_t i = 0; i < (has_variants ? COUNT_OF(variants) : 1); i++) {
        o.category_count = taxonomy_categories(o.service, event_id, variants[i], o.categories, &o.dialect);
        add_kind(b, channel, variants[i], &o, true);
    }
}

static void
add_channel(struct lane_works *b, uint32_t channel, struct str product, struct str service)
{
    struct origin o = { .product = product, .service = service, .event_id = ANY_EVENT_ID };
    add_kind(b, channel, VARIANT_NONE, &o, true);
    for (size_t i = 0; i < taxonomy_kind_count; i++)
        if (str_is(service, taxonomy_kinds[i].service))
            add_channel_event(b, channel, o, taxonomy_kinds[i].event_id);
    for (size_t i = 0; i < b->engine->set->rule_count; i++) {
        const struct logsource *source = &b->engine->set->rules[i].logsource;
        struct logsource of_any_category = { .product = source->product, .service = source->service };
        bool concerns = origin_allows(&o, &of_any_category);
        for (size_t j = 0; concerns && !b->ids[i].any && j < b->ids[i].count; j++)
            add_channel_event(b, channel, o, b->ids[i].items[j]);
    }
}

/* Channels of one service share their lanes: the number stands for the first channel of that service. */
static void
add_channels(struct lane_works *b)
{
    struct engine *e = b->engine;
    for (size_t i = 0; i < taxonomy_channel_count; i++) {
        const struct taxonomy_channel *c = &taxonomy_channels[i];
        struct str name = fold_copy(e->arena, str_of(c->channel));
        struct str source = str_printf(e->arena, "%s/%s", c->product, c->service);
        uint32_t number = name_index_take(e->words, source);
        name_index_add(e->channels, name, number);
        add_channel(b, number, str_of(c->product), str_of(c->service));
    }
    e->other_channel = name_index_take(e->words, STR("windows/"));
    add_channel(b, e->other_channel, STR("windows"), STR(""));
}

struct str
lane_name_of_hints(struct arena *a, struct str product, struct str category, struct str service)
{
    return str_printf(a, "?" STR_FMT "?" STR_FMT "?" STR_FMT, STR_ARG(product), STR_ARG(category), STR_ARG(service));
}

static void
know_word(struct engine *e, char kind, struct str word)
{
    if (word.at)
        name_index_take(e->words, fold_copy(e->arena, str_printf(e->arena, "%c:" STR_FMT, kind, STR_ARG(word))));
}

/* An event can say itself which log source it is: a lane for each that a rule names. */
static void
add_hints(struct lane_works *b)
{
    struct engine *e = b->engine;
    scoped(arena_end) struct arena *work = arena_new(64 * 1024);
    for (size_t i = 0; i < taxonomy_word_count; i++)
        name_index_take(e->words, str_of(taxonomy_words[i]));
    for (size_t i = 0; i < e->set->rule_count; i++) {
        const struct logsource *s = &e->set->rules[i].logsource;
        struct origin o = { .product = s->product, .service = s->service, .event_id = ANY_EVENT_ID,
                            .categories = { s->category }, .category_count = s->category.at ? 1 : 0,
                            .product_open = !s->product.at, .category_open = !s->category.at,
                            .service_open = !s->service.at };
        struct str name = lane_name_of_hints(work, fold_copy(work, s->product), fold_copy(work, s->category),
                                             fold_copy(work, s->service));
        uint32_t number;
        if (name_index_find(e->words, name, &number))
            continue;
        know_word(e, 'p', s->product);
        know_word(e, 'c', s->category);
        know_word(e, 's', s->service);
        if (!s->category.at || s->service.at)
            continue; /* wide: nearly every rule of the product; such events take the open lane */
        number = name_index_take(e->words, str_copy(e->arena, name));
        add_kind(b, number, VARIANT_NONE, &o, false);
    }
}

static void
end_lock(void *lock)
{
    pthread_mutex_destroy(lock);
}

void
engine_build_lanes(struct engine *e)
{
    struct arena *a = e->arena;
    struct lane_works *b = arena_new_of(a, struct lane_works);
    *b = (struct lane_works){ .engine = e, .known_room = KNOWN_LANES_MAX,
                              .keywords = { a, arena_array_of(a, KEYWORD_SETS_MAX, struct known_keywords), 0,
                                            KEYWORD_SETS_MAX } };
    pthread_mutex_init(&b->lock, NULL);
    arena_defer(a, end_lock, &b->lock);
    e->channels = name_index_new(a);
    e->words = name_index_new(a);
    b->ids = arena_array_of(a, e->set->rule_count + 1, struct id_list);
    b->chosen = arena_array_of(a, e->set->rule_count + 1, uint32_t);
    b->known = arena_array(a, b->known_room, sizeof *b->known);
    for (size_t i = 0; i < e->set->rule_count; i++)
        b->ids[i] = id_list_of(a, e->set->rules[i].condition);
    e->lane_works = b;
    add_channels(b);
    add_hints(b);
    e->open_key = arena_new_of(a, struct lane_key);
    *e->open_key = (struct lane_key){ .taken = true,
                                      .origin = { .product_open = true, .category_open = true, .service_open = true,
                                                  .event_id = ANY_EVENT_ID } };
}
