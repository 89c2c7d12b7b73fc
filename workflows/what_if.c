#include "workflows/what_if.h"

#include "workflows/calendar_edit.h"
#include "workflows/calendars.h"
#include "workflows/promises_parts.h"

enum { PIECE = 300, DAYS_OF_A_MONTH = 31 };

static const struct problem what_if_cursor_wrong = {
    422, "cursor-wrong", { "This cursor does not belong to the question.", "カーソルの値が正しくありません。" } };

#define PIECE_FIELDS(type)                                                                                      \
    FIELD(type, months, "How many months that are over to look at", .min = 0, .max = 12),                       \
    FIELD(type, cursor, "next_cursor of the piece before", .max = 60)

const struct shape calendar_what_if_shape = SHAPE(calendar_what_if,
    FIELD(calendar_what_if, id, "Which calendar", .read_only = true),
    FIELD(calendar_what_if, from_day, "From when", .format = FORMAT_DATE, .max = 10, .required = true),
    FIELD(calendar_what_if, windows, "When it is open", .items = &business_window_shape, .max = 56),
    FIELD(calendar_what_if, exception_windows, "Hours of days opened by name", .items = &business_window_shape,
          .max = 8),
    FIELD(calendar_what_if, exceptions, "Days that are opened or closed by name",
          .items = &business_exception_shape),
    FIELD(calendar_what_if, holidays, "Whose public holidays are closed", .of = &holidays_domain, .required = true),
    PIECE_FIELDS(calendar_what_if));
const struct shape target_what_if_shape = SHAPE(target_write, TARGET_WORDS(target_write), PIECE_FIELDS(target_write));

static const struct shape case_shape = SHAPE(what_if_case,
    FIELD(what_if_case, ticket_id, "The case", .required = true),
    FIELD(what_if_case, reference, "As people say it on the phone", .required = true),
    FIELD(what_if_case, subject, "In one line"), FIELD(what_if_case, tenant_name, "The customer"),
    FIELD(what_if_case, severity, "How grave", .of = &severity_domain),
    FIELD(what_if_case, metric, "Which promise", .of = &promise_metric_domain),
    FIELD(what_if_case, due_now, "Its deadline as things are"),
    FIELD(what_if_case, due_then, "Its deadline with the change"),
    FIELD(what_if_case, left_now_s, "What is left as things are"),
    FIELD(what_if_case, left_then_s, "What would be left"));
static const struct shape month_shape = SHAPE(what_if_month,
    FIELD(what_if_month, month, "In which the promises began", .required = true),
    FIELD(what_if_month, severity, "Of which severity", .of = &severity_domain),
    FIELD(what_if_month, met_now, "Kept"), FIELD(what_if_month, missed_now, "Missed"),
    FIELD(what_if_month, met_then, "Would have been kept"),
    FIELD(what_if_month, missed_then, "Would have been missed"));
const struct shape what_if_piece_shape = SHAPE(what_if_piece,
    FIELD(what_if_piece, cases, "Open cases with another deadline", .items = &case_shape),
    FIELD(what_if_piece, months, "Months in which the counts would differ or not", .items = &month_shape),
    FIELD(what_if_piece, looked_at, "Promises in this piece"),
    FIELD(what_if_piece, total, "In all pieces, up to 50,000; with the first piece", .optional = true),
    FIELD(what_if_piece, next_cursor, "Of the next piece; absent with the last"));

/* ---- what is looked at ---- */

struct look_args {
    struct uuid calendar_id, tenant_id, category_id, after;
    enum tenant_plan plan;
    enum severity severity;
    enum promise_metric metric;
    struct instant since;
};
static const struct shape look_args_shape = SHAPE(look_args,
    FIELD(look_args, calendar_id, "The calendar"), FIELD(look_args, tenant_id, "The customer"),
    FIELD(look_args, category_id, "The category"), FIELD(look_args, after, "Where the piece before ended"),
    FIELD(look_args, plan, "The contract", .of = &tenant_plan_domain),
    FIELD(look_args, severity, "How grave", .of = &severity_domain),
    FIELD(look_args, metric, "Which promise", .of = &promise_metric_domain),
    FIELD(look_args, since, "How far back"));

struct look_row {
    struct uuid id, tenant_id, ticket_id, category_id, calendar_id;
    struct str reference, subject, tenant_name, month;
    enum tenant_plan plan;
    enum severity severity;
    enum promise_metric metric;
    enum promise_state state;
};
static const struct shape look_row_shape = SHAPE(look_row,
    FIELD(look_row, id, "The promise"), FIELD(look_row, tenant_id, "Whose"), FIELD(look_row, ticket_id, "The case"),
    FIELD(look_row, category_id, "Its category"), FIELD(look_row, calendar_id, "Whose hours"),
    FIELD(look_row, reference, "Its number"), FIELD(look_row, subject, "Its subject"),
    FIELD(look_row, tenant_name, "The customer"), FIELD(look_row, month, "When it began"),
    FIELD(look_row, plan, "The contract", .of = &tenant_plan_domain),
    FIELD(look_row, severity, "How grave", .of = &severity_domain),
    FIELD(look_row, metric, "Which promise", .of = &promise_metric_domain),
    FIELD(look_row, state, "How it stands", .of = &promise_state_domain));

#define LOOK                                                                                                    \
    "SELECT p.id, p.tenant_id, p.ticket_id, t.category_id, p.calendar_id,"                                      \
    "       c.short_code || '-' || t.number AS reference, t.subject, c.name AS tenant_name,"                    \
    "       to_char(p.started_at AT TIME ZONE c.time_zone, 'YYYY-MM') AS month, c.plan, p.severity, p.metric,"  \
    "       p.state"                                                                                            \
    "  FROM promise p JOIN ticket t ON t.tenant_id = p.tenant_id AND t.id = p.ticket_id"                        \
    "  JOIN tenant c ON c.id = p.tenant_id"
#define COUNT                                                                                                   \
    "SELECT count(*) AS n FROM (SELECT FROM promise p JOIN ticket t ON t.tenant_id = p.tenant_id"               \
    "  AND t.id = p.ticket_id JOIN tenant c ON c.id = p.tenant_id"
#define OPEN " p.state IN ('running', 'paused')"
#define OVER " p.state IN ('met', 'missed') AND p.started_at >= :since"
#define NEXT " AND p.id > coalesce(:after, '00000000-0000-0000-0000-000000000000') ORDER BY p.id LIMIT 300"
#define OF_CALENDAR " p.calendar_id = :calendar_id AND p.pace <> 'around_the_clock'"
#define OF_TARGET                                                                                               \
    " p.metric = :metric AND p.severity = :severity AND (:tenant_id IS NULL OR p.tenant_id = :tenant_id)"       \
    " AND (:plan IS NULL OR c.plan = :plan) AND (:category_id IS NULL OR t.category_id = :category_id)"
#define LOOK_QUERY(id, text)                                                                                    \
    static const struct query id = { .name = #id, .sql = text, .args = &look_args_shape, .row = &look_row_shape }

LOOK_QUERY(what_if_open_of_calendar, LOOK " WHERE" OF_CALENDAR " AND" OPEN NEXT);
LOOK_QUERY(what_if_over_of_calendar, LOOK " WHERE" OF_CALENDAR " AND" OVER NEXT);
LOOK_QUERY(what_if_open_of_target, LOOK " WHERE" OF_TARGET " AND" OPEN NEXT);
LOOK_QUERY(what_if_over_of_target, LOOK " WHERE" OF_TARGET " AND" OVER NEXT);

struct count_row {
    int64_t n;
};
static const struct shape count_shape = SHAPE(count_row, FIELD(count_row, n, "How many"));
#define COUNT_QUERY(id, text)                                                                                   \
    static const struct query id = { .name = #id, .sql = COUNT " WHERE" text " LIMIT 50000) x",                 \
                                     .args = &look_args_shape, .row = &count_shape }
#define EITHER " AND ((" OPEN ") OR (" OVER "))"
COUNT_QUERY(what_if_count_of_calendar, OF_CALENDAR EITHER);
COUNT_QUERY(what_if_count_of_target, OF_TARGET EITHER);

struct lines_args {
    struct uuids tenants, ids;
};
static const struct shape lines_args_shape =
    SHAPE(lines_args, FIELD(lines_args, tenants, "Whose"), FIELD(lines_args, ids, "Which promises"));

/* The ledgers of one piece, in the order of the piece. */
static const struct query what_if_lines = {
    .name = "what_if_lines",
    .sql = "SELECT e.tenant_id, e.promise_id, e.seq, e.event, e.at, e.pace, e.allowance, e.mercy_s, e.cause, e.note,"
           "       e.actor_id, e.actor_name, e.post_id, e.corrects"
           "  FROM unnest(:tenants, :ids) AS u (tenant_id, id)"
           "  JOIN promise_entry e ON e.tenant_id = u.tenant_id AND e.promise_id = u.id ORDER BY u.id, e.seq",
    .args = &lines_args_shape, .row = &promise_line_shape,
};

const struct query *const what_if_queries[] = {
    &what_if_open_of_calendar, &what_if_over_of_calendar, &what_if_open_of_target, &what_if_over_of_target,
    &what_if_count_of_calendar, &what_if_count_of_target, &what_if_lines,
};
const size_t what_if_query_count = COUNT_OF(what_if_queries);

/* ---- the change, put into the arithmetic of one promise ---- */

struct question {
    const struct query *open, *over, *count;
    struct look_args look;
    /* of a calendar: as it is, as it would be from its day on, and had it held all the time */
    const struct calendar *now, *then, *always;
    /* of a target */
    const struct service_target *target;
    struct rows rivals; /* struct service_target: others for the same metric and severity */
    struct rows calendars; /* struct known_calendar */
};

struct known_calendar {
    struct uuid id;
    const struct calendar *calendar;
};

static bool
calendar_known(struct scope *s, struct question *q, struct uuid id, const struct calendar **out)
{
    struct known_calendar *known = q->calendars.items;
    *out = NULL;
    for (size_t i = 0; i < q->calendars.count && !*out; i++)
        if (uuid_eq(known[i].id, id))
            *out = known[i].calendar;
    if (*out || uuid_is_none(id))
        return true;
    struct known_calendar *more = arena_array_of(s->arena, q->calendars.count + 1, struct known_calendar);
    if (q->calendars.count)
        memcpy(more, known, q->calendars.count * sizeof *more);
    if (!calendar_load(s, id, out))
        return false;
    more[q->calendars.count] = (struct known_calendar){ id, *out };
    q->calendars = (struct rows){ more, q->calendars.count + 1 };
    return true;
}

/* Whether the proposed target would be the one that counts for this case. */
static bool
would_count(const struct question *q, const struct look_row *row)
{
    const struct service_target *rival = q->rivals.items;
    if (!target_fits(q->target, row->tenant_id, row->plan, row->category_id))
        return false;
    for (size_t i = 0; i < q->rivals.count; i++)
        if (rival[i].from_at.us <= q->target->from_at.us
            && target_fits(&rival[i], row->tenant_id, row->plan, row->category_id)
            && target_goes_before(&rival[i], q->target, row->tenant_id))
            return false;
    return true;
}

static struct promise_target
target_for_arithmetic(const struct service_target *t)
{
    int64_t allowance = t->pace == PACE_BUSINESS_DAYS ? t->allowance : SECONDS(t->allowance);
    return (struct promise_target){ t->pace, allowance };
}

/* The ledger as it would be. Open: one more line, as the change would write it. Over: as though the last target had
 * been this one from the beginning. */
static struct promise_ledger
with_target(struct scope *s, const struct question *q, const struct promise_ledger *l, bool open)
{
    struct promise_entry *e = arena_array_of(s->arena, l->count + 1, struct promise_entry);
    struct promise_ledger out = { e, l->count, l->calendar };
    size_t last = 0;
    memcpy(e, l->entries, l->count * sizeof *e);
    if (open) {
        e[out.count++] = (struct promise_entry){ EVENT_RETARGETED, s->now, target_for_arithmetic(q->target),
                                                 SECONDS(q->target->mercy_s), 0 };
        return out;
    }
    for (size_t i = 0; i < l->count; i++)
        if (e[i].event == EVENT_STARTED || e[i].event == EVENT_RETARGETED)
            last = i;
    e[last].target = target_for_arithmetic(q->target);
    return out;
}

static bool
stand_both(struct scope *s, struct question *q, const struct look_row *row, struct promise_ledger l,
           struct promise_standing *now, struct promise_standing *then)
{
    bool open = row->state == PROMISE_RUNNING || row->state == PROMISE_PAUSED;
    struct promise_ledger changed;
    if (q->target) {
        if (!calendar_known(s, q, row->calendar_id, &l.calendar))
            return false;
        changed = would_count(q, row) ? with_target(s, q, &l, open) : l;
    } else {
        l.calendar = q->now;
        changed = l;
        changed.calendar = open ? q->then : q->always;
    }
    bool sound = promise_ledger_is_sound(&l) && promise_ledger_is_sound(&changed);
    return (sound && promise_stand(&l, s->now, now) && promise_stand(&changed, s->now, then))
        || fail_field(s, q->target ? "/allowance" : "/windows", FAULT_NOT_ALLOWED, NULL);
}

/* ---- adding up ---- */

struct piece {
    struct what_if_case *cases;
    size_t case_count;
    struct what_if_month *months;
    size_t month_count;
};

static void
add_case(struct piece *p, const struct look_row *row, const struct promise_standing *now,
         const struct promise_standing *then)
{
    int64_t left_now = now->allowance_us - now->elapsed_us, left_then = then->allowance_us - then->elapsed_us;
    if (now->due_at.us == then->due_at.us && left_now == left_then)
        return;
    p->cases[p->case_count++] = (struct what_if_case){
        .ticket_id = row->ticket_id, .reference = row->reference, .subject = row->subject,
        .tenant_name = row->tenant_name, .severity = row->severity, .metric = row->metric, .due_now = now->due_at,
        .due_then = then->due_at, .left_now_s = left_now / SECONDS(1), .left_then_s = left_then / SECONDS(1),
    };
}

static void
add_month(struct piece *p, const struct look_row *row, const struct promise_standing *now,
          const struct promise_standing *then)
{
    size_t i = 0;
    while (i < p->month_count && !(str_eq(p->months[i].month, row->month) && p->months[i].severity == row->severity))
        i++;
    if (i == p->month_count)
        p->months[p->month_count++] = (struct what_if_month){ .month = row->month, .severity = row->severity };
    p->months[i].met_now += !now->late;
    p->months[i].missed_now += now->late;
    p->months[i].met_then += !then->late;
    p->months[i].missed_then += then->late;
}

static bool
load_lines(struct scope *s, const struct look_row *row, size_t count, struct rows *lines)
{
    struct lines_args args = { { arena_array_of(s->arena, count + 1, struct uuid), count },
                               { arena_array_of(s->arena, count + 1, struct uuid), count } };
    for (size_t i = 0; i < count; i++) {
        args.tenants.items[i] = row[i].tenant_id;
        args.ids.items[i] = row[i].id;
    }
    lines->count = 0;
    return count == 0 || db_list(s, &what_if_lines, &args, lines);
}

static bool
look_at(struct scope *s, struct question *q, const struct look_row *row, size_t count, struct piece *p)
{
    struct rows lines;
    if (!load_lines(s, row, count, &lines))
        return false;
    const struct promise_line *line = lines.items, *end = line + lines.count;
    for (size_t i = 0; i < count; i++) {
        struct promise_standing now, then;
        struct promise_entry *e = arena_array_of(s->arena, (size_t)(end - line) + 1, struct promise_entry);
        struct promise_ledger l = { e, 0, NULL };
        for (; line < end && uuid_eq(line->promise_id, row[i].id); line++)
            e[l.count++] = promise_entry_of(line);
        if (!stand_both(s, q, &row[i], l, &now, &then))
            return false;
        if (row[i].state == PROMISE_RUNNING || row[i].state == PROMISE_PAUSED)
            add_case(p, &row[i], &now, &then);
        else
            add_month(p, &row[i], &now, &then);
    }
    return true;
}

/* ---- pieces ---- */

/* open:<id> or over:<id>; absent before the first. */
static bool
read_cursor(struct scope *s, struct str cursor, struct question *q, bool *open)
{
    struct str phase, rest = cursor;
    *open = true;
    if (!cursor.at)
        return true;
    if (!str_cut(&rest, ':', &phase) || !(str_is(phase, "open") || str_is(phase, "over"))
        || !uuid_parse(rest, &q->look.after))
        return fail(s, &what_if_cursor_wrong, "neither open: nor over: and an id");
    *open = str_is(phase, "open");
    return true;
}

static bool
answer(struct scope *s, struct question *q, struct str cursor, int64_t months, struct what_if_piece *out)
{
    struct rows rows;
    struct count_row total;
    bool open;
    q->look.since = instant_plus(s->now, -DAYS(months * DAYS_OF_A_MONTH));
    *out = (struct what_if_piece){ .total = INT_NONE };
    if (!read_cursor(s, cursor, q, &open) || !db_list(s, open ? q->open : q->over, &q->look, &rows))
        return false;
    if (!cursor.at) {
        if (!db_one(s, q->count, &q->look, &total))
            return false;
        out->total = total.n;
    }
    struct piece p = { arena_array_of(s->arena, rows.count + 1, struct what_if_case), 0,
                       arena_array_of(s->arena, rows.count + 1, struct what_if_month), 0 };
    if (!look_at(s, q, rows.items, rows.count, &p))
        return false;
    out->cases = (struct rows){ p.cases, p.case_count };
    out->months = (struct rows){ p.months, p.month_count };
    out->looked_at = (int64_t)rows.count;
    bool more = rows.count == PIECE;
    struct uuid last = more ? ((const struct look_row *)rows.items)[rows.count - 1].id : (struct uuid){ { 0 } };
    if (more || (open && months > 0))
        out->next_cursor = str_printf(s->arena, "%s:" STR_FMT, more && open ? "open" : "over",
                                      STR_ARG(uuid_format(s->arena, last)));
    return true;
}

bool
what_if_calendar(struct scope *s, const struct calendar_what_if *ask, struct what_if_piece *out)
{
    struct business_calendar row;
    struct rows versions;
    struct id_args id = { ask->id };
    struct calendar_write checked = {
        .from_day = ask->from_day, .windows = ask->windows, .exception_windows = ask->exception_windows,
        .exceptions = ask->exceptions, .holidays = ask->holidays,
    };
    if (!db_one(s, &business_calendar_by_id, &id, &row) || !db_list(s, &business_calendar_versions, &id, &versions)
        || !calendar_check(s, &checked, row.time_zone))
        return false;
    struct business_calendar_version one = { ask->id, checked.from_day, checked.windows, checked.exception_windows,
                                             checked.exceptions, checked.holidays };
    struct rows with = calendar_with(s, &versions, &one), alone = { &one, 1 };
    struct question q = { .open = &what_if_open_of_calendar, .over = &what_if_over_of_calendar,
                          .count = &what_if_count_of_calendar, .look = { .calendar_id = ask->id } };
    return calendar_build(s, row.time_zone, &versions, &q.now) && calendar_build(s, row.time_zone, &with, &q.then)
        && calendar_build(s, row.time_zone, &alone, &q.always)
        && ((q.now && q.then && q.always) || fail_field(s, "/windows", FAULT_NOT_ALLOWED, NULL))
        && answer(s, &q, ask->cursor, ask->months, out);
}

bool
what_if_target(struct scope *s, const struct target_write *ask, struct what_if_piece *out)
{
    struct service_target row;
    if (!target_of(s, ask, &row))
        return false;
    bool everybody = uuid_eq(row.tenant_id, provider_tenant_id);
    struct question q = {
        .open = &what_if_open_of_target, .over = &what_if_over_of_target, .count = &what_if_count_of_target,
        .target = &row,
        .look = { .tenant_id = everybody ? (struct uuid){ { 0 } } : row.tenant_id, .category_id = row.category_id,
                  .plan = row.plan, .severity = row.severity, .metric = row.metric },
    };
    if (ask->ends) { /* what was promised is kept: no open deadline moves, and the past has none */
        *out = (struct what_if_piece){ .total = 0 };
        return true;
    }
    return db_list(s, &service_targets_of_metric, &row, &q.rivals) && answer(s, &q, ask->cursor, ask->months, out);
}
