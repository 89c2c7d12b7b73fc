#include "workflows/severity.h"

#include "core/db/change.h"
#include "model/tenant.h"
#include "workflows/audit.h"
#include "workflows/notices.h"
#include "workflows/promises_parts.h"
#include "workflows/tickets_parts.h"

const struct problem severity_needs_second = {
    409, "severity-needs-second",
    { "Three quarters of a promised time are used: lowering the severity now takes a second engineer.",
      "期限までの時間の4分の3が経過しているため、重大度を下げるには別のエンジニアの承認が必要です。" } };
const struct problem severity_same_person = {
    403, "severity-same-person",
    { "Somebody else has to decide this.", "ご自身の申請は承認できません。別のエンジニアに依頼してください。" } };

const struct shape ticket_decide_shape = SHAPE(ticket_decide,
    FIELD(ticket_decide, id, "Which case", .read_only = true),
    FIELD(ticket_decide, severity, "How grave it is", .of = &severity_domain, .required = true),
    FIELD(ticket_decide, reason, "Why; the customer reads it", .max = 1000, .required = true));

#define ANSWER_FIELDS(...)                                                \
    FIELD(severity_answer, id, "Which wish", .read_only = true),          \
    FIELD(severity_answer, reason, "Why", .max = 1000, __VA_ARGS__)
const struct shape severity_confirm_shape = SHAPE(severity_answer, ANSWER_FIELDS(.required = false));
const struct shape severity_refuse_shape = SHAPE(severity_answer, ANSWER_FIELDS(.required = true));

/* ---- when two are needed ---- */

static bool
is_short_of_time(struct scope *s, const struct promise *p, bool *out)
{
    struct rows lines;
    struct promise_ledger l;
    struct promise_standing standing;
    if (!promise_load(s, p, &lines, &l))
        return false;
    if (!promise_stand(&l, s->now, &standing))
        return fail(s, &problem_internal, "a promise that never ends");
    *out = standing.late || standing.elapsed_us >= standing.allowance_us / 4 * 3;
    return true;
}

static bool
needs_second(struct scope *s, const struct ticket *t, enum severity to, bool *out)
{
    struct rows rows;
    *out = false;
    if (to <= t->severity)
        return true;
    if (!db_list(s, &promises_of_cycle, &(struct ticket_cycle_args){ t->tenant_id, t->id, t->cycle }, &rows))
        return false;
    for (size_t i = 0; i < rows.count && !*out; i++) {
        const struct promise *p = (const struct promise *)rows.items + i;
        bool open = p->state == PROMISE_RUNNING || p->state == PROMISE_PAUSED;
        if (open && !is_short_of_time(s, p, out))
            return false;
    }
    return true;
}

/* ---- deciding ---- */

static bool
end_open_wish(struct scope *s, const struct ticket *t)
{
    struct severity_wish over = { .tenant_id = t->tenant_id, .ticket_id = t->id, .ended_by = s->who->person_id,
                                  .ended_by_name = s->who->name, .ended_at = s->now };
    return db_run(s, &severity_wishes_overtake, &over, NULL);
}

static bool
apply(struct scope *s, struct ticket *t, enum severity to, struct str reason)
{
    struct ticket before = *t;
    t->severity = to;
    t->severity_reason = reason;
    t->severity_decided = true;
    const char *code = to == before.severity ? "severity.confirmed"
                     : to < before.severity  ? "severity.raised"
                                             : "severity.lowered";
    struct promise_cause why = { .code = code, .note = reason };
    return (to == before.severity || promises_retarget(s, t, &why))
        && ticket_keep(s, "ticket.severity-decided", &before, t);
}

static bool
hold_as_provider(struct scope *s, struct uuid ticket_id, struct ticket *t)
{
    return ticket_speaks_for_itself(s) && ticket_hold(s, ticket_id, t)
        && (ticket_side(s) == SIDE_PROVIDER
            || fail(s, &problem_forbidden, "the service side decides the severity"));
}

bool
ticket_decide_severity(struct scope *s, const struct ticket_decide *in, struct ticket *out)
{
    struct ticket t;
    bool two;
    if (!hold_as_provider(s, in->id, &t) || !needs_second(s, &t, in->severity, &two))
        return false;
    if (two)
        return fail(s, &severity_needs_second, "POST /tickets/{id}/severity-wishes");
    if (!end_open_wish(s, &t) || !apply(s, &t, in->severity, in->reason))
        return false;
    *out = t;
    return true;
}

/* ---- wishing ---- */

/* The wish is the provider's own affair: its line stands in the provider's log, its change is heard by the provider. */
static bool
record_wish(struct scope *s, const struct severity_wish *w, const char *action)
{
    return audit_record(s, &(struct deed){ .tenant_id = provider_tenant_id, .action = action, .noun = "severity_wish",
                                           .object_id = w->id, .quiet = true })
        && change_record(s, w->tenant_id, "ticket_note", w->ticket_id, "severity-wished");
}

static bool
tell_colleagues(struct scope *s, const struct ticket *t, const struct severity_wish *w)
{
    struct uuids leads, concerned;
    struct notice n = notice_of_ticket(s, t, NOTICE_SECOND);
    n.internal = true;
    n.body = w->reason;
    if (!notice_holders(s, t->tenant_id, "duty_lead", &leads)
        || !notice_people_of(s, t, SIDE_PROVIDER, &concerned))
        return false;
    n.to = (struct uuids){ arena_array_of(s->arena, leads.count + concerned.count + 1, struct uuid), 0 };
    for (size_t i = 0; i < leads.count; i++)
        n.to.items[n.to.count++] = leads.items[i];
    for (size_t i = 0; i < concerned.count; i++)
        n.to.items[n.to.count++] = concerned.items[i];
    return notice_tell(s, &n, NULL);
}

bool
severity_wish(struct scope *s, const struct ticket_decide *in, struct severity_wish *out)
{
    struct ticket t;
    if (!hold_as_provider(s, in->id, &t))
        return false;
    if (in->severity <= t.severity)
        return fail_field(s, "/severity", FAULT_NOT_ALLOWED, NULL); /* that needs nobody's consent */
    struct severity_wish w = {
        .id = uuid_new(s->now), .tenant_id = t.tenant_id, .ticket_id = t.id, .severity = in->severity,
        .reason = in->reason, .wished_by = s->who->person_id, .wished_by_name = s->who->name, .wished_at = s->now,
    };
    return end_open_wish(s, &t)
        && db_run(s, &severity_wish_insert, &w, NULL)
        && record_wish(s, &w, "ticket.severity-wished")
        && tell_colleagues(s, &t, &w)
        && db_one(s, &severity_wish_by_id, &(struct id_args){ w.id }, out);
}

static bool
end_wish(struct scope *s, struct severity_wish *w, enum wish_outcome outcome, struct str reason)
{
    struct id_args ended;
    bool found;
    w->outcome = outcome;
    w->ended_by = s->who->person_id;
    w->ended_by_name = s->who->name;
    w->ended_at = s->now;
    w->end_reason = reason;
    if (!db_maybe(s, &severity_wish_end, w, &ended, &found))
        return false;
    return found || fail(s, &ticket_cannot, "the wish is over already");
}

bool
severity_wish_confirm(struct scope *s, const struct severity_answer *in, struct severity_wish *out)
{
    struct severity_wish w;
    struct ticket t;
    struct id_args id = { in->id };
    if (!db_one(s, &severity_wish_by_id, &id, &w) || !hold_as_provider(s, w.ticket_id, &t))
        return false;
    if (uuid_eq(w.wished_by, s->who->person_id))
        return fail(s, &severity_same_person, "wished and confirmed by one person");
    if (w.severity <= t.severity)
        return fail(s, &ticket_cannot, "the severity is as low already");
    struct str reason = str_printf(s->arena, STR_FMT " (" STR_FMT ", " STR_FMT ")", STR_ARG(w.reason),
                                   STR_ARG(w.wished_by_name), STR_ARG(s->who->name));
    return end_wish(s, &w, WISH_CONFIRMED, in->reason)
        && record_wish(s, &w, "ticket.severity-wish-confirmed")
        && apply(s, &t, w.severity, reason)
        && db_one(s, &severity_wish_by_id, &id, out);
}

/* By a second person, or withdrawn by the first. */
bool
severity_wish_refuse(struct scope *s, const struct severity_answer *in, struct severity_wish *out)
{
    struct severity_wish w;
    struct ticket t;
    struct id_args id = { in->id };
    return db_one(s, &severity_wish_by_id, &id, &w)
        && hold_as_provider(s, w.ticket_id, &t)
        && end_wish(s, &w, WISH_REFUSED, in->reason)
        && record_wish(s, &w, "ticket.severity-wish-refused")
        && db_one(s, &severity_wish_by_id, &id, out);
}
