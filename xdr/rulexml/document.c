/* document: an XML text, its tree, and what a rule says about itself. */
#include <libxml/parser.h>
#include <pthread.h>
#include <stdarg.h>

#include "core/base/text.h"
#include "xdr/rulexml/parts.h"

enum { REASON_BYTES_MAX = 1000, SCORE_WITHOUT_SEVERITY = 60, ACTIONS_MAX = 32 };

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
struct str
xml_described(struct xml *x, const xmlNode *description, const char *name)
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
    struct str word = xml_described(x, description, "severity");
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
    struct str title = xml_described(x, description, "name"), id = xml_described(x, description, "guid");
    x->rule = id.len ? id : title;
    if (title.len == 0)
        return xml_refuse(x, description, "the rule has no name");
    *out = (struct rule){
        .id = id.len ? id : title, .name = code_in_name(title), .title = title, .language = RULE_XML,
        .description = xml_described(x, description, "explanation"),
        .tags = technique_tags(x, xml_described(x, description, "mitreattackid")),
        .falsepositives = one_line_each(x, xml_described(x, description, "benignCauses")),
        .malicious_causes = xml_described(x, description, "maliciousCauses"),
        .recommended_actions = xml_described(x, description, "recommendedActions"),
        .category = xml_described(x, description, "category"),
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
    return xml_definition(x, root, &about);
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
