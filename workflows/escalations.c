/* The walk of an escalation. */
#include "workflows/escalations.h"

#include "core/db/change.h"
#include "model/tenant.h"
#include "model/ticket_brief.h"
#include "model/ticket_post.h"
#include "model/webhook.h"
#include "workflows/audit.h"
#include "workflows/calendars.h"
#include "workflows/notices.h"
#include "workflows/tickets_parts.h"

enum { LAST_PATIENCE_MINUTES = 15, PEOPLE_OF_A_BREACH = 3 };

/* What a walk knows while it goes on. */
struct walk {
    struct escalation e;
    struct ticket_brief ticket;
    struct rows calls; /* struct escalation_call, of the steps before */
    struct uuids told; /* grows */
    bool is_open;      /* the customer's calendar, now */
    bool spoke;        /* somebody was told right now */
};

struct step_args {
    struct uuid id, promise_id;
    int64_t step;
};
static const struct shape step_args_shape = SHAPE(step_args,
    FIELD(step_args, id, "Which walk"), FIELD(step_args, promise_id, "Of which promise"),
    FIELD(step_args, step, "The step it waits for"));

static bool
knows(const struct walk *w, struct uuid person)
{
    for (size_t i = 0; i < w->told.count; i++)
        if (uuid_eq(w->told.items[i], person))
            return true;
    return false;
}

static bool
prepare(struct scope *s, struct walk *w)
{
    struct uuid calendar_id;
    const struct calendar *calendar;
    enum { ROOM = 2000 };
    if (!db_one(s, &ticket_brief_by_id, &(struct id_args){ w->e.ticket_id }, &w->ticket)
        || !db_list(s, &escalation_calls, &(struct id_args){ w->e.id }, &w->calls)
        || !calendar_for_tenant(s, w->e.tenant_id, &calendar_id) || !calendar_load(s, calendar_id, &calendar))
        return false;
    w->is_open = calendar_is_open(calendar, s->now);
    w->told = (struct uuids){ arena_array_of(s->arena, w->calls.count + ROOM, struct uuid), 0 };
    for (size_t i = 0; i < w->calls.count; i++)
        w->told.items[w->told.count++] = ((const struct escalation_call *)w->calls.items)[i].person_id;
    return true;
}

/* ---- telling ---- */

static struct bilingual
words_of(struct scope *s, const struct escalation *e)
{
    static const struct bilingual metrics[] = {
        { "", "" }, { "acknowledgement", "受付確認" }, { "first response", "初回回答" },
        { "next update", "次のご連絡" }, { "resolution", "解決" } };
    const struct bilingual m = metrics[e->metric];
    if (e->mark >= 100)
        return (struct bilingual){
            .en = str_printf(s->arena, "Deadline missed (%s): {about}", m.en).at,
            .ja = str_printf(s->arena, "期限を過ぎました(%s): {about}", m.ja).at };
    return (struct bilingual){
        .en = str_printf(s->arena, "%d %% of the time is used (%s): {about}", (int)e->mark, m.en).at,
        .ja = str_printf(s->arena, "期限までの時間の%d%%が過ぎました(%s): {about}", (int)e->mark, m.ja).at };
}

static bool
write_call(struct scope *s, const struct walk *w, struct uuid person_id, struct str name, bool mail)
{
    const struct escalation_call call = {
        .tenant_id = w->e.tenant_id, .id = uuid_new(s->now), .escalation_id = w->e.id, .step = w->e.step,
        .person_id = person_id, .name = name, .mail = mail, .at = s->now };
    return db_run(s, &escalation_call_insert, &call, NULL);
}

static bool
tell_people(struct scope *s, struct walk *w, const struct uuids *people, bool by_mail)
{
    struct uuids fresh = { arena_array_of(s->arena, people->count + 1, struct uuid), 0 };
    struct rows told;
    for (size_t i = 0; i < people->count && i < 1000; i++)
        if (!uuid_is_none(people->items[i]) && !knows(w, people->items[i]))
            fresh.items[fresh.count++] = people->items[i];
    if (fresh.count == 0)
        return true;
    const struct notice n = {
        .kind = NOTICE_ESCALATION, .tenant_id = w->e.tenant_id, .ticket_id = w->e.ticket_id, .to = fresh,
        .internal = true, .text = words_of(s, &w->e), .way = by_mail ? NOTICE_BY_MAIL : NOTICE_BY_PORTAL,
        .about = str_printf(s->arena, STR_FMT " " STR_FMT, STR_ARG(w->ticket.reference), STR_ARG(w->ticket.subject)),
        .path = str_printf(s->arena, "/tickets/" STR_FMT "#escalation",
                           STR_ARG(uuid_format(s->arena, w->e.ticket_id))) };
    if (!notice_tell(s, &n, &told))
        return false;
    for (size_t i = 0; i < told.count; i++) {
        const struct notice_told *t = (const struct notice_told *)told.items + i;
        w->spoke = true;
        if (w->told.count < w->calls.count + 2000)
            w->told.items[w->told.count++] = t->person_id;
        if (!write_call(s, w, t->person_id, t->person_name, t->mail))
            return false;
    }
    return true;
}

static bool
tell_webhooks(struct scope *s, struct walk *w)
{
    const struct webhook_event_args event = { provider_tenant_id, STR("escalation.raised"), w->e.id, s->now };
    struct webhook_queued queued;
    if (!db_one(s, &webhook_enqueue, &event, &queued))
        return false;
    if (queued.count == 0)
        return true;
    w->spoke = true;
    return write_call(s, w, (struct uuid){ { 0 } }, STR("Webhook"), false);
}

static bool
people_of(struct scope *s, const struct walk *w, const struct escalation_step *step, struct uuids *out)
{
    struct uuid *assignee = arena_new_of(s->arena, struct uuid);
    *assignee = w->ticket.assignee_id;
    *out = step->people;
    if (step->who == WHO_ASSIGNEE)
        *out = (struct uuids){ assignee, 1 };
    return step->who != WHO_PERMISSION_SET
        || notice_holders(s, w->e.tenant_id, str_c(s->arena, step->set_key), out);
}

static bool
applies(const struct walk *w, const struct escalation_step *step)
{
    return w->e.mark >= step->from_mark
        && (step->hours != HOURS_OPEN || w->is_open) && (step->hours != HOURS_CLOSED || !w->is_open);
}

static bool
take_step(struct scope *s, struct walk *w, const struct escalation_step *step)
{
    struct uuids people;
    return people_of(s, w, step, &people)
        && ((!step->portal && !step->mail) || tell_people(s, w, &people, step->mail))
        && (!step->webhook || tell_webhooks(s, w));
}

/* ---- walking ---- */

static struct instant
last_word(const struct scope *s, const struct walk *w)
{
    const struct escalation_call *calls = w->calls.items;
    return w->spoke ? s->now : w->calls.count ? calls[w->calls.count - 1].at : (struct instant){ 0 };
}

static bool
wait_until(struct scope *s, struct walk *w, struct instant at)
{
    const struct step_args args = { w->e.id, w->e.promise_id, w->e.step };
    w->e.next_at = at;
    return db_run(s, &escalation_save, &w->e, NULL)
        && job_add(s, &escalation_step_job, w->e.tenant_id, &args, at, STR_NONE);
}

static bool
end_walk(struct scope *s, struct walk *w, enum escalation_state state)
{
    w->e.state = state;
    w->e.next_at = (struct instant){ 0 };
    w->e.ended_at = s->now;
    return db_run(s, &escalation_save, &w->e, NULL);
}

/* Nobody said a word: the case remembers it. */
static bool
note_silence(struct scope *s, const struct walk *w)
{
    size_t people = 0;
    for (size_t i = 0; i < w->told.count; i++)
        people += !uuid_is_none(w->told.items[i]);
    struct ticket_note note = {
        .id = uuid_new(s->now), .tenant_id = w->e.tenant_id, .ticket_id = w->e.ticket_id,
        .body = str_printf(s->arena, "escalation " STR_FMT ": %d told, nobody acknowledged",
                           STR_ARG(domain_label(&promise_metric_domain, (int)w->e.metric)), (int)people) };
    const struct ticket_notes_args notes = { { &note, 1 }, s->now };
    return db_run(s, &ticket_notes_insert, &notes, NULL)
        && change_record(s, w->e.tenant_id, "ticket_note", w->e.ticket_id, "escalation-exhausted");
}

/* Past the last step. A breach is known to three people at least, whatever the chain says. */
static bool
reach_end(struct scope *s, struct walk *w)
{
    struct uuids more;
    static const char *const sets[] = { "duty_lead", "administrator" };
    for (size_t i = 0; i < COUNT_OF(sets) && w->e.mark >= 100 && w->told.count < PEOPLE_OF_A_BREACH; i++)
        if (!notice_holders(s, w->e.tenant_id, sets[i], &more) || !tell_people(s, w, &more, true))
            return false;
    w->e.step = (int64_t)w->e.steps.count + 1;
    return wait_until(s, w, instant_plus(s->now, MINUTES(LAST_PATIENCE_MINUTES)));
}

static bool
walk_on(struct scope *s, struct walk *w)
{
    const struct escalation_step *steps = w->e.steps.items;
    for (; w->e.step < (int64_t)w->e.steps.count; w->e.step++) {
        const struct escalation_step *step = &steps[w->e.step];
        if (!applies(w, step))
            continue;
        struct instant heard = last_word(s, w), due = instant_plus(heard, MINUTES(step->delay_minutes));
        if (heard.us && due.us > s->now.us)
            return wait_until(s, w, due);
        if (!take_step(s, w, step))
            return false;
    }
    if (w->e.step == (int64_t)w->e.steps.count)
        return reach_end(s, w);
    return (w->e.mark < 100 || note_silence(s, w)) && end_walk(s, w, ESCALATION_EXHAUSTED);
}

static bool
record(struct scope *s, const struct walk *w, const char *verb)
{
    return change_record(s, w->e.tenant_id, "escalation", w->e.ticket_id, verb);
}

/* Only the row and the job of its first step, at once: of ten thousand deadlines in one second each is first written
 * down, and then people are told. */
bool
escalation_raise(struct scope *s, const struct rows *promises)
{
    size_t count = promises->count;
    struct escalation *walks = arena_array_of(s->arena, count + 1, struct escalation);
    struct step_args *first = arena_array_of(s->arena, count + 1, struct step_args);
    struct job_order *orders = arena_array_of(s->arena, count + 1, struct job_order);
    for (size_t i = 0; i < count; i++) {
        const struct promise *p = (const struct promise *)promises->items + i;
        walks[i] = (struct escalation){ .id = uuid_new(s->now), .tenant_id = p->tenant_id, .ticket_id = p->ticket_id,
                                        .promise_id = p->id, .metric = p->metric, .mark = p->warned };
        first[i] = (struct step_args){ walks[i].id, p->id, 0 };
        orders[i] = (struct job_order){ p->tenant_id, &first[i], s->now, STR_NONE };
    }
    const struct escalations_begin_args args = { { walks, count }, s->now };
    return count == 0 || (db_run(s, &escalations_begin, &args, NULL)
                          && job_add_many(s, &escalation_step_job, orders, count));
}

/* Takes the case before the walk, as the job of the marks does. */
static bool
run_step(struct scope *s, void *args)
{
    const struct step_args *a = args;
    struct walk w = { .spoke = false };
    struct promise p;
    struct id_args ticket;
    bool found;
    if (!db_maybe(s, &promise_lock_ticket, &(struct id_args){ a->promise_id }, &ticket, &found) || !found
        || !db_one(s, &promise_by_id, &(struct id_args){ a->promise_id }, &p)
        || !db_maybe(s, &escalation_lock, &(struct id_args){ a->id }, &w.e, &found) || !found)
        return !scope_has_failed(s); /* also where no step was for this mark */
    if (w.e.state != ESCALATION_WALKING || w.e.step != a->step)
        return true;
    if (p.state != PROMISE_RUNNING)
        return end_walk(s, &w, ESCALATION_SETTLED) && record(s, &w, "settled");
    return prepare(s, &w) && walk_on(s, &w)
        && record(s, &w, w.e.state == ESCALATION_EXHAUSTED ? "exhausted" : a->step ? "walked" : "raised");
}

const struct job_kind escalation_step_job = {
    .name = "escalation_step", .prose = "Tell the next one of a chain, unless somebody has it",
    .args = &step_args_shape, .run = run_step,
};

/* ---- "I have it" ---- */

bool
escalation_have(struct scope *s, struct uuid ticket_id)
{
    struct ticket t;
    struct rows ended;
    if (!ticket_hold(s, ticket_id, &t))
        return false;
    if (ticket_side(s) != SIDE_PROVIDER)
        return fail(s, &problem_forbidden, "engineers acknowledge");
    const struct escalation_acknowledge_args args = { ticket_id, s->who->name, s->now };
    if (!db_list(s, &escalation_acknowledge, &args, &ended))
        return false;
    for (size_t i = 0; i < ended.count; i++)
        if (!audit_record(s, &(struct deed){ .tenant_id = provider_tenant_id, .action = "escalation.acknowledged",
                                             .noun = "escalation", .quiet = true,
                                             .object_id = ((const struct id_args *)ended.items)[i].id }))
            return false;
    return ended.count == 0 || change_record(s, t.tenant_id, "escalation", t.id, "acknowledged");
}
