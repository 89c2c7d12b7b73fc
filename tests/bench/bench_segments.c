/* bench_segments: what stored events cost, beside zstdcat and grep on the same bytes.
 *
 *     bench_segments EVENTS.ndjson FILE [level [frame KiB [segment KiB]]]    FILE: where the segments are left
 *
 * Rates are of one core's own time, the best of several passes, in bytes of the events' JSON. Of `zstdcat | grep -c`
 * it is the time of both processes together, on a file of the segments one behind the other, which is valid zstd.
 */
#include <sys/resource.h>
#include <time.h>

#include "core/base/arena.h"
#include "xdr/scan.h"
#include "xdr/token_filter.h"

enum { PASSES = 5, SEGMENTS_MAX = 4096, MISSES = 20 * 1000 * 1000, DAY_MS = 24 * 3600 * 1000 };

struct bench {
    struct arena *arena;
    struct str text;
    struct segment_options options;
    size_t segment_bytes, segment_count, events;
    struct str segments[SEGMENTS_MAX], filters[SEGMENTS_MAX];
    size_t stored, filter_bytes, tokens;
    struct segment_reader *reader;
    struct segment_writer *writer;
    size_t found;
};

static double
cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool
read_text(struct bench *b, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0)
        return false;
    long len = ftell(f);
    char *at = arena_alloc(b->arena, (size_t)len + 64);
    rewind(f);
    b->text = (struct str){ at, fread(at, 1, (size_t)len, f) };
    fclose(f);
    return b->text.len > 0;
}

static void
keep(struct bench *b)
{
    struct segment_facts facts;
    struct str bytes = segment_finish(b->writer, &facts);
    if (b->segment_count == SEGMENTS_MAX)
        abort();
    b->segments[b->segment_count] = str_copy(b->arena, bytes);
    b->filters[b->segment_count++] = str_copy(b->arena, facts.filter);
    b->stored += bytes.len;
    b->filter_bytes += facts.filter.len;
    b->tokens += facts.token_count;
    segment_begin(b->writer);
}

/* All events as segments; `for_keeps` the first time, else only for the time it takes. */
static double
write_all(struct bench *b, bool for_keeps)
{
    static const char *const kinds[] = { "process_creation", "image_load", "registry_event" };
    struct segment_facts facts;
    struct str rest = b->text, line;
    double begin = cpu_seconds();
    b->events = 0;
    segment_begin(b->writer);
    while (rest.len && str_cut(&rest, '\n', &line)) {
        struct segment_event e = { .line = line, .event_ms = DAY_MS + (int64_t)b->events * 7,
                                   .arrival_ms = 2 * DAY_MS, .host = STR("WORKSTATION5.theshire.local"),
                                   .kind = str_of(kinds[b->events % COUNT_OF(kinds)]) };
        if (segment_take(b->writer, &e))
            abort();
        b->events++;
        if (segment_taken_bytes(b->writer) < b->segment_bytes && rest.len)
            continue;
        if (for_keeps)
            keep(b);
        else
            segment_finish(b->writer, &facts), segment_begin(b->writer);
    }
    return cpu_seconds() - begin;
}

static double
read_all(struct bench *b)
{
    struct segment_event e;
    double begin = cpu_seconds();
    b->found = 0;
    for (size_t i = 0; i < b->segment_count; i++) {
        if (segment_open(b->reader, b->segments[i]))
            abort();
        while (segment_next(b->reader, &e))
            b->found += e.line.len;
    }
    return cpu_seconds() - begin;
}

static bool
count_hit(void *to, const struct scan_hit *hit)
{
    (void)hit;
    ++*(size_t *)to;
    return true;
}

/* With filters, segments and frames that cannot hold the needle are left out. */
static double
scan_all(struct bench *b, struct str text, enum needle_kind kind, bool filters)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 14);
    struct needle needle = { kind, text };
    struct needle_clause clause = { &needle, 1 };
    struct scan_plan plan = { .needles = needles_new(a, &clause, 1), .from_ms = SEGMENT_NO_TIME,
                              .until_ms = SEGMENT_NO_TIME, .hit = count_hit, .to = &b->found };
    struct scan *s = scan_new(a, &plan);
    double begin = cpu_seconds();
    b->found = 0;
    for (size_t i = 0; i < b->segment_count; i++) {
        if (filters && !needles_may_be_in(plan.needles, b->filters[i]))
            continue;
        if (segment_open(b->reader, b->segments[i]) || scan_segment(s, b->reader) != SCAN_DONE)
            abort();
    }
    return cpu_seconds() - begin;
}

static double
command_seconds(const char *command)
{
    struct rusage before, after;
    double best = 1e9;
    for (int pass = 0; pass < PASSES; pass++) {
        getrusage(RUSAGE_CHILDREN, &before);
        if (system(command) == -1)
            return best;
        getrusage(RUSAGE_CHILDREN, &after);
        double took = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec)
            + (double)(after.ru_stime.tv_sec - before.ru_stime.tv_sec)
            + (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec) / 1e6
            + (double)(after.ru_stime.tv_usec - before.ru_stime.tv_usec) / 1e6;
        best = took < best ? took : best;
    }
    return best;
}

static void
say_rate(const struct bench *b, const char *name, double seconds)
{
    printf("%s: %.0f MB/s (%zu found)\n", name, (double)b->text.len / 1e6 / seconds, b->found);
}

static void
measure_needle(struct bench *b, const char *file, const char *name, const char *text, enum needle_kind kind)
{
    char command[1024], label[200];
    double best = 1e9;
    for (int pass = 0; pass < PASSES; pass++) {
        double took = scan_all(b, str_of(text), kind, false);
        best = took < best ? took : best;
    }
    snprintf(label, sizeof label, "scan %s", name);
    say_rate(b, label, best);
    snprintf(command, sizeof command, "zstdcat '%s' | LC_ALL=C grep -c '%s' >/dev/null", file, text);
    snprintf(label, sizeof label, "grep %s", name);
    say_rate(b, label, command_seconds(command));
}

static void
measure_filters(struct bench *b)
{
    size_t held = 0, asked = 0;
    for (size_t i = 0; asked < MISSES; i = (i + 1) % b->segment_count)
        for (uint64_t n = 0; n < 100 * 1000; n++, asked++)
            held += token_filter_holds(b->filters[i], (asked + 1) * 0x9E3779B97F4A7C15ull);
    printf("filters: %.2f bits for each of %zu tokens, %.0f false of a million\n",
           (double)b->filter_bytes * 8 / (double)b->tokens, b->tokens, (double)held * 1e6 / (double)asked);
}

static bool
leave(const struct bench *b, const char *file)
{
    FILE *f = fopen(file, "wb");
    for (size_t i = 0; f && i < b->segment_count; i++)
        fwrite(b->segments[i].at, 1, b->segments[i].len, f);
    return f && fclose(f) == 0;
}

static int64_t
number_at(int argc, char **argv, int at, int64_t otherwise)
{
    int64_t number;
    return argc > at && str_int(str_of(argv[at]), &number) ? number : otherwise;
}

int
main(int argc, char **argv)
{
    static struct bench b;
    scoped(arena_end) struct arena *a = b.arena = arena_new(1 << 20);
    b.options = (struct segment_options){ (int)number_at(argc, argv, 3, 0), (size_t)number_at(argc, argv, 4, 0) << 10 };
    b.segment_bytes = (size_t)number_at(argc, argv, 5, 16 << 10) << 10;
    b.writer = segment_writer_new(a, &b.options);
    b.reader = segment_reader_new(a);
    if (argc < 3 || !read_text(&b, argv[1]))
        return 2;
    double writing = write_all(&b, true), reading = 1e9;
    if (!leave(&b, argv[2]))
        return 1;
    for (int pass = 1; pass < PASSES; pass++) {
        double took = write_all(&b, false);
        writing = took < writing ? took : writing;
    }
    for (int pass = 0; pass < PASSES; pass++) {
        double took = read_all(&b);
        reading = took < reading ? took : reading;
    }
    printf("events: %zu of %.0f bytes in %zu segments\n", b.events, (double)b.text.len / (double)b.events,
           b.segment_count);
    printf("stored: 1/%.1f of JSON, with filters 1/%.1f\n", (double)b.text.len / (double)b.stored,
           (double)b.text.len / (double)(b.stored + b.filter_bytes));
    say_rate(&b, "write", writing);
    say_rate(&b, "read", reading);
    char command[1024];
    snprintf(command, sizeof command, "zstdcat '%s' >/dev/null", argv[2]);
    say_rate(&b, "zstdcat", command_seconds(command));
    measure_needle(&b, argv[2], "rare", "WinPwnage_nowhere.exe", NEEDLE_CONTAINS);
    measure_needle(&b, argv[2], "some", "Invoke-Mimikatz", NEEDLE_CONTAINS);
    measure_needle(&b, argv[2], "common", "powershell.exe", NEEDLE_CONTAINS);
    double best = 1e9;
    for (int pass = 0; pass < PASSES; pass++) {
        double took = scan_all(&b, STR("203.0.113.77"), NEEDLE_WORD, true);
        best = took < best ? took : best;
    }
    printf("absent address: %.1f us for each segment\n", best * 1e6 / (double)b.segment_count);
    measure_filters(&b);
    return 0;
}
