#include "xdr/rule.h"

#include "xdr/name_index.h"
#include "xdr/rule_store.h"
#include "xdr/rulexml/rulexml.h"
#include "xdr/sigma/sigma.h"

struct ruleset_work {
    size_t rule_room, correlation_room, refusal_room, filter_room;
    struct filter *filters;
    struct name_index *ids; /* of rules, then of correlations counted on from there once finished */
};

struct ruleset *
ruleset_new(struct arena *a, const struct ruleset_options *options)
{
    struct ruleset *set = arena_new_of(a, struct ruleset);
    set->arena = a;
    set->work = arena_new_of(a, struct ruleset_work);
    set->work->ids = name_index_new(a);
    if (options)
        set->options = *options;
    return set;
}

/* The place of item `count` in a list that doubles in the arena. */
static void *
next_place(struct arena *a, void **items, size_t count, size_t *room, size_t bytes)
{
    if (count == *room) {
        size_t wider = *room ? *room * 2 : 16;
        void *copy = arena_array(a, wider, bytes);
        if (count)
            memcpy(copy, *items, count * bytes);
        *items = copy;
        *room = wider;
    }
    return (char *)*items + count * bytes;
}

bool
ruleset_refuse(struct ruleset *set, struct refusal refusal)
{
    void *items = set->refusals;
    struct refusal *place = next_place(set->arena, &items, set->refusal_count, &set->work->refusal_room,
                                       sizeof *place);
    *place = refusal;
    set->refusals = items;
    set->refusal_count++;
    return false;
}

static bool
id_is_free(struct ruleset *set, const struct rule *about)
{
    uint32_t other;
    if (!name_index_find(set->work->ids, about->id, &other))
        return true;
    struct str reason = str_printf(set->arena, "the id is already that of a rule in " STR_FMT " line %d",
                                   STR_ARG(set->rules[other].file), set->rules[other].line);
    return ruleset_refuse(set, (struct refusal){ about->file, about->id, reason, about->line });
}

struct rule *
ruleset_take_alternative(struct ruleset *set, const struct rule *rule)
{
    void *items = set->rules;
    struct rule *place = next_place(set->arena, &items, set->rule_count, &set->work->rule_room, sizeof *place);
    *place = *rule;
    set->rules = items;
    set->rule_count++;
    return place;
}

struct rule *
ruleset_take(struct ruleset *set, const struct rule *rule)
{
    if (!id_is_free(set, rule))
        return NULL;
    name_index_add(set->work->ids, rule->id, (uint32_t)set->rule_count);
    return ruleset_take_alternative(set, rule);
}

struct correlation *
ruleset_take_correlation(struct ruleset *set, const struct correlation *c)
{
    void *items = set->correlations;
    struct correlation *place = next_place(set->arena, &items, set->correlation_count,
                                           &set->work->correlation_room, sizeof *place);
    *place = *c;
    set->correlations = items;
    set->correlation_count++;
    return place;
}

bool
ruleset_take_filter(struct ruleset *set, const struct filter *filter)
{
    void *items = set->work->filters;
    struct filter *place = next_place(set->arena, &items, set->filter_count, &set->work->filter_room, sizeof *place);
    *place = *filter;
    set->work->filters = items;
    set->filter_count++;
    return true;
}

const struct rule *
ruleset_by_id(const struct ruleset *set, struct str id)
{
    uint32_t at;
    return name_index_find(set->work->ids, id, &at) ? &set->rules[at] : NULL;
}

void
ruleset_index(struct ruleset *set)
{
    set->work->ids = name_index_new(set->arena);
    for (size_t i = 0; i < set->rule_count; i++)
        name_index_add(set->work->ids, set->rules[i].id, (uint32_t)i);
}

int
score_of_level(struct str level)
{
    static const struct {
        const char *level;
        int score;
    } scores[] = { { "informational", 10 }, { "low", 30 }, { "medium", 50 }, { "high", 75 }, { "critical", 95 } };
    for (size_t i = 0; i < COUNT_OF(scores); i++)
        if (str_is(level, scores[i].level))
            return scores[i].score;
    return 0;
}

/* ---- binding ---- */

static bool
part_contains(struct str of_filter, struct str of_rule)
{
    return !of_filter.at || str_eq_nocase(of_filter, of_rule);
}

static bool
filter_applies(const struct filter *f, const struct rule *r)
{
    if (!part_contains(f->logsource.product, r->logsource.product)
        || !part_contains(f->logsource.category, r->logsource.category)
        || !part_contains(f->logsource.service, r->logsource.service))
        return false;
    for (size_t i = 0; i < f->rules.count; i++)
        if (str_eq(f->rules.items[i], r->id) || (r->name.at && str_eq(f->rules.items[i], r->name)))
            return true;
    return f->rules.count == 0;
}

static void
bind_filters(struct ruleset *set)
{
    for (size_t i = 0; i < set->filter_count; i++)
        for (size_t j = 0; j < set->rule_count; j++) {
            struct rule *r = &set->rules[j];
            if (filter_applies(&set->work->filters[i], r))
                r->condition = expr_and(set->arena, (const struct expr *[]){ r->condition,
                                                                             set->work->filters[i].condition }, 2);
        }
}

static bool
find_member(const struct ruleset *set, struct str name, struct correlation_member *out)
{
    uint32_t at;
    if (name_index_find(set->work->ids, name, &at)) {
        *out = (struct correlation_member){ false, at };
        return true;
    }
    for (size_t i = 0; i < set->rule_count; i++)
        if (set->rules[i].name.at && str_eq(set->rules[i].name, name)) {
            *out = (struct correlation_member){ false, i };
            return true;
        }
    for (size_t i = 0; i < set->correlation_count; i++) {
        const struct rule *about = &set->correlations[i].about;
        if (str_eq(about->id, name) || (about->name.at && str_eq(about->name, name))) {
            *out = (struct correlation_member){ true, i };
            return true;
        }
    }
    return false;
}

static bool
refuse_correlation(struct ruleset *set, const struct correlation *c, struct str reason)
{
    return ruleset_refuse(set, (struct refusal){ c->about.file, c->about.id, reason, c->about.line });
}

static bool
bind_alias(struct ruleset *set, struct correlation *c, struct correlation_alias *alias)
{
    struct correlation_member named;
    for (size_t i = 0; i < c->member_count && find_member(set, alias->rule, &named); i++)
        if (c->members[i].is_correlation == named.is_correlation && c->members[i].index == named.index) {
            alias->member = i;
            return true;
        }
    return refuse_correlation(set, c, str_printf(set->arena, "aliases: \"" STR_FMT "\" is none of its rules",
                                                 STR_ARG(alias->rule)));
}

static bool
bind_members(struct ruleset *set, struct correlation *c)
{
    struct correlation_member *members = arena_array_of(set->arena, c->rules.count, struct correlation_member);
    for (size_t i = 0; i < c->rules.count; i++)
        if (!find_member(set, c->rules.items[i], &members[i]))
            return refuse_correlation(set, c, str_printf(set->arena, "no rule is called \"" STR_FMT "\"",
                                                         STR_ARG(c->rules.items[i])));
    c->members = members;
    c->member_count = c->rules.count;
    for (size_t i = 0; i < c->alias_count; i++)
        if (!bind_alias(set, c, &c->aliases[i]))
            return false;
    return true;
}

/* Whether correlation `at` reads itself through others; `depth` bounds the look. */
static bool
reaches(const struct ruleset *set, size_t from, size_t at, size_t depth)
{
    const struct correlation *c = &set->correlations[from];
    for (size_t i = 0; i < c->member_count; i++)
        if (c->members[i].is_correlation
            && (c->members[i].index == at || depth == 0 || reaches(set, c->members[i].index, at, depth - 1)))
            return true;
    return false;
}

enum { CHAIN_MAX = 8 };

static void
remove_correlation(struct ruleset *set, size_t at)
{
    memmove(&set->correlations[at], &set->correlations[at + 1],
            (--set->correlation_count - at) * sizeof *set->correlations);
}

/* A refused correlation takes those with it that read it, and the places of the others move: bind anew. */
static bool
bind_correlations(struct ruleset *set)
{
    for (size_t i = 0; i < set->correlation_count; i++)
        if (!bind_members(set, &set->correlations[i])) {
            remove_correlation(set, i);
            return false;
        }
    for (size_t i = 0; i < set->correlation_count; i++)
        if (reaches(set, i, i, CHAIN_MAX)) {
            refuse_correlation(set, &set->correlations[i],
                               STR("the correlations read each other in a circle, or too deeply"));
            remove_correlation(set, i);
            return false;
        }
    return true;
}

static void
silence_members(struct ruleset *set)
{
    for (size_t i = 0; i < set->correlation_count; i++)
        for (size_t j = 0; j < set->correlations[i].member_count; j++) {
            struct correlation_member m = set->correlations[i].members[j];
            struct rule *about = m.is_correlation ? &set->correlations[m.index].about : &set->rules[m.index];
            about->feeds_only = about->is_read = true;
        }
    for (size_t i = 0; i < set->correlation_count; i++)
        for (size_t j = 0; set->correlations[i].generate && j < set->correlations[i].member_count; j++) {
            struct correlation_member m = set->correlations[i].members[j];
            struct rule *about = m.is_correlation ? &set->correlations[m.index].about : &set->rules[m.index];
            about->feeds_only = false;
        }
}

void
ruleset_finish(struct ruleset *set)
{
    bind_filters(set);
    while (!bind_correlations(set))
        ;
    silence_members(set);
}

struct ruleset *
ruleset_of_text(struct arena *a, const struct ruleset_options *options, enum rule_language language, struct str file,
                struct str text)
{
    struct ruleset *set = ruleset_new(a, options);
    if (language == RULE_XML)
        ruleset_add_xml(set, file, text);
    else
        ruleset_add_sigma(set, file, text);
    ruleset_finish(set);
    for (size_t i = 0; i < set->rule_count; i++)
        set->rules[i].on_demand = true;
    return set;
}
