/* rules_eval: a stream of events through the engine, on any number of threads, with results in the stream's order.
 *
 * A worker takes the next piece of the stream (whole lines), evaluates it and leaves what came of it as a batch in a
 * window, from where batches are written in the order of their pieces by whoever brings the next one. So nobody
 * waits for a slow neighbour until the window is full. Line numbers are counted while pieces are taken.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "core/base/text.h"
#include "xdr/correlation.h"
#include "xdr/front.h"
#include "xdr/json_slice.h"
#include "xdr/rules_options.h"

enum {
    RULES_BLOCK = 4 << 20,
    PIECE_BYTES = 512 << 10,
    LINE_BYTES_MAX = 64 << 20,
    OUTPUT_BYTES_MAX = 1 << 30,
    PROBLEMS_SHOWN = 20,
    REFUSALS_SHOWN = 50,
    THREADS_MOST = 256,
    WINDOW = 64,
    HEAD_BYTES = 8192,
};

/* ---- the stream ---- */

struct buffer {
    struct arena *arena;
    char *at;
    size_t len, room;
};

struct piece {
    struct str text;
    uint64_t first_line, number;
};

struct stream {
    pthread_mutex_t lock;
    pthread_cond_t turn;
    int fd;
    bool at_end, failed;
    bool is_live; /* somebody waits at the other end: tell matches at once */
    struct buffer left; /* the beginning of a line whose rest was not read yet */
    uint64_t lines, pieces, written;
};

static void
buffer_widen(struct buffer *b, size_t room)
{
    if (room <= b->room)
        return;
    struct arena *wider = arena_new(room + 64);
    char *at = arena_alloc(wider, room);
    if (b->len)
        memcpy(at, b->at, b->len);
    arena_free(b->arena);
    *b = (struct buffer){ wider, at, b->len, room };
}

static void
buffer_set(struct buffer *b, struct str text)
{
    b->len = 0;
    buffer_widen(b, text.len + 1);
    memcpy(b->at, text.at, text.len);
    b->len = text.len;
}

static uint64_t
count_lines(struct str text)
{
    uint64_t count = 0;
    for (const char *at = text.at, *end = at + text.len; (at = memchr(at, '\n', (size_t)(end - at))); at++)
        count++;
    return count;
}

/* Reads on until a line is whole. A line longer than the most is given as it is, and will be refused. */
static void
fill(struct stream *s, struct buffer *b)
{
    bool whole = false;
    while (!whole && !s->at_end && b->len < LINE_BYTES_MAX) {
        buffer_widen(b, b->len + PIECE_BYTES);
        ssize_t got = read(s->fd, b->at + b->len, PIECE_BYTES);
        if (got < 0 && errno == EINTR)
            continue;
        s->failed = s->failed || got < 0;
        s->at_end = got <= 0;
        whole = got > 0 && memchr(b->at + b->len, '\n', (size_t)got);
        b->len += got > 0 ? (size_t)got : 0;
    }
}

/* The lock is held. False at the end of the stream. */
static bool
take_piece(struct stream *s, struct buffer *b, struct piece *out)
{
    buffer_widen(b, s->left.len + PIECE_BYTES);
    memcpy(b->at, s->left.at ? s->left.at : "", s->left.len);
    b->len = s->left.len;
    s->left.len = 0;
    fill(s, b);
    size_t len = b->len;
    while (!s->at_end && len > 0 && b->at[len - 1] != '\n')
        len--;
    len = len ? len : b->len;
    buffer_set(&s->left, (struct str){ b->at + len, b->len - len });
    *out = (struct piece){ { b->at, len }, s->lines, s->pieces };
    s->lines += count_lines(out->text);
    s->pieces += len > 0;
    return len > 0;
}

/* ---- workers ---- */

struct tally {
    uint64_t events, bytes, matches, broken;
};

/* What came of one piece. */
struct batch {
    struct arena *arena;
    struct observations *observations;
    struct text output, problems;
    struct batch *next; /* among those that are free */
};

struct run {
    const struct rules_options *options;
    const struct engine *engine;
    struct stream stream;
    struct tally tally;
    struct correlator *correlator;
    struct text fired; /* matches of correlations, made when a piece's turn has come */
    uint64_t problems_shown;
    struct batch *window[WINDOW]; /* by the number of their piece */
    struct batch *unused;
};

struct worker {
    struct run *run;
    struct matcher *matcher;
    struct batch *batch;
    struct tally tally;
    pthread_t thread;
};

static void
put_match(struct text *out, uint64_t line, struct str rule)
{
    text_add_c(out, "{\"event\":");
    text_add_int(out, (int64_t)line);
    text_add_c(out, ",\"rule\":");
    json_quote(out, rule);
    text_add_c(out, "}\n");
}

static void
evaluate(struct worker *w, struct str event, uint64_t line)
{
    const struct ruleset *set = engine_rules(w->run->engine);
    w->tally.events++;
    w->tally.bytes += event.len;
    struct matches found = w->run->options->plainly ? matcher_run_plainly(w->matcher, event)
                                                    : matcher_run(w->matcher, event);
    if (found.problem) {
        w->tally.broken++;
        text_addf(&w->batch->problems, "event %llu: %s\n", (unsigned long long)line, found.problem);
    }
    for (size_t i = 0; i < found.count; i++) {
        const struct rule *r = &set->rules[found.rules[i]];
        if (set->correlation_count)
            observations_add(w->batch->observations, w->matcher, found.rules[i], line);
        if (r->feeds_only)
            continue;
        w->tally.matches++;
        put_match(&w->batch->output, line, r->id);
    }
}

static void
evaluate_piece(struct worker *w, const struct piece *piece)
{
    struct str rest = piece->text;
    uint64_t line = piece->first_line;
    while (rest.len) {
        const char *end = memchr(rest.at, '\n', rest.len);
        struct str event = end ? str_head(rest, (size_t)(end - rest.at)) : rest;
        rest = str_skip(rest, event.len + 1);
        struct str content = str_trim(event);
        if (content.len)
            evaluate(w, content, line);
        line++;
    }
}

static void
put_correlation(void *to, const struct correlation *c, uint64_t line)
{
    struct run *run = to;
    run->tally.matches++;
    put_match(&run->fired, line, c->about.id);
}

/* The lock is held, or nobody else is there. */
static struct batch *
take_batch(struct run *run)
{
    struct batch *b = run->unused;
    if (b) {
        run->unused = b->next;
        return b;
    }
    struct arena *a = arena_new(1 << 20);
    b = arena_new_of(a, struct batch);
    *b = (struct batch){ .arena = a, .observations = observations_new(a, run->engine),
                         .output = text_new(a, OUTPUT_BYTES_MAX), .problems = text_new(a, OUTPUT_BYTES_MAX) };
    return b;
}

static void
write_batch(struct run *run, struct batch *b)
{
    struct str lines = text_str(&b->output), problems = text_str(&b->problems);
    fwrite(lines.at, 1, lines.len, stdout);
    if (run->correlator) {
        correlator_take(run->correlator, b->observations, put_correlation, run);
        struct str fired = text_str(&run->fired);
        fwrite(fired.at, 1, fired.len, stdout);
        run->fired.len = 0;
    }
    if (run->stream.is_live)
        fflush(stdout);
    for (struct str problem; problems.len && run->problems_shown < PROBLEMS_SHOWN; run->problems_shown++) {
        str_cut(&problems, '\n', &problem);
        fprintf(stderr, STR_FMT "\n", STR_ARG(problem));
    }
    b->output.len = b->problems.len = 0;
    b->next = run->unused;
    run->unused = b;
}

/* The lock is held. Leaves the batch in its place and writes all whose turn has come. */
static void
deliver(struct run *run, struct batch *batch, uint64_t number)
{
    struct stream *s = &run->stream;
    while (number - s->written >= WINDOW)
        pthread_cond_wait(&s->turn, &s->lock);
    run->window[number % WINDOW] = batch;
    for (struct batch *b; (b = run->window[s->written % WINDOW]); s->written++) {
        run->window[s->written % WINDOW] = NULL;
        write_batch(run, b);
    }
    pthread_cond_broadcast(&s->turn);
}

static void *
work(void *argument)
{
    struct worker *w = argument;
    struct stream *s = &w->run->stream;
    struct buffer buffer = { 0 };
    struct piece piece;
    pthread_mutex_lock(&s->lock);
    while (take_piece(s, &buffer, &piece)) {
        w->batch = take_batch(w->run);
        pthread_mutex_unlock(&s->lock);
        evaluate_piece(w, &piece);
        pthread_mutex_lock(&s->lock);
        deliver(w->run, w->batch, piece.number);
    }
    pthread_mutex_unlock(&s->lock);
    arena_free(buffer.arena);
    return NULL;
}

static void
worker_init(struct worker *w, struct run *run)
{
    *w = (struct worker){ .run = run, .matcher = matcher_new(run->engine) };
}

static void
worker_end(struct worker *w)
{
    struct tally *all = &w->run->tally;
    all->events += w->tally.events;
    all->bytes += w->tally.bytes;
    all->matches += w->tally.matches;
    all->broken += w->tally.broken;
    matcher_free(w->matcher);
}

static void
run_lines(struct run *run)
{
    struct worker workers[THREADS_MOST];
    size_t count = (size_t)run->options->threads;
    for (size_t i = 0; i < count; i++)
        worker_init(&workers[i], run);
    for (size_t i = 1; i < count; i++)
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            abort();
    work(&workers[0]);
    for (size_t i = 1; i < count; i++)
        pthread_join(workers[i].thread, NULL);
    for (size_t i = 0; i < count; i++)
        worker_end(&workers[i]);
    arena_free(run->stream.left.arena);
}

/* Documents that are no lines: the number of an event is its place among them. */
static bool
run_documents(struct run *run, const char *path)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    struct str text, event;
    struct worker w;
    if (!read_file(a, path, &text))
        return false;
    worker_init(&w, run);
    w.batch = take_batch(run);
    for (uint64_t i = 0; json_next_object(&text, &event); i++)
        evaluate(&w, event, i);
    write_batch(run, w.batch);
    worker_end(&w);
    return true;
}

static void
evaluate_made(void *to, struct str json, uint64_t line)
{
    evaluate(to, json, line);
}

/* Lines that are no JSON: what they tell together must be read in their order, so one worker takes all. */
static void
run_text(struct run *run)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct stream *s = &run->stream;
    struct buffer buffer = { 0 };
    struct piece piece;
    struct worker w;
    worker_init(&w, run);
    struct front *front = front_new(a, evaluate_made, &w);
    w.batch = take_batch(run);
    while (take_piece(s, &buffer, &piece)) {
        struct str rest = piece.text, line;
        for (uint64_t number = piece.first_line; rest.len && str_cut(&rest, '\n', &line); number++)
            if (str_trim(line).len)
                front_take(front, str_trim(line), number);
        write_batch(run, w.batch);
        w.batch = take_batch(run);
    }
    front_end(front);
    write_batch(run, w.batch);
    worker_end(&w);
    arena_free(buffer.arena);
    arena_free(s->left.arena);
}

/* ---- the command ---- */

static bool
is_format(const struct run *run, const char *format)
{
    return strcmp(run->options->format, format) == 0;
}

/* What the file begins with; nothing of a stream that cannot be read twice. */
static struct str
head_of(const char *path, char head[HEAD_BYTES])
{
    FILE *f = strcmp(path, "-") == 0 ? NULL : fopen(path, "re");
    if (!f)
        return STR("");
    size_t got = fread(head, 1, HEAD_BYTES, f);
    fclose(f);
    return (struct str){ head, got };
}

static bool
begins_with_text(const char *path)
{
    char head[HEAD_BYTES];
    struct str rest = head_of(path, head), line;
    while (str_cut(&rest, '\n', &line))
        if (str_trim(line).len)
            return line.at[0] != '{' && front_is_needed(str_trim(line));
    return false;
}

/* Lines, unless the file plainly begins with an array or an object that goes on behind its first line. */
static bool
begins_with_document(const char *path)
{
    char head[HEAD_BYTES];
    struct str first = head_of(path, head);
    const char *end = memchr(head, '\n', first.len);
    if (end)
        first = str_trim(str_head(first, (size_t)(end - head)));
    bool opens = first.len && (first.at[0] == '[' || first.at[0] == '{');
    return opens && (first.at[0] == '[' || (end && first.at[first.len - 1] != '}'));
}

static double
seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct used { /* so far */
    double seconds, processor_seconds;
};

static struct used
used_so_far(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (struct used){ seconds_now(), (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec)
                                             + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6 };
}

static void
print_statistics(const struct run *run, const struct ruleset *set, struct used loading, double running)
{
    const struct tally *t = &run->tally;
    struct rusage usage;
    double rate = running > 0 ? (double)t->events / running : 0;
    getrusage(RUSAGE_SELF, &usage);
    fprintf(stderr, "rules loaded: %zu\nrules refused: %zu\ncorrelations: %zu\nload seconds: %.3f\n"
            "load processor seconds: %.3f\nresident MB: %.1f\n", set->rule_count, set->refusal_count,
            set->correlation_count, loading.seconds, loading.processor_seconds, (double)usage.ru_maxrss / 1000);
    fprintf(stderr, "events: %llu\nevents not readable: %llu\nbytes: %llu\nseconds: %.3f\nevents/s: %.0f\nMB/s: %.1f\n"
            "matches: %llu\n", (unsigned long long)t->events, (unsigned long long)t->broken,
            (unsigned long long)t->bytes, running, rate, running > 0 ? (double)t->bytes / running / 1e6 : 0,
            (unsigned long long)t->matches);
}

static bool
run_stream(struct run *run)
{
    const char *path = run->options->events;
    bool as_document = is_format(run, "json") || (is_format(run, "auto") && begins_with_document(path));
    bool as_text = is_format(run, "text") || (is_format(run, "auto") && begins_with_text(path));
    if (as_document)
        return run_documents(run, path);
    run->stream.fd = strcmp(path, "-") == 0 ? 0 : open(path, O_RDONLY | O_CLOEXEC);
    if (run->stream.fd < 0)
        return fprintf(stderr, "%s: %s\n", path, strerror(errno)), false;
    run->stream.is_live = run->stream.fd == 0;
    if (as_text)
        run_text(run);
    else
        run_lines(run);
    if (run->stream.fd > 0)
        close(run->stream.fd);
    if (run->stream.failed)
        fprintf(stderr, "%s: reading failed\n", path);
    return !run->stream.failed;
}

int
rules_eval(const struct rules_options *o)
{
    scoped(arena_end) struct arena *a = arena_new(RULES_BLOCK);
    if (!o->events)
        return fprintf(stderr, "--events FILE or - is needed\n"), EXIT_USAGE;
    struct used started = used_so_far();
    const struct ruleset *set = rules_load(a, o);
    if (!set)
        return EXIT_USAGE;
    if (!o->quiet || set->rule_count == 0)
        rules_print_refusals(set, REFUSALS_SHOWN);
    if (set->rule_count == 0)
        return fprintf(stderr, "there is no rule to ask\n"), EXIT_REFUSED;
    struct engine *engine = engine_compile(set);
    struct run run = { .options = o, .engine = engine, .fired = text_new(a, OUTPUT_BYTES_MAX),
                       .stream = { .lock = PTHREAD_MUTEX_INITIALIZER, .turn = PTHREAD_COND_INITIALIZER } };
    run.correlator = set->correlation_count ? correlator_new(a, engine) : NULL;
    struct used loaded = used_so_far();
    bool ok = run_stream(&run);
    fflush(stdout);
    while (run.unused)
        arena_free(take_batch(&run)->arena);
    if (ok)
        print_statistics(&run, set, (struct used){ loaded.seconds - started.seconds, loaded.processor_seconds },
                         seconds_now() - loaded.seconds);
    engine_free(engine);
    return ok ? EXIT_FINE : EXIT_REFUSED;
}
