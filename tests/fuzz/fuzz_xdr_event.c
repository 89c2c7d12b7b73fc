/* Events of strangers against a few rules of every kind: never a crash, and the oracle says the same. */
#include "tests/fuzz/fuzz.h"
#include "xdr/correlation.h"
#include "xdr/engine.h"

static const char rules[] =
    "title: a\nid: a\nlogsource: {product: windows, category: process_creation}\ndetection:\n"
    "  s: {Image|endswith: ['\\a.exe', '\\b.exe', '\\c.exe', '\\d.exe', '\\e.exe', '\\f.exe']}\n"
    "  t: {CommandLine|contains|windash: ' -enc', User|re: '^(a|b)+$'}\n  u: {P: null}\n  condition: s or t and not u\n"
    "---\ntitle: b\nid: b\nlogsource: {definition: any}\ndetection:\n  k: ['evil', 'x*y']\n"
    "  s: {a.b|exists: true, Ip|cidr: 'fe80::/10', N|gt: 5, T|hour: 3}\n  condition: k or s\n"
    "---\ntitle: c\nname: c\nid: c\nlogsource: {product: windows, service: security}\ndetection:\n"
    "  s: {EventID: 4625, A|fieldref: B}\n  condition: s\n"
    "---\ntitle: d\nid: d\ncorrelation: {type: value_count, rules: [c], group-by: [User], timespan: 1m,\n"
    "  condition: {field: Ip, gte: 2}}\n";

static struct arena *arena;
static struct engine *engine;
static struct matcher *matcher;

static void
note(void *to, const struct correlation *c, uint64_t event)
{
    (void)to;
    (void)c;
    (void)event;
}

static void
start(void)
{
    arena = arena_new(1 << 16);
    struct ruleset *set = ruleset_new(arena, NULL);
    if (!ruleset_add_sigma(set, STR("rules.yml"), str_of(rules)))
        abort();
    ruleset_finish(set);
    engine = engine_compile(set);
    matcher = matcher_new(engine);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!engine)
        start();
    struct arena *a = arena_new(1 << 12);
    struct observations *seen = observations_new(a, engine);
    struct correlator *correlator = correlator_new(a, engine);
    struct str rest = str_copy(a, (struct str){ (const char *)data, size }), line;
    while (str_cut(&rest, '\n', &line)) {
        struct matches found = matcher_run(matcher, line);
        size_t count = found.count;
        for (size_t i = 0; i < count; i++)
            observations_add(seen, matcher, found.rules[i], 0);
        correlator_take(correlator, seen, note, NULL);
        if (matcher_run_plainly(matcher, line).count != count)
            abort();
        if (count)
            matcher_explain(matcher, a, 0);
    }
    arena_free(a);
    return 0;
}
