/* document: an XML text as rules of the set. */
#include <libxml/parser.h>
#include <pthread.h>
#include <stdarg.h>

#include "core/base/text.h"
#include "xdr/rulexml/parts.h"

enum { REASON_BYTES_MAX = 1000, SCORE_WITHOUT_SEVERITY = 60, ENTRIES_MAX = 32, ACTIONS_MAX = 32 };

/* ---- the tree ---- */

bool
xml_refuse(struct xml *x, const xmlNode *at, const char *fmt, ...)
{
    if (x->refused)
        return false;
    char reason[REASON_BYTES_MAX];
    va_list args;
    va_start(args, fmt);
    vsnprintf(reason, sizeof reason, fmt, args);
    va_end(args);
    x->refused = true;
    return ruleset_refuse(x->set, (struct refusal){ .file = x->file, .rule = x->rule, .line = at ? xml_line(at) : 1,
                                                    .reason = str_copy(x->arena, str_of(reason)) });
}

int
xml_line(const xmlNode *node)
{
    return (int)xmlGetLineNo(node);
}

bool
xml_is(const xmlNode *node, const char *name)
{
    return str_eq_nocase(str_of((const char *)node->name), str_of(name));
}

const xmlNode *
xml_next(const xmlNode *node)
{
    node = node->next;
    while (node && node->type != XML_ELEMENT_NODE)
        node = node->next;
    return node;
}

const xmlNode *
xml_first(const xmlNode *node)
{
    const xmlNode *child = node->children;
    return child && child->type != XML_ELEMENT_NODE ? xml_next(child) : child;
}

const xmlNode *
xml_child(const xmlNode *node, const char *name)
{
    const xmlNode *child = xml_first(node);
    while (child && !xml_is(child, name))
        child = xml_next(child);
    return child;
}

static void
end_content(xmlChar **content)
{
    xmlFree(*content);
}

static struct str
content_of(struct xml *x, const xmlNode *node)
{
    scoped(end_content) xmlChar *content = xmlNodeGetContent(node);
    return str_trim(str_copy(x->arena, str_of(content ? (const char *)content : "")));
}

struct str
xml_text(struct xml *x, const xmlNode *node)
{
    return node ? content_of(x, node) : STR_NONE;
}

/* Blanks around a value belong to it: " -enc " is not "-enc". */
struct str
xml_attribute(struct xml *x, const xmlNode *node, const char *name)
{
    for (const xmlAttr *a = node->properties; a; a = a->next)
        if (str_eq_nocase(str_of((const char *)a->name), str_of(name))) {
            scoped(end_content) xmlChar *content = xmlNodeGetContent((const xmlNode *)(const void *)a);
            return str_copy(x->arena, str_of(content ? (const char *)content : ""));
        }
    return STR_NONE;
}

/* ---- description and actions ---- */

/* <maliciousCauses>, <malicious_causes> and <maliciouscauses> are one. */
static struct str
described(struct xml *x, const xmlNode *description, const char *name)
{
    for (const xmlNode *child = xml_first(description); child; child = xml_next(child)) {
        const char *have = (const char *)child->name, *want = name;
        while (*have && *want) {
            if (*have == '_')
                have++;
            else if ((*have | 0x20) != (*want | 0x20))
                break;
            else
                have++, want++;
        }
        if (!*have && !*want)
            return xml_text(x, child);
    }
    return STR_NONE;
}

/* "T1059, T1105.001" becomes attack.t1059 and attack.t1105.001. */
static struct strs
technique_tags(struct xml *x, struct str ids)
{
    struct strs tags = { arena_array_of(x->arena, ids.len + 2, struct str), 0 };
    struct str id;
    while (str_cut(&ids, ',', &id))
        if (str_trim(id).len)
            tags.items[tags.count++] = str_printf(x->arena, "attack." STR_FMT,
                                                  STR_ARG(str_lower(x->arena, str_trim(id))));
    return tags;
}

static struct strs
one_line_each(struct xml *x, struct str text)
{
    struct strs lines = { arena_array_of(x->arena, text.len + 1, struct str), 0 };
    struct str line;
    while (str_cut(&text, '\n', &line))
        if (str_trim(line).len)
            lines.items[lines.count++] = str_trim(line);
    return lines;
}

/* "Shell started by Office [E0502]" has the code E0502, by which other rules and people may call it. */
static struct str
code_in_name(struct str name)
{
    if (!str_ends(name, STR("]")))
        return STR_NONE;
    size_t open = name.len;
    while (open > 0 && name.at[open - 1] != '[')
        open--;
    return open ? str_head(str_skip(name, open), name.len - open - 1) : STR_NONE;
}

static struct str
level_of_score(int score)
{
    return score >= 90 ? STR("critical") : score >= 70 ? STR("high") : score >= 40 ? STR("medium")
           : score > 22 ? STR("low") : STR("informational");
}

static bool
read_score(struct xml *x, const xmlNode *description, struct rule *out)
{
    struct str word = described(x, description, "severity");
    int64_t score = SCORE_WITHOUT_SEVERITY;
    if (word.at && (!str_int(word, &score) || score < 1 || score > 100))
        return xml_refuse(x, description, "severity is a number from 1 to 100");
    out->score = (int)score;
    out->level = level_of_score(out->score);
    return true;
}

static bool
read_description(struct xml *x, const xmlNode *root, struct rule *out)
{
    const xmlNode *description = xml_child(root, "description");
    if (!description)
        return xml_refuse(x, root, "the rule has no description");
    struct str title = described(x, description, "name"), id = described(x, description, "guid");
    x->rule = id.len ? id : title;
    if (title.len == 0)
        return xml_refuse(x, description, "the rule has no name");
    *out = (struct rule){
        .id = id.len ? id : title, .name = code_in_name(title), .title = title, .language = RULE_XML,
        .description = described(x, description, "explanation"),
        .tags = technique_tags(x, described(x, description, "mitreattackid")),
        .falsepositives = one_line_each(x, described(x, description, "benignCauses")),
        .malicious_causes = described(x, description, "maliciousCauses"),
        .recommended_actions = described(x, description, "recommendedActions"),
        .category = described(x, description, "category"),
        .file = x->file, .line = xml_line(root),
    };
    out->on_demand = str_eq_nocase(out->category, STR("Exclusion"));
    return read_score(x, description, out);
}

static const char *const action_names[] = {
    "TriggerDetection", "StoreEvent", "ReportIncident", "MarkAsCompromised", "MarkAsScript", "MarkModuleSuspicious",
    "MarkAsResolved", "HideCommandLine", "DropEvent", "IncreaseParentRiskScore", "IncreaseRiskScore", "KillProcess",
    "KillParentProcess", "BlockProcessExecutable", "BlockParentProcessExecutable", "BlockModule",
    "BlockProcessSuspiciousModules", "CleanAndBlockProcessExecutable", "CleanAndBlockParentProcessExecutable",
    "CleanAndBlockModule", "CleanAndBlockProcessSuspiciousModules", "IsolateFromNetwork", "LogOutUser", "Reboot",
    "Shutdown", "SubmitToSandbox",
};

/* The canonical spelling, so that whoever carries actions out compares one. */
static bool
take_action(struct xml *x, const xmlNode *node, struct str name, struct rule_action *actions, size_t *count)
{
    if (*count == ACTIONS_MAX)
        return xml_refuse(x, node, "too many actions");
    for (size_t i = 0; i < COUNT_OF(action_names); i++)
        if (str_eq_nocase(name, str_of(action_names[i]))) {
            actions[(*count)++] = (struct rule_action){ str_of(action_names[i]), xml_attribute(x, node, "value") };
            return true;
        }
    return xml_refuse(x, node, "there is no action \"" STR_FMT "\"", STR_ARG(name));
}

static bool
read_actions(struct xml *x, const xmlNode *root, struct rule *out)
{
    struct rule_action *actions = arena_array_of(x->arena, ACTIONS_MAX, struct rule_action);
    const xmlNode *list = xml_child(root, "actions"), *single = xml_child(root, "action");
    size_t count = 0;
    for (const xmlNode *node = list ? xml_first(list) : NULL; node; node = xml_next(node))
        if (!take_action(x, node, xml_attribute(x, node, "name"), actions, &count))
            return false;
    if (single && !take_action(x, single, xml_text(x, single), actions, &count))
        return false;
    out->actions = actions;
    out->action_count = count;
    return true;
}

/* <maliciousTarget name="current"/>, once written <maliciousProcess process="current"/>. */
static void
read_target(struct xml *x, const xmlNode *root, struct rule *out)
{
    const xmlNode *target = xml_child(root, "maliciousTarget"), *process = xml_child(root, "maliciousProcess");
    if (target)
        out->malicious_target = xml_attribute(x, target, "name");
    else if (process)
        out->malicious_target = xml_attribute(x, process, "process");
}

/* ---- definition ---- */

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
    struct str word = described(x, description, "os");
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
static bool
read_definition(struct xml *x, const xmlNode *root, const struct rule *about)
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

/* ---- text ---- */

static void
end_document(xmlDoc **doc)
{
    xmlFreeDoc(*doc);
}

static void
end_parser(xmlParserCtxt **parser)
{
    xmlFreeParserCtxt(*parser);
}

static void
start_library(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, xmlInitParser);
}

static bool
refuse_text(struct xml *x, int line, struct str reason)
{
    return ruleset_refuse(x->set, (struct refusal){ .file = x->file, .line = line, .reason = reason });
}

static bool
read_rule(struct xml *x, const xmlNode *root)
{
    struct rule about;
    if (!root || !xml_is(root, "rule"))
        return xml_refuse(x, root, "the outermost element must be <rule>");
    if (!read_description(x, root, &about) || !read_actions(x, root, &about))
        return false;
    read_target(x, root, &about);
    return read_definition(x, root, &about);
}

/* The declared encoding does not count, so that what was checked is what is parsed. */
bool
ruleset_add_xml(struct ruleset *set, struct str file, struct str text)
{
    struct xml x = { .set = set, .arena = set->arena, .file = str_copy(set->arena, file) };
    if (text.len > XML_BYTES_MAX)
        return refuse_text(&x, 0, STR("the text is too long for a rule"));
    if (!str_is_utf8(text))
        return refuse_text(&x, 0, STR("the text is not UTF-8"));
    if (str_contains(text, STR("<!DOCTYPE")))
        return refuse_text(&x, 1, STR("a document type is not allowed in a rule"));
    start_library();
    scoped(end_parser) xmlParserCtxt *parser = xmlNewParserCtxt();
    scoped(end_document) xmlDoc *doc = xmlCtxtReadMemory(
        parser, text.at, (int)text.len, NULL, "UTF-8",
        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC | XML_PARSE_NOCDATA);
    if (!doc || doc->intSubset) {
        const xmlError *error = xmlCtxtGetLastError(parser);
        struct str why = str_trim(str_of(error && error->message ? error->message : "not well-formed"));
        return refuse_text(&x, error ? error->line : 1, str_printf(x.arena, "XML: " STR_FMT, STR_ARG(why)));
    }
    return read_rule(&x, xmlDocGetRootElement(doc));
}
