#include "workflows/calls.h"

#include "model/service_contact.h"
#include "workflows/audit.h"
#include "workflows/notices.h"
#include "workflows/tickets_parts.h"

const struct problem call_is_over = {
    409, "call-over", { "This call was made already, or is no longer needed.", "この電話連絡はすでに完了しています。" } };

const struct shape call_ask_shape = SHAPE(call_ask,
    FIELD(call_ask, id, "The case", .read_only = true),
    FIELD(call_ask, reason, "Why somebody is called", .max = 1000, .required = true));
const struct shape call_made_shape = SHAPE(call_made,
    FIELD(call_made, id, "The task", .read_only = true),
    FIELD(call_made, contact_id, "Whom", .required = true),
    FIELD(call_made, outcome, "What came of it", .of = &call_outcome_domain, .required = true),
    FIELD(call_made, phone, "Which number; the contact's first when absent", .max = 40),
    FIELD(call_made, note, "What was said; the customer can read it", .max = 2000));
const struct shape call_over_shape = SHAPE(call_over,
    FIELD(call_over, id, "The task", .read_only = true),
    FIELD(call_over, note, "Why nobody needs to be called any more", .max = 1000, .required = true));

static bool
record(struct scope *s, const char *action, const struct call_task *task)
{
    return audit_record(s, &(struct deed){ .tenant_id = task->tenant_id, .action = action, .noun = "call_task",
                                           .object_id = task->id, .object_name = task->reference });
}

static bool
is_service_side(struct scope *s)
{
    return ticket_side(s) == SIDE_PROVIDER || fail(s, &problem_forbidden, "the service side makes calls");
}

static bool
tell(struct scope *s, const struct ticket *t)
{
    struct notice n = notice_of_ticket(s, t, NOTICE_CALL);
    struct uuid engineer = t->assignee_id;
    n.to = (struct uuids){ &engineer, 1 };
    return (!uuid_is_none(engineer) || notice_holders(s, t->tenant_id, "duty_lead", &n.to)) && notice_tell(s, &n, NULL);
}

bool
call_start(struct scope *s, const struct call_ask *in, struct call_task *out)
{
    struct ticket t;
    if (!db_one(s, &ticket_by_id, &(struct id_args){ in->id }, &t) || !is_service_side(s))
        return false;
    struct call_task row = { .id = uuid_new(s->now), .tenant_id = t.tenant_id, .ticket_id = t.id,
                             .reason = in->reason, .asked_by = s->who->name, .created_at = s->now };
    return db_run(s, &call_task_insert, &row, NULL)
        && db_one(s, &call_task_by_id, &(struct id_args){ row.id }, out)
        && record(s, "call_task.started", out)
        && tell(s, &t);
}

static bool
hold(struct scope *s, struct uuid id, struct call_task *task)
{
    return db_one(s, &call_task_by_id, &(struct id_args){ id }, task) && is_service_side(s)
        && (task->state == CALL_OPEN || fail(s, &call_is_over, "%s", domain_label(&call_state_domain,
                                                                                  (int)task->state).at));
}

/* Two who end it at once: the second finds it over. */
static bool
end(struct scope *s, struct call_task *task, enum call_state state, struct str note)
{
    struct id_args ended;
    bool found;
    task->state = state;
    task->ended_by = s->who->name;
    task->ended_at = s->now;
    task->end_note = note;
    return db_maybe(s, &call_task_end, task, &ended, &found) && (found || fail(s, &call_is_over, "ended meanwhile"));
}

bool
call_record(struct scope *s, const struct call_made *in, struct call_task *out)
{
    struct call_task task;
    struct service_contact contact;
    if (!hold(s, in->id, &task))
        return false;
    if (!db_one(s, &service_contact_by_id, &(struct id_args){ in->contact_id }, &contact)
        || !uuid_eq(contact.tenant_id, task.tenant_id)) {
        scope_forgive(s);
        return fail_field(s, "/contact_id", FAULT_NOT_FOUND, NULL);
    }
    struct call_attempt row = {
        .id = uuid_new(s->now), .tenant_id = task.tenant_id, .call_task_id = task.id, .contact_id = contact.id,
        .contact_name = contact.name, .phone = in->phone.at ? in->phone : contact.phone, .outcome = in->outcome,
        .note = in->note, .made_by = s->who->name, .at = s->now,
    };
    return db_run(s, &call_attempt_insert, &row, NULL)
        && (in->outcome != CALL_OUTCOME_REACHED || end(s, &task, CALL_REACHED, STR_NONE))
        && db_one(s, &call_task_by_id, &(struct id_args){ task.id }, out)
        && record(s, "call_task.called", out);
}

bool
call_give_up(struct scope *s, const struct call_over *in, struct call_task *out)
{
    struct call_task task;
    return hold(s, in->id, &task) && end(s, &task, CALL_ENDED, in->note)
        && db_one(s, &call_task_by_id, &(struct id_args){ task.id }, out)
        && record(s, "call_task.ended", out);
}
