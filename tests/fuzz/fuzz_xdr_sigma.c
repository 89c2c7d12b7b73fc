/* Sigma rules of strangers: never a crash or a hang; what loads is compiled and asked, and the oracle agrees. */
#include "tests/fuzz/fuzz.h"
#include "xdr/engine.h"

static void
ask(struct ruleset *set, struct str event)
{
    struct engine *engine = engine_compile(set);
    struct matcher *m = matcher_new(engine);
    size_t fast = matcher_run(m, event).count;
    if (matcher_run_plainly(m, event).count != fast)
        abort();
    matcher_free(m);
    engine_free(engine);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(1 << 16);
    struct ruleset *set = ruleset_new(a, NULL);
    bool taken = ruleset_add_sigma(set, STR("fuzz.yml"), str_copy(a, (struct str){ (const char *)data, size }));
    ruleset_finish(set);
    if (!taken && set->refusal_count == 0)
        abort();
    for (size_t i = 0; i < set->refusal_count; i++)
        if (set->refusals[i].reason.len == 0)
            abort();
    if (set->rule_count)
        ask(set, STR("{\"Channel\":\"Security\",\"EventID\":4688,\"NewProcessName\":\"C:\\\\a.exe\","
                     "\"A\":[\"evil\",1,null],"
                     "\"CommandLine\":\"a -x \xC3\x9C\",\"a\":{\"b\":\"c\"},\"Ip\":\"10.0.0.1\"}"));
    arena_free(a);
    return 0;
}
