#include "workflows/calendars.h"
#include "workflows/promises_parts.h"

static const struct problem promise_never_ends = {
    500, "promise-never-ends",
    { "A deadline cannot be computed: the calendar never opens long enough.",
      "期限を計算できません。営業カレンダーに十分な営業時間がありません。" } };

/* ---- the ledger, from rows to arithmetic ---- */

static int64_t
allowance_of(enum promise_pace pace, int64_t stored)
{
    return pace == PACE_BUSINESS_DAYS ? stored : SECONDS(stored);
}

struct promise_entry
promise_entry_of(const struct promise_line *line)
{
    return (struct promise_entry){
        .event = line->event, .at = line->at,
        .target = { line->pace, line->allowance == INT_NONE ? 0 : allowance_of(line->pace, line->allowance) },
        .mercy_us = line->mercy_s == INT_NONE ? 0 : SECONDS(line->mercy_s),
        .corrects = line->corrects == INT_NONE ? 0 : line->corrects,
    };
}

struct promise_ledger
promise_ledger_of(struct arena *a, const struct rows *lines)
{
    struct promise_entry *entries = arena_array_of(a, lines->count + 1, struct promise_entry);
    for (size_t i = 0; i < lines->count; i++)
        entries[i] = promise_entry_of((const struct promise_line *)lines->items + i);
    return (struct promise_ledger){ entries, lines->count, NULL };
}

bool
promise_load(struct scope *s, const struct promise *p, struct rows *lines, struct promise_ledger *out)
{
    if (!db_list(s, &promise_lines, &(struct promise_ref){ p->tenant_id, p->id }, lines))
        return false;
    *out = promise_ledger_of(s->arena, lines);
    return uuid_is_none(p->calendar_id) || calendar_load(s, p->calendar_id, &out->calendar);
}

/* ---- adding to it ---- */

static struct str
actor_name(const struct scope *s)
{
    return s->who && s->who->name.at ? s->who->name : STR("Yagura");
}

static bool
add_line(struct scope *s, const struct promise *p, size_t seq, enum promise_event event,
         const struct promise_target_row *target, const struct promise_cause *why)
{
    struct promise_line line = {
        .tenant_id = p->tenant_id, .promise_id = p->id, .seq = (int64_t)seq, .event = event, .at = s->now,
        .pace = target ? target->pace : PACE_NONE, .allowance = target ? target->allowance : INT_NONE,
        .mercy_s = target ? target->mercy_s : INT_NONE, .cause = str_of(why->code), .note = why->note,
        .actor_id = s->who ? s->who->person_id : (struct uuid){ { 0 } }, .actor_name = actor_name(s),
        .post_id = why->post_id, .corrects = why->corrects ? why->corrects : INT_NONE,
    };
    return db_run(s, &promise_line_insert, &line, NULL);
}

/* The breach itself is always told; before it, what the target asks for. */
int
promise_next_mark(const struct promise *p, int64_t warned)
{
    int64_t next = warned < 100 ? 100 : 0, mark;
    for (size_t i = 0; i < p->warn_at.count; i++)
        if (str_int(p->warn_at.items[i], &mark) && mark > warned && mark < next)
            next = mark;
    return (int)next;
}

/* The kept columns, out of the ledger. The deadline's own mark is told a microsecond later: on time is not late. */
bool
promise_compute(struct scope *s, const struct promise_ledger *l, struct promise *p)
{
    struct promise_standing standing;
    int mark = promise_next_mark(p, p->warned);
    if (!promise_ledger_is_sound(l))
        return fail(s, &problem_internal, "a promise's ledger is not sound");
    if (!promise_stand(l, s->now, &standing))
        return fail(s, &promise_never_ends, "allowance too long for its calendar");
    p->state = standing.state;
    p->due_at = standing.due_at;
    p->late = standing.late;
    p->allowance_s = standing.allowance_us / SECONDS(1);
    p->elapsed_s = p->stopped_at.us ? standing.elapsed_us / SECONDS(1) : INT_NONE;
    p->next_at = (struct instant){ 0 };
    if (mark == 0 && !standing.late)
        mark = 100; /* told under an earlier target; that it is late again, the queue still learns */
    if (standing.state != PROMISE_RUNNING || mark == 0)
        return true;
    if (!promise_reaches(l, s->now, mark, &p->next_at))
        return fail(s, &promise_never_ends, "allowance too long for its calendar");
    if (p->next_at.us == 0)
        p->next_at = s->now; /* passed already: tell at once */
    p->next_at = instant_plus(p->next_at, 1);
    return true;
}

bool
promises_wait(struct scope *s, const struct rows *promises)
{
    struct job_order *orders = arena_array_of(s->arena, promises->count + 1, struct job_order);
    struct id_args *ids = arena_array_of(s->arena, promises->count + 1, struct id_args);
    size_t count = 0;
    for (size_t i = 0; i < promises->count; i++) {
        const struct promise *p = (const struct promise *)promises->items + i;
        if (p->next_at.us == 0)
            continue;
        ids[count].id = p->id;
        orders[count] = (struct job_order){
            p->tenant_id, &ids[count], p->next_at,
            str_printf(s->arena, STR_FMT "/%lld", STR_ARG(uuid_format(s->arena, p->id)), (long long)p->next_at.us) };
        count++;
    }
    return job_add_many(s, &promise_mark_job, orders, count);
}

bool
promise_wait(struct scope *s, const struct promise *p)
{
    struct promise copy = *p;
    return promises_wait(s, &(struct rows){ &copy, 1 });
}

bool
promise_write(struct scope *s, struct promise *p, enum promise_event event, const struct promise_target_row *target,
              const struct promise_cause *why)
{
    struct rows lines;
    struct promise_ledger l;
    if (!promise_load(s, p, &lines, &l) || !add_line(s, p, lines.count + 1, event, target, why)
        || !promise_load(s, p, &lines, &l))
        return false;
    if (target)
        p->pace = target->pace;
    if (event == EVENT_STOPPED) {
        p->stopped_at = s->now;
        p->stopped_by = str_of(why->code);
    }
    return promise_compute(s, &l, p) && db_run(s, &promise_save, p, NULL) && promise_wait(s, p);
}

/* ---- all promises of a case ---- */

static bool
load_cycle(struct scope *s, const struct ticket *t, struct rows *out)
{
    return db_list(s, &promises_of_cycle, &(struct ticket_cycle_args){ t->tenant_id, t->id, t->cycle }, out);
}

bool
promises_show_deadline(struct scope *s, struct ticket *t)
{
    struct rows rows;
    if (!load_cycle(s, t, &rows))
        return false;
    t->due_at = (struct instant){ 0 };
    t->due_metric = METRIC_NONE;
    for (size_t i = 0; i < rows.count; i++) {
        const struct promise *p = (const struct promise *)rows.items + i;
        if (p->state != PROMISE_RUNNING || (t->due_at.us && t->due_at.us <= p->due_at.us))
            continue;
        t->due_at = p->due_at;
        t->due_metric = p->metric;
    }
    return true;
}

static bool
names(const struct strs *list, struct str word)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->items[i], word))
            return true;
    return false;
}

static bool
start_one(struct scope *s, const struct ticket *t, const struct promise_target_row *target, struct uuid calendar_id,
          const struct promise_cause *why)
{
    struct promise p = {
        .id = uuid_new(s->now), .tenant_id = t->tenant_id, .ticket_id = t->id, .cycle = t->cycle,
        .metric = target->metric, .calendar_id = calendar_id, .severity = t->severity, .pace = target->pace,
        .stops_on = target->stops_on, .pauses_while = target->pauses_while, .resets_on = target->resets_on,
        .warn_at = target->warn_at, .state = PROMISE_RUNNING, .started_at = s->now,
    };
    return db_run(s, &promise_insert, &p, NULL) && promise_write(s, &p, EVENT_STARTED, target, why);
}

static bool
load_targets(struct scope *s, const struct ticket *t, struct rows *out)
{
    struct target_args args = { t->tenant_id, t->category_id, t->severity, s->now };
    return db_list(s, &targets_for, &args, out);
}

static bool
is_open(const struct promise *p)
{
    return p->state == PROMISE_RUNNING || p->state == PROMISE_PAUSED;
}

/* Those that `what` starts and that do not run already; `anew` names the metrics that it has just ended to begin
 * them again. */
static bool
start_due(struct scope *s, struct ticket *t, enum promise_occasion what, unsigned anew,
          const struct promise_cause *why)
{
    struct rows targets, rows;
    struct uuid calendar_id;
    unsigned runs = 0;
    struct str word = domain_label(&promise_occasion_domain, (int)what);
    if (!load_targets(s, t, &targets) || !load_cycle(s, t, &rows)
        || !calendar_for_tenant(s, t->tenant_id, &calendar_id))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        if (is_open((const struct promise *)rows.items + i))
            runs |= METRIC_BIT(((const struct promise *)rows.items)[i].metric);
    for (size_t i = 0; i < targets.count; i++) {
        const struct promise_target_row *target = (const struct promise_target_row *)targets.items + i;
        bool due = names(&target->starts_on, word) || (anew & METRIC_BIT(target->metric));
        if (due && !(runs & METRIC_BIT(target->metric)) && !start_one(s, t, target, calendar_id, why))
            return false;
    }
    return promises_show_deadline(s, t);
}

bool
promises_start(struct scope *s, struct ticket *t, const struct promise_cause *why)
{
    return start_due(s, t, t->cycle == 1 ? OCCASION_CASE_OPENED : OCCASION_CASE_REOPENED, 0, why);
}

bool
promises_happen(struct scope *s, struct ticket *t, enum promise_occasion what, const struct promise_cause *why)
{
    struct rows rows;
    unsigned anew = 0;
    struct str word = domain_label(&promise_occasion_domain, (int)what);
    if (!load_cycle(s, t, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        struct promise *p = (struct promise *)rows.items + i;
        bool resets = names(&p->resets_on, word);
        if (!is_open(p) || !(resets || names(&p->stops_on, word)))
            continue;
        if (!promise_write(s, p, EVENT_STOPPED, NULL, why))
            return false;
        anew |= resets ? METRIC_BIT(p->metric) : 0;
    }
    return start_due(s, t, what, anew, why);
}

/* Adds one event to each promise of the cycle that `takes` it. */
static bool
for_each(struct scope *s, struct ticket *t, bool (*takes)(const struct ticket *, const struct promise *, unsigned),
         enum promise_event event, unsigned metrics, const struct promise_cause *why)
{
    struct rows rows;
    if (!load_cycle(s, t, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        struct promise *p = (struct promise *)rows.items + i;
        if (takes(t, p, metrics) && !promise_write(s, p, event, NULL, why))
            return false;
    }
    return promises_show_deadline(s, t);
}

static bool
stands_still(const struct ticket *t, const struct promise *p)
{
    return names(&p->pauses_while, domain_label(&ticket_status_domain, (int)t->status));
}

static bool
takes_stop(const struct ticket *t, const struct promise *p, unsigned metrics)
{
    (void)t;
    return is_open(p) && (metrics & METRIC_BIT(p->metric));
}

static bool
takes_pause(const struct ticket *t, const struct promise *p, unsigned metrics)
{
    (void)metrics;
    return p->state == PROMISE_RUNNING && stands_still(t, p);
}

static bool
takes_resume(const struct ticket *t, const struct promise *p, unsigned metrics)
{
    (void)t;
    (void)metrics;
    return p->state == PROMISE_PAUSED;
}

static bool
takes_going_on(const struct ticket *t, const struct promise *p, unsigned metrics)
{
    (void)metrics;
    return p->state == PROMISE_PAUSED && !stands_still(t, p);
}

bool
promises_stop(struct scope *s, struct ticket *t, unsigned metrics, const struct promise_cause *why)
{
    return for_each(s, t, takes_stop, EVENT_STOPPED, metrics, why);
}

bool
promises_pause(struct scope *s, struct ticket *t, const struct promise_cause *why)
{
    return for_each(s, t, takes_pause, EVENT_PAUSED, 0, why);
}

bool
promises_resume(struct scope *s, struct ticket *t, const struct promise_cause *why)
{
    return for_each(s, t, takes_resume, EVENT_RESUMED, 0, why);
}

bool
promises_follow(struct scope *s, struct ticket *t, const struct promise_cause *why)
{
    return for_each(s, t, takes_going_on, EVENT_RESUMED, 0, why) && promises_pause(s, t, why);
}

static const struct promise_target_row *
target_for(const struct rows *targets, enum promise_metric metric)
{
    for (size_t i = 0; i < targets->count; i++) {
        const struct promise_target_row *row = (const struct promise_target_row *)targets->items + i;
        if (row->metric == metric)
            return row;
    }
    return NULL;
}

/* A metric that is no longer promised under the new severity goes on as it was: a promise given is kept. */
bool
promises_retarget(struct scope *s, struct ticket *t, const struct promise_cause *why)
{
    struct rows targets, rows;
    if (!load_targets(s, t, &targets) || !load_cycle(s, t, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        struct promise *p = (struct promise *)rows.items + i;
        const struct promise_target_row *target = target_for(&targets, p->metric);
        if (!is_open(p) || !target)
            continue;
        p->severity = t->severity;
        if (!promise_write(s, p, EVENT_RETARGETED, target, why))
            return false;
    }
    return promises_show_deadline(s, t);
}
