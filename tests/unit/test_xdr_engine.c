/* The engine against its oracle on recorded and random input, and against input that wants to break it. */
#include "claims.h"

#include <dirent.h>
#include <unistd.h>

#include "core/base/text.h"
#include "xdr/engine.h"
#include "xdr/json_slice.h"

enum { FILE_BYTES_MAX = 64 << 20, RANDOM_RULES = 400, RANDOM_EVENTS = 60, RECORDED_EVENTS = 700 };

/* ---- memory that is counted ---- */

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
static size_t allocations;
void *__libc_malloc(size_t bytes);
void *malloc(size_t bytes);

void *
malloc(size_t bytes)
{
    allocations++;
    return __libc_malloc(bytes);
}
#define COUNTS_MEMORY 1
#else
static size_t allocations;
#define COUNTS_MEMORY 0
#endif

/* ---- where the data is ---- */

static const char *
data_folder(struct arena *a, const char *below)
{
    const char *given = getenv("YAGURA_DATA");
    const char *tried[] = { given, YAGURA_SOURCE_DIR "/../shared/data" };
    for (size_t i = 0; i < COUNT_OF(tried); i++) {
        struct str path = str_printf(a, "%s/%s", tried[i] ? tried[i] : "/nonexistent", below);
        if (access(path.at, R_OK) == 0)
            return path.at;
    }
    print_message("no %s beside the checkout nor in YAGURA_DATA: skipped\n", below);
    return NULL;
}

/* skip() leaves the test at once: ask before anything is taken that would have to be given back. */
static bool
data_is_there(const char *below)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 12);
    return data_folder(a, below) && data_folder(a, "sigmahq");
}

static struct str
file_text(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "re");
    assert_non_null(f);
    struct text t = text_new(a, FILE_BYTES_MAX);
    char buffer[1 << 14];
    for (size_t got; (got = fread(buffer, 1, sizeof buffer, f)) > 0;)
        text_add(&t, (struct str){ buffer, got });
    fclose(f);
    return text_str(&t);
}

/* ---- both evaluations ---- */

static struct ruleset *
rules_of(struct arena *a, const char *yaml)
{
    struct ruleset *set = ruleset_new(a, NULL);
    ruleset_add_sigma(set, STR("test.yml"), str_of(yaml));
    ruleset_finish(set);
    return set;
}

static size_t
differences(struct arena *a, struct matcher *m, struct str event)
{
    struct matches fast = matcher_run(m, event);
    uint32_t *kept = arena_array_of(a, fast.count + 1, uint32_t);
    size_t count = fast.count;
    if (count)
        memcpy(kept, fast.rules, count * sizeof *kept);
    struct matches plain = matcher_run_plainly(m, event);
    bool same = plain.count == count && (count == 0 || memcmp(kept, plain.rules, count * sizeof *kept) == 0);
    if (!same)
        print_error("%zu by the engine, %zu by the oracle: " STR_FMT "\n", count, plain.count,
                    STR_ARG(str_head(event, 300)));
    return !same;
}

/* ---- random rules and random events over a small world, where much nearly matches ---- */

struct random {
    uint64_t state;
};

static uint32_t
next(struct random *r, uint32_t below)
{
    r->state = r->state * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)(r->state >> 33) % below;
}

static const char *const words[] = { "cmd", "CMD", ".exe", "\\\\", " -", "/", "power", "shell", "Ü", "ü", "✊",
                                     "a", "aa", "evil", "-enc", "–enc", "1", "10.0.0.1", "", " ", "%", "c:", "Ж", "ж",
                                     "ENC" };
static const char *const fields[] = { "Image", "CommandLine", "EventID", "a.b", "User", "List" };

static void
add_words(struct random *r, struct text *t, uint32_t most, bool wild)
{
    for (uint32_t i = 0, count = 1 + next(r, most); i < count; i++) {
        if (wild && next(r, 6) == 0)
            text_add_c(t, next(r, 2) ? "*" : "?");
        text_add_c(t, words[next(r, COUNT_OF(words))]);
    }
}

static void
add_item(struct random *r, struct text *t)
{
    static const char *const modifiers[] = { "", "|contains", "|startswith", "|endswith", "|contains|all", "|cased",
                                             "|contains|windash", "|endswith|cased", "|neq", "|exists", "|re", "|re|i",
                                             "|cidr", "|gte", "|fieldref", "|base64offset|contains", "|contains|neq" };
    const char *modifier = modifiers[next(r, COUNT_OF(modifiers))];
    bool wild = !strstr(modifier, "base64");
    text_addf(t, "%s%s: ", fields[next(r, COUNT_OF(fields))], modifier);
    if (strstr(modifier, "exists"))
        text_add_c(t, next(r, 2) ? "true\n" : "false\n");
    else if (strstr(modifier, "fieldref"))
        text_addf(t, "%s\n", fields[next(r, COUNT_OF(fields))]);
    else if (strstr(modifier, "|re"))
        text_addf(t, "'%s.{%u,}(%s|x)?%s'\n", next(r, 2) ? "e" : "CM", next(r, 3), next(r, 2) ? "vil" : "n",
                  next(r, 3) ? "" : "D");
    else if (strstr(modifier, "cidr"))
        text_addf(t, "10.0.0.0/%u\n", next(r, 33));
    else if (strstr(modifier, "gte"))
        text_addf(t, "%u\n", next(r, 4));
    else if (next(r, 8) == 0 && strcmp(modifier, "") == 0)
        text_add_c(t, "null\n");
    else {
        uint32_t count = 1 + next(r, 9);
        text_add_c(t, "\n");
        for (uint32_t i = 0; i < count; i++) {
            text_addf(t, "              - '%s", wild ? "" : "abc");
            add_words(r, t, 3, wild);
            text_add_c(t, "'\n");
        }
    }
}

static void
add_rule(struct random *r, struct text *t, uint32_t number)
{
    static const char *const conditions[] = { "s0", "s0 and not s1", "1 of s*", "all of s*", "s0 or (s1 and not s2)",
                                              "not s0", "not 1 of s*", "s2 and (s0 or s1)", "k or s0", "k and not s1" };
    text_addf(t, "---\ntitle: random\nid: r%u\nlogsource:\n    product: %s\ndetection:\n    k:\n        - '", number,
              next(r, 2) ? "windows" : "linux");
    add_words(r, t, 2, true);
    text_add_c(t, "x'\n");
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t items = 1 + next(r, 2);
        text_addf(t, "    s%u:\n", i);
        for (uint32_t j = 0; j < items; j++) {
            text_addf(t, "        - ");
            add_item(r, t);
        }
    }
    text_addf(t, "    condition: %s\n", conditions[next(r, COUNT_OF(conditions))]);
}

static void
add_event(struct random *r, struct text *t)
{
    static const char *const products[] = { "\"product\":\"windows\",", "\"product\":\"linux\",", "" };
    text_addf(t, "{%s", products[next(r, COUNT_OF(products))]);
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        bool is_list = strcmp(fields[i], "List") == 0;
        if (next(r, 4) == 0)
            continue;
        text_addf(t, "\"%s\":", fields[i]);
        if (next(r, 9) == 0) {
            text_add_c(t, next(r, 2) ? "null," : "7,");
            continue;
        }
        text_add_c(t, is_list ? "[\"" : "\"");
        add_words(r, t, 5, false);
        text_add_c(t, is_list ? "\",{\"x\":\"evil\"},3]," : "\",");
    }
    text_add_c(t, "\"end\":true}");
}

static void
random_rules_on_random_events_agree_with_the_oracle(void **state)
{
    (void)state;
    size_t different = 0, matched = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        scoped(arena_end) struct arena *a = arena_new(1 << 20);
        struct random r = { seed };
        struct text yaml = text_new(a, FILE_BYTES_MAX);
        for (uint32_t i = 0; i < RANDOM_RULES; i++)
            add_rule(&r, &yaml, i);
        struct ruleset *set = rules_of(a, text_str(&yaml).at);
        if (set->rule_count < RANDOM_RULES * 9 / 10)
            print_error("refused: " STR_FMT "\n", STR_ARG(set->refusals[0].reason));
        assert_true(set->rule_count >= RANDOM_RULES * 9 / 10);
        struct engine *e = engine_compile(set);
        struct matcher *m = matcher_new(e);
        for (uint32_t i = 0; i < RANDOM_EVENTS; i++) {
            struct text event = text_new(a, 1 << 16);
            add_event(&r, &event);
            different += differences(a, m, text_str(&event));
            matched += matcher_run(m, text_str(&event)).count;
        }
        matcher_free(m);
        engine_free(e);
    }
    assert_int_equal(different, 0);
    assert_true(matched > 1000);
}

/* ---- recorded data ---- */

static struct ruleset *
sigmahq(struct arena *a)
{
    const char *folder = data_folder(a, "sigmahq");
    struct ruleset *set = ruleset_new(a, NULL);
    ruleset_add_path(set, folder);
    ruleset_finish(set);
    return set;
}

static struct str
unzipped(struct arena *a, const char *path)
{
    struct text t = text_new(a, FILE_BYTES_MAX);
    FILE *f = popen(str_printf(a, "unzip -p '%s' '*.json' -x '__MACOSX/*' 2>/dev/null", path).at, "re");
    char buffer[1 << 14];
    for (size_t got; f && (got = fread(buffer, 1, sizeof buffer, f)) > 0;)
        text_add(&t, (struct str){ buffer, got });
    if (f)
        pclose(f);
    return text_str(&t);
}

static void
recorded_attacks_agree_with_the_oracle(void **state)
{
    (void)state;
    if (!data_is_there("otrf"))
        skip_because("YAGURA_DATA names no folder with recorded events and the rules of SigmaHQ");
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    const char *folder = data_folder(a, "otrf");
    struct ruleset *set = sigmahq(a);
    /* A sample of each recording; YAGURA_ALL_EVENTS=1 takes all of them, which needs minutes. */
    size_t step = getenv("YAGURA_ALL_EVENTS") ? 1 : 60000 / RECORDED_EVENTS, different = 0, seen = 0;
    struct engine *e = engine_compile(set);
    struct matcher *m = matcher_new(e);
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (struct dirent *entry; (entry = readdir(d));) {
        scoped(arena_end) struct arena *work = arena_new(1 << 20);
        if (!str_ends(str_of(entry->d_name), STR(".zip")))
            continue;
        struct str rest = unzipped(work, str_printf(work, "%s/%s", folder, entry->d_name).at), line;
        for (size_t i = 0; str_cut(&rest, '\n', &line); i++)
            if (line.len && i % step == 0) {
                different += differences(work, m, line);
                seen++;
            }
    }
    closedir(d);
    matcher_free(m);
    engine_free(e);
    print_message("%zu recorded events\n", seen);
    assert_true(seen > RECORDED_EVENTS / 2);
    assert_int_equal(different, 0);
}

static bool
names(struct str info, struct str id)
{
    return str_contains(info, id);
}

static void
check_regression_folder(struct arena *a, struct matcher *m, const struct ruleset *set, const char *folder,
                        size_t *files, size_t *missing)
{
    DIR *d = opendir(folder);
    for (struct dirent *entry; d && (entry = readdir(d));) {
        if (entry->d_name[0] == '.')
            continue;
        const char *path = str_printf(a, "%s/%s", folder, entry->d_name).at;
        if (entry->d_type == DT_DIR) {
            check_regression_folder(a, m, set, path, files, missing);
        } else if (str_ends(str_of(path), STR(".json"))) {
            struct str info = file_text(a, str_printf(a, "%s/info.yml", folder).at), rest = file_text(a, path), event;
            struct str id = str_head(str_of(entry->d_name), strlen(entry->d_name) - 5);
            bool found = false;
            while (json_next_object(&rest, &event)) {
                struct matches matches = matcher_run(m, event);
                for (size_t i = 0; i < matches.count; i++)
                    found = found || str_eq(set->rules[matches.rules[i]].id, id);
            }
            *files += 1;
            if (!found || !names(info, id)) {
                print_error("%s is not matched by its rule\n", path);
                *missing += 1;
            }
        }
    }
    if (d)
        closedir(d);
}

static void
every_regression_event_matches_the_rule_it_names(void **state)
{
    (void)state;
    if (!data_is_there("sigmahq-regression"))
        skip_because("YAGURA_DATA names no folder with recorded events and the rules of SigmaHQ");
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    const char *folder = data_folder(a, "sigmahq-regression");
    struct ruleset *set = sigmahq(a);
    struct engine *e = engine_compile(set);
    struct matcher *m = matcher_new(e);
    size_t files = 0, missing = 0;
    check_regression_folder(a, m, set, folder, &files, &missing);
    matcher_free(m);
    engine_free(e);
    assert_true(files > 100);
    assert_int_equal(missing, 0);
}

/* ---- the steady state ---- */

static const char ten_rules[] =
    "title: a\nid: a\nlogsource: {product: windows, category: process_creation}\n"
    "detection:\n  s: {Image|endswith: '\\cmd.exe', CommandLine|contains|all: [' /c ', 'evil']}\n  condition: s\n"
    "---\ntitle: b\nid: b\nlogsource: {product: windows}\ndetection:\n  k: ['mimikatz']\n  condition: k\n"
    "---\ntitle: c\nid: c\nlogsource: {product: windows, category: process_creation}\n"
    "detection:\n  s: {CommandLine|re: 'ev.{1,3}l$'}\n  f: {User: null}\n  condition: s and not f\n";

static void
events_are_evaluated_without_allocating(void **state)
{
    (void)state;
    if (!COUNTS_MEMORY)
        skip_because("a sanitizer counts allocations of its own");
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    struct engine *e = engine_compile(rules_of(a, ten_rules));
    struct matcher *m = matcher_new(e);
    struct str events[] = {
        STR("{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1,\"Image\":\"C:\\\\W\\\\cmd.exe\","
            "\"CommandLine\":\"cmd /c evil\",\"User\":\"x\"}"),
        STR("{\"Channel\":\"Security\",\"EventID\":4688,\"NewProcessName\":\"C:\\\\cmd.exe\",\"Data\":\"MimiKatz\"}"),
        STR("{\"product\":\"linux\",\"category\":\"process_creation\",\"Image\":\"/bin/sh\"}"),
        STR("{\"a\":[1,2,{\"b\":\"\\u0041\"}]}"),
    };
    size_t matched = 0;
    for (size_t i = 0; i < COUNT_OF(events); i++)
        matched += matcher_run(m, events[i]).count;
    size_t before = allocations;
    for (size_t i = 0; i < 10000; i++)
        matcher_run(m, events[i % COUNT_OF(events)]);
    assert_int_equal(allocations - before, 0);
    assert_true(matched >= 3);
    matcher_free(m);
    engine_free(e);
}

/* ---- bad input ---- */

static void
broken_events_are_told_and_the_next_one_is_read(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    struct engine *e = engine_compile(rules_of(a, ten_rules));
    struct matcher *m = matcher_new(e);
    static const char *const broken[] = {
        "", "{", "[1]", "{\"a\":", "{\"a\":\"b", "{\"a\":\"b\"", "{\"a\" 1}", "{\"a\":1}}", "{\"a\":1} {\"b\":2}", "]",
        "\"x\"", "nonsense", "{\"a\":\"\x01\"}", "{,}", "{\"a\":1,}x", "{\"a\":\"\xff\xfe\"}", "{\"a\":[1,2}",
    };
    struct str good = STR("{\"product\":\"windows\",\"x\":\"a MIMIKATZ b\"}");
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        struct matches found = matcher_run(m, str_of(broken[i]));
        bool tolerated = strcmp(broken[i], "{\"a\":[1,2}") == 0;
        if (!found.problem && !tolerated)
            print_error("accepted: %s\n", broken[i]);
        assert_true(found.problem || tolerated);
        assert_int_equal(matcher_run(m, good).count, 1);
    }
    matcher_free(m);
    engine_free(e);
}

static void
huge_and_deep_events_are_bounded(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    struct engine *e = engine_compile(rules_of(a, ten_rules));
    struct matcher *m = matcher_new(e);
    struct text deep = text_new(a, 8 << 20), wide = text_new(a, 8 << 20);
    text_add_c(&deep, "{\"product\":\"windows\",\"x\":");
    for (int i = 0; i < 100000; i++)
        text_add_c(&deep, "[");
    text_add_c(&deep, "\"mimikatz\"");
    for (int i = 0; i < 100000; i++)
        text_add_c(&deep, "]");
    text_add_c(&deep, "}");
    text_add_c(&wide, "{\"product\":\"windows\",\"category\":\"process_creation\",\"User\":\"u\",\"CommandLine\":\"");
    for (int i = 0; i < 100000; i++)
        text_add_c(&wide, "evvvvvv ev ");
    text_add_c(&wide, " ev1l\"}");
    assert_int_equal(matcher_run(m, text_str(&deep)).count, 1);
    assert_int_equal(matcher_run(m, text_str(&wide)).count, 1);
    matcher_free(m);
    engine_free(e);
}

static void
a_catastrophic_regex_does_not_stop_the_stream(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    struct engine *e = engine_compile(rules_of(a, "title: a\nid: a\nlogsource: {product: windows}\ndetection:\n"
                                                  "  s: {A|re: '^(a+)+$'}\n  condition: s\n"));
    struct matcher *m = matcher_new(e);
    struct text t = text_new(a, 1 << 20);
    text_add_c(&t, "{\"product\":\"windows\",\"A\":\"");
    for (int i = 0; i < 50000; i++)
        text_add_char(&t, 'a');
    text_add_c(&t, "!\"}");
    for (int i = 0; i < 20; i++)
        assert_int_equal(matcher_run(m, text_str(&t)).count, 0);
    assert_int_equal(matcher_run(m, STR("{\"product\":\"windows\",\"A\":\"aaa\"}")).count, 1);
    matcher_free(m);
    engine_free(e);
}

/* Each broken escape is longer as a text than as it was written. */
static void
broken_escapes_take_no_memory_of_others(void **state)
{
    (void)state;
    enum { BROKEN = 100 * 1000 };
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    struct engine *e = engine_compile(rules_of(a, "title: a\nid: a\nlogsource: {product: windows}\ndetection:\n"
                                                  "  s: {A|endswith: zEND, User|cased: Me}\n  condition: s\n"));
    struct matcher *m = matcher_new(e);
    for (size_t count = 1; count <= BROKEN; count *= 10) {
        struct text line = text_new(a, 1 << 20);
        text_add_c(&line, "{\"product\":\"windows\",\"User\":\"Me\",\"A\":\"");
        for (size_t i = 0; i < count; i++)
            text_add_c(&line, "\\u");
        text_add_c(&line, "zEND\"}");
        struct str event = text_str(&line), value;
        assert_int_equal(matcher_run(m, event).count, 1);
        assert_true(matcher_field(m, STR("A"), 0, &value));
        assert_int_equal(value.len, 3 * count + 4);
        for (size_t i = 0; i < count; i++)
            assert_memory_equal(value.at + 3 * i, "\xEF\xBF\xBD", 3);
        assert_memory_equal(value.at + 3 * count, "zEND", 4);
        assert_int_equal(matcher_run_plainly(m, event).count, 1);
    }
    matcher_free(m);
    engine_free(e);
}

static void
the_last_of_two_equal_keys_counts(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    struct engine *e = engine_compile(rules_of(a, "title: a\nid: a\nlogsource: {product: windows}\ndetection:\n"
                                                  "  s: {A: two}\n  condition: s\n"));
    struct matcher *m = matcher_new(e);
    assert_int_equal(matcher_run(m, STR("{\"product\":\"windows\",\"A\":\"one\",\"A\":\"two\"}")).count, 1);
    assert_int_equal(matcher_run(m, STR("{\"product\":\"windows\",\"A\":\"two\",\"A\":\"one\"}")).count, 0);
    matcher_free(m);
    engine_free(e);
}

static void
an_explanation_says_what_was_true(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    struct engine *e = engine_compile(rules_of(a, ten_rules));
    struct matcher *m = matcher_new(e);
    matcher_run(m, STR("{\"product\":\"windows\",\"category\":\"process_creation\",\"Image\":\"C:\\\\cmd.exe\"}"));
    const struct explanation *x = matcher_explain(m, a, 0);
    assert_false(x->holds);
    assert_int_equal(x->count, 2);
    assert_true(x->parts[0].holds);
    assert_true(str_is(x->parts[0].value, "C:\\cmd.exe"));
    assert_true(str_is(x->parts[0].what, "ends with \"\\cmd.exe\""));
    assert_false(x->parts[1].holds);
    matcher_free(m);
    engine_free(e);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_rules_on_random_events_agree_with_the_oracle),
        cmocka_unit_test(recorded_attacks_agree_with_the_oracle),
        cmocka_unit_test(every_regression_event_matches_the_rule_it_names),
        cmocka_unit_test(events_are_evaluated_without_allocating),
        cmocka_unit_test(broken_events_are_told_and_the_next_one_is_read),
        cmocka_unit_test(huge_and_deep_events_are_bounded),
        cmocka_unit_test(a_catastrophic_regex_does_not_stop_the_stream),
        cmocka_unit_test(broken_escapes_take_no_memory_of_others),
        cmocka_unit_test(the_last_of_two_equal_keys_counts),
        cmocka_unit_test(an_explanation_says_what_was_true),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
