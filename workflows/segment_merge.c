/* Small segments of one customer and day become one. Batches follow, so an event keeps its name.
 *
 * Eight or more of like size are taken together, so beyond 64 KiB of lines an event is written anew once for each size,
 * three times at most, however slowly a customer's events come. What has 24 MiB of lines is large. After each merge the
 * job rests as long as it took, since what arrives needs the processor more.
 */
#include "core/base/log.h"
#include "workflows/storage.h"

enum { EVERY_MINUTES = 5, REST_MINUTES = 10, MERGED_LEVEL = 5 };
enum { EVENTS_MAX = SEGMENT_EVENTS_MAX / 2 };

struct merge_args {
    struct instant at;
};
static const struct shape nothing_shape = { .name = "segment_merge", .size = sizeof(struct merge_args) };

/* All of one segment, or the reason why not. */
static const char *
take_segment(struct segment_writer *w, struct segment_reader *r, const struct small_segment *small)
{
    struct segment_event event;
    const char *problem = segment_open(r, small->body.raw);
    int64_t count = 0;
    while (!problem && segment_next(r, &event)) {
        problem = segment_take(w, &event);
        count++;
    }
    if (!problem)
        problem = segment_problem(r);
    return problem ? problem : count == small->events ? NULL : "its events are not as many as were written";
}

static bool
move_batches(struct scope *s, struct uuid to, const struct small_segment *items, size_t count)
{
    int64_t offset = 0;
    for (size_t i = 0; i < count; i++) {
        struct segment_move move = { .tenant_id = items[i].tenant_id, .from_id = items[i].id, .to_id = to,
                                     .offset = offset };
        if (!db_run(s, &segment_batches_move, &move, NULL) || !db_run(s, &segment_delete, &move, NULL))
            return false;
        offset += items[i].events;
    }
    return true;
}

/* In the day of the first: its time, with an end of its own. */
static struct uuid
id_in_day_of(struct scope *s, struct uuid first)
{
    struct uuid id = uuid_new(s->now);
    memcpy(id.bytes, first.bytes, 6);
    return id;
}

static size_t
how_many(const struct small_segment *items, size_t count)
{
    int64_t events = 0;
    size_t n = 0;
    while (n < count && (events += items[n].events) <= EVENTS_MAX)
        n++;
    return n;
}

static bool
merge(struct scope *s, const struct small_segment *items, size_t count)
{
    struct segment_writer *w = segment_writer_new(s->arena, &(struct segment_options){ .level = MERGED_LEVEL });
    struct segment_reader *r = segment_reader_new(s->arena);
    struct segment_facts facts;
    struct segment_row row = { .tenant_id = items[0].tenant_id, .id = id_in_day_of(s, items[0].id) };
    segment_begin(w);
    for (size_t i = 0; i < count; i++) {
        const char *problem = take_segment(w, r, &items[i]);
        if (problem)
            return fail(s, &problem_internal, "segment " STR_FMT ": %s",
                        STR_ARG(uuid_format(s->arena, items[i].id)), problem);
        row.batches += items[i].batches;
        if (items[i].arrived_to.us > row.arrived_to.us)
            row.arrived_to = items[i].arrived_to;
    }
    struct str body = segment_finish(w, &facts);
    segment_row_fill(&row, &facts, body);
    return db_run(s, &segment_insert, &row, NULL) && move_batches(s, row.id, items, count);
}

static bool
run(struct scope *s, void *args)
{
    const struct day_args rested = { instant_plus(s->now, -MINUTES(REST_MINUTES)) };
    int64_t began_us = clock_monotonic_us();
    struct rows rows;
    if (!job_see_every_tenant(s) || !db_list(s, &segments_small, &rested, &rows))
        return false;
    size_t count = how_many(rows.items, rows.count);
    if (count > 1 && !merge(s, rows.items, count))
        return false;
    int64_t rest_us = count > 1 ? 2 * (clock_monotonic_us() - began_us) : MINUTES(EVERY_MINUTES);
    return job_add(s, &segment_merge_job, (struct uuid){ 0 }, args, instant_plus(s->now, rest_us),
                   STR("segment_merge"));
}

const struct job_kind segment_merge_job = {
    .name = "segment_merge", .prose = "Merge small segments of telemetry", .args = &nothing_shape, .run = run,
    .max_attempts = 1000000,
};
