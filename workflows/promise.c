#include "workflows/promise.h"

/* What folding the ledger knows after each entry. */
struct fold {
    const struct promise_ledger *ledger;
    struct promise_target target;
    int64_t allowance_us;
    int64_t elapsed_us;      /* in finished runs */
    struct instant started_at, running_since;
    bool running, stopped;
    bool late; /* a run had ended after its deadline */
};

/* ---- what was taken back ---- */

/* The entry by which a pause, or the resumption that ended it, counts as never written; 0 when none does. */
static size_t
struck_by(const struct promise_ledger *l, size_t index)
{
    size_t pause = index;
    enum promise_event event = l->entries[index].event;
    if (event != EVENT_PAUSED && event != EVENT_RESUMED)
        return 0;
    while (pause && l->entries[pause].event != EVENT_PAUSED)
        pause--;
    for (size_t i = pause + 1; i < l->count; i++)
        if (l->entries[i].event == EVENT_CORRECTED && l->entries[i].corrects == (int64_t)pause + 1)
            return i;
    return 0;
}

static bool
only_tells(enum promise_event event)
{
    return event == EVENT_DISPUTED || event == EVENT_CORRECTED;
}

/* ---- folding ---- */

static int64_t
open_between(const struct fold *f, struct instant from, struct instant to)
{
    if (f->target.pace == PACE_AROUND_THE_CLOCK)
        return to.us > from.us ? to.us - from.us : 0;
    return calendar_open_us(f->ledger->calendar, from, to);
}

static bool
after_open(const struct fold *f, struct instant from, int64_t span_us, struct instant *out)
{
    if (f->target.pace == PACE_AROUND_THE_CLOCK) {
        *out = instant_plus(from, span_us > 0 ? span_us : 0);
        return true;
    }
    return calendar_add_open(f->ledger->calendar, from, span_us, out);
}

/* An allowance of days is the open time until that day's deadline. */
static bool
take_target(struct fold *f, struct promise_target target)
{
    struct instant due;
    f->target = target;
    f->allowance_us = target.allowance;
    if (target.pace != PACE_BUSINESS_DAYS)
        return true;
    if (!calendar_add_days(f->ledger->calendar, f->started_at, (int)target.allowance, &due))
        return false;
    f->allowance_us = open_between(f, f->started_at, due);
    return true;
}

static int64_t
used_at(const struct fold *f, struct instant t)
{
    return f->elapsed_us + (f->running ? open_between(f, f->running_since, t) : 0);
}

/* A deadline that is the closing of a day has passed that evening, though no open time was used since. */
static bool
is_late(const struct fold *f, struct instant t, struct instant *due)
{
    *due = (struct instant){ 0 };
    if (f->late || used_at(f, t) > f->allowance_us)
        return true;
    return f->running && after_open(f, f->running_since, f->allowance_us - f->elapsed_us, due) && t.us > due->us;
}

/* The runs before entry `until`, counted anew under the target that holds now. */
static int64_t
recount(const struct fold *f, size_t until)
{
    int64_t total = 0;
    struct instant since = f->started_at;
    bool running = true;
    for (size_t i = 1; i < until; i++) {
        const struct promise_entry *e = &f->ledger->entries[i];
        if (struck_by(f->ledger, i))
            continue;
        if (e->event == EVENT_PAUSED && running) {
            total += open_between(f, since, e->at);
            running = false;
        } else if (e->event == EVENT_RESUMED) {
            since = e->at;
            running = true;
        }
    }
    return total;
}

static bool
retarget(struct fold *f, const struct promise_entry *e, size_t index)
{
    if (!take_target(f, e->target))
        return false;
    f->elapsed_us = recount(f, index);
    f->late = false;
    int64_t left = f->allowance_us - used_at(f, e->at);
    struct instant due = e->at, merciful = instant_plus(e->at, e->mercy_us);
    if (left > 0 && !after_open(f, e->at, left, &due))
        return false;
    if (due.us < merciful.us) /* mercy is time that counts: at night it waits for the morning */
        f->allowance_us += e->mercy_us - left;
    return true;
}

static bool
fold_entry(struct fold *f, size_t index)
{
    const struct promise_entry *e = &f->ledger->entries[index];
    struct instant due;
    if (struck_by(f->ledger, index))
        return true;
    switch (e->event) {
    case EVENT_STARTED:
        f->started_at = f->running_since = e->at;
        f->running = true;
        return take_target(f, e->target);
    case EVENT_PAUSED:
    case EVENT_STOPPED:
        f->late = is_late(f, e->at, &due);
        f->elapsed_us = used_at(f, e->at);
        f->running = false;
        f->stopped = e->event == EVENT_STOPPED;
        return true;
    case EVENT_RESUMED:
        f->running_since = e->at;
        f->running = true;
        return true;
    case EVENT_RETARGETED:
        return retarget(f, e, index);
    case EVENT_DISPUTED:
    case EVENT_CORRECTED:
        return true;
    case EVENT_NONE:
        break;
    }
    return false;
}

static bool
fold_all(const struct promise_ledger *l, struct fold *f)
{
    *f = (struct fold){ .ledger = l };
    for (size_t i = 0; i < l->count; i++)
        if (!fold_entry(f, i))
            return false;
    return true;
}

static bool
follows(enum promise_event before_pause, enum promise_event event)
{
    bool running = before_pause != EVENT_PAUSED;
    return event == EVENT_RETARGETED || event == EVENT_STOPPED
        || (running ? event == EVENT_PAUSED : event == EVENT_RESUMED);
}

static bool
needs_calendar(const struct promise_entry *e)
{
    bool has_target = e->event == EVENT_STARTED || e->event == EVENT_RETARGETED;
    return has_target && e->target.pace != PACE_AROUND_THE_CLOCK;
}

/* A correction names a pause before it. */
static bool
is_about_a_pause(const struct promise_ledger *l, size_t index)
{
    int64_t about = l->entries[index].corrects;
    return l->entries[index].event != EVENT_CORRECTED
        || (about > 0 && about <= (int64_t)index && l->entries[about - 1].event == EVENT_PAUSED);
}

static bool
is_target_sound(const struct promise_ledger *l, const struct promise_entry *e)
{
    bool has_target = e->event == EVENT_STARTED || e->event == EVENT_RETARGETED;
    return !(has_target && (e->target.pace == PACE_NONE || e->target.allowance <= 0 || e->mercy_us < 0))
        && !(needs_calendar(e) && !l->calendar);
}

bool
promise_ledger_is_sound(const struct promise_ledger *l)
{
    if (l->count == 0 || l->entries[0].event != EVENT_STARTED)
        return false;
    enum promise_event motion = EVENT_STARTED; /* the last entry that moved it, retargets left out */
    for (size_t i = 0; i < l->count; i++) {
        const struct promise_entry *e = &l->entries[i];
        if (!is_target_sound(l, e) || !is_about_a_pause(l, i) || (i && e->at.us < e[-1].at.us))
            return false;
        if (only_tells(e->event) || struck_by(l, i))
            continue;
        if (i && (motion == EVENT_STOPPED || !follows(motion, e->event)))
            return false;
        if (e->event != EVENT_RETARGETED)
            motion = e->event;
    }
    return true;
}

bool
promise_stand(const struct promise_ledger *l, struct instant now, struct promise_standing *out)
{
    struct fold f;
    if (!fold_all(l, &f))
        return false;
    *out = (struct promise_standing){ .allowance_us = f.allowance_us, .elapsed_us = used_at(&f, now) };
    out->late = is_late(&f, now, &out->due_at);
    out->due_at = (struct instant){ 0 };
    if (f.stopped)
        out->state = out->late ? PROMISE_MISSED : PROMISE_MET;
    else
        out->state = f.running ? PROMISE_RUNNING : PROMISE_PAUSED;
    return out->state != PROMISE_RUNNING
        || after_open(&f, f.running_since, f.allowance_us - f.elapsed_us, &out->due_at);
}

bool
promise_reaches(const struct promise_ledger *l, struct instant now, int percent, struct instant *out)
{
    struct fold f;
    *out = (struct instant){ 0 };
    if (!fold_all(l, &f))
        return false;
    int64_t mark = f.allowance_us / 100 * percent + f.allowance_us % 100 * percent / 100;
    if (!f.running || used_at(&f, now) > mark)
        return true;
    if (!after_open(&f, f.running_since, mark - f.elapsed_us, out))
        return false;
    if (out->us < now.us)
        *out = (struct instant){ 0 };
    return true;
}

/* ---- the ledger as a bar ---- */

struct segment_list {
    struct arena *arena;
    struct promise_segments list;
    size_t room;
};

static void
add_segment(struct segment_list *s, struct promise_segment seg)
{
    if (seg.end.us <= seg.start.us)
        return;
    struct promise_segment *last = s->list.count ? &s->list.items[s->list.count - 1] : NULL;
    if (last && last->kind == seg.kind && last->entry == seg.entry && last->end.us == seg.start.us) {
        last->end = seg.end; /* windows that touch are one run */
        return;
    }
    if (s->list.count == s->room) {
        size_t room = s->room ? s->room * 2 : 16;
        struct promise_segment *items = arena_array_of(s->arena, room, struct promise_segment);
        if (s->list.count)
            memcpy(items, s->list.items, s->list.count * sizeof *items);
        s->list.items = items;
        s->room = room;
    }
    s->list.items[s->list.count++] = seg;
}

static void
add_run(struct segment_list *s, const struct promise_ledger *l, struct promise_target target,
        struct promise_segment run)
{
    if (target.pace == PACE_AROUND_THE_CLOCK) {
        add_segment(s, run);
        return;
    }
    struct instant at = run.start;
    struct open_span open;
    while (at.us < run.end.us && calendar_next_open(l->calendar, at, &open) && open.start.us < run.end.us) {
        struct instant end = open.end.us < run.end.us ? open.end : run.end;
        add_segment(s, (struct promise_segment){ SEGMENT_OUT_OF_HOURS, at, open.start, run.entry });
        add_segment(s, (struct promise_segment){ SEGMENT_RUN, open.start, end, run.entry });
        at = end;
    }
    add_segment(s, (struct promise_segment){ SEGMENT_OUT_OF_HOURS, at, run.end, run.entry });
}

/* The target that counts is the last one: a retarget counts again from the start. */
static struct promise_target
last_target(const struct promise_ledger *l)
{
    struct promise_target target = { 0 };
    for (size_t i = 0; i < l->count; i++)
        if (l->entries[i].event == EVENT_STARTED || l->entries[i].event == EVENT_RETARGETED)
            target = l->entries[i].target;
    return target;
}

/* What a part of the bar is explained by: of a pause that was taken back, the line that did so; lines that only tell
 * begin nothing. */
static size_t
reason_of(const struct promise_ledger *l, size_t index, size_t before)
{
    size_t striker = l->entries[index].event == EVENT_PAUSED ? struck_by(l, index) : 0;
    return striker ? striker : only_tells(l->entries[index].event) ? before : index;
}

struct promise_segments
promise_segments(struct arena *a, const struct promise_ledger *l, struct instant now)
{
    struct segment_list s = { .arena = a };
    struct promise_target target = last_target(l);
    bool paused = false;
    size_t reason = 0;
    for (size_t i = 0; i < l->count && l->entries[i].event != EVENT_STOPPED; i++) {
        const struct promise_entry *e = &l->entries[i];
        if ((e->event == EVENT_PAUSED || e->event == EVENT_RESUMED) && !struck_by(l, i))
            paused = e->event == EVENT_PAUSED;
        reason = reason_of(l, i, reason);
        struct instant end = i + 1 < l->count ? e[1].at : now;
        struct promise_segment seg = { SEGMENT_PAUSED, e->at, end, reason };
        if (paused) {
            add_segment(&s, seg);
        } else {
            seg.kind = SEGMENT_RUN;
            add_run(&s, l, target, seg);
        }
    }
    return s.list;
}
