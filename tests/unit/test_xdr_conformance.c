/* The written conformance suites of both rule languages (tests/fixtures/sigma/README.md, tests/fixtures/rulexml),
 * through the engine and through the oracle. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/base/text.h"
#include "xdr/correlation.h"
#include "xdr/json_slice.h"
#include "xdr/rulexml/rulexml.h"
#include "xdr/sigma/yaml.h"

enum { FILE_BYTES_MAX = 16 << 20, SIGMA_CASES_EXPECTED = 400, XML_CASES_EXPECTED = 60 };

struct suite {
    struct arena *arena;
    size_t cases, blocks, failures;
};

struct sigma_case {
    struct suite *suite;
    const char *file;
    struct str name;
    struct arena *arena;
    struct ruleset *set;
    struct engine *engine;
    bool refusal_expected;
};

static struct str
file_text(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "re");
    assert_non_null(f);
    struct text t = text_new(a, FILE_BYTES_MAX);
    char buffer[4096];
    for (size_t got; (got = fread(buffer, 1, sizeof buffer, f)) > 0;)
        text_add(&t, (struct str){ buffer, got });
    fclose(f);
    return text_str(&t);
}

static void
fail_case(struct sigma_case *c, const char *what, struct str detail)
{
    c->suite->failures++;
    print_error("%s: " STR_FMT ": %s " STR_FMT "\n", c->file, STR_ARG(c->name), what, STR_ARG(detail));
}

/* ---- rules of a case ---- */

static void
read_placeholders(struct arena *a, struct str json, struct ruleset_options *out)
{
    struct yaml_documents documents = yaml_read(a, json);
    assert_false(documents.broken);
    const struct yaml *names = yaml_get(documents.items[0], "placeholders");
    struct placeholder *items = arena_array_of(a, names->count + 1, struct placeholder);
    for (size_t i = 0; i < names->count; i++) {
        const struct yaml *values = names->entries[i].value;
        items[i].name = names->entries[i].key;
        items[i].values = (struct strs){ arena_array_of(a, values->count + 1, struct str), 0 };
        for (size_t j = 0; j < values->count; j++)
            items[i].values.items[items[i].values.count++] = values->entries[j].value->text;
    }
    out->placeholders = items;
    out->placeholder_count = names->count;
    bool lenient;
    const struct yaml *null_is_empty = yaml_get(documents.items[0], "null_is_also_empty");
    out->null_is_also_empty = null_is_empty && yaml_is_bool(null_is_empty, &lenient) && lenient;
}

static struct str
completed(struct arena *a, struct str rule)
{
    if (str_starts(rule, STR("<definition>")))
        return str_printf(a, "<rule><description><name>a case</name></description>" STR_FMT "</rule>", STR_ARG(rule));
    if (!str_starts(rule, STR("detection:")))
        return rule;
    return str_printf(a, "title: a case\nid: a-case\nlogsource:\n    definition: every event\n" STR_FMT, STR_ARG(rule));
}

/* ---- events ---- */

struct last_event {
    const struct correlation *fired;
    uint64_t number;
    bool fires;
};

static void
note_fired(void *to, const struct correlation *c, uint64_t event)
{
    struct last_event *last = to;
    last->fired = c;
    last->fires = last->fires || event == last->number;
}

static bool
same_matches(struct arena *a, struct matches fast, struct matcher *m, struct str event)
{
    uint32_t *kept = arena_array_of(a, fast.count + 1, uint32_t);
    for (size_t i = 0; i < fast.count; i++)
        kept[i] = fast.rules[i];
    struct matches plain = matcher_run_plainly(m, event);
    return plain.count == fast.count && memcmp(plain.rules, kept, fast.count * sizeof *kept) == 0;
}

static size_t
count_events(struct str events)
{
    struct str event;
    size_t count = 0;
    while (json_next_object(&events, &event))
        count++;
    return count;
}

static void
run_block(struct sigma_case *c, struct str events, bool should_match)
{
    struct matcher *m = matcher_new(c->engine);
    struct observations *seen = observations_new(c->arena, c->engine);
    struct correlator *correlator = c->set->correlation_count ? correlator_new(c->arena, c->engine) : NULL;
    struct last_event last = { .number = count_events(events) - 1 };
    struct str event, rest = events;
    for (uint64_t i = 0; json_next_object(&rest, &event); i++) {
        struct matches found = matcher_run(m, event);
        if (found.problem)
            fail_case(c, found.problem, event);
        for (size_t j = 0; j < found.count; j++) {
            observations_add(seen, m, found.rules[j], i);
            last.fires = last.fires || (i == last.number && !c->set->rules[found.rules[j]].feeds_only);
        }
        if (!same_matches(c->arena, found, m, event))
            fail_case(c, "the oracle differs on", event);
        if (correlator)
            correlator_take(correlator, seen, note_fired, &last);
    }
    if (last.fires != should_match)
        fail_case(c, should_match ? "does not match" : "matches", events);
    matcher_free(m);
    c->suite->blocks++;
}

/* ---- the file ---- */

static bool
next_block(struct str *rest, struct str *head, struct str *body)
{
    struct str line, at = *rest;
    if (!str_cut(rest, '\n', head))
        return false;
    const char *begin = rest->at ? rest->at : head->at + head->len;
    while (rest->at && rest->len && !str_starts(*rest, STR("--- ")) && !str_starts(*rest, STR("=== ")))
        str_cut(rest, '\n', &line);
    const char *end = rest->at ? rest->at : at.at + at.len;
    *body = (struct str){ begin, (size_t)(end - begin) };
    return true;
}

static void
expect_refusal(struct sigma_case *c, struct str wanted)
{
    c->refusal_expected = true;
    if (c->set->refusal_count == 0)
        fail_case(c, "is not refused, expected:", wanted);
    else if (!str_contains(c->set->refusals[0].reason, wanted))
        fail_case(c, "is refused for another reason:", c->set->refusals[0].reason);
    if (c->set->refusal_count && c->set->refusals[0].line == 0)
        fail_case(c, "is refused without a line:", wanted);
}

static void
run_case(struct sigma_case *c, struct str *rest)
{
    struct str head, body, rule = STR_NONE;
    struct ruleset_options options = { 0 };
    c->suite->cases++;
    while (rest->len && str_starts(*rest, STR("--- ")) && next_block(rest, &head, &body)) {
        if (str_is(head, "--- rule"))
            rule = completed(c->arena, body);
        else if (str_is(head, "--- config"))
            read_placeholders(c->arena, body, &options);
        if (str_is(head, "--- rule") || str_is(head, "--- config")) {
            c->set = ruleset_new(c->arena, &options);
            if (str_starts(rule, STR("<")))
                ruleset_add_xml(c->set, STR("case.xml"), rule);
            else
                ruleset_add_sigma(c->set, STR("case.yml"), rule);
            ruleset_finish(c->set);
            engine_free(c->engine);
            c->engine = engine_compile(c->set);
            continue;
        }
        if (str_is(head, "--- refused"))
            expect_refusal(c, str_trim(body));
        else if (!c->refusal_expected && c->set->refusal_count)
            fail_case(c, "is refused:", c->set->refusals[0].reason), c->refusal_expected = true;
        else if (str_is(head, "--- match"))
            run_block(c, body, true);
        else if (str_is(head, "--- no match"))
            run_block(c, body, false);
        else
            fail_case(c, "has an unknown block", head);
    }
    engine_free(c->engine);
}

static void
run_file(struct suite *suite, const char *file, const char *path)
{
    struct str rest = file_text(suite->arena, path), head, body;
    while (rest.len && !str_starts(rest, STR("=== ")))
        str_cut(&rest, '\n', &head);
    while (rest.len && next_block(&rest, &head, &body)) {
        scoped(arena_end) struct arena *a = arena_new(1 << 16);
        struct sigma_case c = { .suite = suite, .file = file, .name = str_skip(head, 4), .arena = a };
        run_case(&c, &rest);
        while (rest.len && !str_starts(rest, STR("=== ")))
            next_block(&rest, &head, &body);
    }
}

static void
run_folder(const char *folder, size_t cases_expected)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct suite suite = { .arena = a };
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (struct dirent *entry; (entry = readdir(d));)
        if (str_ends(str_of(entry->d_name), STR(".cases")))
            run_file(&suite, entry->d_name, str_printf(a, "%s/%s", folder, entry->d_name).at);
    closedir(d);
    print_message("%zu cases, %zu claims, %zu failures\n", suite.cases, suite.blocks, suite.failures);
    assert_true(suite.cases >= cases_expected);
    assert_int_equal(suite.failures, 0);
}

static void
every_written_sigma_case_holds(void **state)
{
    (void)state;
    run_folder(YAGURA_SOURCE_DIR "/tests/fixtures/sigma", SIGMA_CASES_EXPECTED);
}

static void
every_written_xml_case_holds(void **state)
{
    (void)state;
    run_folder(YAGURA_SOURCE_DIR "/tests/fixtures/rulexml", XML_CASES_EXPECTED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_written_sigma_case_holds),
                                        cmocka_unit_test(every_written_xml_case_holds) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
