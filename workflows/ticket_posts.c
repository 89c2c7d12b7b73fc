/* What is said in a case, and what follows from it: who has answered whom, and which clock that ends. */
#include "model/tenant.h"
#include "core/db/change.h"
#include "workflows/attachments.h"
#include "workflows/audit.h"
#include "workflows/promises.h"
#include "workflows/ticket_chatter.h"
#include "workflows/ticket_news.h"
#include "workflows/tickets_parts.h"

const struct shape ticket_say_shape = SHAPE(ticket_say,
    FIELD(ticket_say, id, "Which case", .read_only = true),
    FIELD(ticket_say, body, "The text, in Markdown", .max = 50000, .required = true, .format = FORMAT_MARKDOWN),
    FIELD(ticket_say, visibility, "customer: both sides read it; internal: engineers only",
          .of = &post_visibility_domain, .required = true),
    FIELD(ticket_say, quotes_id, "The message it replies to"),
    FIELD(ticket_say, ask, "It is a question: the case waits for the customer's answer"),
    FIELD(ticket_say, mentions, "Who is named in it, and shall hear of it", .max = 20),
    FIELD(ticket_say, attachment_ids, "Files that come with it: the writer's own, sent before", .max = 20));

static bool
may_say(struct scope *s, const struct ticket_say *in, const struct ticket *t)
{
    if (in->visibility == POST_INTERNAL && ticket_side(s) != SIDE_PROVIDER)
        return fail_field(s, "/visibility", FAULT_NOT_ALLOWED, "customer");
    if (in->ask && (in->visibility == POST_INTERNAL || ticket_side(s) != SIDE_PROVIDER))
        return fail_field(s, "/ask", FAULT_NOT_ALLOWED, NULL);
    bool over = t->status == TICKET_CLOSED || t->status == TICKET_DECLINED;
    return !over || in->visibility == POST_INTERNAL || fail(s, &ticket_cannot, "the case is closed; reopen it first");
}

static bool
quoted_is_here(struct scope *s, const struct ticket_say *in)
{
    struct ticket_post quoted;
    if (uuid_is_none(in->quotes_id))
        return true;
    if (db_one(s, &ticket_post_by_id, &(struct id_args){ in->quotes_id }, &quoted) && uuid_eq(quoted.ticket_id, in->id))
        return in->visibility == POST_INTERNAL || quoted.visibility == POST_FOR_CUSTOMER
            || fail_field(s, "/quotes_id", FAULT_NOT_ALLOWED, NULL); /* a quote would show the note */
    scope_forgive(s);
    return fail_field(s, "/quotes_id", FAULT_NOT_FOUND, NULL);
}

/* An engineer's word to the customer is the answer that was promised. */
static bool
provider_spoke(struct scope *s, struct ticket *t, const struct ticket_post *post)
{
    struct promise_cause why = { .code = "engineer.answered", .post_id = post->id };
    if (t->first_response_at.us == 0)
        t->first_response_at = s->now;
    if (t->awaits == AWAITS_PROVIDER)
        t->awaits = AWAITS_CUSTOMER;
    if (!promises_happen(s, t, OCCASION_ENGINEER_ANSWERED, &why))
        return false;
    if (post->kind != POST_QUESTION) {
        t->status = t->status == TICKET_NEW ? TICKET_IN_PROGRESS : t->status;
        return true;
    }
    struct promise_cause asked = { .code = "question.asked", .post_id = post->id };
    return ticket_way(s, t, "ask", &t->status) && promises_follow(s, t, &asked);
}

/* The customer's word answers every open question; it reopens nothing that is over. */
static bool
customer_spoke(struct scope *s, struct ticket *t, const struct ticket_post *post)
{
    struct rows answered;
    struct ticket_questions_args open = { t->tenant_id, t->id, s->now };
    struct promise_cause why = { .code = "customer.answered", .post_id = post->id };
    if (t->awaits == AWAITS_CUSTOMER)
        t->awaits = AWAITS_PROVIDER;
    if (!db_list(s, &ticket_questions_answer, &open, &answered))
        return false;
    if (t->status == TICKET_WAITING_CUSTOMER && !ticket_way(s, t, "answer", &t->status))
        return false;
    return promises_resume(s, t, &why) && promises_happen(s, t, OCCASION_CUSTOMER_WROTE, &why);
}

/* That a note was written is the provider's own affair. Its line stands in the provider's log, where it names the
 * note and not the case, since not every engineer sees every customer; its change is heard by those alone who see
 * the customer and belong to the provider. */
static bool
record_note(struct scope *s, const struct ticket *t, const struct ticket_post *post)
{
    return audit_record(s, &(struct deed){ .tenant_id = provider_tenant_id, .action = "ticket.noted",
                                           .noun = "ticket_post", .object_id = post->id, .quiet = true })
        && change_record(s, t->tenant_id, "ticket_note", t->id, "noted");
}

static bool
record_post(struct scope *s, const struct ticket *t, const struct ticket_post *post)
{
    if (post->visibility == POST_INTERNAL)
        return record_note(s, t, post);
    return audit_record(s, &(struct deed){ .tenant_id = t->tenant_id, .action = "ticket.posted", .noun = "ticket",
                                           .object_id = t->id, .object_name = t->reference });
}

static bool
write_post(struct scope *s, const struct ticket *t, struct ticket_post *post)
{
    struct ticket_words_args words = { t->tenant_id, t->id, post->body, post->visibility == POST_INTERNAL };
    return db_run(s, &ticket_post_insert, post, NULL) && db_run(s, &ticket_add_words, &words, NULL);
}

bool
ticket_say(struct scope *s, const struct ticket_say *in, struct ticket_post *out)
{
    struct ticket t;
    if (!ticket_speaks_for_itself(s) || !ticket_hold(s, in->id, &t) || !may_say(s, in, &t)
        || !quoted_is_here(s, in))
        return false;
    bool provider = ticket_side(s) == SIDE_PROVIDER;
    struct ticket_post post = {
        .id = uuid_new(s->now), .tenant_id = t.tenant_id, .ticket_id = t.id, .visibility = in->visibility,
        .kind = in->ask ? POST_QUESTION : POST_MESSAGE, .author_id = s->who->person_id, .author_name = s->who->name,
        .author_side = ticket_side(s), .body = in->body, .quotes_id = in->quotes_id, .created_at = s->now,
        .by_mail = in->by_mail, .folded = in->folded,
    };
    if (!provider && t.status == TICKET_WAITING_CUSTOMER)
        post.kind = POST_ANSWER;
    if (!write_post(s, &t, &post) || !attachments_join_post(s, &post, in->attachment_ids))
        return false;
    if (in->visibility == POST_FOR_CUSTOMER) {
        t.post_count++;
        t.last_post_at = t.updated_at = s->now;
        bool heard = provider ? provider_spoke(s, &t, &post) : customer_spoke(s, &t, &post);
        if (!heard || !db_run(s, &ticket_save, &t, NULL))
            return false;
    }
    return record_post(s, &t, &post)
        && ticket_mention(s, &t, &post, in->mentions)
        && ticket_news_said(s, &t, &post)
        && db_run(s, &ticket_writer_end, &(struct id_args){ t.id }, NULL)
        && ticket_mark_read(s, t.id)
        && db_one(s, &ticket_post_by_id, &(struct id_args){ post.id }, out);
}

bool
ticket_mark_read(struct scope *s, struct uuid id)
{
    struct ticket t;
    if (!db_one(s, &ticket_by_id, &(struct id_args){ id }, &t))
        return false;
    if (!uuid_is_none(s->who->acting_tenant_id))
        return true; /* looking as a customer leaves no trace of a reader */
    struct ticket_read_args row = { t.tenant_id, t.id, s->who->person_id, s->who->name, ticket_side(s), s->now };
    return db_run(s, &ticket_read_mark, &row, NULL);
}
