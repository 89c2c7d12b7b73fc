/* rules_test: rules against the events written beside them.
 *
 * rules/a/name.yml has rules/a/name.test.json: {"match": [event, ...], "no_match": [event, ...]}. For a file with a
 * correlation each element is a list of events, a stream of its own: the last event of a stream in `match` must fire
 * the correlation, and no event of one in `no_match` may.
 */
#include <unistd.h>

#include "xdr/correlation.h"
#include "xdr/json_slice.h"
#include "xdr/rules_options.h"

struct outcome {
    size_t tested, untested, events, failures;
};

static struct str
test_file_of(struct arena *a, struct str rule_file)
{
    size_t dot = rule_file.len;
    while (dot > 0 && rule_file.at[dot - 1] != '.')
        dot--;
    return str_printf(a, STR_FMT "test.json", STR_ARG(str_head(rule_file, dot)));
}

/* By id: a rule in XML has an entry for each kind of event. */
static bool
contains(const struct ruleset *set, struct matches found, struct str id)
{
    for (size_t i = 0; i < found.count; i++)
        if (str_eq(set->rules[found.rules[i]].id, id))
            return true;
    return false;
}

static void
test_events(struct matcher *m, const struct ruleset *set, const struct rule *r, struct str events, bool should,
            struct outcome *out)
{
    struct str event;
    for (size_t i = 0; json_next_object(&events, &event); i++) {
        struct matches found = matcher_run(m, event);
        out->events++;
        if (!found.problem && contains(set, found, r->id) == should)
            continue;
        out->failures++;
        printf(STR_FMT ": %s event %zu %s\n", STR_ARG(r->file), should ? "match" : "no_match", i,
               found.problem ? found.problem : should ? "does not match" : "matches");
    }
}

static void
test_rule(struct arena *a, struct matcher *m, const struct ruleset *set, const struct rule *r, struct outcome *out)
{
    struct str text;
    struct str path = test_file_of(a, r->file);
    if (access(path.at, R_OK) != 0) {
        out->untested++;
        return;
    }
    if (!read_file(a, path.at, &text)) {
        out->failures++;
        return;
    }
    size_t before = out->events;
    out->tested++;
    test_events(m, set, r, json_slice_member(text, "match"), true, out);
    test_events(m, set, r, json_slice_member(text, "no_match"), false, out);
    if (out->events == before) {
        out->failures++;
        printf(STR_FMT ": no events in it\n", STR_ARG(path));
    }
}

struct firing {
    struct str file; /* of the correlation under test */
    bool any, now;
};

static void
note_firing(void *to, const struct correlation *c, uint64_t event)
{
    struct firing *firing = to;
    (void)event;
    firing->now = firing->now || str_eq(c->about.file, firing->file);
    firing->any = firing->any || firing->now;
}

static struct firing
run_stream(struct arena *a, const struct engine *engine, struct matcher *m, struct str file, struct str stream)
{
    struct observations *seen = observations_new(a, engine);
    struct correlator *correlator = correlator_new(a, engine);
    struct firing firing = { .file = file };
    struct str event;
    for (uint64_t i = 0; json_next_object(&stream, &event); i++) {
        struct matches found = matcher_run(m, event);
        for (size_t j = 0; j < found.count; j++)
            observations_add(seen, m, found.rules[j], i);
        firing.now = false;
        correlator_take(correlator, seen, note_firing, &firing);
    }
    return firing;
}

static void
test_streams(const struct engine *engine, struct matcher *m, struct str file, struct str streams, bool should,
             struct outcome *out)
{
    struct str stream, rest = str_skip(streams, 1);
    for (size_t i = 0; streams.len && json_next_element(&rest, &stream); i++) {
        scoped(arena_end) struct arena *a = arena_new(1 << 16);
        struct firing firing = run_stream(a, engine, m, file, stream);
        out->events++;
        if (should ? firing.now : !firing.any)
            continue;
        out->failures++;
        printf(STR_FMT ": %s stream %zu %s\n", STR_ARG(file), should ? "match" : "no_match", i,
               should ? "does not fire at its end" : "fires");
    }
}

static void
test_correlation(struct arena *a, const struct engine *engine, struct matcher *m, const struct correlation *c,
                 struct outcome *out)
{
    struct str text;
    struct str path = test_file_of(a, c->about.file);
    if (c->about.feeds_only)
        return;
    if (access(path.at, R_OK) != 0 || !read_file(a, path.at, &text)) {
        out->untested++;
        return;
    }
    out->tested++;
    test_streams(engine, m, c->about.file, json_slice_member(text, "match"), true, out);
    test_streams(engine, m, c->about.file, json_slice_member(text, "no_match"), false, out);
}

int
rules_test(const struct rules_options *o)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    const struct ruleset *set = rules_load(a, o);
    struct outcome out = { 0 };
    if (!set)
        return EXIT_USAGE;
    rules_print_refusals(set, SIZE_MAX);
    struct engine *engine = engine_compile(set);
    struct matcher *m = matcher_new(engine);
    for (uint32_t i = 0; i < set->rule_count; i++)
        if (!set->rules[i].feeds_only && ruleset_by_id(set, set->rules[i].id) == &set->rules[i])
            test_rule(a, m, set, &set->rules[i], &out);
    for (size_t i = 0; i < set->correlation_count; i++)
        test_correlation(a, engine, m, &set->correlations[i], &out);
    matcher_free(m);
    engine_free(engine);
    printf("rules: %zu\ncorrelations: %zu\ntested: %zu\nwithout tests: %zu\nevents: %zu\nfailures: %zu\n"
           "refused: %zu\n", set->rule_count, set->correlation_count, out.tested, out.untested, out.events,
           out.failures, set->refusal_count);
    return out.failures || set->refusal_count ? EXIT_REFUSED : EXIT_FINE;
}
