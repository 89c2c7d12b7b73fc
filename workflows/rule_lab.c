#include "workflows/rule_lab.h"

#include "core/base/text.h"
#include "core/db/db.h"
#include "model/rule_text_then.h"
#include "workflows/rule_world.h"
#include "xdr/correlation.h"
#include "xdr/json_slice.h"

enum { BODY_MAX = 256 * 1024, EVENT_MAX = 1024 * 1024, TREE_MAX = 1024 * 1024, RESULTS_MAX = 500, FIELDS_MAX = 60 };
enum { PARTS_SHOWN = 60, VALUE_SHOWN = 2000, TREE_DEPTH_MAX = 40 };

const struct shape rule_check_shape = SHAPE(rule_check,
    FIELD(rule_check, body, "The text", .max = BODY_MAX, .required = true),
    FIELD(rule_check, language, "Sigma or XML; as it begins when absent", .of = &detection_rule_language_domain),
    FIELD(rule_check, tests, "{match: [event, …], no_match: [event, …]}; of a correlation each is a list of events"));

static const struct shape result_shape = SHAPE(rule_test_result,
    FIELD(rule_test_result, expected, "match or no_match", .required = true),
    FIELD(rule_test_result, index, "Which of them"), FIELD(rule_test_result, passed, "As expected"),
    FIELD(rule_test_result, problem, "Why the event could not be read"));

const struct shape rule_check_answer_shape = SHAPE(rule_check_answer,
    FIELD(rule_check_answer, ok, "The text can be asked"),
    FIELD(rule_check_answer, troubles, "What is wrong with it", .items = &rule_trouble_shape),
    FIELD(rule_check_answer, results, "Of each event of the tests", .items = &result_shape),
    FIELD(rule_check_answer, passed, "Events as expected"), FIELD(rule_check_answer, failed, "Events otherwise"),
    FIELD(rule_check_answer, key, "The id it carries"), FIELD(rule_check_answer, title, "In one line"),
    FIELD(rule_check_answer, title_ja, "The same in Japanese"), FIELD(rule_check_answer, level, "Sigma's level"),
    FIELD(rule_check_answer, score, "1-39 low, 40-69 warning, 70-100 threat"),
    FIELD(rule_check_answer, product, "Of which product"),
    FIELD(rule_check_answer, category, "Of which kind of events"),
    FIELD(rule_check_answer, service, "Of which log"), FIELD(rule_check_answer, techniques, "ATT&CK techniques"),
    FIELD(rule_check_answer, tactics, "ATT&CK tactics"),
    FIELD(rule_check_answer, fields, "Fields that its condition reads"),
    FIELD(rule_check_answer, correlates, "It is about several events together"));

const struct shape rule_explain_shape = SHAPE(rule_explain,
    FIELD(rule_explain, body, "The rule's text", .max = BODY_MAX, .required = true),
    FIELD(rule_explain, language, "Sigma or XML", .of = &detection_rule_language_domain),
    FIELD(rule_explain, event, "One event as JSON text", .max = EVENT_MAX, .required = true));

const struct shape rule_explanation_shape = SHAPE(rule_explanation,
    FIELD(rule_explanation, matches, "The rule matches"),
    FIELD(rule_explanation, note, "other_source: the rule is about other events and was not asked; gone: the event or "
                                  "the text is no longer there; correlation: it is about several events"),
    FIELD(rule_explanation, tree, "Each part of the condition: {kind, holds, label, field, what, value, parts}"));

/* ---- an engine for one text ---- */

struct lab {
    struct arena *arena;
    const struct ruleset *set;
    struct engine *engine;
    struct matcher *matcher;
};

static void
end_lab(struct lab *lab)
{
    matcher_free(lab->matcher);
    engine_free(lab->engine);
}

/* The reading's set is finished here; a member that stands elsewhere makes a trouble. */
static void
start_lab(struct arena *a, const struct rule_reading *r, struct lab *out)
{
    struct ruleset *set = arena_new_of(a, struct ruleset);
    *set = *r->set;
    ruleset_finish(set);
    *out = (struct lab){ .arena = a, .set = set, .engine = engine_compile(set) };
    out->matcher = matcher_new(out->engine);
}

/* ---- tests ---- */

struct outcome {
    struct rule_check_answer *answer;
    struct rule_test_result *items;
};

static void
note(struct outcome *o, const char *expected, int64_t index, bool passed, const char *problem)
{
    if (o->answer->results.count == RESULTS_MAX)
        return;
    o->items[o->answer->results.count++] = (struct rule_test_result){ str_of(expected), index, passed,
                                                                      str_of(problem) };
    *(passed ? &o->answer->passed : &o->answer->failed) += 1;
}

static void
test_events(struct lab *lab, struct str events, bool should, struct outcome *o)
{
    struct str event;
    for (int64_t i = 0; json_next_object(&events, &event) && i < RESULTS_MAX; i++) {
        struct matches found = matcher_run(lab->matcher, event);
        note(o, should ? "match" : "no_match", i, !found.problem && (found.count > 0) == should, found.problem);
    }
}

struct firing {
    bool any, now;
};

static void
note_firing(void *to, const struct correlation *c, uint64_t event)
{
    struct firing *f = to;
    (void)c;
    (void)event;
    f->any = f->now = true;
}

static struct firing
run_stream(struct lab *lab, struct arena *a, struct str stream)
{
    struct observations *seen = observations_new(a, lab->engine);
    struct correlator *correlator = correlator_new(a, lab->engine);
    struct firing firing = { false, false };
    struct str event;
    for (uint64_t i = 0; json_next_object(&stream, &event); i++) {
        struct matches found = matcher_run(lab->matcher, event);
        for (size_t j = 0; j < found.count; j++)
            observations_add(seen, lab->matcher, found.rules[j], i);
        firing.now = false;
        correlator_take(correlator, seen, note_firing, &firing);
    }
    return firing;
}

static void
test_streams(struct lab *lab, struct str streams, bool should, struct outcome *o)
{
    struct str stream, rest = str_skip(streams, 1);
    for (int64_t i = 0; streams.len && json_next_element(&rest, &stream) && i < RESULTS_MAX; i++) {
        scoped(arena_end) struct arena *a = arena_new(64 * 1024);
        struct firing f = run_stream(lab, a, stream);
        note(o, should ? "match" : "no_match", i, should ? f.now : !f.any, NULL);
    }
}

static bool
run_tests(struct scope *s, struct lab *lab, const struct rule_check *in, struct rule_check_answer *out)
{
    struct str tests = str_trim(in->tests.raw);
    if (!tests.len || str_is(tests, "null"))
        return true;
    if (tests.at[0] != '{')
        return fail_field(s, "/tests", FAULT_WRONG_TYPE, "object");
    struct outcome o = { out, arena_array_of(s->arena, RESULTS_MAX, struct rule_test_result) };
    out->results.items = o.items;
    struct str match = json_slice_member(tests, "match"), none = json_slice_member(tests, "no_match");
    void (*run)(struct lab *, struct str, bool, struct outcome *) =
        out->correlates ? test_streams : test_events;
    run(lab, match, true, &o);
    run(lab, none, false, &o);
    return true;
}

static void
take_troubles(struct arena *a, const struct ruleset *set, struct rule_check_answer *out)
{
    struct rule_trouble *items = arena_array_of(a, set->refusal_count + 1, struct rule_trouble);
    for (size_t i = 0; i < set->refusal_count; i++)
        items[i] = (struct rule_trouble){ set->refusals[i].line, set->refusals[i].reason };
    out->troubles = (struct rows){ items, set->refusal_count };
}

static void
tell(struct scope *s, const struct detection_rule *about, const struct ruleset *set, struct rule_check_answer *out)
{
    out->key = about->key;
    out->title = about->title;
    out->title_ja = about->title_ja;
    out->level = about->level;
    out->score = about->score;
    out->product = about->product;
    out->category = about->category;
    out->service = about->service;
    out->techniques = about->techniques;
    out->tactics = about->tactics;
    out->correlates = about->correlates;
    if (set->rule_count)
        out->fields = condition_fields(s->arena, set->rules[0].condition, FIELDS_MAX);
}

bool
rule_check(struct scope *s, const struct rule_check *in, struct rule_check_answer *out)
{
    enum detection_rule_language language = in->language ? in->language : rule_text_language(in->body);
    struct rule_reading reading;
    struct detection_rule about = { 0 };
    *out = (struct rule_check_answer){ 0 };
    if (!rule_text_read(s->arena, language, in->body, false, &reading, &about)) {
        out->troubles = reading.troubles;
        return true;
    }
    tell(s, &about, reading.set, out);
    scoped(end_lab) struct lab lab = { 0 };
    start_lab(s->arena, &reading, &lab);
    /* What a correlation reads may stand elsewhere; by itself it cannot be tried, but it is no trouble of the text. */
    out->ok = true;
    if (lab.set->refusal_count)
        take_troubles(s->arena, lab.set, out);
    return run_tests(s, &lab, in, out);
}

/* ---- why ---- */

static void
write_member(struct text *t, const char *name, struct str value)
{
    if (!value.at)
        return;
    text_addf(t, ",\"%s\":", name);
    json_write_str(t, str_head(value, VALUE_SHOWN));
}

static void
write_tree(struct text *t, const struct explanation *x, int depth)
{
    static const char *const kinds[] = { [EXPR_AND] = "and", [EXPR_OR] = "or", [EXPR_NOT] = "not",
                                         [EXPR_TEST] = "test" };
    text_addf(t, "{\"kind\":\"%s\",\"holds\":%s", kinds[x->kind], x->holds ? "true" : "false");
    write_member(t, "label", x->label);
    if (x->kind == EXPR_TEST) {
        write_member(t, "field", x->field);
        write_member(t, "what", x->what);
        write_member(t, "value", x->value_present ? x->value : STR_NONE);
    } else if (depth) {
        size_t shown = 0, left = 0;
        text_add_c(t, ",\"parts\":[");
        for (size_t i = 0; i < x->count; i++) {
            if (shown >= PARTS_SHOWN && !x->parts[i].holds) { /* of long lists those that decide */
                left++;
                continue;
            }
            text_add_c(t, shown++ ? "," : "");
            write_tree(t, &x->parts[i], depth - 1);
        }
        text_addf(t, "],\"left\":%zu", left);
    }
    text_add_char(t, '}');
}

/* Of the rules of the text the one that matched, else the first. */
static uint32_t
rule_to_explain(const struct lab *lab, struct matches found)
{
    (void)lab;
    return found.count ? found.rules[0] : 0;
}

static bool
explain_with(struct scope *s, struct lab *lab, struct str event, struct rule_explanation *out)
{
    struct matches found = matcher_run(lab->matcher, event);
    if (found.problem) {
        note_sentence(s, STR("/event"), str_printf(s->arena, "This is no event: %s.", found.problem),
                      str_printf(s->arena, "イベントとして読み取れません: %s", found.problem));
        return false;
    }
    if (lab->set->rule_count == 0) {
        out->note = STR("correlation");
        return true;
    }
    const struct explanation *x = matcher_explain(lab->matcher, s->arena, rule_to_explain(lab, found));
    struct text t = text_new(s->arena, TREE_MAX);
    write_tree(&t, x, TREE_DEPTH_MAX);
    out->matches = found.count > 0;
    out->note = x->holds && !out->matches ? STR("other_source") : STR_NONE;
    out->tree.raw = t.full ? STR_NONE : text_str(&t);
    return true;
}

bool
rule_explain(struct scope *s, const struct rule_explain *in, struct rule_explanation *out)
{
    struct rule_reading reading;
    enum detection_rule_language language = in->language ? in->language : rule_text_language(in->body);
    *out = (struct rule_explanation){ 0 };
    if (!rule_text_read(s->arena, language, in->body, false, &reading, NULL))
        return rule_text_refuse(s, &reading, "/body");
    scoped(end_lab) struct lab lab = { 0 };
    start_lab(s->arena, &reading, &lab);
    return explain_with(s, &lab, in->event, out);
}

bool
detection_explain(struct scope *s, struct uuid detection_id, struct rule_explanation *out)
{
    struct rule_text_then then;
    bool found;
    *out = (struct rule_explanation){ 0 };
    if (!db_maybe(s, &rule_text_then, &(struct id_args){ detection_id }, &then, &found))
        return false;
    if (!found)
        return fail(s, &problem_not_found, "no such detection");
    if (then.origin == ORIGIN_CORRELATION)
        out->note = STR("correlation");
    else if (!then.body.at || !then.event.at)
        out->note = STR("gone");
    if (out->note.at)
        return true;
    struct rule_reading reading;
    if (!rule_text_read(s->arena, rule_text_language(then.body), then.body, false, &reading, NULL)) {
        out->note = STR("gone");
        return true;
    }
    scoped(end_lab) struct lab lab = { 0 };
    start_lab(s->arena, &reading, &lab);
    return explain_with(s, &lab, then.event, out);
}
