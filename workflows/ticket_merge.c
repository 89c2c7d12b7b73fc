/* Two cases that are one, and one that is two. Nothing is copied and nothing is lost: messages of a merged case stay
 * its own rows and are read in the survivor; messages that are split off change their case. */
#include "workflows/entitlements.h"
#include "workflows/promises.h"
#include "workflows/ticket_links.h"

enum { SPLIT_MAX = 200 };

const struct shape ticket_merge_shape = SHAPE(ticket_merge,
    FIELD(ticket_merge, id, "The case that ends", .read_only = true),
    FIELD(ticket_merge, into, "The case in which it goes on: AOBA-42", .max = 60, .required = true),
    FIELD(ticket_merge, reason, "Why; the customer reads it", .max = 2000, .required = true));

const struct shape ticket_separate_shape = SHAPE(ticket_separate,
    FIELD(ticket_separate, id, "The case that was merged", .read_only = true),
    FIELD(ticket_separate, reason, "Why; the customer reads it", .max = 2000, .required = true));

const struct shape ticket_split_shape = SHAPE(ticket_split,
    FIELD(ticket_split, id, "The case they stand in", .read_only = true),
    FIELD(ticket_split, post_ids, "Which messages", .max = SPLIT_MAX, .required = true),
    FIELD(ticket_split, subject, "Of the new case, in one line", .max = 200, .required = true),
    FIELD(ticket_split, description, "Of the new case; the first moved message when absent", .max = 50000,
          .format = FORMAT_MARKDOWN),
    FIELD(ticket_split, category_id, "What it is about; as before when absent"),
    FIELD(ticket_split, severity, "How grave it is; as before when absent", .of = &severity_domain));

/* ---- shared ---- */

/* What the service itself says in a case, for both sides: the portal knows the words. It answers nobody. */
static bool
announce(struct scope *s, const struct ticket *t, const char *what, struct str reference)
{
    struct ticket_post post = {
        .id = uuid_new(s->now), .tenant_id = t->tenant_id, .ticket_id = t->id, .visibility = POST_FOR_CUSTOMER,
        .kind = POST_AUTOMATIC, .author_id = s->who->person_id, .author_name = s->who->name,
        .author_side = SIDE_PROVIDER, .created_at = s->now,
        .body = str_printf(s->arena, "case %s " STR_FMT, what, STR_ARG(reference)),
    };
    return db_run(s, &ticket_post_insert, &post, NULL);
}

static bool
recount(struct scope *s, const struct ticket *t)
{
    return db_run(s, &ticket_recount, &(struct ticket_ref){ t->tenant_id, t->id }, NULL);
}

static bool
read_again(struct scope *s, struct uuid id, struct ticket *out)
{
    return db_one(s, &ticket_by_id, &(struct id_args){ id }, out);
}

/* ---- merge ---- */

static bool
may_go_on(struct scope *s, const struct ticket *survivor)
{
    if (!uuid_is_none(survivor->merged_into_id))
        return fail(s, &ticket_cannot, "that one goes on as " STR_FMT, STR_ARG(survivor->merged_into));
    return (survivor->status != TICKET_CLOSED && survivor->status != TICKET_DECLINED)
        || fail(s, &ticket_cannot, "that one is closed; reopen it first");
}

/* Its promises end here, with the cause that says so; the survivor's run on untouched. */
static bool
end_merged(struct scope *s, struct ticket *t, const struct ticket *survivor, struct str reason)
{
    struct ticket before = *t;
    struct promise_cause why = {
        .code = "ticket.merged",
        .note = str_printf(s->arena, STR_FMT ": " STR_FMT, STR_ARG(survivor->reference), STR_ARG(reason)) };
    if (!ticket_way(s, &before, "merge", &t->status) || !promises_stop(s, t, (unsigned)METRICS_ALL, &why))
        return false;
    t->merged_into_id = survivor->id;
    t->merged_into = survivor->reference;
    t->closed_at = s->now;
    t->close_reason = reason;
    t->awaits = AWAITS_NOBODY;
    return entitlement_return_for(s, t, RETURN_MERGED, reason) && ticket_keep(s, "ticket.merged", &before, t);
}

static bool
join(struct scope *s, const struct ticket *t, const struct ticket *survivor)
{
    struct ticket_link both = { .tenant_id = t->tenant_id, .ticket_id = t->id, .other_id = survivor->id,
                                .kind = LINK_MERGED, .created_at = s->now };
    return ticket_link_write(s, t, survivor, LINK_MERGED)
        && db_run(s, &ticket_merged_follow, &both, NULL)
        && db_run(s, &ticket_watchers_join, &both, NULL)
        && announce(s, t, "merged_into", survivor->reference)
        && announce(s, survivor, "merged_from", t->reference);
}

bool
ticket_merge(struct scope *s, const struct ticket_merge *in, struct ticket *out)
{
    struct ticket t, survivor;
    struct uuid into;
    if (!work_look(s, in->id, true, &t) || !ticket_refer(s, &t, "/into", in->into, &into)
        || !ticket_hold_both(s, t.id, into, &t, &survivor) || !may_go_on(s, &survivor))
        return false;
    struct ticket before = survivor;
    bool asked = t.awaits == AWAITS_PROVIDER;
    if (!end_merged(s, &t, &survivor, in->reason) || !join(s, &t, &survivor))
        return false;
    if (asked && survivor.awaits == AWAITS_CUSTOMER)
        survivor.awaits = AWAITS_PROVIDER; /* what the customer waits for in the one, they wait for in the other */
    return ticket_keep(s, "ticket.absorbed", &before, &survivor)
        && work_record(s, &survivor, "ticket.linked", "merged_from", STR_NONE, t.reference)
        && recount(s, &survivor)
        && read_again(s, survivor.id, out);
}

bool
ticket_separate(struct scope *s, const struct ticket_separate *in, struct ticket *out)
{
    struct ticket t, survivor;
    if (!work_look(s, in->id, true, &t))
        return false;
    if (uuid_is_none(t.merged_into_id))
        return fail(s, &ticket_cannot, "it is not merged");
    if (!ticket_hold_both(s, t.id, t.merged_into_id, &t, &survivor))
        return false;
    if (!uuid_eq(t.merged_into_id, survivor.id))
        return fail(s, &problem_stale, "it was moved meanwhile");
    struct ticket before = t;
    struct ticket_link link = { .tenant_id = t.tenant_id, .ticket_id = t.id, .kind = LINK_MERGED };
    t.merged_into_id = (struct uuid){ { 0 } };
    return ticket_way(s, &before, "reopen", &t.status)
        && ticket_begin_cycle(s, &t, in->reason)
        && entitlement_take_again(s, &t)
        && db_run(s, &ticket_link_end, &link, NULL)
        && announce(s, &t, "separated_from", survivor.reference)
        && announce(s, &survivor, "separated", t.reference)
        && ticket_keep(s, "ticket.separated", &before, &t)
        && work_record(s, &survivor, "ticket.unlinked", "merged_from", t.reference, STR_NONE)
        && recount(s, &t)
        && recount(s, &survivor)
        && read_again(s, t.id, out);
}

/* ---- split ---- */

/* What the moved messages say about the new case's life. */
struct moved {
    struct instant asked_at;    /* the first word of the customer */
    struct instant answered_at; /* the first word of an engineer after it */
    struct instant question_at; /* of the one that still waits */
    struct uuid answer_id, question_id;
    bool customer_last;
    struct str first_body; /* that the customer may read */
};

static struct moved
look_at(const struct rows *posts)
{
    struct moved m = { .customer_last = true };
    for (size_t i = 0; i < posts->count; i++) {
        const struct ticket_post *p = (const struct ticket_post *)posts->items + i;
        bool customer = p->author_side == SIDE_CUSTOMER;
        if (p->visibility == POST_INTERNAL)
            continue;
        m.customer_last = customer;
        if (!m.first_body.at)
            m.first_body = p->body;
        if (customer && !m.asked_at.us)
            m.asked_at = p->created_at;
        if (!customer && m.asked_at.us && !m.answered_at.us) {
            m.answered_at = p->created_at;
            m.answer_id = p->id;
        }
        if (p->kind == POST_QUESTION && !p->answered_at.us) {
            m.question_id = p->id;
            m.question_at = p->created_at;
        }
    }
    return m;
}

static bool
make_new(struct scope *s, const struct ticket_split *in, const struct ticket *from, const struct moved *m,
         struct ticket *made)
{
    struct ticket_category category;
    struct str description = in->description.len ? in->description : m->first_body;
    struct uuid category_id = uuid_is_none(in->category_id) ? from->category_id : in->category_id;
    if (!description.len)
        return fail_field(s, "/description", FAULT_REQUIRED, NULL); /* a note must not become what customers read */
    if (!ticket_contract_includes(s, from->tenant_id, category_id, &category))
        return false;
    struct ticket t = {
        .id = uuid_new(s->now), .tenant_id = from->tenant_id, .category_id = category_id, .subject = in->subject,
        .description = description, .status = TICKET_NEW, .severity = in->severity ? in->severity : from->severity,
        .severity_proposed = from->severity_proposed, .severity_decided = from->severity_decided || in->severity,
        .priority = category.service == SERVICE_PREMIUM ? 1 : 0, .requester_id = from->requester_id,
        .requester_name = from->requester_name, .tags = from->tags, .awaits = AWAITS_PROVIDER, .cycle = 1,
        .opened_at = m->asked_at.us ? m->asked_at : s->now, .created_at = s->now, .updated_at = s->now,
    };
    struct ticket_number_row number;
    struct ticket_checks_args lists = { t.tenant_id, t.id, t.category_id, { { 0 } }, s->now };
    return db_one(s, &ticket_insert, &t, &number)
        && db_run(s, &ticket_checks_begin, &lists, NULL)
        && ticket_hold(s, t.id, made);
}

/* The ledger is written as if the words had been said there: each line at the time of its message. */
static bool
count_from_the_words(struct scope *s, struct ticket *t, const struct ticket *from, const struct moved *m)
{
    struct instant now = s->now;
    struct promise_cause split = { .code = "ticket.split", .note = from->reference };
    struct promise_cause answered = { .code = "engineer.answered", .post_id = m->answer_id };
    struct promise_cause asked = { .code = "question.asked", .post_id = m->question_id };
    s->now = t->opened_at;
    bool done = promises_start(s, t, &split);
    if (done && m->answered_at.us) {
        s->now = m->answered_at;
        t->first_response_at = m->answered_at;
        t->status = TICKET_IN_PROGRESS;
        done = promises_stop(s, t, METRIC_BIT(METRIC_ACKNOWLEDGE) | METRIC_BIT(METRIC_FIRST_RESPONSE)
                                       | METRIC_BIT(METRIC_NEXT_UPDATE), &answered);
    }
    t->awaits = m->customer_last ? AWAITS_PROVIDER : AWAITS_CUSTOMER;
    if (done && !uuid_is_none(m->question_id)) {
        s->now = m->question_at.us > t->opened_at.us ? m->question_at : t->opened_at;
        t->status = TICKET_WAITING_CUSTOMER;
        done = promises_pause(s, t, &asked);
    }
    s->now = now;
    return done;
}

/* When the question it waited for went elsewhere, the old case waits no longer. */
static bool
go_on_without(struct scope *s, struct ticket *from)
{
    struct rows open;
    struct ticket_questions_args args = { from->tenant_id, from->id, s->now };
    if (from->status != TICKET_WAITING_CUSTOMER)
        return true;
    if (!db_list(s, &ticket_posts_open, &args, &open) || open.count)
        return !scope_has_failed(s);
    from->status = TICKET_IN_PROGRESS;
    from->awaits = AWAITS_PROVIDER;
    return promises_resume(s, from, &(struct promise_cause){ .code = "ticket.split" });
}

static bool
tell_both(struct scope *s, const struct ticket *from, const struct ticket *made)
{
    return ticket_link_write(s, made, from, LINK_SPLIT)
        && announce(s, made, "split_from", from->reference)
        && announce(s, from, "split_into", made->reference)
        && work_record(s, from, "ticket.split", "split_into", STR_NONE, made->reference)
        && recount(s, from)
        && recount(s, made);
}

bool
ticket_split(struct scope *s, const struct ticket_split *in, struct ticket *out)
{
    struct ticket from, made;
    struct rows posts;
    if (!work_hold(s, in->id, true, &from))
        return false;
    if (!uuid_is_none(from.merged_into_id))
        return fail(s, &ticket_cannot, "it goes on as " STR_FMT, STR_ARG(from.merged_into));
    struct ticket_posts_move move = { .tenant_id = from.tenant_id, .from_id = from.id, .post_ids = in->post_ids };
    if (!db_list(s, &ticket_posts_chosen, &move, &posts))
        return false;
    if (posts.count != in->post_ids.count)
        return fail_field(s, "/post_ids", FAULT_NOT_FOUND, NULL);
    struct moved m = look_at(&posts);
    if (!make_new(s, in, &from, &m, &made))
        return false;
    struct ticket before = made, before_from = from;
    move.to_id = made.id;
    return db_run(s, &ticket_posts_move, &move, NULL)
        && count_from_the_words(s, &made, &from, &m)
        && ticket_keep(s, "ticket.opened", &before, &made)
        && go_on_without(s, &from)
        && ticket_keep(s, "ticket.reduced", &before_from, &from)
        && tell_both(s, &from, &made)
        && read_again(s, made.id, out);
}
