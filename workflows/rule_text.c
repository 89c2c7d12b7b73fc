#include "workflows/rule_text.h"

#include "model/attack.h"
#include "xdr/rulexml/rulexml.h"

const struct shape rule_trouble_shape = SHAPE(rule_trouble,
    FIELD(rule_trouble, line, "In which line of the text; 0: of the whole"),
    FIELD(rule_trouble, reason, "What is wrong", .required = true));

enum detection_rule_language
rule_text_language(struct str body)
{
    return str_starts(str_trim(body), STR("<")) ? RULE_IN_XML : RULE_IN_SIGMA;
}

static void
add_trouble(struct arena *a, struct rule_reading *out, int64_t line, struct str reason)
{
    struct rule_trouble *items = arena_array_of(a, out->troubles.count + 1, struct rule_trouble);
    if (out->troubles.count)
        memcpy(items, out->troubles.items, out->troubles.count * sizeof *items);
    items[out->troubles.count] = (struct rule_trouble){ line, reason };
    out->troubles = (struct rows){ items, out->troubles.count + 1 };
}

static void
tell_about(struct arena *a, const struct rule_reading *r, struct detection_rule *out)
{
    const struct rule *from = r->set->correlation_count ? &r->set->correlations[0].about : &r->set->rules[0];
    out->key = from->id;
    out->title = from->title;
    out->title_ja = from->title_ja;
    out->description = from->description;
    out->description_ja = from->description_ja;
    out->level = from->level;
    out->score = from->score;
    out->tags = from->tags;
    out->product = from->logsource.product;
    out->category = from->logsource.category.at ? from->logsource.category : from->category;
    out->service = from->logsource.service;
    out->correlates = r->set->correlation_count > 0;
    attack_of_tags(a, from->tags, &out->techniques, &out->tactics);
}

/* Correlations may name rules that stand elsewhere, so the set is not finished here. */
bool
rule_text_read(struct arena *a, enum detection_rule_language language, struct str body, bool exclusion,
               struct rule_reading *out, struct detection_rule *about)
{
    struct ruleset *set = ruleset_new(a, NULL);
    *out = (struct rule_reading){ .set = set };
    if (language == RULE_IN_XML)
        (void)ruleset_add_xml(set, STR("rule.xml"), body);
    else
        (void)ruleset_add_sigma(set, STR("rule.yml"), body);
    for (size_t i = 0; i < set->refusal_count; i++)
        add_trouble(a, out, set->refusals[i].line, set->refusals[i].reason);
    if (set->filter_count)
        add_trouble(a, out, 0, STR("a filter changes other rules; write an exclusion instead"));
    if (out->troubles.count == 0 && set->rule_count + set->correlation_count == 0)
        add_trouble(a, out, 0, STR("no rule in it"));
    if (exclusion && set->correlation_count)
        add_trouble(a, out, 0, STR("an exclusion is about one event: it cannot correlate"));
    for (size_t i = 0; i < set->rule_count; i++) {
        if (!exclusion && set->rules[i].on_demand)
            add_trouble(a, out, set->rules[i].line, STR("a rule of the category Exclusion belongs to the exclusions"));
        set->rules[i].on_demand = exclusion;
    }
    if (out->troubles.count == 0 && about)
        tell_about(a, out, about);
    return out->troubles.count == 0;
}

bool
rule_text_refuse(struct scope *s, const struct rule_reading *r, const char *pointer)
{
    const struct rule_trouble *items = r->troubles.items;
    for (size_t i = 0; i < r->troubles.count && i < VIOLATIONS_MAX; i++)
        note_sentence(s, str_of(pointer),
                      str_printf(s->arena, "Line %lld: " STR_FMT, (long long)items[i].line, STR_ARG(items[i].reason)),
                      str_printf(s->arena, "%lld 行目: " STR_FMT, (long long)items[i].line, STR_ARG(items[i].reason)));
    return false;
}
