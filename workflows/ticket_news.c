#include "workflows/ticket_news.h"

#include "model/ticket_brief.h"
#include "workflows/calendars.h"
#include "workflows/notices.h"

static bool
tell(struct scope *s, struct notice n, struct uuids to)
{
    n.to = to;
    return notice_tell(s, &n, NULL);
}

static bool
tell_side(struct scope *s, const struct ticket *t, enum notice_kind kind, enum principal_side side, struct str body)
{
    struct uuids people;
    struct notice n = notice_of_ticket(s, t, kind);
    n.body = body;
    return notice_people_of(s, t, side, &people) && tell(s, n, people);
}

/* Those of the provider who are concerned; the duty leads when nobody is. */
static bool
tell_provider(struct scope *s, const struct ticket *t, struct notice n)
{
    struct uuids people;
    if (!notice_people_of(s, t, SIDE_PROVIDER, &people))
        return false;
    if (people.count == 0 && !n.internal && !notice_holders(s, t->tenant_id, "duty_lead", &people))
        return false;
    return tell(s, n, people);
}

static bool
opened(struct scope *s, const struct ticket *t)
{
    struct uuids leads;
    struct uuid requester = t->requester_id;
    struct notice receipt = notice_of_ticket(s, t, NOTICE_TICKET_RECEIVED);
    receipt.author_too = true;
    return (uuid_is_none(requester) || tell(s, receipt, (struct uuids){ &requester, 1 }))
        && notice_holders(s, t->tenant_id, "duty_lead", &leads)
        && tell(s, notice_of_ticket(s, t, NOTICE_TICKET_NEW), leads);
}

static bool
assigned(struct scope *s, const struct ticket *before, const struct ticket *t)
{
    struct uuid engineer = t->assignee_id;
    bool news = !uuid_is_none(engineer) && !uuid_eq(engineer, before->assignee_id);
    return !news || tell(s, notice_of_ticket(s, t, NOTICE_ASSIGNED), (struct uuids){ &engineer, 1 });
}

static bool
severity_decided(struct scope *s, const struct ticket *t)
{
    struct uuids people;
    struct notice n = notice_of_ticket(s, t, NOTICE_SEVERITY);
    static const char *const letters[] = { "", "A", "B", "C" };
    n.detail = str_of(letters[t->severity]);
    n.body = t->severity_reason;
    return notice_people_of(s, t, SIDE_NONE, &people) && tell(s, n, people);
}

bool
ticket_news_changed(struct scope *s, const char *action, const struct ticket *before, const struct ticket *after)
{
    static const struct {
        const char *action;
        enum notice_kind kind;
    } ends[] = { { "ticket.resolve", NOTICE_RESOLVED }, { "ticket.close", NOTICE_CLOSED },
                 { "ticket.decline", NOTICE_DECLINED }, { "ticket.reopen", NOTICE_REOPENED },
                 { "ticket.merged", NOTICE_CLOSED }, { "ticket.separated", NOTICE_REOPENED } };
    if (strcmp(action, "ticket.opened") == 0)
        return opened(s, after);
    if (strcmp(action, "ticket.assigned") == 0)
        return assigned(s, before, after);
    if (strcmp(action, "ticket.severity-decided") == 0)
        return severity_decided(s, after);
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        if (strcmp(action, ends[i].action) == 0)
            return tell_side(s, after, ends[i].kind, SIDE_NONE, after->close_reason);
    return true;
}

/* ---- reminders ---- */

struct question_reminder {
    struct uuid question_id;
    int64_t step; /* of the schedule: 0 is the first reminder */
};

static const struct shape reminder_shape = SHAPE(question_reminder,
    FIELD(question_reminder, question_id, "Which question"),
    FIELD(question_reminder, step, "How many reminders came before"));

/* The n-th number of "[1, 3, 7]"; 0: there is none. */
static int64_t
day_of_step(struct str list, int64_t step)
{
    struct str rest = str_head(str_skip(list, 1), list.len > 2 ? list.len - 2 : 0), part;
    int64_t day = 0;
    for (int64_t i = 0; i <= step; i++)
        if (!rest.len || !str_cut(&rest, ',', &part) || !str_int(str_trim(part), &day))
            return 0;
    return day;
}

/* When the step falls; absent: there is none, or the calendar never opens and nothing is expected of anybody. */
static bool
time_of_step(struct scope *s, struct uuid tenant_id, struct instant asked_at, int64_t step, struct instant *at)
{
    struct notice_setting setting;
    struct uuid calendar_id;
    const struct calendar *calendar;
    *at = (struct instant){ 0 };
    if (!db_one(s, &notice_setting_of, &(struct id_args){ tenant_id }, &setting))
        return false;
    int64_t days = day_of_step(setting.reminder_days.raw, step);
    if (days == 0)
        return true;
    if (!calendar_for_tenant(s, tenant_id, &calendar_id) || !calendar_load(s, calendar_id, &calendar))
        return false;
    if (!calendar_add_days(calendar, asked_at, (int)days, at))
        *at = (struct instant){ 0 };
    return true;
}

static bool
remind_later(struct scope *s, struct uuid tenant_id, struct uuid question_id, int64_t step, struct instant at)
{
    const struct question_reminder args = { question_id, step };
    return at.us == 0 || job_add(s, &question_reminder_job, tenant_id, &args, at, STR_NONE);
}

static bool
remind(struct scope *s, void *args)
{
    const struct question_reminder *r = args;
    struct open_question q;
    struct ticket_brief brief;
    struct instant next;
    bool open;
    if (!db_maybe(s, &open_question_by_id, &(struct id_args){ r->question_id }, &q, &open))
        return false;
    if (!open)
        return true;
    if (!db_one(s, &ticket_brief_by_id, &(struct id_args){ q.ticket_id }, &brief)
        || !time_of_step(s, brief.tenant_id, q.created_at, r->step + 1, &next)
        || !remind_later(s, brief.tenant_id, q.id, r->step + 1, next))
        return false;
    if (next.us && next.us <= s->now.us)
        return true; /* after a standstill one reminder is enough */
    const struct ticket t = { .id = brief.id, .tenant_id = brief.tenant_id, .reference = brief.reference,
                              .subject = brief.subject };
    return tell_side(s, &t, NOTICE_REMINDER, SIDE_CUSTOMER, q.body);
}

const struct job_kind question_reminder_job = {
    .name = "question_reminder", .prose = "Remind a customer of a question that waits for an answer",
    .args = &reminder_shape, .run = remind,
};

/* ---- words ---- */

static bool
asked(struct scope *s, const struct ticket *t, const struct ticket_post *post)
{
    struct instant at;
    return tell_side(s, t, NOTICE_QUESTION, SIDE_CUSTOMER, post->body)
        && time_of_step(s, t->tenant_id, s->now, 0, &at)
        && remind_later(s, t->tenant_id, post->id, 0, at);
}

bool
ticket_news_said(struct scope *s, const struct ticket *t, const struct ticket_post *post)
{
    struct notice n = notice_of_ticket(s, t, post->visibility == POST_INTERNAL ? NOTICE_NOTE : NOTICE_MESSAGE);
    n.body = post->body;
    n.who = post->author_name;
    n.internal = post->visibility == POST_INTERNAL;
    if (!tell_provider(s, t, n) || n.internal)
        return !scope_has_failed(s);
    return post->kind == POST_QUESTION ? asked(s, t, post)
                                       : tell_side(s, t, NOTICE_MESSAGE, SIDE_CUSTOMER, post->body);
}
