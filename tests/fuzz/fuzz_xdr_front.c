/* Lines of strangers made events: never a crash, and whatever was made of a line that is no JSON is an event. */
#include "tests/fuzz/fuzz.h"
#include "xdr/engine.h"
#include "xdr/front.h"

static struct matcher *matcher;
static struct str lines;

static void
start(void)
{
    struct arena *a = arena_new(1 << 16);
    struct ruleset *set = ruleset_new(a, NULL);
    if (!ruleset_add_sigma(set, STR("rule.yml"), STR("title: a\nlogsource: {product: linux}\ndetection:\n"
                                                     "  s: {CommandLine|contains: evil}\n  condition: s\n")))
        abort();
    ruleset_finish(set);
    matcher = matcher_new(engine_compile(set));
}

/* What passed through unchanged lies in the input; what was made must be readable. */
static void
take(void *to, struct str json, uint64_t line)
{
    (void)to;
    (void)line;
    bool is_made = json.at < lines.at || json.at >= lines.at + lines.len;
    if (matcher_run(matcher, json).problem && is_made)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!matcher)
        start();
    scoped(arena_end) struct arena *a = arena_new(1 << 12);
    struct front *f = front_new(a, take, NULL);
    lines = str_copy(a, (struct str){ (const char *)data, size });
    struct str rest = lines, line;
    for (uint64_t number = 0; rest.len && str_cut(&rest, '\n', &line); number++)
        front_take(f, line, number);
    front_end(f);
    return 0;
}
