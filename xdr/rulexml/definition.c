/* definition: whom and what a rule is about, as one entry of the set for each kind of event. */
#include <libxml/tree.h>

#include "core/base/text.h"
#include "xdr/rulexml/parts.h"

enum { ENTRIES_MAX = 32 };

struct definition {
    const xmlNode *node, *operations;
};

static const struct expr *
labelled(struct xml *x, const struct expr *e, struct str label)
{
    return e ? expr_labelled(x->arena, e, label) : NULL;
}

/* The one expression in an element; without any, always true. */
static const struct expr *
expression_in(struct xml *x, const struct place *place, const xmlNode *node)
{
    const xmlNode *child = xml_first(node);
    if (!child)
        return expr_and(x->arena, NULL, 0);
    if (xml_next(child)) {
        xml_refuse(x, xml_next(child), "<%s> holds more than one expression; join them with an operator",
                   (const char *)node->name);
        return NULL;
    }
    return xml_expression(x, place, child, 0);
}

/* Level 0 is the process an event is about, 1 its parent, from 2 on elements of the event's list of ancestors. */
static struct subject
process_at(struct xml *x, const struct kind *kind, int level, bool unique)
{
    if (level == 0)
        return (struct subject){ str_of(kind->process.path), str_of(kind->process.also),
                                 str_of(kind->process.facts) };
    if (level == 1)
        return (struct subject){ STR("ParentImage"), STR_NONE, STR("Parent") };
    struct str list = str_printf(x->arena, "%s.%d.", unique ? "UniqueAncestors" : "Ancestors", level - 1);
    return (struct subject){ str_printf(x->arena, STR_FMT "Image", STR_ARG(list)), STR_NONE, list };
}

static const struct expr *
ancestor(struct xml *x, const struct place *acting, const xmlNode *node, int level)
{
    const struct expr *ways[ANCESTORS_MAX];
    struct str distance = xml_attribute(x, node, "distance");
    bool unique = str_eq_nocase(xml_attribute(x, node, "unique"), STR("true"));
    int64_t first = 1, last = ANCESTORS_MAX;
    size_t count = 0;
    if (distance.at && (!str_int(distance, &first) || first < 1 || first > ANCESTORS_MAX)) {
        xml_refuse(x, node, "the distance of an ancestor is a number from 1 to %d", ANCESTORS_MAX);
        return NULL;
    }
    for (int64_t i = first; i <= (distance.at ? first : last); i++) {
        struct place place = *acting;
        place.subject = process_at(x, acting->kind, level + (int)i, unique);
        if (!(ways[count++] = expression_in(x, &place, node)))
            return NULL;
    }
    return labelled(x, expr_or(x->arena, ways, count), STR("ancestor"));
}

/* Everything but the operation: what is said of the acting process (at `level`), its parent and ancestors. */
static bool
add_processes(struct xml *x, const struct definition *d, const struct place *acting, int level,
              const struct expr **parts, size_t *count)
{
    for (const xmlNode *node = xml_first(d->node); node; node = xml_next(node)) {
        struct place place = *acting;
        bool is_parent = xml_is(node, "parentprocess");
        if (xml_is(node, "operations"))
            continue;
        if (*count == ENTRIES_MAX)
            return xml_refuse(x, node, "the definition has too many parts");
        place.subject = process_at(x, acting->kind, level + (is_parent ? 1 : 0), false);
        if (xml_is(node, "ancestor"))
            parts[(*count)++] = ancestor(x, acting, node, level);
        else if (is_parent || xml_is(node, "process"))
            parts[(*count)++] = labelled(x, expression_in(x, &place, node), is_parent ? STR("parentprocess")
                                                                                      : STR("process"));
        else
            return xml_refuse(x, node, "<%s> has no place in a definition", (const char *)node->name);
        if (!parts[*count - 1])
            return false;
    }
    return true;
}

/* In <process>winword</process> <operation type="CreateProcess">cmd</operation> the acting process is the parent of
 * the new one. An empty CreateProcess tells that the acting process itself has started. */
static int
acting_level(const struct kind *kind, const xmlNode *operation)
{
    bool creates = kind != &xml_any_event && strcmp(kind->operation, "CreateProcess") == 0;
    return creates && operation && xml_first(operation) ? 1 : 0;
}

static const struct expr *
operation_condition(struct xml *x, const struct definition *d, const struct kind *kind, const xmlNode *operation,
                    const char *system)
{
    const struct expr *parts[ENTRIES_MAX + 2];
    struct place place = { .kind = kind, .product = system };
    const struct expr *guard = xml_kind_guard(x->arena, kind);
    size_t count = 0;
    if (guard)
        parts[count++] = guard;
    if (!add_processes(x, d, &place, acting_level(kind, operation), parts, &count))
        return NULL;
    if (operation && xml_first(operation)) {
        place.in_operation = true;
        place.subject = (struct subject){ str_of(kind->object.path), str_of(kind->object.also),
                                          str_of(kind->object.facts) };
        parts[count] = labelled(x, expression_in(x, &place, operation),
                                str_printf(x->arena, "operation %s", kind->operation));
        if (!parts[count++])
            return NULL;
    }
    return expr_and(x->arena, parts, count);
}

struct entry { /* one rule of the set: all that asks events of one log source */
    struct logsource source;
    const struct expr *ways[ENTRIES_MAX];
    size_t count;
};

struct entries {
    struct entry items[ENTRIES_MAX];
    size_t count;
};

static bool
same_source(const struct logsource *a, const struct logsource *b)
{
    return str_eq(a->product, b->product) && str_eq(a->category, b->category) && str_eq(a->service, b->service);
}

static bool
add_way(struct xml *x, struct entries *entries, const struct logsource *source, const struct expr *way,
        const xmlNode *at)
{
    size_t i = 0;
    while (i < entries->count && !same_source(&entries->items[i].source, source))
        i++;
    if (i == ENTRIES_MAX || entries->items[i].count == ENTRIES_MAX)
        return xml_refuse(x, at, "too many operations");
    entries->count = i == entries->count ? i + 1 : entries->count;
    entries->items[i].source = *source;
    entries->items[i].ways[entries->items[i].count++] = way;
    return true;
}

/* One operation element, on one system, under each kind of event it stands for there. */
static bool
add_operation(struct xml *x, const struct definition *d, struct entries *entries, struct str type,
              const xmlNode *operation, const char *system)
{
    for (size_t i = 0; i < xml_kind_count; i++) {
        const struct kind *kind = &xml_kinds[i];
        if (!str_eq_nocase(type, str_of(kind->operation)))
            continue;
        if (system && kind->product && strcmp(system, kind->product) != 0)
            continue;
        struct logsource source = { str_of(kind->product ? kind->product : system), str_of(kind->category),
                                    str_of(kind->service) };
        const struct expr *way = operation_condition(x, d, kind, operation, system);
        if (!way || !add_way(x, entries, &source, way, operation ? operation : d->node))
            return false;
    }
    return true;
}

static bool
add_operations(struct xml *x, const struct definition *d, struct entries *entries, const char *system,
               bool is_exclusion)
{
    const xmlNode *operation = d->operations ? xml_first(d->operations) : NULL;
    if (!operation && !is_exclusion)
        return add_operation(x, d, entries, STR("CreateProcess"), NULL, system);
    if (!operation) {
        struct logsource source = { .product = str_of(system) };
        const struct expr *way = operation_condition(x, d, &xml_any_event, NULL, system);
        return way && add_way(x, entries, &source, way, d->node);
    }
    for (; operation; operation = xml_next(operation)) {
        struct str type = xml_attribute(x, operation, "type");
        if (!xml_is(operation, "operation"))
            return xml_refuse(x, operation, "<%s> is no operation", (const char *)operation->name);
        if (!xml_operation_is_known(type))
            return xml_refuse(x, operation, "there is no operation \"" STR_FMT "\"", STR_ARG(type));
        if (!add_operation(x, d, entries, type, operation, system))
            return false;
    }
    return true;
}

static bool
read_system(struct xml *x, const xmlNode *root, const char **out)
{
    static const char *const names[][2] = { { "Windows", "windows" }, { "OSX", "macos" },     { "macOS", "macos" },
                                            { "Linux", "linux" },     { "ANY", NULL },        { "", NULL } };
    const xmlNode *description = xml_child(root, "description");
    struct str word = xml_described(x, description, "os");
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq_nocase(word, str_of(names[i][0]))) {
            *out = names[i][1];
            return true;
        }
    return xml_refuse(x, description, "there is no os \"" STR_FMT "\"", STR_ARG(word));
}

static bool
take_entries(struct xml *x, const struct rule *about, const struct entries *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        struct rule rule = *about;
        rule.logsource = entries->items[i].source;
        rule.condition = expr_or(x->arena, entries->items[i].ways, entries->items[i].count);
        if (x->is_partial) {
            struct str *tags = arena_array_of(x->arena, about->tags.count + 1, struct str);
            if (about->tags.count)
                memcpy(tags, about->tags.items, about->tags.count * sizeof *tags);
            tags[about->tags.count] = STR("yagura.partly-evaluable");
            rule.tags = (struct strs){ tags, about->tags.count + 1 };
        }
        if (i == 0 ? !ruleset_take(x->set, &rule) : !ruleset_take_alternative(x->set, &rule))
            return false;
    }
    return true;
}

/* A rule that asks which system it runs on is compiled once for each, the answer known. */
bool
xml_definition(struct xml *x, const xmlNode *root, const struct rule *about)
{
    static const char *const every[] = { "windows", "linux", "macos" };
    struct definition d = { .node = xml_child(root, "definition") };
    struct entries *entries = arena_new_of(x->arena, struct entries);
    const char *system = NULL;
    if (!d.node)
        return xml_refuse(x, root, "the rule has no definition");
    if (!xml_first(d.node))
        return xml_refuse(x, d.node, "the definition is empty");
    d.operations = xml_child(d.node, "operations");
    if (!read_system(x, root, &system) || !add_operations(x, &d, entries, system, about->on_demand))
        return false;
    if (x->asks_system && !system) {
        memset(entries, 0, sizeof *entries);
        for (size_t i = 0; i < COUNT_OF(every); i++)
            if (!add_operations(x, &d, entries, every[i], about->on_demand))
                return false;
    }
    if (entries->count == 0)
        return xml_refuse(x, d.node, "none of its operations exists on that os");
    return take_entries(x, about, entries);
}
