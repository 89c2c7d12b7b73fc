/* Detections, asked about the event that each keeps: it is there for as long as the detection, also when its day's
 * events have gone. */
#include "core/db/db.h"
#include "workflows/event_look.h"
#include "workflows/hunt_slice.h"

enum { PAGE = 500, PAGE_BLOCK = 1 << 20 };

/* One detection is one hit, however many of the question's rules hold. */
static bool
is_asked_for(struct slicing *g, const struct detection_asked *d)
{
    const struct ruleset *set = engine_rules(g->question.engine);
    struct matches found = matcher_run(g->question.matcher, d->event);
    for (size_t i = 0; i < found.count; i++)
        if (!set->rules[found.rules[i]].feeds_only)
            return true;
    return false;
}

static bool
keep_detection(struct slicing *g, const struct detection_asked *d)
{
    struct hunt_hit hit = {
        .tenant_id = d->tenant_id, .detection_id = d->id, .event_index = INT_NONE, .at = d->at,
        .rule_key = d->rule_key, .rule_title = d->title, .rule_title_ja = d->title_ja,
        .score = d->score, .event = d->event };
    g->hunt->hits++;
    return slice_keep(g, &hit);
}

static bool
pass_page(struct slicing *g, const struct rows *rows, bool *all)
{
    const struct detection_asked *items = rows->items;
    *all = true;
    for (size_t i = 0; i < rows->count && *all; i++) {
        if (is_asked_for(g, &items[i]) && !keep_detection(g, &items[i]))
            return false;
        g->hunt->cursor_id = items[i].id;
        g->hunt->events_passed++;
        g->hunt->events_read++;
        g->hunt->bytes_read += (int64_t)items[i].event.len;
        *all = clock_monotonic_us() < g->ends_at_us;
    }
    return true;
}

bool
slice_look_detections(struct slicing *g, bool *at_end)
{
    struct hunt *h = g->hunt;
    bool all = true;
    while (all && !*at_end) {
        scoped(arena_end) struct arena *page = arena_new(PAGE_BLOCK);
        struct segment_ask ask = { h->tenant_ids, h->host, h->from_at, h->until_at, h->cursor_id, PAGE };
        struct scope part = *g->s;
        struct rows rows;
        part.arena = page;
        if (!db_list(&part, &detections_before, &ask, &rows))
            return fail(g->s, part.failure.problem, "the detections cannot be read");
        if (!pass_page(g, &rows, &all))
            return false;
        *at_end = all && rows.count < PAGE;
    }
    return true;
}
