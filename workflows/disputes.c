#include "workflows/disputes.h"

#include "workflows/audit.h"
#include "workflows/notices.h"
#include "workflows/promises_parts.h"
#include "workflows/tickets_parts.h"

const struct problem dispute_exists = {
    409, "dispute-exists", { "This pause has been disputed already.", "この一時停止には、すでに異議が出されています。" } };
const struct problem dispute_decided = {
    409, "dispute-decided", { "This dispute has been decided already.", "この異議は、すでに判断されています。" } };

const struct shape dispute_open_shape = SHAPE(dispute_open,
    FIELD(dispute_open, id, "Which case", .read_only = true),
    FIELD(dispute_open, promise_id, "Which promise", .required = true),
    FIELD(dispute_open, seq, "The line of the ledger that began the pause", .required = true),
    FIELD(dispute_open, reason, "Why that time should count", .max = 1000, .required = true));

const struct shape dispute_decide_shape = SHAPE(dispute_decide,
    FIELD(dispute_decide, id, "Which dispute", .read_only = true),
    FIELD(dispute_decide, accept, "The pause counts as time that ran"),
    FIELD(dispute_decide, reason, "Why; the customer reads it", .max = 1000, .required = true));

/* ---- the promise it is about ---- */

static bool
find_promise(struct scope *s, struct uuid ticket_id, struct uuid promise_id, struct promise *out)
{
    bool found;
    if (!db_maybe(s, &promise_by_id, &(struct id_args){ promise_id }, out, &found))
        return false;
    return (found && uuid_eq(out->ticket_id, ticket_id)) || fail_field(s, "/promise_id", FAULT_NOT_FOUND, NULL);
}

static const struct promise_line *
pause_of(const struct rows *lines, int64_t seq)
{
    for (size_t i = 0; i < lines->count; i++) {
        const struct promise_line *line = (const struct promise_line *)lines->items + i;
        if (line->seq == seq && line->event == EVENT_PAUSED)
            return line;
    }
    return NULL;
}

static bool
find_pause(struct scope *s, const struct promise *p, int64_t seq, struct promise_line *out)
{
    struct rows lines;
    struct promise_ledger ledger;
    if (!promise_load(s, p, &lines, &ledger))
        return false;
    const struct promise_line *pause = pause_of(&lines, seq);
    if (!pause)
        return fail_field(s, "/seq", FAULT_NOT_FOUND, NULL);
    *out = *pause;
    return true;
}

/* ---- who hears of it ---- */

static bool
tell_leads(struct scope *s, const struct ticket *t, struct str reason)
{
    struct uuids people;
    struct notice n = notice_of_ticket(s, t, NOTICE_DISPUTE);
    n.body = reason;
    if (!notice_holders(s, t->tenant_id, "duty_lead", &n.to) || !notice_tell(s, &n, NULL)
        || !notice_people_of(s, t, SIDE_PROVIDER, &people))
        return false;
    n.to = people;
    return notice_tell(s, &n, NULL);
}

static bool
record(struct scope *s, const char *action, const struct ticket *t)
{
    return audit_record(s, &(struct deed){ .tenant_id = t->tenant_id, .action = action, .noun = "ticket",
                                           .object_id = t->id, .object_name = t->reference });
}

/* ---- verbs ---- */

bool
dispute_open(struct scope *s, const struct dispute_open *in, struct promise_dispute *out)
{
    struct ticket t;
    struct promise p;
    struct promise_line pause;
    struct id_args made;
    bool is_new;
    if (!ticket_speaks_for_itself(s) || !ticket_hold(s, in->id, &t))
        return false;
    if (ticket_side(s) != SIDE_CUSTOMER)
        return fail(s, &problem_forbidden, "a pause is disputed by the customer");
    if (!find_promise(s, t.id, in->promise_id, &p) || !find_pause(s, &p, in->seq, &pause))
        return false;
    struct promise_dispute row = {
        .id = uuid_new(s->now), .tenant_id = t.tenant_id, .ticket_id = t.id, .promise_id = p.id, .seq = in->seq,
        .reason = in->reason, .opened_by_id = s->who->person_id, .opened_by_name = s->who->name,
        .opened_at = s->now };
    struct promise_cause why = { .code = "dispute.opened", .note = in->reason, .corrects = in->seq };
    if (!db_maybe(s, &promise_dispute_insert, &row, &made, &is_new))
        return false;
    return (is_new || fail(s, &dispute_exists, "line %lld", (long long)in->seq))
        && promise_write(s, &p, EVENT_DISPUTED, NULL, &why)
        && record(s, "ticket.pause-disputed", &t)
        && tell_leads(s, &t, in->reason)
        && db_one(s, &promise_dispute_by_id, &(struct id_args){ row.id }, out);
}

/* An accepted dispute may make a promise late, or late after all: the case shows it at once. */
static bool
write_decision(struct scope *s, const struct promise_dispute *d, bool accepted, struct ticket *t)
{
    struct promise p;
    struct promise_line pause;
    struct promise_cause why = { .code = accepted ? "dispute.accepted" : "dispute.declined", .note = d->decision,
                                 .corrects = d->seq };
    if (!find_promise(s, t->id, d->promise_id, &p) || !find_pause(s, &p, d->seq, &pause))
        return false;
    if (uuid_eq(pause.actor_id, s->who->person_id))
        return fail(s, &problem_forbidden, "whoever paused the clock does not decide about the pause");
    struct ticket before = *t;
    return promise_write(s, &p, accepted ? EVENT_CORRECTED : EVENT_DISPUTED, NULL, &why)
        && promises_show_deadline(s, t)
        && ticket_keep(s, accepted ? "ticket.dispute-accepted" : "ticket.dispute-declined", &before, t);
}

bool
dispute_decide(struct scope *s, const struct dispute_decide *in, struct promise_dispute *out)
{
    struct promise_dispute d;
    struct ticket t;
    struct id_args changed;
    bool found;
    if (!ticket_speaks_for_itself(s) || !db_one(s, &promise_dispute_by_id, &(struct id_args){ in->id }, &d)
        || !ticket_hold(s, d.ticket_id, &t))
        return false;
    if (ticket_side(s) != SIDE_PROVIDER)
        return fail(s, &problem_forbidden, "the service side decides");
    d.state = in->accept ? DISPUTE_ACCEPTED : DISPUTE_DECLINED;
    d.decision = in->reason;
    d.decided_by_name = s->who->name;
    d.decided_at = s->now;
    if (!db_maybe(s, &promise_dispute_decide, &d, &changed, &found))
        return false;
    struct notice n = notice_of_ticket(s, &t, NOTICE_DISPUTE_DECIDED);
    n.body = in->reason;
    n.to = (struct uuids){ &d.opened_by_id, 1 };
    return (found || fail(s, &dispute_decided, "it is not open"))
        && write_decision(s, &d, in->accept, &t)
        && notice_tell(s, &n, NULL)
        && db_one(s, &promise_dispute_by_id, &(struct id_args){ d.id }, out);
}
