/* XML rules of strangers: never a crash, and each text is a rule or one refusal with a reason. */
#include "tests/fuzz/fuzz.h"
#include "xdr/engine.h"
#include "xdr/rulexml/rulexml.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(1 << 16);
    struct ruleset *set = ruleset_new(a, NULL);
    bool taken = ruleset_add_xml(set, STR("fuzz.xml"), str_copy(a, (struct str){ (const char *)data, size }));
    ruleset_finish(set);
    if (taken ? set->rule_count == 0 || set->refusal_count : set->refusal_count != 1)
        abort();
    if (taken) {
        struct engine *engine = engine_compile(set);
        struct matcher *m = matcher_new(engine);
        matcher_run(m, STR("{\"product\":\"windows\",\"category\":\"process_creation\",\"Image\":\"C:\\\\a.exe\","
                           "\"CommandLine\":\"a -x\",\"ParentImage\":\"C:\\\\b.exe\"}"));
        matcher_free(m);
        engine_free(engine);
    }
    arena_free(a);
    return 0;
}
