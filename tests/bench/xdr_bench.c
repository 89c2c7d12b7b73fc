/* xdr_bench: how fast the detection engine is on this machine, beside the limit it chases.
 *
 *     xdr_bench RULES EVENTS.ndjson [oracle events]
 *     xdr_bench growth FEW MANY EVENTS.ndjson      two folders of rules: what the same events cost with each
 *     xdr_bench threads RULES EVENTS.ndjson        one thread, and two at the same time with half of the events each
 *
 * Each figure is one core's own time (not the wall's, so that neighbours on the machine do not count), the best of
 * several passes over the whole file. "parse only" is simdjson's complete parse; "parse + fields" is what the
 * engine does before it asks any rule. For the growth, passes with few and with many rules take turns. Of two threads
 * their own times count: what they cost each other, not what the neighbours of the machine cost both.
 */
#include <pthread.h>
#include <sys/resource.h>
#include <time.h>

#include "core/base/text.h"
#include "xdr/engine_parts.h"
#include "xdr/json_index.h"
#include "xdr/rules_options.h"

enum { PASSES = 5, GROWTH_PASSES = 12, PADDING = 64, ORACLE_EVENTS = 2000 };

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
pass_seconds(struct bench *b, void (*run)(struct bench *, struct str), size_t count)
{
    double begin = cpu_seconds();
    b->sum = 0;
    for (size_t i = 0; i < count; i++)
        run(b, b->events[i]);
    return cpu_seconds() - begin;
}

static double
measure(struct bench *b, const char *name, void (*run)(struct bench *, struct str), size_t count, size_t passes)
{
    double best = 1e9;
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += b->events[i].len;
    for (size_t pass = 0; pass < passes; pass++) {
        double took = pass_seconds(b, run, count);
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

static bool
read_events(struct bench *b, struct arena *a, const char *path)
{
    struct str text;
    if (!read_file(a, path, &text))
        return false;
    char *padded = arena_alloc(a, text.len + PADDING);
    memcpy(padded, text.at, text.len);
    split_lines(b, a, (struct str){ padded, text.len });
    printf("events: %zu of %.0f bytes\n", b->count, (double)b->bytes / (double)b->count);
    return true;
}

static void
measure_rates(struct bench *b, size_t oracle_events)
{
    measure(b, "tokens only", run_index, b->count, PASSES);
    double limit = measure(b, "parse only", run_parse, b->count, PASSES);
    measure(b, "parse + fields", run_fields, b->count, PASSES);
    double full = measure(b, "full", run_full, b->count, PASSES);
    if (oracle_events)
        measure(b, "oracle", run_oracle, oracle_events < b->count ? oracle_events : b->count, 1);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("full is %.0f %% of parse only; resident at most %.0f MB, of which events %.0f MB\n", full / limit * 100,
           (double)usage.ru_maxrss / 1000, (double)b->bytes * 3 / 1e6);
}

static void
measure_growth(struct bench *b, const struct engine *few, const struct engine *many)
{
    struct matcher *matchers[] = { matcher_new(few), matcher_new(many) };
    double best[] = { 1e9, 1e9 };
    for (size_t pass = 0; pass < GROWTH_PASSES * 2; pass++) {
        b->matcher = matchers[pass % 2];
        double took = pass_seconds(b, run_full, b->count);
        best[pass % 2] = took < best[pass % 2] ? took : best[pass % 2];
    }
    printf("growth: %.0f and %.0f events/s, %.2f times the cost\n", (double)b->count / best[0],
           (double)b->count / best[1], best[1] / best[0]);
}

struct half {
    struct bench bench;
    pthread_t thread;
    double best;
};

static void *
run_half(void *of)
{
    struct half *h = of;
    for (size_t pass = 0; pass < 2; pass++) {
        double took = pass_seconds(&h->bench, run_full, h->bench.count);
        h->best = took < h->best ? took : h->best;
    }
    return NULL;
}

static void
run_together(struct half halves[2])
{
    for (size_t i = 0; i < 2; i++)
        if (pthread_create(&halves[i].thread, NULL, run_half, &halves[i]) != 0)
            abort();
    for (size_t i = 0; i < 2; i++)
        pthread_join(halves[i].thread, NULL);
}

/* One and two take turns: the machine is faster at one time than at another. */
static void
measure_threads(struct bench *b, const struct engine *e)
{
    struct half halves[2];
    double alone = 1e9;
    b->matcher = matcher_new(e);
    for (size_t i = 0; i < COUNT_OF(halves); i++) {
        halves[i] = (struct half){ .bench = *b, .best = 1e9 };
        halves[i].bench.matcher = matcher_new(e);
        halves[i].bench.events = b->events + i * (b->count / 2);
        halves[i].bench.count = b->count / 2;
    }
    for (size_t turn = 0; turn < PASSES; turn++) {
        double took = pass_seconds(b, run_full, b->count);
        alone = took < alone ? took : alone;
        run_together(halves);
    }
    double together = halves[0].best + halves[1].best; /* halves differ: their sum is what one thread did alone */
    printf("threads: %.0f and %.0f events/s, %.2f times\n", (double)b->count / alone,
           2 * (double)b->count / together, 2 * alone / together);
}

static int
usage(void)
{
    fprintf(stderr, "xdr_bench RULES EVENTS [oracle events] | growth FEW MANY EVENTS | threads RULES EVENTS\n");
    return 2;
}

int
main(int argc, char **argv)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    struct bench b = { .parser = bench_parser_new(), .index = json_index_new() };
    int64_t oracle_events = ORACLE_EVENTS;
    bool is_growth = argc == 5 && str_is(str_of(argv[1]), "growth");
    bool is_threads = argc == 4 && str_is(str_of(argv[1]), "threads");
    int first = is_growth || is_threads ? 2 : 1;
    struct engine *e = argc > first + 1 ? load(a, argv[first]) : NULL;
    struct engine *many = e && is_growth ? load(a, argv[first + 1]) : NULL;
    if (!e || (is_growth && !many) || !read_events(&b, a, argv[is_growth ? first + 2 : first + 1])
        || (first == 1 && argc > 3 && !str_int(str_of(argv[3]), &oracle_events)))
        return usage();
    b.matcher = matcher_new(e);
    if (is_growth)
        measure_growth(&b, e, many);
    else if (is_threads)
        measure_threads(&b, e);
    else
        measure_rates(&b, (size_t)oracle_events);
    return 0;
}
