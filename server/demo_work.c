#include "server/demo_tickets.h"
#include "workflows/service_contacts.h"
#include "workflows/ticket_documents.h"
#include "workflows/ticket_work.h"

struct mail_args {
    struct str email;
};
static const struct shape mail_shape = SHAPE(mail_args, FIELD(mail_args, email, "Whose"));
static const struct query person_by_mail = {
    .name = "demo_person", .sql = "SELECT id FROM person WHERE email = :email", .args = &mail_shape,
    .row = &id_args_shape,
};

struct document_row {
    struct uuid id;
    struct str sha256;
};
static const struct shape document_row_shape = SHAPE(document_row, FIELD(document_row, id, "Which"),
                                                     FIELD(document_row, sha256, "Of its content"));
static const struct query open_document = {
    .name = "demo_open_document",
    .sql = "SELECT id, sha256 FROM ticket_document WHERE ticket_id = :id AND state = 'open'",
    .args = &id_args_shape, .row = &document_row_shape,
};

static const struct query be_administrator = {
    .name = "demo_be_administrator",
    .sql = "SELECT set_config('yagura.grants', '{tickets:use,people:write}', true)",
};

static bool
register_contact(struct scope *s, struct str email)
{
    struct id_args person;
    struct service_contact made;
    struct str japanese = STR("ja");
    struct contact_register in = { .phone = STR("052-555-0100"), .languages = { &japanese, 1 },
                                   .hours = STR("平日9時〜18時") };
    if (!db_one(s, &person_by_mail, &(struct mail_args){ email }, &person))
        return false;
    in.person_id = person.id;
    return contact_register(s, &in, &made);
}

/* "AOBA-42" of one of the cases. */
static bool
reference_of(struct scope *s, const struct uuid *tickets, struct str nth, struct str *out)
{
    int64_t n;
    struct ticket t;
    if (!str_int(nth, &n) || n < 0 || n >= (int64_t)demo_case_count)
        return fail(s, &problem_internal, "the demonstration has no case " STR_FMT, STR_ARG(nth));
    if (!db_one(s, &ticket_by_id, &(struct id_args){ tickets[n] }, &t))
        return false;
    *out = t.reference;
    return true;
}

static bool
tick(struct scope *s, struct uuid id, struct str nth)
{
    int64_t n;
    struct ticket_work work;
    struct ticket_check done;
    if (!db_one(s, &ticket_work_by_id, &(struct id_args){ id }, &work))
        return false;
    if (!str_int(nth, &n) || n < 0 || n >= (int64_t)work.checks.count)
        return fail(s, &problem_internal, "the case has nothing number " STR_FMT " to tick off", STR_ARG(nth));
    return ticket_check_tick(s, ((const struct ticket_check *)work.checks.items)[n].id, true, &done);
}

static bool
spend(struct scope *s, struct uuid id, struct str minutes, struct str note)
{
    struct ticket_work work;
    struct ticket_time_add in = { .id = id, .note = note,
                                  .worked_on = str_head(instant_format(s->arena, s->now), 10) };
    return (str_int(minutes, &in.minutes) || fail(s, &problem_internal, "no minutes: " STR_FMT, STR_ARG(minutes)))
        && ticket_time_add(s, &in, &work);
}

/* "plan 調査計画|text": an administrator is asked to approve it. */
static bool
put(struct scope *s, struct uuid id, struct str kind, struct str rest)
{
    int value;
    struct str title;
    struct ticket_document made;
    if (!domain_value(&document_kind_domain, kind, &value) || !str_cut(&rest, '|', &title))
        return fail(s, &problem_internal, "a document without kind, title and text");
    struct document_put in = { .id = id, .kind = value, .title = title, .body = rest, .wants = WANTS_APPROVE,
                               .asks = ASKS_ADMINISTRATORS };
    return document_put(s, &in, &made);
}

/* What waits in the case is approved by whom it asks. */
static bool
approve(struct scope *s, struct uuid id)
{
    struct rows open;
    struct ticket_document d;
    if (!db_run(s, &be_administrator, NULL, NULL) || !db_list(s, &open_document, &(struct id_args){ id }, &open))
        return false;
    if (open.count == 0)
        return fail(s, &problem_internal, "nothing waits for approval");
    const struct document_row *row = open.items;
    return document_accept(s, &(struct document_say){ .id = row->id, .sha256 = row->sha256 }, &d);
}

bool
demo_work(struct scope *s, const struct uuid *tickets, const struct demo_moment *m)
{
    struct uuid id = tickets[m->nth];
    struct str rest = str_of(m->text), verb, first, reference;
    struct ticket_work work;
    struct ticket t;
    if (!str_cut(&rest, ' ', &verb))
        return fail(s, &problem_internal, "a moment without a verb");
    if (str_is(verb, "watch"))
        return ticket_watch(s, &(struct ticket_watch){ .id = id }, &work);
    if (str_is(verb, "approve"))
        return approve(s, id);
    if (!str_cut(&rest, ' ', &first))
        return fail(s, &problem_internal, "'" STR_FMT "' wants a word", STR_ARG(verb));
    if (str_is(verb, "contact"))
        return register_contact(s, first);
    if (str_is(verb, "document"))
        return put(s, id, first, rest);
    if (str_is(verb, "tick"))
        return tick(s, id, first);
    if (str_is(verb, "time"))
        return spend(s, id, first, rest);
    if (str_is(verb, "computers")) {
        struct computer_entry entry = { first, rest };
        return ticket_computers_add(s, &(struct ticket_computers_add){ id, { &entry, 1 } }, &work);
    }
    if (!reference_of(s, tickets, first, &reference))
        return false;
    if (str_is(verb, "merge"))
        return ticket_merge(s, &(struct ticket_merge){ id, reference, rest }, &t);
    return ticket_link_add(s, &(struct ticket_link_add){ id, RELATION_RELATED, reference }, &work);
}
