/* rules_explain: the condition tree of one rule with what was true of one event, and why. */
#include "xdr/json_slice.h"
#include "xdr/rules_options.h"

enum { VALUE_SHOWN = 160, PARTS_SHOWN = 40, EVENTS_SHOWN = 20 };

static void
print_value(const struct explanation *x)
{
    if (!x->value_present) {
        printf("   (the event has no such value)");
        return;
    }
    struct str shown = str_head(x->value, VALUE_SHOWN);
    printf("   in \"" STR_FMT "%s\"", STR_ARG(shown), shown.len < x->value.len ? "..." : "");
}

static void
print_tree(const struct explanation *x, int depth)
{
    static const char *const words[] = { [EXPR_AND] = "all of", [EXPR_OR] = "any of", [EXPR_NOT] = "not" };
    printf("%*s[%s] ", depth * 2, "", x->holds ? "true " : "false");
    if (x->label.at)
        printf(STR_FMT ": ", STR_ARG(x->label));
    if (x->kind == EXPR_TEST) {
        printf(STR_FMT " " STR_FMT, STR_ARG(x->field), STR_ARG(x->what));
        print_value(x);
        printf("\n");
        return;
    }
    printf("%s\n", words[x->kind]);
    size_t shown = 0;
    for (size_t i = 0; i < x->count; i++) {
        bool decides = x->count <= PARTS_SHOWN || x->parts[i].holds;
        if (decides)
            print_tree(&x->parts[i], depth + 1);
        shown += decides;
    }
    if (shown < x->count)
        printf("%*s(and %zu more that are false)\n", depth * 2 + 2, "", x->count - shown);
}

static uint32_t
index_of(const struct ruleset *set, const char *id)
{
    uint32_t i = 0;
    while (i < set->rule_count && !str_is(set->rules[i].id, id))
        i++;
    return i;
}

static bool
contains(struct matches found, uint32_t rule)
{
    for (size_t i = 0; i < found.count; i++)
        if (found.rules[i] == rule)
            return true;
    return false;
}

/* An XML rule has an entry for each kind of event: the one that matched tells more than the first. */
static uint32_t
entry_that_matched(const struct ruleset *set, struct matches found, uint32_t rule)
{
    for (size_t i = 0; i < found.count; i++)
        if (str_eq(set->rules[found.rules[i]].id, set->rules[rule].id))
            return found.rules[i];
    return rule;
}

static bool
explain_event(const struct ruleset *set, struct matcher *m, struct arena *a, uint32_t rule, struct str event)
{
    struct matches found = matcher_run(m, event);
    if (found.problem)
        return fprintf(stderr, "the event cannot be read: %s\n", found.problem), false;
    rule = entry_that_matched(set, found, rule);
    const struct rule *r = &set->rules[rule];
    bool asked = contains(found, rule);
    const struct explanation *x = matcher_explain(m, a, rule);
    printf(STR_FMT " (" STR_FMT ")\n", STR_ARG(r->title), STR_ARG(r->id));
    if (asked != x->holds)
        printf("The rule is about another log source (product \"" STR_FMT "\", category \"" STR_FMT "\", service \""
               STR_FMT "\"), so it was not asked.\n", STR_ARG(r->logsource.product), STR_ARG(r->logsource.category),
               STR_ARG(r->logsource.service));
    printf("%s\n", asked ? "It matches." : "It does not match.");
    print_tree(x, 0);
    return true;
}

int
rules_explain(const struct rules_options *o)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    if (!o->rule || !o->events)
        return fprintf(stderr, "--rule ID and --event FILE are needed\n"), EXIT_USAGE;
    const struct ruleset *set = rules_load(a, o);
    struct str text, event;
    if (!set || !read_file(a, o->events, &text))
        return EXIT_USAGE;
    uint32_t rule = index_of(set, o->rule);
    if (rule == set->rule_count) {
        rules_print_refusals(set, 20);
        return fprintf(stderr, "no rule has the id %s\n", o->rule), EXIT_REFUSED;
    }
    struct engine *engine = engine_compile(set);
    struct matcher *m = matcher_new(engine);
    bool ok = true;
    size_t count = 0;
    for (; count < EVENTS_SHOWN && json_next_object(&text, &event); count++) {
        printf("%sevent %zu: ", count ? "\n" : "", count);
        ok = explain_event(set, m, a, rule, event) && ok;
    }
    if (count == 0)
        ok = fprintf(stderr, "%s holds no event\n", o->events) < 0;
    matcher_free(m);
    engine_free(engine);
    return ok ? EXIT_FINE : EXIT_REFUSED;
}
