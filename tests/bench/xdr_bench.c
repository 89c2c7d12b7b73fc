/* xdr_bench: how fast the detection engine is on this machine, beside the limit it chases.
 *
 *     xdr_bench RULES EVENTS.ndjson [oracle events]
 *
 * Each figure is one core's own time (not the wall's, so that neighbours on the machine do not count), the best of
 * several passes over the whole file. "parse only" is simdjson's complete parse; "parse + fields" is what the
 * engine does before it asks any rule.
 */
#include <sys/resource.h>
#include <time.h>

#include "core/base/text.h"
#include "xdr/engine_parts.h"
#include "xdr/json_index.h"
#include "xdr/rules_options.h"

enum { PASSES = 5, PADDING = 64, ORACLE_EVENTS = 2000 };

size_t bench_parse_line(void *parser, const char *text, size_t len);
void *bench_parser_new(void);

struct bench {
    struct str *events;
    size_t count, bytes;
    struct matcher *matcher;
    void *parser;
    struct json_index *index;
    size_t sum; /* of what was found, so that nothing is left out */
};

static double
cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
run_index(struct bench *b, struct str event)
{
    const uint32_t *at;
    size_t count;
    json_index_run(b->index, event.at, event.len, &at, &count);
    b->sum += count;
}

static void
run_parse(struct bench *b, struct str event)
{
    b->sum += bench_parse_line(b->parser, event.at, event.len);
}

static void
run_fields(struct bench *b, struct str event)
{
    if (matcher_read(b->matcher, event))
        return;
    for (size_t i = 0; i < b->matcher->lane->field_count; i++)
        b->sum += matcher_values(b->matcher, b->matcher->lane->fields[i].field)->count;
}

static void
run_full(struct bench *b, struct str event)
{
    b->sum += matcher_run(b->matcher, event).count;
}

static void
run_oracle(struct bench *b, struct str event)
{
    b->sum += matcher_run_plainly(b->matcher, event).count;
}

static double
measure(struct bench *b, const char *name, void (*run)(struct bench *, struct str), size_t count, size_t passes)
{
    double best = 1e9;
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += b->events[i].len;
    for (size_t pass = 0; pass < passes; pass++) {
        double begin = cpu_seconds();
        b->sum = 0;
        for (size_t i = 0; i < count; i++)
            run(b, b->events[i]);
        double took = cpu_seconds() - begin;
        best = took < best ? took : best;
    }
    printf("%-16s %10.0f events/s %9.1f MB/s   (%zu found)\n", name, (double)count / best, (double)bytes / best / 1e6,
           b->sum);
    return (double)count / best;
}

static void
split_lines(struct bench *b, struct arena *a, struct str text)
{
    struct str rest = text, line;
    size_t room = 1;
    for (size_t i = 0; i < text.len; i++)
        room += text.at[i] == '\n';
    b->events = arena_array_of(a, room, struct str);
    while (str_cut(&rest, '\n', &line))
        if (str_trim(line).len) {
            b->events[b->count++] = str_trim(line);
            b->bytes += line.len;
        }
}

static struct engine *
load(struct arena *a, char *path)
{
    static char verb[] = "bench";
    char *arguments[] = { verb, path };
    struct rules_options options;
    double begin = cpu_seconds();
    if (!rules_options_read(2, arguments, &options))
        return NULL;
    struct ruleset *set = rules_load(a, &options);
    double read = cpu_seconds();
    struct engine *e = set ? engine_compile(set) : NULL;
    if (!e)
        return NULL;
    struct engine_stats s = engine_stats(e);
    printf("rules: %zu   read %.3f s, compiled %.3f s   lanes %zu, witnesses %zu, unwitnessed %zu, fields %zu, "
           "regexes %zu, engine %.1f MB\n", s.rules, read - begin, cpu_seconds() - read, s.lanes, s.witnesses,
           s.unwitnessed, s.fields, s.regexes, (double)s.memory_bytes / 1e6);
    return e;
}

int
main(int argc, char **argv)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    struct str text;
    struct engine *e = argc >= 3 ? load(a, argv[1]) : NULL;
    if (!e || !read_file(a, argv[2], &text))
        return fprintf(stderr, "xdr_bench RULES EVENTS.ndjson [oracle events]\n"), 2;
    char *padded = arena_alloc(a, text.len + PADDING);
    memcpy(padded, text.at, text.len);
    struct bench b = { .matcher = matcher_new(e), .parser = bench_parser_new(), .index = json_index_new() };
    split_lines(&b, a, (struct str){ padded, text.len });
    printf("events: %zu of %.0f bytes\n", b.count, (double)b.bytes / (double)b.count);
    measure(&b, "tokens only", run_index, b.count, PASSES);
    double limit = measure(&b, "parse only", run_parse, b.count, PASSES);
    measure(&b, "parse + fields", run_fields, b.count, PASSES);
    double full = measure(&b, "full", run_full, b.count, PASSES);
    int64_t oracle = ORACLE_EVENTS;
    if (argc > 3 && !str_int(str_of(argv[3]), &oracle))
        return 2;
    if (oracle)
        measure(&b, "oracle", run_oracle, (size_t)oracle < b.count ? (size_t)oracle : b.count, 1);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("full is %.0f %% of parse only; resident at most %.0f MB, of which events %.0f MB\n", full / limit * 100,
           (double)usage.ru_maxrss / 1000, (double)text.len * 3 / 1e6);
    return 0;
}
