/* correlation: documents about several matches within a time, and filters laid over rules. */
#include "xdr/number.h"
#include "xdr/sigma/sigma.h"

enum { RULES_MAX = 100, GROUP_FIELDS_MAX = 16, TIMESPAN_DAYS_MAX = 366, PERCENTILE_DEFAULT = 50 };

static const struct {
    const char *name;
    enum correlation_kind kind;
} kinds[] = {
    { "event_count", CORRELATE_EVENT_COUNT },       { "value_count", CORRELATE_VALUE_COUNT },
    { "temporal", CORRELATE_TEMPORAL },             { "temporal_ordered", CORRELATE_TEMPORAL_ORDERED },
    { "value_sum", CORRELATE_VALUE_SUM },           { "value_avg", CORRELATE_VALUE_AVG },
    { "value_percentile", CORRELATE_VALUE_PERCENTILE },
};

static const struct {
    const char *name;
    enum relation relation;
} relations[] = {
    { "gt", IS_GREATER }, { "gte", IS_GREATER_OR_EQUAL }, { "lt", IS_LESS }, { "lte", IS_LESS_OR_EQUAL },
    { "eq", IS_EQUAL },   { "neq", IS_NOT_EQUAL },
};

static bool
read_kind(struct sigma *s, const struct yaml *section, enum correlation_kind *out)
{
    struct str type = yaml_text(section, "type");
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_is(type, kinds[i].name)) {
            *out = kinds[i].kind;
            return true;
        }
    return sigma_refuse(s, section->line, "there is no correlation type \"" STR_FMT "\"", STR_ARG(type));
}

static bool
read_timespan(struct sigma *s, const struct yaml *section, int64_t *out)
{
    static const struct {
        char unit;
        int64_t ms;
    } units[] = { { 's', 1000 }, { 'm', 60000 }, { 'h', 3600000 }, { 'd', 86400000 } };
    struct str text = yaml_text(section, "timespan");
    int64_t count;
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        if (text.len < 2 || text.at[text.len - 1] != units[i].unit)
            continue;
        if (!str_int(str_head(text, text.len - 1), &count) || count <= 0
            || count > TIMESPAN_DAYS_MAX * units[3].ms / units[i].ms)
            break;
        *out = count * units[i].ms;
        return true;
    }
    return sigma_refuse(s, section->line, "timespan must be a number with s, m, h or d, at most %d days",
                        TIMESPAN_DAYS_MAX);
}

static bool
read_bound(struct sigma *s, struct correlation *c, struct str key, const struct yaml *node)
{
    for (size_t i = 0; i < COUNT_OF(relations); i++) {
        if (!str_is(key, relations[i].name))
            continue;
        if (c->bound_count == COUNT_OF(c->bounds))
            return sigma_refuse(s, node->line, "condition: more than two bounds");
        struct correlation_bound *bound = &c->bounds[c->bound_count++];
        bound->relation = relations[i].relation;
        return (node->kind == YAML_SCALAR && number_of(node->text, &bound->number))
            || sigma_refuse(s, node->line, "condition: " STR_FMT " needs a number", STR_ARG(key));
    }
    return sigma_refuse(s, node->line, "condition: there is no \"" STR_FMT "\"", STR_ARG(key));
}

static bool
read_percentile(struct sigma *s, struct correlation *c, const struct yaml *node)
{
    int64_t value;
    if (node->kind != YAML_SCALAR || !str_int(node->text, &value) || value < 0 || value > 100)
        return sigma_refuse(s, node->line, "condition: percentile is a number from 0 to 100");
    c->percentile = (int)value;
    return true;
}

static bool
read_condition(struct sigma *s, const struct yaml *section, struct correlation *c)
{
    const struct yaml *node = yaml_get(section, "condition");
    bool is_temporal = c->kind == CORRELATE_TEMPORAL || c->kind == CORRELATE_TEMPORAL_ORDERED;
    if (!node && is_temporal)
        return true;
    if (!node || node->kind != YAML_MAP)
        return sigma_refuse(s, node ? node->line : section->line, "correlation: condition must be a map of bounds");
    for (size_t i = 0; i < node->count; i++) {
        struct str key = node->entries[i].key;
        const struct yaml *value = node->entries[i].value;
        if (str_is(key, "field"))
            c->value_fields = sigma_strings(s, value);
        else if (str_is(key, "percentile") ? !read_percentile(s, c, value) : !read_bound(s, c, key, value))
            return false;
    }
    return c->bound_count || is_temporal || sigma_refuse(s, node->line, "condition: it has no bound");
}

static bool
read_aliases(struct sigma *s, const struct yaml *section, struct correlation *c)
{
    const struct yaml *node = yaml_get(section, "aliases");
    if (!node)
        return true;
    if (node->kind != YAML_MAP || node->count > GROUP_FIELDS_MAX)
        return sigma_refuse(s, node->line, "aliases must be a map of at most %d names", GROUP_FIELDS_MAX);
    c->aliases = arena_array_of(s->arena, GROUP_FIELDS_MAX * RULES_MAX, struct correlation_alias);
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml *of_rules = node->entries[i].value;
        if (of_rules->kind != YAML_MAP || of_rules->count > RULES_MAX)
            return sigma_refuse(s, of_rules->line, "an alias must say a field for each rule");
        for (size_t j = 0; j < of_rules->count; j++)
            c->aliases[c->alias_count++] = (struct correlation_alias){
                .name = node->entries[i].key, .rule = of_rules->entries[j].key,
                .field = of_rules->entries[j].value->text,
            };
    }
    return true;
}

static bool
needs_value(enum correlation_kind kind)
{
    return kind == CORRELATE_VALUE_COUNT || kind == CORRELATE_VALUE_SUM || kind == CORRELATE_VALUE_AVG
        || kind == CORRELATE_VALUE_PERCENTILE;
}

bool
sigma_correlation(struct sigma *s, const struct yaml *document, const struct rule *about)
{
    const struct yaml *section = yaml_get(document, "correlation");
    struct correlation c = { .about = *about, .percentile = PERCENTILE_DEFAULT };
    if (section->kind != YAML_MAP)
        return sigma_refuse(s, section->line, "correlation must be a map");
    c.rules = sigma_strings(s, yaml_get(section, "rules"));
    c.group_by = sigma_strings(s, yaml_get(section, "group-by"));
    if (c.rules.count == 0 || c.rules.count > RULES_MAX)
        return sigma_refuse(s, section->line, "correlation: rules must name 1 to %d rules", RULES_MAX);
    if (c.group_by.count > GROUP_FIELDS_MAX)
        return sigma_refuse(s, section->line, "correlation: at most %d fields in group-by", GROUP_FIELDS_MAX);
    if (!read_kind(s, section, &c.kind) || !read_timespan(s, section, &c.timespan_ms)
        || !read_condition(s, section, &c) || !read_aliases(s, section, &c))
        return false;
    if (needs_value(c.kind) != (c.value_fields.count > 0))
        return sigma_refuse(s, section->line, needs_value(c.kind) ? "condition: it needs a field"
                                                                  : "condition: this type takes no field");
    const struct yaml *generate = yaml_get(section, "generate");
    generate = generate ? generate : yaml_get(document, "generate");
    if (generate && !yaml_is_bool(generate, &c.generate))
        return sigma_refuse(s, generate->line, "generate is true or false");
    return ruleset_take_correlation(s->set, &c) != NULL;
}

/* The selections of a filter stand beside its `rules` and `condition`. */
static const struct yaml *
selections_of(struct sigma *s, const struct yaml *section)
{
    struct yaml *copy = arena_new_of(s->arena, struct yaml);
    struct yaml_entry *entries = arena_array_of(s->arena, section->count + 1, struct yaml_entry);
    *copy = *section;
    copy->entries = entries;
    copy->count = 0;
    for (size_t i = 0; i < section->count; i++)
        if (!str_is(section->entries[i].key, "rules"))
            entries[copy->count++] = section->entries[i];
    return copy;
}

bool
sigma_filter(struct sigma *s, const struct yaml *document)
{
    const struct yaml *section = yaml_get(document, "filter");
    struct filter filter = { .file = s->file, .line = document->line };
    if (section->kind != YAML_MAP)
        return sigma_refuse(s, section->line, "filter must be a map");
    if (!sigma_logsource(s, document, &filter.logsource))
        return false;
    filter.rules = sigma_strings(s, yaml_get(section, "rules"));
    if (filter.rules.count == 1 && str_eq_nocase(filter.rules.items[0], STR("any")))
        filter.rules.count = 0;
    else if (filter.rules.count == 0)
        return sigma_refuse(s, section->line, "filter: rules must name rules, or say any");
    filter.condition = sigma_detection(s, selections_of(s, section));
    return filter.condition && ruleset_take_filter(s->set, &filter);
}
