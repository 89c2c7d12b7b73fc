#include "xdr/scan.h"

#include "xdr/engine_parts.h"
#include "xdr/fold.h"
#include "xdr/seek.h"
#include "xdr/segment_parts.h"

enum {
    SEEKERS_MAX = 8, /* more texts are sought all at once, line by line */
    PIECE_MIN = 2,   /* shorter ones stand in nearly every line */
};

/* How a clause is sought in raw bytes. */
struct way {
    const struct seeker *seekers;
    size_t count;             /* 0: not at all */
    const struct litset *set; /* instead, of many */
    size_t shortest;
};

struct ways { /* of frames of one sort */
    struct way *all;
    size_t count, first; /* first: by which lines are found; count when there is none */
};

enum sort { SORT_AS_IS, SORT_WIDE_ESCAPED, SORT_COUNT };

struct scan {
    struct scan_plan plan;
    struct needles *needles;
    struct ways ways[SORT_COUNT];
    struct event *event;    /* without a matcher */
    uint32_t *matched;      /* of the rules on demand */
    struct room marks, line; /* one byte for each line of a frame; a line folded */
    struct scan_tally tally;
};

/* ---- making ---- */

static struct str
piece_of(const struct needle_look *l, enum sort sort)
{
    return sort == SORT_AS_IS ? l->piece : l->plain;
}

static const struct litset *
set_of(struct arena *a, const struct needle_look *looks, size_t count, enum sort sort)
{
    struct literal *literals = arena_array_of(a, count, struct literal);
    for (size_t i = 0; i < count; i++)
        literals[i] = (struct literal){ LITERAL_INSIDE, piece_of(&looks[i], sort), (uint32_t)i, 0 };
    runs_find(literals, count);
    return litset_new(a, literals, count, ASKED_ALWAYS);
}

static struct way
way_of(struct arena *a, const struct needles *n, size_t clause, enum sort sort)
{
    const struct needle_look *looks;
    size_t count = needles_looks(n, clause, &looks);
    struct way way = { .shortest = SIZE_MAX };
    for (size_t i = 0; i < count; i++) {
        size_t len = piece_of(&looks[i], sort).len;
        way.shortest = len < way.shortest ? len : way.shortest;
    }
    if (way.shortest < PIECE_MIN)
        return way;
    way.count = count;
    if (count > SEEKERS_MAX) {
        way.set = set_of(a, looks, count, sort);
        return way;
    }
    struct seeker *seekers = arena_array_of(a, count, struct seeker);
    for (size_t i = 0; i < count; i++)
        seekers[i] = seeker_of(piece_of(&looks[i], sort));
    way.seekers = seekers;
    return way;
}

/* Few long texts before many short ones. */
static bool
is_better(const struct way *one, const struct way *other)
{
    if (!one->count || !other->count)
        return one->count > 0;
    if (!one->set != !other->set)
        return !one->set;
    return one->shortest > other->shortest;
}

static struct ways
ways_of(struct arena *a, const struct needles *n, enum sort sort)
{
    struct ways w = { .count = needles_clause_count(n) };
    w.all = arena_array_of(a, w.count, struct way);
    w.first = w.count;
    for (size_t i = 0; i < w.count; i++) {
        w.all[i] = way_of(a, n, i, sort);
        if (w.all[i].count && (w.first == w.count || is_better(&w.all[i], &w.all[w.first])))
            w.first = i;
    }
    return w;
}

static struct needles *
needles_of_rules(struct arena *a, const struct scan_plan *plan)
{
    if (!plan->matcher || !plan->on_demand)
        return NULL;
    const struct ruleset *set = plan->matcher->engine->set;
    const struct expr **conditions = arena_array_of(a, plan->on_demand_count, const struct expr *);
    for (size_t i = 0; i < plan->on_demand_count; i++)
        conditions[i] = set->rules[plan->on_demand[i]].condition;
    return needles_of_exprs(a, conditions, plan->on_demand_count);
}

static void
end_of_scan(void *of)
{
    struct scan *s = of;
    room_end(&s->marks);
    room_end(&s->line);
}

struct scan *
scan_new(struct arena *a, const struct scan_plan *plan)
{
    struct scan *s = arena_new_of(a, struct scan);
    s->plan = *plan;
    s->needles = needles_both(a, plan->needles, needles_of_rules(a, plan));
    for (int sort = 0; sort < SORT_COUNT; sort++)
        s->ways[sort] = ways_of(a, s->needles, (enum sort)sort);
    if (!plan->matcher)
        s->event = event_new(a, source_map_new(a));
    s->matched = arena_array_of(a, plan->on_demand_count + 1, uint32_t);
    arena_defer(a, end_of_scan, s);
    return s;
}

const struct needles *
scan_needles(const struct scan *s)
{
    return s->needles;
}

const struct scan_tally *
scan_tally(const struct scan *s)
{
    return &s->tally;
}

/* ---- one event ---- */

static bool
rules_hold(struct scan *s, struct matches *out)
{
    size_t count = 0;
    for (size_t i = 0; i < s->plan.on_demand_count; i++)
        if (matcher_holds(s->plan.matcher, s->plan.on_demand[i]))
            s->matched[count++] = s->plan.on_demand[i];
    *out = (struct matches){ s->matched, count, NULL };
    return count > 0;
}

/* The question itself, once the line is parsed. A line that is no event holds nothing. */
static bool
event_holds(struct scan *s, struct str line, struct matches *out)
{
    struct matcher *m = s->plan.matcher;
    const struct needles *asked = s->plan.rules_decide ? NULL : s->plan.needles;
    *out = (struct matches){ 0 };
    if (!m)
        return !event_read(s->event, line) && (!asked || needles_hold(asked, s->event));
    if (s->plan.on_demand)
        return !matcher_read(m, line) && (!asked || needles_hold(asked, m->event)) && rules_hold(s, out);
    *out = matcher_run(m, line);
    return out->count > 0 && (!asked || needles_hold(asked, m->event));
}

static bool
is_in_time(const struct scan_plan *p, const struct segment_event *e)
{
    int64_t at = e->event_ms != SEGMENT_NO_TIME ? e->event_ms : e->arrival_ms;
    return (p->from_ms == SEGMENT_NO_TIME || at >= p->from_ms) && (p->until_ms == SEGMENT_NO_TIME || at < p->until_ms);
}

/* False when the hit's taker wants no more. */
static bool
ask(struct scan *s, const struct segment_event *e)
{
    struct scan_hit hit = { .event = e };
    if (!is_in_time(&s->plan, e))
        return true;
    s->tally.parsed++;
    if (!event_holds(s, e->line, &hit.matches))
        return true;
    s->tally.hits++;
    return s->plan.hit(s->plan.to, &hit);
}

/* ---- raw bytes ---- */

static bool
line_may_hold(struct scan *s, const struct way *way, struct str line)
{
    for (size_t i = 0; way->seekers && i < way->count; i++)
        if (seek(&way->seekers[i], line, 0) < line.len)
            return true;
    if (!way->set)
        return !way->count;
    s->line.len = 0;
    char *folded = room_for(&s->line, line.len + FOLD_SLACK);
    bool is_ascii = fold_into(folded, line);
    return litset_any(way->set, (struct str){ folded, line.len }, is_ascii);
}

static bool
others_may_hold(struct scan *s, const struct ways *ways, struct str line)
{
    for (size_t i = 0; i < ways->count; i++)
        if (i != ways->first && !line_may_hold(s, &ways->all[i], line))
            return false;
    return true;
}

/* Marks the lines in which one of the texts stands; each text takes one walk over the frame. */
static void
mark_lines(struct segment_reader *r, const struct segment_frame *f, const struct way *way, char *marks)
{
    struct segment_event e;
    for (size_t i = 0; i < way->count; i++)
        for (size_t at = 0; (at = seek(&way->seekers[i], f->lines, at)) < f->lines.len;) {
            segment_event_at(r, at, &e);
            marks[e.index - f->first] = 1;
            at = (size_t)(e.line.at - f->lines.at) + e.line.len + 1;
        }
}

static bool
scan_all_lines(struct scan *s, struct segment_reader *r, const struct segment_frame *f, const struct ways *ways)
{
    struct segment_event e;
    for (uint32_t i = 0; i < f->count; i++) {
        segment_event_of(r, i, &e);
        if (ways && !line_may_hold(s, &ways->all[ways->first], e.line))
            continue;
        if ((!ways || others_may_hold(s, ways, e.line)) && !ask(s, &e))
            return false;
    }
    return true;
}

static bool
scan_marked_lines(struct scan *s, struct segment_reader *r, const struct segment_frame *f, const struct ways *ways)
{
    struct segment_event e;
    s->marks.len = 0;
    char *marks = memset(room_for(&s->marks, f->count), 0, f->count);
    mark_lines(r, f, &ways->all[ways->first], marks);
    for (const char *at = marks; (at = memchr(at, 1, (size_t)(marks + f->count - at))); at++) {
        segment_event_of(r, (uint32_t)(at - marks), &e);
        if (others_may_hold(s, ways, e.line) && !ask(s, &e))
            return false;
    }
    return true;
}

static bool
scan_frame(struct scan *s, struct segment_reader *r, const struct segment_frame *f)
{
    const struct ways *ways = &s->ways[f->traits & LINE_ESCAPES_WIDE ? SORT_WIDE_ESCAPED : SORT_AS_IS];
    if ((f->traits & LINE_ESCAPES_PLAIN) || ways->first == ways->count)
        return scan_all_lines(s, r, f, NULL);
    return ways->all[ways->first].set ? scan_all_lines(s, r, f, ways) : scan_marked_lines(s, r, f, ways);
}

static bool
is_stopped(const struct scan *s)
{
    return s->plan.stop && atomic_load_explicit(s->plan.stop, memory_order_relaxed);
}

enum scan_end
scan_segment(struct scan *s, struct segment_reader *r)
{
    struct segment_frame frame;
    struct scan_tally before = s->tally;
    enum scan_end end = SCAN_DONE;
    segment_only(r, s->needles, s->plan.from_ms, s->plan.until_ms);
    struct segment_tally begun = segment_tally(r);
    s->tally.segments++;
    while (end == SCAN_DONE && !is_stopped(s) && segment_next_frame(r, &frame)) {
        struct segment_tally now = segment_tally(r);
        s->tally.frames = before.frames + now.frames - begun.frames;
        s->tally.frames_skipped = before.frames_skipped + now.frames_skipped - begun.frames_skipped;
        s->tally.bytes = before.bytes + now.bytes - begun.bytes;
        s->tally.events += frame.count;
        if (!scan_frame(s, r, &frame))
            end = SCAN_STOPPED;
        if (s->plan.progress)
            s->plan.progress(s->plan.to, &s->tally);
    }
    s->tally.frames_skipped = before.frames_skipped + segment_tally(r).frames_skipped - begun.frames_skipped;
    if (segment_problem(r))
        return SCAN_BROKEN;
    return is_stopped(s) ? SCAN_STOPPED : end;
}
