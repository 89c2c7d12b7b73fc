/* hunt_slice: one slice of a hunt: some segments, what they hold, and how far the hunt is after them, in one
 * transaction. So a hunt that is cut anywhere goes on at its last whole slice, and no hit is told twice. */
#include "workflows/hunt_slice.h"

#include "core/base/log.h"
#include "core/db/change.h"
#include "model/tenant.h"
#include "workflows/audit.h"
#include "workflows/event_look.h"
#include "workflows/hunts.h"

enum { PICKED_AT_ONCE = 512, EVENT_KEPT_MAX = 64 << 10, KEPT_BYTES = 2 << 20 };

/* ---- hits ---- */

static struct str
cut(struct str text, size_t most)
{
    while (text.len > most || (text.len == most && most && ((unsigned char)text.at[most - 1] & 0xC0) == 0x80))
        text.len--;
    return text;
}

static bool
find_batch(struct slicing *g, uint32_t index, struct hunt_hit *hit)
{
    struct segment_ref ref = { g->at->tenant_id, g->at->id };
    if (!g->has_batches && !db_list(g->s, &segment_batches_of, &ref, &g->batches))
        return false;
    g->has_batches = true;
    for (size_t i = 0; i < g->batches.count; i++) {
        const struct segment_batch_row *b = (const struct segment_batch_row *)g->batches.items + i;
        if (index < b->first_event || index >= b->first_event + b->events)
            continue;
        hit->batch_id = b->id;
        hit->event_index = index - b->first_event;
    }
    return true;
}

static bool
write_hits(struct slicing *g)
{
    struct scope part = *g->s;
    const struct hunt_hits_args args = { { g->hits, g->hit_count } };
    part.arena = g->kept;
    if (g->hit_count && !db_run(&part, &hunt_hits_insert, &args, NULL))
        return fail(g->s, part.failure.problem, "what was found cannot be written");
    g->hit_count = 0;
    arena_reset(g->kept);
    return true;
}

static void
copy_texts(struct arena *a, struct hunt_hit *hit)
{
    struct str *const texts[] = { &hit->host, &hit->kind, &hit->user_name, &hit->process_path, &hit->summary,
                                  &hit->rule_key, &hit->rule_title, &hit->rule_title_ja, &hit->event };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (texts[i]->at)
            *texts[i] = str_copy(a, *texts[i]);
}

bool
slice_keep(struct slicing *g, struct hunt_hit *hit)
{
    struct event_facts f;
    if (g->hunt->kept >= HUNT_HITS_MAX)
        return true;
    facts_read(g->question.matcher, NULL, &f);
    hit->id = uuid_new(g->s->now);
    hit->hunt_id = g->hunt->id;
    hit->internal = g->hunt->internal;
    hit->host = f.host.len ? f.host : hit->host;
    hit->kind = f.kind;
    hit->user_name = f.user;
    hit->process_path = f.image;
    hit->summary = event_summary(&f);
    hit->event = cut(hit->event, EVENT_KEPT_MAX);
    copy_texts(g->kept, hit);
    g->hits[g->hit_count++] = *hit;
    g->hunt->kept++;
    return (g->hit_count < KEPT_AT_ONCE && arena_used(g->kept) < KEPT_BYTES) || write_hits(g);
}

static bool
keep_event(struct slicing *g, const struct segment_event *e, const struct rule *rule)
{
    int64_t ms = e->event_ms == SEGMENT_NO_TIME ? e->arrival_ms : e->event_ms;
    bool named = g->hunt->language != HUNT_CONDITIONS;
    struct hunt_hit hit = {
        .tenant_id = g->at->tenant_id, .at = { ms * 1000 }, .host = e->host, .rule_key = named ? rule->id : STR(""),
        .rule_title = named ? rule->title : STR_NONE, .rule_title_ja = named ? rule->title_ja : STR_NONE,
        .score = named ? rule->score : INT_NONE, .event = e->line };
    return find_batch(g, e->index, &hit) && slice_keep(g, &hit);
}

static bool
hear_hit(void *to, const struct scan_hit *found)
{
    struct slicing *g = to;
    const struct ruleset *set = engine_rules(g->question.engine);
    if (g->hunt->host.at && !event_host_is(found->event->host, g->hunt->host))
        return true;
    for (size_t i = 0; i < found->matches.count; i++) {
        const struct rule *rule = &set->rules[found->matches.rules[i]];
        if (rule->feeds_only)
            continue;
        g->hunt->hits++;
        if (g->hunt->kept < HUNT_HITS_MAX && !keep_event(g, found->event, rule)) {
            g->failed = true;
            return false;
        }
    }
    return true;
}

/* ---- segments ---- */

static int64_t
ms_of(struct instant t)
{
    return t.us / 1000;
}

/* Of a segment that cannot be read the hunt says so and goes on: the rest is not to blame. */
static bool
read_segment(struct slicing *g, const struct picked_segment *segment)
{
    struct segment_body row;
    bool found;
    struct segment_ref ref = { segment->tenant_id, segment->id };
    if (!db_maybe(g->s, &segment_body_of, &ref, &row, &found) || !found)
        return !g->s->failure.problem;
    const char *problem = segment_open(g->reader, row.body.raw);
    g->at = segment;
    g->has_batches = false;
    if (!problem) {
        struct scan *scan = scan_new(g->s->arena, &(struct scan_plan){
            .needles = g->question.needles, .rules_decide = true, .matcher = g->question.matcher,
            .from_ms = ms_of(g->hunt->from_at), .until_ms = ms_of(g->hunt->until_at), .hit = hear_hit, .to = g });
        enum scan_end end = scan_segment(scan, g->reader);
        const struct scan_tally *tally = scan_tally(scan);
        g->hunt->bytes_read += (int64_t)tally->bytes;
        g->hunt->events_read += (int64_t)tally->events;
        problem = end == SCAN_BROKEN ? segment_problem(g->reader) : NULL;
    }
    g->hunt->segments_read++;
    if (problem) {
        log_error(g->s, "hunt.segment_broken", "%s", problem);
        g->hunt->problem = str_printf(g->s->arena, "a stored block cannot be read: %s", problem);
    }
    return !g->failed;
}

/* What of these segments there is time for; *all tells whether it was all. */
static bool
pass(struct slicing *g, const struct rows *picked, bool *all)
{
    const struct picked_segment *segments = picked->items;
    *all = true;
    for (size_t i = 0; i < picked->count && *all; i++) {
        if (segments[i].may_hold && !read_segment(g, &segments[i]))
            return false;
        g->hunt->cursor_id = segments[i].id;
        g->hunt->segments_passed++;
        g->hunt->events_passed += segments[i].events;
        *all = clock_monotonic_us() < g->ends_at_us;
    }
    return true;
}

/* ---- the job ---- */

static bool
ready_question(struct slicing *g)
{
    struct hunt *h = g->hunt;
    if (h->language == HUNT_RULES)
        return question_of_rules(g->s, h->tenant_ids, &g->question);
    if (!question_of_text(g->s, h->language, h->body, &g->question))
        return false;
    if (h->language == HUNT_CONDITIONS)
        question_words(g->s->arena, h->conditions.items, h->conditions.count, &g->question);
    return true;
}

static bool
end_hunt(struct scope *s, struct hunt *h, enum hunt_state state)
{
    struct id_args ended;
    bool found;
    h->state = state;
    h->updated_at = s->now;
    if (h->language == HUNT_RULES)
        question_rules_forget();
    return db_maybe(s, &hunt_end, h, &ended, &found) && change_record(s, h->tenant_id, "hunt", h->id, "updated");
}

static bool
begin_hunt(struct scope *s, struct hunt *h)
{
    const struct segment_ask ask = { .tenant_ids = h->tenant_ids, .host = h->host, .from_at = h->from_at,
                                     .until_at = h->until_at };
    struct hunt_total total;
    struct id_args begun;
    bool found;
    if (!db_one(s, h->about == HUNT_DETECTIONS ? &detections_total : &segments_total, &ask, &total))
        return false;
    h->updated_at = s->now;
    h->events_total = total.events_total;
    h->segments_total = total.segments_total;
    if (!db_maybe(s, &hunt_begin, h, &begun, &found))
        return false;
    h->state = found ? HUNT_RUNNING : h->state;
    return true;
}

static bool
go_on(struct slicing *g, bool at_end)
{
    struct id_args still;
    bool running;
    struct hunt *h = g->hunt;
    h->updated_at = g->s->now;
    h->busy_ms += (clock_monotonic_us() - (g->ends_at_us - SLICE_US)) / 1000;
    if (!db_maybe(g->s, &hunt_progress, h, &still, &running))
        return false;
    if (!running)
        return true;
    if (at_end)
        return end_hunt(g->s, h, HUNT_DONE);
    return change_record(g->s, h->tenant_id, "hunt", h->id, "updated")
        && job_add(g->s, &hunt_slice_job, h->tenant_id, &(struct hunt_slice){ h->tenant_id, h->id },
                   (struct instant){ 0 }, STR_NONE);
}

/* Most segments are passed by their filters alone, so a slice has time for many picks. */
static bool
look_segments(struct slicing *g, bool *at_end)
{
    struct hunt *h = g->hunt;
    struct rows picked;
    bool all;
    do {
        struct segment_ask ask = { h->tenant_ids, h->host, h->from_at, h->until_at, h->cursor_id, PICKED_AT_ONCE };
        if (!segments_pick(g->s, &ask, g->question.needles, &picked) || !pass(g, &picked, &all))
            return false;
        *at_end = all && picked.count < PICKED_AT_ONCE;
    } while (all && !*at_end);
    return true;
}

static bool
look_on(struct slicing *g)
{
    struct hunt *h = g->hunt;
    bool at_end = false;
    g->reader = segment_reader_new(g->s->arena);
    g->ends_at_us = clock_monotonic_us() + SLICE_US;
    if (!ready_question(g)) {
        h->problem = g->s->failure.violation_count ? g->s->failure.violations[0].en
                                                          : STR("the question cannot be read");
        scope_forgive(g->s);
        return end_hunt(g->s, h, HUNT_FAILED);
    }
    bool looked = h->about == HUNT_DETECTIONS ? slice_look_detections(g, &at_end) : look_segments(g, &at_end);
    return looked && write_hits(g) && go_on(g, at_end);
}

static bool
run(struct scope *s, void *args)
{
    const struct hunt_slice *slice = args;
    struct hunt h;
    bool found;
    bool wide = uuid_eq(slice->tenant_id, provider_tenant_id); /* of several customers */
    if ((wide && !job_see_every_tenant(s)) || !db_maybe(s, &hunt_for_work, &(struct id_args){ slice->id }, &h, &found))
        return false;
    if (!found || (h.state != HUNT_WAITING && h.state != HUNT_RUNNING)) {
        question_rules_forget(); /* it may have been stopped */
        return true;
    }
    if (h.state == HUNT_WAITING && !begin_hunt(s, &h))
        return false;
    struct slicing *g = arena_new_of(s->arena, struct slicing);
    scoped(arena_end) struct arena *kept = arena_new(1 << 16);
    g->s = s;
    g->hunt = &h;
    g->kept = kept;
    return h.state != HUNT_RUNNING || look_on(g);
}

static const struct shape slice_shape = SHAPE(hunt_slice,
    FIELD(hunt_slice, tenant_id, "Whose"), FIELD(hunt_slice, id, "Which"));

const struct job_kind hunt_slice_job = {
    .name = "hunt_slice", .prose = "Looks through some stored events for a search or a hunt", .args = &slice_shape,
    .run = run,
};
