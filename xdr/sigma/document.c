/* document: one YAML document as a rule, a correlation or a filter; and collections of documents. */
#include <stdarg.h>

#include "core/base/text.h"
#include "xdr/sigma/sigma.h"

enum { REASON_BYTES_MAX = 1000, SCORE_WITHOUT_LEVEL = 50, CONDITION_TESTS_MAX = 200 * 1000 };

bool
sigma_refuse(struct sigma *s, int line, const char *fmt, ...)
{
    if (s->refused)
        return false;
    char reason[REASON_BYTES_MAX];
    va_list args;
    va_start(args, fmt);
    vsnprintf(reason, sizeof reason, fmt, args);
    va_end(args);
    s->refused = true;
    return ruleset_refuse(s->set, (struct refusal){ .file = s->file, .rule = s->rule, .line = line,
                                                    .reason = str_copy(s->arena, str_of(reason)) });
}

struct strs
sigma_strings(struct sigma *s, const struct yaml *node)
{
    if (!node || yaml_is_null(node) || node->kind == YAML_MAP)
        return (struct strs){ NULL, 0 };
    if (node->kind == YAML_SCALAR) {
        struct str *one = arena_new_of(s->arena, struct str);
        *one = node->text;
        return (struct strs){ one, 1 };
    }
    struct strs out = { arena_array_of(s->arena, node->count + 1, struct str), 0 };
    for (size_t i = 0; i < node->count; i++)
        if (node->entries[i].value->kind == YAML_SCALAR)
            out.items[out.count++] = node->entries[i].value->text;
    return out;
}

bool
sigma_logsource(struct sigma *s, const struct yaml *document, struct logsource *out)
{
    const struct yaml *node = yaml_get(document, "logsource");
    if (!node)
        return sigma_refuse(s, document->line, "the rule has no logsource");
    if (node->kind != YAML_MAP)
        return sigma_refuse(s, node->line, "logsource must be a map");
    *out = (struct logsource){ .product = yaml_text(node, "product"), .category = yaml_text(node, "category"),
                               .service = yaml_text(node, "service") };
    return out->product.at || out->category.at || out->service.at || yaml_get(node, "definition")
        || sigma_refuse(s, node->line, "logsource says neither product, category nor service");
}

static bool
is_status(struct str word)
{
    static const char *const words[] = { "stable", "test", "experimental", "deprecated", "unsupported" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_is(word, words[i]))
            return true;
    return false;
}

static bool
read_about(struct sigma *s, const struct yaml *document, struct rule *out)
{
    *out = (struct rule){
        .id = yaml_text(document, "id"), .name = yaml_text(document, "name"), .title = yaml_text(document, "title"),
        .title_ja = yaml_text(document, "title_ja"), .description = yaml_text(document, "description"),
        .description_ja = yaml_text(document, "description_ja"), .author = yaml_text(document, "author"),
        .status = yaml_text(document, "status"), .level = yaml_text(document, "level"),
        .date = yaml_text(document, "date"), .tags = sigma_strings(s, yaml_get(document, "tags")),
        .references = sigma_strings(s, yaml_get(document, "references")),
        .falsepositives = sigma_strings(s, yaml_get(document, "falsepositives")),
        .falsepositives_ja = sigma_strings(s, yaml_get(document, "falsepositives_ja")),
        .fields = sigma_strings(s, yaml_get(document, "fields")),
        .file = s->file, .line = document->line, .language = RULE_SIGMA,
    };
    s->rule = out->id.at ? out->id : out->title;
    if (!out->title.at || out->title.len == 0)
        return sigma_refuse(s, document->line, "the rule has no title");
    if (!out->id.at)
        out->id = out->title;
    if (out->status.at && !is_status(out->status))
        return sigma_refuse(s, yaml_get(document, "status")->line, "there is no status \"" STR_FMT "\"",
                            STR_ARG(out->status));
    out->score = out->level.at ? score_of_level(out->level) : SCORE_WITHOUT_LEVEL;
    return out->score || sigma_refuse(s, yaml_get(document, "level")->line, "there is no level \"" STR_FMT "\"",
                                      STR_ARG(out->level));
}

bool
sigma_document(struct sigma *s, const struct yaml *document)
{
    struct rule rule;
    if (document->kind != YAML_MAP)
        return sigma_refuse(s, document->line, "a rule must be a map");
    if (!read_about(s, document, &rule))
        return false;
    if (yaml_get(document, "correlation"))
        return sigma_correlation(s, document, &rule);
    if (yaml_get(document, "filter"))
        return sigma_filter(s, document);
    const struct yaml *detection = yaml_get(document, "detection");
    if (!detection)
        return sigma_refuse(s, document->line, "the rule has no detection");
    rule.condition = sigma_detection(s, detection);
    if (!rule.condition || !sigma_logsource(s, document, &rule.logsource))
        return false;
    if (expr_size(rule.condition, CONDITION_TESTS_MAX) >= CONDITION_TESTS_MAX)
        return sigma_refuse(s, detection->line, "the condition is too large");
    return ruleset_take(s->set, &rule) != NULL;
}

const struct yaml *
sigma_merge(struct arena *a, const struct yaml *base, const struct yaml *over)
{
    if (!base || base->kind != YAML_MAP || over->kind != YAML_MAP)
        return over;
    struct yaml_entry *entries = arena_array_of(a, base->count + over->count + 1, struct yaml_entry);
    size_t count = 0;
    for (size_t i = 0; i < base->count; i++)
        entries[count++] = base->entries[i];
    for (size_t i = 0; i < over->count; i++) {
        size_t at = 0;
        while (at < base->count && !str_eq(entries[at].key, over->entries[i].key))
            at++;
        if (at == base->count)
            at = count++;
        entries[at] = (struct yaml_entry){ over->entries[i].key,
                                           sigma_merge(a, entries[at].value, over->entries[i].value) };
    }
    struct yaml *merged = arena_new_of(a, struct yaml);
    *merged = *over;
    merged->entries = entries;
    merged->count = count;
    return merged;
}

/* `action` of a collection: global is laid under every later document until reset; repeat is laid over the rule
 * before it. */
struct collection {
    const struct yaml *global, *before;
};

static bool
read_collected(struct sigma *s, struct collection *c, const struct yaml *document)
{
    struct str action = yaml_text(document, "action");
    if (str_is(action, "global")) {
        c->global = sigma_merge(s->arena, c->global, document);
        return true;
    }
    if (str_is(action, "reset")) {
        c->global = NULL;
        return true;
    }
    if (action.at && !str_is(action, "repeat"))
        return sigma_refuse(s, document->line, "there is no action \"" STR_FMT "\"", STR_ARG(action));
    if (action.at && !c->before)
        return sigma_refuse(s, document->line, "nothing stands before this to repeat");
    c->before = sigma_merge(s->arena, action.at ? c->before : c->global, document);
    return sigma_document(s, c->before);
}

bool
ruleset_add_sigma(struct ruleset *set, struct str file, struct str text)
{
    struct str file_name = str_copy(set->arena, file);
    struct yaml_documents documents = yaml_read(set->arena, text);
    struct collection collection = { NULL, NULL };
    bool ok = !documents.broken;
    for (size_t i = 0; i < documents.count; i++) {
        struct sigma s = { .set = set, .arena = set->arena, .file = file_name };
        bool is_nothing = yaml_is_null(documents.items[i]);
        ok = (is_nothing || read_collected(&s, &collection, documents.items[i])) && ok;
    }
    if (documents.broken)
        ruleset_refuse(set, (struct refusal){ .file = file_name, .line = documents.problem.line,
                                              .reason = documents.problem.reason });
    else if (documents.count == 0)
        ok = ruleset_refuse(set, (struct refusal){ .file = file_name, .line = 1, .reason = STR("no rule in it") });
    return ok;
}
