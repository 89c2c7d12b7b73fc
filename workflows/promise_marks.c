/* The marks of a promise: told once each, when they are truly reached; and the page that shows it all. */
#include "core/db/change.h"
#include "model/ticket_post.h"
#include "workflows/calendars.h"
#include "workflows/escalations.h"
#include "workflows/promises_parts.h"

/* A mark is reached when the instant at which it falls has passed. */
static bool
highest_mark(struct scope *s, const struct promise *p, const struct promise_ledger *l, int *out)
{
    struct instant ahead;
    *out = 0;
    for (int mark; (mark = promise_next_mark(p, *out)) != 0; *out = mark) {
        if (!promise_reaches(l, s->now, mark, &ahead))
            return fail(s, &problem_internal, "a promise that never ends");
        if (ahead.us)
            break;
    }
    return true;
}

/* An internal note by the service itself: it stops no clock and no customer reads it. */
static bool
tell(struct scope *s, const struct promise *p, int mark)
{
    struct ticket_post post = {
        .id = uuid_new(s->now), .tenant_id = p->tenant_id, .ticket_id = p->ticket_id, .visibility = POST_INTERNAL,
        .kind = POST_AUTOMATIC, .author_name = STR("Yagura"), .author_side = SIDE_PROVIDER, .created_at = s->now,
        .body = str_printf(s->arena, mark < 100 ? "promise %s: %d %%" : "promise %s: breached at %d %%",
                           domain_label(&promise_metric_domain, (int)p->metric).at, mark),
    };
    return db_run(s, &ticket_post_insert, &post, NULL)
        && change_record(s, p->tenant_id, "ticket_note", p->ticket_id,
                         mark < 100 ? "promise-warned" : "promise-breached")
        && escalation_raise(s, p, mark);
}

static bool
reach_mark(struct scope *s, void *args)
{
    struct promise p;
    struct rows lines;
    struct promise_ledger l;
    struct id_args ticket;
    int mark;
    bool found;
    if (!db_maybe(s, &promise_lock_ticket, args, &ticket, &found))
        return false;
    if (found && !db_maybe(s, &promise_by_id, args, &p, &found))
        return false;
    if (!found || p.state != PROMISE_RUNNING)
        return true; /* paused or over: resuming makes a new job */
    if (!promise_load(s, &p, &lines, &l) || !highest_mark(s, &p, &l, &mark))
        return false;
    bool news = mark > p.warned;
    p.warned = news ? mark : p.warned;
    return promise_compute(s, &l, &p)
        && (!news || tell(s, &p, mark))
        && db_run(s, &promise_save, &p, NULL)
        && promise_wait(s, &p);
}

const struct job_kind promise_mark_job = {
    .name = "promise_mark",
    .prose = "Tells that half, three quarters, nine tenths or all of a promised time is used",
    .args = &id_args_shape, .run = reach_mark,
};

/* ---- the view ---- */

static const struct shape segment_view_shape = SHAPE(promise_segment_view,
    FIELD(promise_segment_view, kind, "run, paused or out_of_hours", .required = true),
    FIELD(promise_segment_view, start_at, "From", .required = true),
    FIELD(promise_segment_view, end_at, "Until", .required = true),
    FIELD(promise_segment_view, seq, "The line of the ledger that began it"));

const struct shape promise_view_shape = SHAPE(promise_view,
    FIELD(promise_view, id, "Identity", .required = true),
    FIELD(promise_view, cycle, "Which life of the case"),
    FIELD(promise_view, metric, "What is promised", .of = &promise_metric_domain, .required = true),
    FIELD(promise_view, state, "How it stands now", .of = &promise_state_domain, .required = true),
    FIELD(promise_view, started_at, "Since when", .required = true),
    FIELD(promise_view, due_at, "Until when; absent while it is paused or over"),
    FIELD(promise_view, stopped_at, "When it was kept, or ended"),
    FIELD(promise_view, late, "More time was used than promised"),
    FIELD(promise_view, allowance_s, "Promised, in seconds that count"),
    FIELD(promise_view, elapsed_s, "Used"),
    FIELD(promise_view, remaining_s, "Left; negative when late"),
    FIELD(promise_view, warned, "The highest mark that was told, in percent"),
    FIELD(promise_view, lines, "What happened to it, and why", .items = &promise_line_shape),
    FIELD(promise_view, segments, "Every minute since the start, explained", .items = &segment_view_shape));

const struct shape promise_views_shape = SHAPE(promise_views,
    FIELD(promise_views, items, "One per promise, oldest first", .items = &promise_view_shape));

static struct rows
view_segments(struct scope *s, const struct promise_ledger *l, const struct promise_line *lines)
{
    static const char *const kinds[] = { "", "run", "paused", "out_of_hours" };
    struct promise_segments segments = promise_segments(s->arena, l, s->now);
    struct promise_segment_view *views = arena_array_of(s->arena, segments.count + 1, struct promise_segment_view);
    for (size_t i = 0; i < segments.count; i++)
        views[i] = (struct promise_segment_view){
            .kind = str_of(kinds[segments.items[i].kind]), .start_at = segments.items[i].start,
            .end_at = segments.items[i].end, .seq = lines[segments.items[i].entry].seq,
        };
    return (struct rows){ views, segments.count };
}

static bool
view_one(struct scope *s, const struct promise *p, const struct promise_ledger *l, const struct rows *lines,
         struct promise_view *out)
{
    struct promise_standing standing;
    if (!promise_ledger_is_sound(l) || !promise_stand(l, s->now, &standing))
        return fail(s, &problem_internal, "a promise's ledger is not sound");
    *out = (struct promise_view){
        .id = p->id, .cycle = p->cycle, .metric = p->metric, .state = standing.state, .started_at = p->started_at,
        .due_at = standing.due_at, .stopped_at = p->stopped_at, .late = standing.late,
        .allowance_s = standing.allowance_us / SECONDS(1), .elapsed_s = standing.elapsed_us / SECONDS(1),
        .remaining_s = (standing.allowance_us - standing.elapsed_us) / SECONDS(1), .warned = p->warned,
        .lines = *lines, .segments = view_segments(s, l, lines->items),
    };
    return true;
}

/* Its part of the lines of the whole case. */
static struct rows
lines_of(const struct promise *p, const struct rows *all)
{
    const struct promise_line *lines = all->items;
    size_t from = 0;
    while (from < all->count && !uuid_eq(lines[from].promise_id, p->id))
        from++;
    size_t to = from;
    while (to < all->count && uuid_eq(lines[to].promise_id, p->id))
        to++;
    return (struct rows){ (struct promise_line *)all->items + from, to - from };
}

/* The promises of a case nearly always share one calendar: it is loaded when it changes. */
struct calendar_seen {
    struct uuid id;
    const struct calendar *calendar;
};

static bool
same_calendar(struct scope *s, struct uuid id, struct calendar_seen *seen)
{
    if (uuid_eq(id, seen->id))
        return true;
    seen->id = id;
    seen->calendar = NULL;
    return uuid_is_none(id) || calendar_load(s, id, &seen->calendar);
}

bool
promises_view(struct scope *s, struct uuid ticket_id, struct promise_views *out)
{
    struct rows rows, lines;
    struct id_args id = { ticket_id };
    struct calendar_seen seen = { { { 0 } }, NULL };
    if (!db_list(s, &promises_of_ticket, &id, &rows) || !db_list(s, &promise_lines_of_ticket, &id, &lines))
        return false;
    struct promise_view *views = arena_array_of(s->arena, rows.count + 1, struct promise_view);
    for (size_t i = 0; i < rows.count; i++) {
        const struct promise *p = (const struct promise *)rows.items + i;
        struct rows own = lines_of(p, &lines);
        struct promise_ledger l = promise_ledger_of(s->arena, &own);
        if (!same_calendar(s, p->calendar_id, &seen))
            return false;
        l.calendar = seen.calendar;
        if (!view_one(s, p, &l, &own, &views[i]))
            return false;
    }
    out->items = (struct rows){ views, rows.count };
    return true;
}
