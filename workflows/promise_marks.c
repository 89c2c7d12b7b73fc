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

/* Its part of the lines of several, which stand together. */
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

/* The calendars of several promises, each loaded once. */
struct calendars_seen {
    struct calendar_seen {
        struct uuid id;
        const struct calendar *calendar;
    } *items;
    size_t count;
};

/* `count` promises have as many calendars at most. */
static struct calendars_seen
calendars_of(struct scope *s, size_t count)
{
    return (struct calendars_seen){ arena_array_of(s->arena, count + 1, struct calendar_seen), 0 };
}

static bool
calendar_seen(struct scope *s, struct uuid id, struct calendars_seen *seen, const struct calendar **out)
{
    *out = NULL;
    if (uuid_is_none(id))
        return true;
    for (size_t i = 0; i < seen->count; i++)
        if (uuid_eq(id, seen->items[i].id)) {
            *out = seen->items[i].calendar;
            return true;
        }
    if (!calendar_load(s, id, out))
        return false;
    seen->items[seen->count++] = (struct calendar_seen){ id, *out };
    return true;
}

/* ---- reaching ---- */

/* For each of these, which have just reached the mark that is their `warned`: an internal note by the service itself,
 * a word in the feed, and the walk of its escalation. */
static bool
tell(struct scope *s, const struct rows *promises)
{
    struct ticket_note *notes = arena_array_of(s->arena, promises->count + 1, struct ticket_note);
    struct change_entry *changes = arena_array_of(s->arena, promises->count + 1, struct change_entry);
    for (size_t i = 0; i < promises->count; i++) {
        const struct promise *p = (const struct promise *)promises->items + i;
        notes[i] = (struct ticket_note){
            .id = uuid_new(s->now), .tenant_id = p->tenant_id, .ticket_id = p->ticket_id,
            .body = str_printf(s->arena, p->warned < 100 ? "promise %s: %d %%" : "promise %s: breached at %d %%",
                               domain_label(&promise_metric_domain, (int)p->metric).at, (int)p->warned) };
        changes[i] = (struct change_entry){ p->tenant_id, p->ticket_id,
                                            p->warned < 100 ? STR("promise-warned") : STR("promise-breached") };
    }
    const struct ticket_notes_args args = { { notes, promises->count }, s->now };
    return promises->count == 0
        || (db_run(s, &ticket_notes_insert, &args, NULL)
            && change_record_many(s, "ticket_note", &(struct rows){ changes, promises->count })
            && escalation_raise(s, promises));
}

static bool
advance(struct scope *s, const struct rows *all_lines, struct calendars_seen *seen, struct promise *p, bool *news)
{
    int mark;
    struct rows lines = lines_of(p, all_lines);
    struct promise_ledger l = promise_ledger_of(s->arena, &lines);
    if (!calendar_seen(s, p->calendar_id, seen, &l.calendar) || !highest_mark(s, p, &l, &mark))
        return false;
    *news = mark > p->warned;
    p->warned = *news ? mark : p->warned;
    return promise_compute(s, &l, p);
}

/* Their cases are held. Those that are paused or over need nothing: resuming makes a new job. */
static bool
reach_marks(struct scope *s, struct uuids ids)
{
    struct rows rows, lines;
    const struct promise_many_args which = { .ids = ids };
    if (ids.count == 0)
        return true;
    if (!db_list(s, &promises_running, &which, &rows) || !db_list(s, &promise_lines_of_many, &which, &lines))
        return false;
    struct calendars_seen seen = calendars_of(s, rows.count);
    struct rows told = { arena_array_of(s->arena, rows.count + 1, struct promise), 0 };
    for (size_t i = 0; i < rows.count; i++) {
        struct promise *p = (struct promise *)rows.items + i;
        bool news;
        if (!advance(s, &lines, &seen, p, &news))
            return false;
        if (news)
            ((struct promise *)told.items)[told.count++] = *p;
    }
    const struct promise_many_args now = { .rows = rows };
    return rows.count == 0
        || (tell(s, &told) && db_run(s, &promises_save_marks, &now, NULL) && promises_wait(s, &rows));
}

static bool
reach_mark(struct scope *s, void *args)
{
    struct id_args ticket, *id = args;
    bool found;
    if (!db_maybe(s, &promise_lock_ticket, id, &ticket, &found))
        return false;
    return !found || reach_marks(s, (struct uuids){ &id->id, 1 });
}

static bool
holds(const struct rows *held, struct uuid id)
{
    for (size_t i = 0; i < held->count; i++)
        if (uuid_eq(((const struct id_args *)held->items)[i].id, id))
            return true;
    return false;
}

/* Those whose case somebody works on right now come again, alone. */
static bool
reach_many(struct scope *s, struct job_item *items, size_t count)
{
    struct rows held;
    struct uuids ids = { arena_array_of(s->arena, count, struct uuid), 0 };
    for (size_t i = 0; i < count; i++)
        ids.items[ids.count++] = ((const struct id_args *)items[i].args)->id;
    const struct promise_many_args all = { .ids = ids };
    if (!db_list(s, &promises_lock_free, &all, &held))
        return false;
    ids.count = 0;
    for (size_t i = 0; i < count; i++) {
        struct uuid id = ((const struct id_args *)items[i].args)->id;
        items[i].later = !holds(&held, id);
        if (!items[i].later)
            ids.items[ids.count++] = id;
    }
    return reach_marks(s, ids);
}

const struct job_kind promise_mark_job = {
    .name = "promise_mark",
    .prose = "Tells that half, three quarters, nine tenths or all of a promised time is used",
    .args = &id_args_shape, .run = reach_mark, .run_many = reach_many,
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

bool
promises_view(struct scope *s, struct uuid ticket_id, struct promise_views *out)
{
    struct rows rows, lines;
    struct id_args id = { ticket_id };
    if (!db_list(s, &promises_of_ticket, &id, &rows) || !db_list(s, &promise_lines_of_ticket, &id, &lines))
        return false;
    struct promise_view *views = arena_array_of(s->arena, rows.count + 1, struct promise_view);
    struct calendars_seen seen = calendars_of(s, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        const struct promise *p = (const struct promise *)rows.items + i;
        struct rows own = lines_of(p, &lines);
        struct promise_ledger l = promise_ledger_of(s->arena, &own);
        if (!calendar_seen(s, p->calendar_id, &seen, &l.calendar) || !view_one(s, p, &l, &own, &views[i]))
            return false;
    }
    out->items = (struct rows){ views, rows.count };
    return true;
}
