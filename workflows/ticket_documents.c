#include "workflows/ticket_documents.h"

#include "core/base/crypto.h"
#include "model/person.h"
#include "workflows/audit.h"
#include "workflows/notices.h"
#include "workflows/ticket_work_parts.h"

enum { PEOPLE_MAX = 50 };

const struct problem document_is_over = {
    409, "document-is-over", { "This document is settled already.", "この文書への回答は締め切られています。" } };
const struct problem document_not_asked = {
    403, "document-not-asked", { "Others are asked to answer this document.", "この文書への回答は、別の方にお願いしています。" } };
const struct problem completion_not_approved = {
    409, "completion-not-approved",
    { "This service ends when the customer has approved what was done. Put the completion sheet before them first.",
      "このサービスは、お客様が作業完了の報告を承認したあとに終了できます。先に完了報告書の承認を依頼してください。" } };

const struct shape document_put_shape = SHAPE(document_put,
    FIELD(document_put, id, "In which case", .read_only = true),
    FIELD(document_put, kind, "What it is", .of = &document_kind_domain, .required = true),
    FIELD(document_put, title, "Its title", .max = 200, .required = true),
    FIELD(document_put, body, "Its text, in Markdown; or", .max = 100000, .format = FORMAT_MARKDOWN),
    FIELD(document_put, attachment_id, "the file of the case that it is"),
    FIELD(document_put, wants, "confirm: that it was read; approve", .of = &document_wants_domain, .required = true),
    FIELD(document_put, asks, "people: everybody named; administrators: one of them", .of = &document_asks_domain,
          .required = true),
    FIELD(document_put, person_ids, "Who is asked by name", .max = PEOPLE_MAX),
    FIELD(document_put, note, "A word to it", .max = 1000));

#define SAY_FIELDS(...)                                                                                       \
    FIELD(document_say, id, "Which document", .read_only = true),                                             \
    FIELD(document_say, sha256, "Of what was seen", .min = 64, .max = 64, .format = FORMAT_HEX, .required = true), \
    FIELD(document_say, reason, "Why not", .max = 2000, __VA_ARGS__)
const struct shape document_accept_shape = SHAPE(document_say, SAY_FIELDS(.read_only = true));
const struct shape document_refuse_shape = SHAPE(document_say, SAY_FIELDS(.required = true));

const struct shape document_take_back_shape = SHAPE(document_take_back,
    FIELD(document_take_back, id, "Which document", .read_only = true),
    FIELD(document_take_back, reason, "Why; the customer reads it", .max = 1000, .required = true));

/* ---- shared ---- */

static struct str
label(const struct domain *domain, int value)
{
    return domain_label(domain, value);
}

static struct str
in_words(struct scope *s, const struct ticket_document *d)
{
    return str_printf(s->arena, STR_FMT " (SHA-256 " STR_FMT ")", STR_ARG(d->title), STR_ARG(d->sha256));
}

static bool
tell(struct scope *s, const struct ticket *t, const struct ticket_document *d, enum notice_kind kind,
     struct uuids to, struct str body)
{
    struct notice n = notice_of_ticket(s, t, kind);
    n.about = str_printf(s->arena, STR_FMT " " STR_FMT, STR_ARG(t->reference), STR_ARG(d->title));
    n.to = to;
    n.body = body;
    return to.count == 0 || notice_tell(s, &n, NULL);
}

static bool
read_document(struct scope *s, struct uuid id, struct ticket_document *out)
{
    return db_one(s, &ticket_document_by_id, &(struct id_args){ id }, out);
}

/* ---- to put one before the customer ---- */

static bool
content_of(struct scope *s, const struct document_put *in, struct ticket_document *d)
{
    struct document_file file;
    if (uuid_is_none(in->attachment_id)) {
        if (!in->body.len)
            return fail_field(s, "/body", FAULT_REQUIRED, NULL);
        d->body = in->body;
        d->sha256 = hex_of(s->arena, sha256_of(s->arena, in->body));
        return true;
    }
    if (in->body.len)
        return fail_field(s, "/body", FAULT_NOT_ALLOWED, NULL); /* what was approved would be either */
    bool found;
    if (!db_maybe(s, &document_file_by_id, &(struct id_args){ in->attachment_id }, &file, &found))
        return false;
    d->attachment_id = in->attachment_id;
    d->sha256 = file.sha256;
    return (found && uuid_eq(file.ticket_id, in->id)) || fail_field(s, "/attachment_id", FAULT_NOT_FOUND, NULL);
}

static bool
ask_person(struct scope *s, const struct ticket_document *d, struct uuid person_id)
{
    struct person p;
    if (!db_one(s, &person_by_id, &(struct id_args){ person_id }, &p) || !uuid_eq(p.tenant_id, d->tenant_id)
        || p.kind != PERSON_HUMAN || p.status == PERSON_DISABLED) {
        scope_forgive(s);
        return fail_field(s, "/person_ids", FAULT_NOT_FOUND, NULL);
    }
    struct document_person row = { d->tenant_id, d->id, p.id, p.name };
    return db_run(s, &document_person_insert, &row, NULL);
}

static bool
ask_people(struct scope *s, const struct document_put *in, const struct ticket_document *d, struct uuids *asked)
{
    *asked = in->person_ids;
    if (in->asks == ASKS_PEOPLE) {
        if (in->person_ids.count == 0)
            return fail_field(s, "/person_ids", FAULT_REQUIRED, NULL);
        for (size_t i = 0; i < in->person_ids.count; i++)
            if (!ask_person(s, d, in->person_ids.items[i]))
                return false;
        return true;
    }
    if (in->person_ids.count)
        return fail_field(s, "/person_ids", FAULT_NOT_ALLOWED, NULL);
    struct rows administrators;
    if (!db_list(s, &customer_administrators, &(struct id_args){ d->tenant_id }, &administrators))
        return false;
    *asked = (struct uuids){ arena_array_of(s->arena, administrators.count + 1, struct uuid), administrators.count };
    for (size_t i = 0; i < administrators.count; i++)
        asked->items[i] = ((const struct id_args *)administrators.items)[i].id;
    return true;
}

bool
document_put(struct scope *s, const struct document_put *in, struct ticket_document *out)
{
    struct ticket t;
    struct uuids asked;
    if (!work_hold(s, in->id, true, &t))
        return false;
    struct ticket_document d = {
        .id = uuid_new(s->now), .tenant_id = t.tenant_id, .ticket_id = t.id, .kind = in->kind, .title = in->title,
        .wants = in->wants, .asks = in->asks, .note = in->note, .state = DOCUMENT_OPEN,
        .created_by_id = s->who->person_id, .created_by_name = s->who->name, .created_at = s->now,
    };
    return content_of(s, in, &d)
        && db_run(s, &ticket_document_insert, &d, NULL)
        && ask_people(s, in, &d, &asked)
        && work_record(s, &t, "ticket.document-put", "document", STR_NONE, in_words(s, &d))
        && tell(s, &t, &d, NOTICE_DOCUMENT, asked, in->note)
        && read_document(s, d.id, out);
}

/* ---- what the customer says ---- */

static bool
may_answer(struct scope *s, const struct ticket_document *d, const struct document_say *in)
{
    if (d->state != DOCUMENT_OPEN)
        return fail(s, &document_is_over, "it is %s", label(&document_state_domain, (int)d->state).at);
    if (!d->awaits_me)
        return fail(s, &document_not_asked, "answered already, or others are asked");
    return str_eq(str_lower(s->arena, in->sha256), d->sha256)
        || fail(s, &problem_stale, "the document's SHA-256 is " STR_FMT, STR_ARG(d->sha256));
}

/* Everybody who was named has to agree; of the administrators one is enough; one refusal ends it. */
static enum document_state
state_after(const struct ticket_document *d, enum document_answer answer)
{
    if (answer == ANSWER_REFUSED)
        return DOCUMENT_REFUSED;
    bool all = d->asks == ASKS_ADMINISTRATORS || d->answers.count + 1 >= d->people.count;
    return all ? DOCUMENT_ACCEPTED : DOCUMENT_OPEN;
}

static bool
settle(struct scope *s, const struct ticket *t, struct ticket_document *d, enum document_state state,
       struct str reason)
{
    if (state == DOCUMENT_OPEN)
        return true;
    d->state = state;
    d->ended_at = s->now;
    struct uuids author = { &d->created_by_id, 1 };
    return db_run(s, &ticket_document_end, d, NULL) && tell(s, t, d, NOTICE_DOCUMENT_DONE, author, reason);
}

static bool
answer(struct scope *s, const struct document_say *in, bool accepts, struct ticket_document *out)
{
    struct ticket t;
    struct ticket_document d;
    if (!db_one(s, &ticket_document_lock, &(struct id_args){ in->id }, &d) || !ticket_speaks_for_itself(s)
        || !may_answer(s, &d, in) || !db_one(s, &ticket_by_id, &(struct id_args){ d.ticket_id }, &t))
        return false;
    enum document_answer said = !accepts                 ? ANSWER_REFUSED
                              : d.wants == WANTS_CONFIRM ? ANSWER_CONFIRMED
                                                         : ANSWER_APPROVED;
    struct document_answer_row row = {
        .id = uuid_new(s->now), .tenant_id = d.tenant_id, .document_id = d.id, .person_id = s->who->person_id,
        .person_name = s->who->name, .answer = said, .reason = accepts ? STR_NONE : in->reason,
        .address = s->address.at ? s->address : STR("-"), .sha256 = d.sha256, .at = s->now,
    };
    struct str words = label(&document_answer_domain, (int)said);
    return db_run(s, &document_answer_insert, &row, NULL)
        && settle(s, &t, &d, state_after(&d, said), row.reason)
        && work_record(s, &t, str_printf(s->arena, "ticket.document-" STR_FMT, STR_ARG(words)).at, "document",
                       STR_NONE, in_words(s, &d))
        && read_document(s, d.id, out);
}

bool
document_accept(struct scope *s, const struct document_say *in, struct ticket_document *out)
{
    return answer(s, in, true, out);
}

bool
document_refuse(struct scope *s, const struct document_say *in, struct ticket_document *out)
{
    return answer(s, in, false, out);
}

bool
document_take_back(struct scope *s, const struct document_take_back *in, struct ticket_document *out)
{
    struct ticket t;
    struct ticket_document d;
    if (!db_one(s, &ticket_document_lock, &(struct id_args){ in->id }, &d) || !work_hold(s, d.ticket_id, true, &t))
        return false;
    if (d.state != DOCUMENT_OPEN)
        return fail(s, &document_is_over, "it is %s", label(&document_state_domain, (int)d.state).at);
    d.state = DOCUMENT_WITHDRAWN;
    d.ended_at = s->now;
    return db_run(s, &ticket_document_end, &d, NULL)
        && work_record(s, &t, "ticket.document-withdrawn", "document", in_words(s, &d), in->reason)
        && read_document(s, d.id, out);
}

bool
documents_allow_close(struct scope *s, const struct ticket *t)
{
    struct ticket_category category;
    struct id_args approved;
    bool found;
    if (!db_one(s, &ticket_category_by_id, &(struct id_args){ t->category_id }, &category))
        return false;
    if (!category.closes_on_approval)
        return true;
    struct document_completion_args args = { t->tenant_id, t->id };
    return db_maybe(s, &document_completion, &args, &approved, &found)
        && (found || fail(s, &completion_not_approved, STR_FMT, STR_ARG(category.name)));
}
