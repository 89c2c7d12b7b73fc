#include "xdr/rules_command.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "xdr/hash.h"
#include "xdr/json_slice.h"
#include "xdr/rule_cache.h"
#include "xdr/rule_files.h"
#include "xdr/rules_options.h"
#include "xdr/sigma/yaml.h"

enum { COMMAND_FILE_BYTES_MAX = 1 << 30, THREADS_MAX = 256, PLACEHOLDERS_MAX = 1000, REFUSALS_SHOWN = 1000 };

static const char usage[] =
    "yagura rules check DIR|FILE ... [--config FILE]\n"
    "yagura rules eval --rules DIR --events FILE|- [--threads N] [--format auto|ndjson|json|text] [--cache FILE]\n"
    "yagura rules explain --rules DIR --rule ID --event FILE\n"
    "yagura rules test DIR\n"
    "yagura rules import-list DIR\n";

struct option {
    const char *name;
    const char **text;
    long *number;
    bool *flag;
};

static bool
take_option(const struct option *o, const char *value)
{
    if (o->text)
        *o->text = value;
    if (o->number) {
        int64_t n;
        if (!str_int(str_of(value), &n) || n < 1 || n > THREADS_MAX) {
            fprintf(stderr, "%s: a number from 1 to %d is needed\n", o->name, THREADS_MAX);
            return false;
        }
        *o->number = (long)n;
    }
    return true;
}

static bool
take_path(struct rules_options *out, const char *path)
{
    if (out->rules_count == PATHS_MAX) {
        fprintf(stderr, "too many paths\n");
        return false;
    }
    out->rules[out->rules_count++] = path;
    return true;
}

bool
rules_options_read(int argc, char **argv, struct rules_options *out)
{
    *out = (struct rules_options){ .threads = 1, .format = "auto" };
    const char *path = NULL;
    const struct option options[] = {
        { .name = "--rules", .text = &path },          { .name = "--events", .text = &out->events },
        { .name = "--event", .text = &out->events },   { .name = "--rule", .text = &out->rule },
        { .name = "--config", .text = &out->config },  { .name = "--cache", .text = &out->cache },
        { .name = "--format", .text = &out->format },  { .name = "--threads", .number = &out->threads },
        { .name = "--plainly", .flag = &out->plainly }, { .name = "--quiet", .flag = &out->quiet },
        { .name = "--null-is-empty", .flag = &out->null_is_also_empty },
    };
    for (int i = 1; i < argc; i++) {
        const struct option *o = NULL;
        for (size_t j = 0; j < COUNT_OF(options) && !o; j++)
            o = strcmp(argv[i], options[j].name) == 0 ? &options[j] : NULL;
        if (o && o->flag) {
            *o->flag = true;
        } else if (o) {
            if (i + 1 == argc || !take_option(o, argv[++i]))
                return fprintf(stderr, "%s needs a value\n", o->name), false;
            if (path && !take_path(out, path))
                return false;
            path = NULL;
        } else if (argv[i][0] == '-' && argv[i][1]) {
            return fprintf(stderr, "there is no option %s\n%s", argv[i], usage), false;
        } else if (!take_path(out, argv[i])) {
            return false;
        }
    }
    return true;
}

static void
close_descriptor(int *fd)
{
    if (*fd > 0)
        close(*fd);
}

bool
read_file(struct arena *a, const char *path, struct str *out)
{
    scoped(close_descriptor) int fd = strcmp(path, "-") == 0 ? 0 : open(path, O_RDONLY | O_CLOEXEC);
    struct text text = text_new(a, COMMAND_FILE_BYTES_MAX);
    enum { STEP = 1 << 16 };
    ssize_t got = fd < 0 ? -1 : 1;
    while (got > 0) {
        char *to = text_reserve(&text, STEP);
        if (!to)
            return fprintf(stderr, "%s: too large\n", path), false;
        got = read(fd, to, STEP);
        if (got > 0)
            text_grow(&text, (size_t)got);
    }
    if (got < 0)
        return fprintf(stderr, "%s: %s\n", path, strerror(errno)), false;
    *out = text_str(&text);
    return true;
}

/* {"placeholders": {"name": ["value", ...]}}: JSON is read as the YAML it also is. */
static bool
read_config(struct arena *a, const char *path, struct ruleset_options *out)
{
    struct str text;
    if (!read_file(a, path, &text))
        return false;
    struct yaml_documents documents = yaml_read(a, text);
    const struct yaml *names = documents.count ? yaml_get(documents.items[0], "placeholders") : NULL;
    if (documents.broken || !names || names->kind != YAML_MAP || names->count > PLACEHOLDERS_MAX)
        return fprintf(stderr, "%s: {\"placeholders\": {\"name\": [\"value\"]}} was expected\n", path), false;
    struct placeholder *items = arena_array_of(a, names->count + 1, struct placeholder);
    for (size_t i = 0; i < names->count; i++) {
        const struct yaml *values = names->entries[i].value;
        items[i].name = names->entries[i].key;
        items[i].values.items = arena_array_of(a, values->count + 1, struct str);
        for (size_t j = 0; values->kind == YAML_LIST && j < values->count; j++)
            items[i].values.items[items[i].values.count++] = values->entries[j].value->text;
        if (values->kind == YAML_SCALAR)
            items[i].values.items[items[i].values.count++] = values->text;
    }
    out->placeholders = items;
    out->placeholder_count = names->count;
    return true;
}

static uint64_t
key_of_options(const struct ruleset_options *o)
{
    uint64_t key = o->null_is_also_empty;
    for (size_t i = 0; i < o->placeholder_count; i++) {
        const struct placeholder *p = &o->placeholders[i];
        key = hash_mix(key, hash_bytes(p->name.at, p->name.len));
        for (size_t j = 0; j < p->values.count; j++)
            key = hash_mix(key, hash_bytes(p->values.items[j].at, p->values.items[j].len));
    }
    return key;
}

struct ruleset *
rules_load(struct arena *a, const struct rules_options *o)
{
    struct ruleset_options options = { .null_is_also_empty = o->null_is_also_empty };
    if (o->rules_count == 0)
        return fprintf(stderr, "no rules are named\n%s", usage), NULL;
    if (o->config && !read_config(a, o->config, &options))
        return NULL;
    struct ruleset *set = ruleset_new(a, &options);
    struct rule_files files = { .arena = a };
    for (size_t i = 0; i < o->rules_count; i++)
        rule_files_find(&files, o->rules[i]);
    uint64_t key = rule_files_key(&files) ^ key_of_options(&options);
    if (o->cache && ruleset_read_cache(set, o->cache, key))
        return set;
    ruleset_add_files(set, &files);
    ruleset_finish(set);
    if (o->cache && !ruleset_write_cache(set, o->cache, key))
        fprintf(stderr, "%s: the rules could not be kept there: %s\n", o->cache, strerror(errno));
    return set;
}

void
rules_print_refusals(const struct ruleset *set, size_t most)
{
    for (size_t i = 0; i < set->refusal_count && i < most; i++) {
        const struct refusal *r = &set->refusals[i];
        fprintf(stderr, STR_FMT ":%d: " STR_FMT "%s" STR_FMT "\n", STR_ARG(r->file), r->line, STR_ARG(r->rule),
                r->rule.at ? ": " : "", STR_ARG(r->reason));
    }
}

int
rules_check(const struct rules_options *o)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    const struct ruleset *set = rules_load(a, o);
    if (!set)
        return EXIT_USAGE;
    rules_print_refusals(set, SIZE_MAX);
    printf("files: %zu\nrules: %zu\ncorrelations: %zu\nfilters: %zu\nrefused: %zu\n", set->file_count, set->rule_count,
           set->correlation_count, set->filter_count, set->refusal_count);
    return set->refusal_count ? EXIT_REFUSED : EXIT_FINE;
}

static void
print_rule(struct text *line, const struct rule *r)
{
    const struct {
        const char *name;
        struct str value;
    } members[] = { { "id", r->id },           { "title", r->title },       { "title_ja", r->title_ja },
                    { "status", r->status },   { "level", r->level },       { "product", r->logsource.product },
                    { "category", r->logsource.category }, { "service", r->logsource.service }, { "file", r->file } };
    text_add_char(line, '{');
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        if (!members[i].value.at)
            continue;
        text_addf(line, "%s\"%s\":", i ? "," : "", members[i].name);
        json_quote(line, members[i].value);
    }
    text_addf(line, ",\"score\":%d,\"line\":%d}\n", r->score, r->line);
}

int
rules_list(const struct rules_options *o)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    const struct ruleset *set = rules_load(a, o);
    if (!set)
        return EXIT_USAGE;
    rules_print_refusals(set, REFUSALS_SHOWN);
    struct text lines = text_new(a, COMMAND_FILE_BYTES_MAX);
    for (size_t i = 0; i < set->rule_count; i++)
        print_rule(&lines, &set->rules[i]);
    for (size_t i = 0; i < set->correlation_count; i++)
        print_rule(&lines, &set->correlations[i].about);
    struct str all = text_str(&lines);
    fwrite(all.at, 1, all.len, stdout);
    return set->refusal_count ? EXIT_REFUSED : EXIT_FINE;
}

int
rules_command(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(const struct rules_options *o);
    } verbs[] = { { "check", rules_check },     { "eval", rules_eval }, { "explain", rules_explain },
                  { "test", rules_test },       { "import-list", rules_list } };
    struct rules_options options;
    for (size_t i = 0; argc > 0 && i < COUNT_OF(verbs); i++)
        if (strcmp(argv[0], verbs[i].name) == 0)
            return rules_options_read(argc, argv, &options) ? verbs[i].run(&options) : EXIT_USAGE;
    fputs(usage, stderr);
    return EXIT_USAGE;
}
