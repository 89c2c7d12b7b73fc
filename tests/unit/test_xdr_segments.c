/* Segments: what went in comes out, alone or in order, and bytes that are no segment are refused. */
#include "claims.h"

#include <zstd.h>

#include "core/base/crypto.h"
#include "random_events.h"
#include "xdr/segment_parts.h"
#include "xdr/token_filter.h"

enum { EVENTS_MAX = 600 };

struct stored {
    struct segment_event events[EVENTS_MAX];
    size_t count;
};

static void
make_events(struct arena *a, struct stored *s, size_t count, uint64_t *seed)
{
    static const char *const kinds[] = { "process_creation", "dns_query", "registry_event" };
    for (s->count = 0; s->count < count; s->count++) {
        struct random_event e = random_event(a, seed, (enum escaping)random_below(seed, ESCAPING_COUNT));
        bool says_time = random_below(seed, 5) > 0;
        s->events[s->count] = (struct segment_event){
            .line = random_below(seed, 50) ? e.json : STR(""),
            .event_ms = says_time ? 1700000000000 + (int64_t)random_below(seed, 1000000) - 500000 : SEGMENT_NO_TIME,
            .arrival_ms = 1700000000000 + (int64_t)s->count,
            .host = random_below(seed, 9) ? str_printf(a, "pc-%u", random_below(seed, 5)) : STR_NONE,
            .kind = random_below(seed, 9) ? str_of(kinds[random_below(seed, COUNT_OF(kinds))]) : STR_NONE,
        };
    }
}

static struct str
write_segment(struct segment_writer *w, const struct stored *s, struct segment_facts *facts)
{
    segment_begin(w);
    for (size_t i = 0; i < s->count; i++)
        assert_null(segment_take(w, &s->events[i]));
    return segment_finish(w, facts);
}

static struct segment_writer *
small_writer(struct arena *a)
{
    return segment_writer_new(a, &(struct segment_options){ .frame_bytes = 4096 });
}

static void
expect_event(const struct segment_event *is, const struct segment_event *was, size_t index)
{
    assert_int_equal(is->index, index);
    if (!str_eq(is->line, was->line) || !str_eq(is->host, was->host) || !str_eq(is->kind, was->kind))
        claim_failed("event %zu: " STR_FMT " of " STR_FMT, index, STR_ARG(is->line), STR_ARG(is->host));
    assert_int_equal(is->event_ms, was->event_ms);
    assert_int_equal(is->arrival_ms, was->arrival_ms);
}

static void
expect_all(struct segment_reader *r, const struct stored *s)
{
    struct segment_event e;
    size_t count = 0;
    for (; segment_next(r, &e); count++)
        expect_event(&e, &s->events[count], count);
    assert_null(segment_problem(r));
    assert_int_equal(count, s->count);
}

static void
events_come_out_as_they_went_in(void **state)
{
    (void)state;
    uint64_t seed = 5;
    scoped(arena_end) struct arena *life = arena_new(1 << 16);
    struct segment_writer *w = small_writer(life);
    struct segment_reader *r = segment_reader_new(life);
    for (size_t round = 0; round < 40; round++) {
        scoped(arena_end) struct arena *a = arena_new(1 << 16);
        struct stored *s = arena_new_of(a, struct stored);
        struct segment_facts facts;
        make_events(a, s, 1 + random_below(&seed, round % 2 ? 20 : EVENTS_MAX - 1), &seed);
        struct str bytes = write_segment(w, s, &facts);
        assert_null(segment_open(r, bytes));
        assert_int_equal(segment_event_count(r), s->count);
        expect_all(r, s);
        for (size_t i = 0; i < 50; i++) { /* alone, in any order */
            struct segment_event e;
            uint32_t index = random_below(&seed, (uint32_t)s->count);
            assert_null(segment_read(r, index, &e));
            expect_event(&e, &s->events[index], index);
        }
        struct segment_event e;
        assert_non_null(segment_read(r, (uint32_t)s->count, &e));
    }
}

static void
reading_one_disturbs_no_walk(void **state)
{
    (void)state;
    uint64_t seed = 6;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct stored *s = arena_new_of(a, struct stored);
    struct segment_facts facts;
    struct segment_reader *r = segment_reader_new(a);
    struct segment_event e, other;
    make_events(a, s, 300, &seed);
    assert_null(segment_open(r, write_segment(small_writer(a), s, &facts)));
    for (size_t i = 0; i < s->count; i++) {
        assert_true(segment_next(r, &e));
        expect_event(&e, &s->events[i], i);
        assert_null(segment_read(r, random_below(&seed, (uint32_t)s->count), &other));
    }
    assert_false(segment_next(r, &e));
    assert_true(segment_tally(r).frames > 10);
}

static void
facts_say_what_is_inside(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct segment_writer *w = segment_writer_new(a, NULL);
    struct segment_facts f;
    struct segment_event e = { .line = STR("{\"a\":\"mimikatz\"}"), .event_ms = 50, .arrival_ms = 100,
                               .host = STR("pc-1"), .kind = STR("dns_query") };
    uint64_t token, absent;
    assert_null(segment_take(w, &e));
    e.event_ms = -7;
    e.host = STR("pc-2");
    assert_null(segment_take(w, &e));
    e.event_ms = SEGMENT_NO_TIME;
    e.arrival_ms = 99;
    assert_null(segment_take(w, &e));
    struct str bytes = segment_finish(w, &f);
    assert_int_equal(f.event_count, 3);
    assert_int_equal(f.raw_bytes, 3 * e.line.len);
    assert_int_equal(f.stored_bytes, bytes.len);
    assert_true(f.first_event_ms == -7 && f.last_event_ms == 50);
    assert_true(f.first_arrival_ms == 99 && f.last_arrival_ms == 100);
    assert_true(f.hosts.count == 2 && str_is(f.hosts.items[1], "pc-2") && !f.hosts_are_many);
    assert_true(f.kinds.count == 1 && str_is(f.kinds.items[0], "dns_query"));
    assert_int_equal(token_needs(NEEDLE_EQUALS, STR("mimikatz"), &token, 1), 1);
    assert_int_equal(token_needs(NEEDLE_EQUALS, STR("rubeus"), &absent, 1), 1);
    assert_true(token_filter_holds(f.filter, token));
    assert_false(token_filter_holds(f.filter, absent));
    segment_begin(w);
    assert_null(segment_finish(w, &f).at);
}

static void
many_hosts_are_many(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct segment_writer *w = segment_writer_new(a, NULL);
    struct segment_facts f;
    for (unsigned i = 0; i < SEGMENT_NAMES_MAX; i++)
        assert_null(segment_take(w, &(struct segment_event){ .line = STR("{}"), .host = str_printf(a, "pc-%u", i) }));
    assert_non_null(segment_take(w, &(struct segment_event){ .line = STR("{}"), .host = STR("one more") }));
    struct str bytes = segment_finish(w, &f);
    assert_true(f.hosts_are_many && f.hosts.count == SEGMENT_FACT_NAMES_MAX);
    struct segment_reader *r = segment_reader_new(a);
    struct segment_event e;
    assert_null(segment_open(r, bytes));
    assert_null(segment_read(r, SEGMENT_NAMES_MAX - 1, &e));
    assert_true(str_is(e.host, "pc-4095"));
}

static void
what_does_not_fit_is_refused(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct segment_writer *w = segment_writer_new(a, NULL);
    struct str huge = { arena_alloc(a, SEGMENT_LINE_MAX + 1), SEGMENT_LINE_MAX + 1 };
    assert_non_null(segment_take(w, &(struct segment_event){ .line = huge }));
    assert_non_null(segment_take(w, &(struct segment_event){ .line = STR("{\n}") }));
    assert_non_null(segment_take(w, &(struct segment_event){ .line = STR("{}"), .event_ms = INT64_MAX }));
    assert_non_null(segment_take(w, &(struct segment_event){ .line = STR("{}"), .arrival_ms = -SEGMENT_TIME_MAX - 1 }));
    assert_int_equal(segment_taken(w), 0);
    huge.len--;
    struct segment_facts f;
    struct segment_event e;
    assert_null(segment_take(w, &(struct segment_event){ .line = huge }));
    assert_null(segment_take(w, &(struct segment_event){ .line = STR("{}") }));
    struct segment_reader *r = segment_reader_new(a);
    assert_null(segment_open(r, segment_finish(w, &f)));
    assert_null(segment_read(r, 0, &e));
    assert_true(str_eq(e.line, huge));
}

static void
small_segments_merge_into_one(void **state)
{
    (void)state;
    uint64_t seed = 8;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct stored *all = arena_new_of(a, struct stored);
    struct segment_writer *small = small_writer(a), *large = segment_writer_new(a, NULL);
    struct segment_reader *r = segment_reader_new(a);
    struct segment_facts facts;
    for (size_t i = 0; i < 10; i++) {
        struct stored *s = arena_new_of(a, struct stored);
        struct segment_event e;
        make_events(a, s, 50, &seed);
        memcpy(all->events + all->count, s->events, s->count * sizeof *s->events);
        all->count += s->count;
        assert_null(segment_open(r, write_segment(small, s, &facts)));
        while (segment_next(r, &e))
            assert_null(segment_take(large, &e));
    }
    assert_null(segment_open(r, segment_finish(large, &facts)));
    expect_all(r, all);
}

static void
a_segment_is_a_zstd_stream_of_its_lines(void **state)
{
    (void)state;
    uint64_t seed = 9;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct stored *s = arena_new_of(a, struct stored);
    struct segment_facts facts;
    make_events(a, s, 200, &seed);
    struct str bytes = write_segment(small_writer(a), s, &facts);
    size_t room = facts.raw_bytes + s->count, at = 0;
    char *out = arena_alloc(a, room + 1);
    assert_int_equal(ZSTD_decompress(out, room + 1, bytes.at, bytes.len), room);
    for (size_t i = 0; i < s->count; at += s->events[i].line.len + 1, i++) {
        assert_memory_equal(out + at, s->events[i].line.at, s->events[i].line.len);
        assert_int_equal(out[at + s->events[i].line.len], '\n');
    }
}

static void
frames_that_cannot_hold_it_are_skipped(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct segment_writer *w = small_writer(a);
    struct segment_facts facts;
    for (int i = 0; i < 1000; i++) {
        struct segment_event e = { .line = str_printf(a, "{\"number\":\"n%dx\",\"text\":\"always\"}", 1000 + i),
                                   .event_ms = i * 10, .arrival_ms = 1000000 };
        assert_null(segment_take(w, &e));
    }
    struct segment_reader *r = segment_reader_new(a);
    struct segment_event e;
    assert_null(segment_open(r, segment_finish(w, &facts)));
    struct needle n = { NEEDLE_WORD, STR("N1777X") };
    segment_only(r, needles_new(a, &(struct needle_clause){ &n, 1 }, 1), SEGMENT_NO_TIME, SEGMENT_NO_TIME);
    bool is_found = false;
    while (segment_next(r, &e))
        is_found = is_found || e.index == 777;
    struct segment_tally t = segment_tally(r);
    if (!is_found || t.frames != 1 || t.frames_skipped < 8)
        claim_failed("found: %d, read %u, skipped %u", is_found, t.frames, t.frames_skipped);
    segment_only(r, NULL, 5000, 5001);
    size_t count = 0;
    for (is_found = false; segment_next(r, &e); count++)
        is_found = is_found || e.event_ms == 5000;
    assert_true(is_found && count < 200);
}

/* ---- hostile bytes ---- */

static void
read_everything(struct segment_reader *r, struct str bytes, struct str *lines)
{
    struct segment_event e;
    lines->len = 0;
    if (segment_open(r, bytes))
        return;
    while (segment_next(r, &e))
        lines->len += e.line.len + e.host.len + e.kind.len;
    for (uint32_t i = 0; i < segment_event_count(r); i += 7)
        if (!segment_read(r, i, &e))
            lines->len += e.line.len;
}

static void
cut_and_changed_bytes_are_refused(void **state)
{
    (void)state;
    uint64_t seed = 10;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct stored *s = arena_new_of(a, struct stored);
    struct segment_facts facts;
    make_events(a, s, 60, &seed);
    struct str whole = str_copy(a, write_segment(small_writer(a), s, &facts)), lines;
    struct segment_reader *r = segment_reader_new(a);
    for (size_t len = 0; len < whole.len; len++)
        assert_non_null(segment_open(r, str_head(whole, len)));
    char *copy = arena_alloc(a, whole.len + 1);
    memcpy(copy, whole.at, whole.len);
    assert_non_null(segment_open(r, (struct str){ copy, whole.len + 1 }));
    for (size_t i = 0; i < whole.len; i++) { /* lines are what they were, or refused */
        struct segment_event e;
        copy[i] ^= (char)(1 << random_below(&seed, 8));
        read_everything(r, (struct str){ copy, whole.len }, &lines);
        if (!segment_open(r, (struct str){ copy, whole.len }))
            for (size_t n = 0; segment_next(r, &e); n++)
                assert_true(str_eq(e.line, s->events[n].line));
        copy[i] = whole.at[i];
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_come_out_as_they_went_in),
        cmocka_unit_test(reading_one_disturbs_no_walk),
        cmocka_unit_test(facts_say_what_is_inside),
        cmocka_unit_test(many_hosts_are_many),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(small_segments_merge_into_one),
        cmocka_unit_test(a_segment_is_a_zstd_stream_of_its_lines),
        cmocka_unit_test(frames_that_cannot_hold_it_are_skipped),
        cmocka_unit_test(cut_and_changed_bytes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
