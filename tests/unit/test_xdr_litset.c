/* Literal sets, fingerprints and keywords of the detection engine beside plain searches, on random texts; and lanes
 * that several threads want at once. */
#include "claims.h"

#include <ctype.h>
#include <pthread.h>

#include "core/base/text.h"
#include "xdr/bigram.h"
#include "xdr/engine.h"
#include "xdr/find.h"
#include "xdr/fingerprint.h"
#include "xdr/fold.h"
#include "xdr/keyword.h"
#include "xdr/litset.h"
#include "xdr/program.h"
#include "xdr/sketch.h"

enum { ROUNDS = 300, LITERALS_MAX = 700, TEXTS = 40, TEXT_MAX = 300 };

static uint32_t
random_below(uint64_t *state, uint32_t bound)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % bound;
}

static struct str
random_text(struct arena *a, uint64_t *seed, size_t most)
{
    static const char *const letters[] = { "a", "b", "-", ".", "e", "x", "\\", " ", "/", "é", "✊" };
    size_t len = 0, count = random_below(seed, (uint32_t)most + 1);
    size_t kinds = random_below(seed, 3) ? 9 : COUNT_OF(letters);
    char *text = arena_alloc(a, 3 * most + FOLD_SLACK);
    for (size_t i = 0; i < count; i++) {
        const char *letter = letters[random_below(seed, (uint32_t)kinds)];
        memcpy(text + len, letter, strlen(letter));
        len += strlen(letter);
    }
    return (struct str){ text, len };
}

static bool
is_there(const struct literal *l, struct str text)
{
    switch (l->kind) {
    case LITERAL_EQUALS:
        return str_eq(text, l->text);
    case LITERAL_STARTS:
        return str_starts(text, l->text);
    case LITERAL_ENDS:
        return str_ends(text, l->text);
    default:
        return find_part(text, l->text);
    }
}

static bool
is_ascii(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] >= 0x80)
            return false;
    return true;
}

static void
compare_with_plain_search(struct arena *a, uint64_t *seed, enum litset_use use)
{
    static struct literal literals[LITERALS_MAX];
    static uint32_t stamps[LITERALS_MAX], ids[LITERALS_MAX];
    size_t count = 1 + random_below(seed, random_below(seed, 4) ? 30 : LITERALS_MAX - 1);
    for (size_t i = 0; i < count; i++) {
        struct str text = random_text(a, seed, random_below(seed, 4) ? 12 : 40);
        enum literal_kind kind = text.len ? (enum literal_kind)(1 + random_below(seed, 4)) : LITERAL_EQUALS;
        literals[i] = (struct literal){ kind, text, (uint32_t)i, 0 };
    }
    runs_find(literals, count);
    const struct litset *set = litset_new(a, literals, count, use);
    struct hits hits = { stamps, 0, ids, 0 };
    memset(stamps, 0, sizeof stamps);
    for (size_t n = 0; n < TEXTS; n++) {
        struct str text = random_text(a, seed, n % 2 ? TEXT_MAX : 20);
        bool any = false;
        hits.now++;
        hits.count = 0;
        litset_scan(set, text, is_ascii(text), &hits);
        for (size_t i = 0; i < count; i++) {
            bool expected = is_there(&literals[i], text);
            if ((stamps[i] == hits.now) != expected)
                claim_failed("literal " STR_FMT " of kind %d in " STR_FMT ": %d expected", STR_ARG(literals[i].text),
                             (int)literals[i].kind, STR_ARG(text), expected);
            any = any || expected;
        }
        assert_int_equal(litset_any(set, text, is_ascii(text)), any);
    }
}

static void
a_set_finds_what_a_plain_search_finds(void **state)
{
    (void)state;
    uint64_t seed = 4711;
    for (size_t round = 0; round < ROUNDS; round++) {
        scoped(arena_end) struct arena *a = arena_new(1 << 16);
        compare_with_plain_search(a, &seed, round % 2 ? ASKED_ALWAYS : ASKED_SELDOM);
    }
}

static void
no_place_of_a_run_goes_unmarked(void **state)
{
    (void)state;
    uint64_t seed = 99;
    for (size_t round = 0; round < ROUNDS; round++) {
        scoped(arena_end) struct arena *a = arena_new(1 << 16);
        struct run runs[64];
        size_t count = 0, wanted = 1 + random_below(&seed, COUNT_OF(runs));
        while (count < wanted) {
            struct str bytes = random_text(a, &seed, 6);
            if (bytes.len)
                runs[count++] = (struct run){ bytes, false };
        }
        const struct fingerprints *f = fingerprints_new(a, runs, count);
        if (!f)
            skip(); /* a machine without AVX2 looks at every place */
        struct str text = random_text(a, &seed, TEXT_MAX);
        if (text.len < MARKED_MIN)
            continue;
        text.at = memcpy(malloc(text.len), text.at, text.len); /* nothing behind it may be read */
        static bool marked[3 * TEXT_MAX];
        uint32_t marks[MARKS_MAX];
        memset(marked, 0, sizeof marked);
        for (size_t from = 0, n; from < text.len;) {
            size_t next = fingerprints_mark(f, text, from, marks, &n);
            assert_true(next > from);
            for (size_t i = 0; i < n; i++)
                marked[marks[i]] = true;
            from = next;
        }
        for (size_t i = 0; i + 2 < text.len; i++)
            for (size_t j = 0; j < count; j++)
                if (str_starts(str_skip(text, i), str_head(runs[j].bytes, RUN_BYTES)))
                    assert_true(marked[i]);
        free((char *)(uintptr_t)text.at);
    }
}

#ifdef __SSE2__

/* Windows of a length: words from random texts, and their texts. */
static struct windows
random_windows(struct arena *a, uint64_t *seed, uint8_t bytes, struct str *texts, size_t most)
{
    uint64_t *items = arena_array_of(a, most, uint64_t);
    size_t count = 1 + random_below(seed, (uint32_t)most);
    for (size_t i = 0; i < count; i++) {
        struct str from;
        do {
            from = random_text(a, seed, 40);
        } while (from.len < bytes);
        texts[i] = (struct str){ from.at + random_below(seed, (uint32_t)(from.len - bytes + 1)), bytes };
        memcpy(&items[i], texts[i].at, bytes);
    }
    return (struct windows){ items, count, bytes, 0 };
}

static void
expect_ends(const struct windows *w, const struct str *texts, struct str text, const uint8_t *ends)
{
    for (size_t i = 0; i < w->count; i++)
        for (size_t at = 0; at + w->bytes <= text.len; at++)
            if (str_starts(str_skip(text, at), texts[i]))
                assert_true(ends[at + (w->bytes > 1 ? w->bytes - 2u : 0)] & w->buckets);
}

static void
no_end_of_a_window_is_missed(void **state)
{
    (void)state;
    enum { WINDOWS = 40, LENGTHS = 3 };
    uint64_t seed = 5;
    for (size_t round = 0; round < ROUNDS; round++) {
        scoped(arena_end) struct arena *a = arena_new(1 << 16);
        struct windows lengths[LENGTHS];
        struct str texts[LENGTHS][WINDOWS];
        uint8_t bytes = (uint8_t)(1 + random_below(&seed, WINDOW_MAX - LENGTHS + 1));
        for (size_t i = 0; i < LENGTHS; i++)
            lengths[i] = random_windows(a, &seed, (uint8_t)(bytes + i), texts[i], WINDOWS);
        const struct bigrams *b = bigrams_new(a, lengths, LENGTHS);
        struct str text = random_text(a, &seed, TEXT_MAX);
        uint8_t *ends = arena_array_of(a, text.len + BIGRAM_STEP, uint8_t);
        struct bigram_walk walk = bigrams_begin(b);
        for (size_t i = 0; i < text.len; i += BIGRAM_STEP) {
            uint64_t found = bigrams_step(b, text.at + i, &walk);
            memcpy(ends + i, &found, sizeof found);
        }
        for (size_t i = 0; i < LENGTHS; i++)
            expect_ends(&lengths[i], texts[i], text, ends);
    }
}

/* What makes them worth it: of windows that are not there few seem to be. */
static void
few_ends_are_seen_where_none_are(void **state)
{
    (void)state;
    static const char *const literals[] = { "mimikatz", "sekurlsa", "lsadump:", "dcsync /", "procdump", "ntdsutil" };
    const struct str text = STR("c:\\windows\\system32\\svchost.exe -k netsvcs -p -s schedule /c dir c:\\users\\public "
                                "--type=renderer --lang=en --url=https://www.example.com        ");
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    uint64_t items[COUNT_OF(literals)];
    for (size_t i = 0; i < COUNT_OF(literals); i++)
        memcpy(&items[i], literals[i], WINDOW_MAX);
    struct windows all = { items, COUNT_OF(literals), WINDOW_MAX, 0 };
    const struct bigrams *b = bigrams_new(a, &all, 1);
    struct bigram_walk walk = bigrams_begin(b);
    for (size_t i = 0; i + BIGRAM_SLACK < text.len; i += BIGRAM_STEP)
        assert_int_equal(bigrams_step(b, text.at + i, &walk) & UINT64_MAX, 0);
    assert_int_equal(all.buckets, 0xFF);
}

#endif

static void
a_sketch_never_denies_what_is_there(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    const struct sketch_habits *habits = sketch_habits_new(a);
    struct sketch *sketch = arena_new_of(a, struct sketch);
    uint64_t seed = 31;
    size_t there = 0, denied = 0;
    for (size_t round = 0; round < 2000; round++) { /* marks are reused after 255 texts */
        struct str text = random_text(a, &seed, SKETCH_TEXT_MAX / 8);
        sketch_make(sketch, text);
        for (size_t i = 0; i < 20; i++) {
            struct str literal = random_text(a, &seed, 8);
            if (literal.len < SKETCH_RUN)
                continue;
            bool may_be = sketch_may_hold(sketch, sketch_runs_of(habits, literal)), is = find_part(text, literal);
            assert_true(may_be || !is);
            there += is;
            denied += !may_be;
        }
    }
    assert_true(there > 100 && denied > 1000);
}

/* ---- keywords ---- */

/* A word of letters that stand in others, too; now and then one as long as a rule. */
static struct str
random_word(struct arena *a, uint64_t *seed)
{
    static const char letters[] = "ab:.ki";
    size_t len = random_below(seed, 20) ? 3 + random_below(seed, 12) : 60 + random_below(seed, 600);
    char *text = arena_alloc(a, len);
    for (size_t i = 0; i < len; i++)
        text[i] = letters[random_below(seed, sizeof letters - 1)];
    return (struct str){ text, len };
}

static struct str
in_capitals(struct arena *a, struct str word)
{
    char *text = arena_alloc(a, word.len);
    for (size_t i = 0; i < word.len; i++)
        text[i] = (char)toupper((unsigned char)word.at[i]);
    return (struct str){ text, word.len };
}

/* An object with some of the words in it, in small letters and in capitals, among others. */
static struct str
line_with_words(struct arena *a, uint64_t *seed, const struct keyword *words, size_t count)
{
    struct text t = text_new(a, 1 << 16);
    text_add(&t, STR("{\"text\":\""));
    for (size_t i = random_below(seed, 4); i > 0; i--) {
        struct str word = words[random_below(seed, (uint32_t)count)].text;
        text_add(&t, random_word(a, seed));
        text_add(&t, random_below(seed, 2) ? word : in_capitals(a, word));
    }
    text_add(&t, STR("\"}"));
    return text_str(&t);
}

static void
words_are_found_wherever_they_stand(void **state)
{
    (void)state;
    enum { WORDS_MAX = 90, LINES = 30 };
    static uint32_t stamps[WORDS_MAX], ids[WORDS_MAX];
    uint64_t seed = 23;
    size_t found = 0;
    for (size_t round = 0; round < ROUNDS / 3; round++) {
        scoped(arena_end) struct arena *a = arena_new(1 << 16);
        struct keyword words[WORDS_MAX];
        size_t count = 1 + random_below(&seed, round % 3 ? 20 : WORDS_MAX - 1);
        for (size_t i = 0; i < count; i++)
            words[i] = (struct keyword){ random_word(a, &seed), (uint32_t)i };
        const struct keywords *k = keywords_new(a, words, count);
        struct event *ev = event_new(a, source_map_new(a));
        struct hits hits = { stamps, 0, ids, 0 };
        memset(stamps, 0, sizeof stamps);
        for (size_t n = 0; n < LINES; n++) {
            struct str line = line_with_words(a, &seed, words, count);
            struct str exact = { memcpy(malloc(line.len), line.at, line.len), line.len }; /* nothing behind it */
            assert_null(event_read(ev, exact));
            hits.now++;
            hits.count = 0;
            assert_true(keywords_find(k, ev, &hits));
            for (size_t i = 0; i < count; i++) {
                bool is_there = find_part(str_lower(a, line), words[i].text);
                assert_int_equal(stamps[i] == hits.now, is_there);
                found += is_there;
            }
            free((char *)(uintptr_t)exact.at);
        }
    }
    assert_true(found > 1000);
}

/* ---- globs ---- */

static void
both_ways_of_a_glob_agree(void **state)
{
    (void)state;
    static const char marks[] = { 'a', 'b', '-', '/', 'a', (char)PATTERN_MANY, (char)PATTERN_ONE, (char)PATTERN_DASH };
    uint64_t seed = 7;
    size_t fitting = 0;
    for (size_t round = 0; round < 200 * 1000; round++) {
        char glob[10], text[14];
        size_t glob_len = random_below(&seed, sizeof glob), text_len = random_below(&seed, sizeof text);
        for (size_t i = 0; i < glob_len; i++)
            glob[i] = marks[random_below(&seed, COUNT_OF(marks))];
        for (size_t i = 0; i < text_len; i++)
            text[i] = marks[random_below(&seed, 4)];
        struct str g = { glob, glob_len }, t = { text, text_len };
        assert_int_equal(glob_fits_ascii(g, t), glob_fits(g, t));
        fitting += glob_fits(g, t);
    }
    assert_true(fitting > 1000);
}

/* ---- lanes ---- */

enum { THREADS = 4 };

struct asker {
    const struct engine *engine;
    size_t matches;
};

static void *
ask_each_kind(void *of)
{
    struct asker *asker = of;
    struct matcher *m = matcher_new(asker->engine);
    for (int id = 1; id < 30; id++) {
        char line[200];
        int len = snprintf(line, sizeof line, "{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":%d,"
                           "\"Image\":\"C:\\\\evil.exe\"}", id);
        asker->matches += matcher_run(m, (struct str){ line, (size_t)len }).count;
    }
    matcher_free(m);
    return NULL;
}

static void
threads_that_meet_a_kind_of_event_first_agree(void **state)
{
    (void)state;
    static const char rules[] =
        "title: a\nlogsource: {product: windows}\ndetection: {s: {Image|endswith: evil.exe}, condition: s}\n---\n"
        "title: b\nlogsource: {product: windows, category: process_creation}\n"
        "detection: {s: {Image|contains: evil}, condition: s}\n";
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct ruleset *set = ruleset_new(a, NULL);
    assert_true(ruleset_add_sigma(set, STR("two.yml"), str_of(rules)));
    ruleset_finish(set);
    struct engine *e = engine_compile(set);
    struct asker askers[THREADS];
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        askers[i] = (struct asker){ e, 0 };
        assert_int_equal(pthread_create(&threads[i], NULL, ask_each_kind, &askers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(askers[i].matches, 29 + 1);
    }
    engine_free(e);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_finds_what_a_plain_search_finds),
        cmocka_unit_test(no_place_of_a_run_goes_unmarked),
#ifdef __SSE2__
        cmocka_unit_test(no_end_of_a_window_is_missed),
        cmocka_unit_test(few_ends_are_seen_where_none_are),
#endif
        cmocka_unit_test(a_sketch_never_denies_what_is_there),
        cmocka_unit_test(words_are_found_wherever_they_stand),
        cmocka_unit_test(both_ways_of_a_glob_agree),
        cmocka_unit_test(threads_that_meet_a_kind_of_event_first_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
