#include "workflows/tickets.h"

#include "model/person.h"
#include "model/tenant.h"
#include "workflows/audit.h"
#include "workflows/entitlements.h"
#include "workflows/promises.h"
#include "workflows/service_contacts.h"
#include "workflows/ticket_work.h"
#include "workflows/ticket_news.h"
#include "workflows/tickets_parts.h"

const struct problem ticket_cannot = {
    409, "ticket-cannot", { "The case does not allow this where it stands.", "現在の状態では、この操作はできません。" } };
const struct problem ticket_not_in_contract = {
    403, "not-in-contract", { "This service is not part of the contract.", "ご契約のサービスに含まれていません。" } };
const struct problem ticket_reopen_too_late = {
    409, "reopen-too-late",
    { "It is too long ago to reopen this case. Please open a new one.",
      "再開できる期間を過ぎています。新しいお問い合わせを作成してください。" } };

#define SUBJECT_WORDS(type)                                                                      \
    FIELD(type, subject, "In one line", .max = 200, .required = true),                           \
    FIELD(type, description, "The whole story, in Markdown", .max = 50000, .required = true,     \
          .format = FORMAT_MARKDOWN),                                                            \
    FIELD(type, tags, "Words to find it by", .max = 20)

const struct shape ticket_open_shape = SHAPE(ticket_open,
    FIELD(ticket_open, tenant_id, "For which customer; the caller's own when absent"),
    FIELD(ticket_open, category_id, "What it is about", .required = true),
    FIELD(ticket_open, severity, "How grave it seems: a, b or c", .of = &severity_domain, .required = true),
    FIELD(ticket_open, for_next_period,
        "When the contract's number of such requests is used up, let it count for the next"
          " period"),
    FIELD(ticket_open, override_reason, "Why it is opened although nothing is left; duty leads alone", .max = 1000),
    FIELD(ticket_open, answers, "What the category's form asks", .items = &form_entry_shape, .max = 100),
    SUBJECT_WORDS(ticket_open));

const struct shape ticket_edit_shape = SHAPE(ticket_edit,
    FIELD(ticket_edit, id, "Which case", .read_only = true),
    FIELD(ticket_edit, version, "What the change is based on", .read_only = true),
    FIELD(ticket_edit, team, "The team in charge", .max = 60), SUBJECT_WORDS(ticket_edit));

const struct shape ticket_assign_shape = SHAPE(ticket_assign,
    FIELD(ticket_assign, id, "Which case", .read_only = true),
    FIELD(ticket_assign, assignee_id, "The engineer in charge; nobody when absent"));

/* What the log shows of a case. */
static const struct shape logged = SHAPE(ticket,
    FIELD(ticket, subject, ""), FIELD(ticket, status, "", .of = &ticket_status_domain),
    FIELD(ticket, severity, "", .of = &severity_domain), FIELD(ticket, severity_reason, ""),
    FIELD(ticket, assignee_name, ""), FIELD(ticket, team, ""), FIELD(ticket, tags, ""), FIELD(ticket, close_reason, ""),
    FIELD(ticket, cycle, ""));

bool
ticket_record(struct scope *s, const char *action, const struct ticket *before, const struct ticket *after)
{
    return audit_record(s, &(struct deed){
        .tenant_id = after->tenant_id, .action = action, .noun = "ticket", .object_id = after->id,
        .object_name = str_printf(s->arena, STR_FMT " " STR_FMT, STR_ARG(after->reference), STR_ARG(after->subject)),
        .change = shape_difference(s->arena, &logged, before, after) });
}

bool
ticket_keep(struct scope *s, const char *action, const struct ticket *before, struct ticket *t)
{
    t->updated_at = s->now;
    return db_run(s, &ticket_save, t, NULL)
        && ticket_record(s, action, before, t)
        && ticket_news_changed(s, action, before, t)
        && db_one(s, &ticket_by_id, &(struct id_args){ t->id }, t);
}

bool
ticket_hold(struct scope *s, struct uuid id, struct ticket *t)
{
    return db_one(s, &ticket_lock, &(struct id_args){ id }, t);
}

/* The side on which somebody acts: an engineer who looks as a customer speaks as nobody's engineer. */
enum principal_side
ticket_side(const struct scope *s)
{
    return s->who->side == SIDE_PROVIDER && uuid_is_none(s->who->acting_tenant_id) ? SIDE_PROVIDER : SIDE_CUSTOMER;
}

/* Nothing is said in the name of a customer by somebody who only looks as one. */
bool
ticket_speaks_for_itself(struct scope *s)
{
    return uuid_is_none(s->who->acting_tenant_id)
        || fail(s, &problem_forbidden, "while looking as a customer nothing is written in their name");
}

bool
ticket_contract_includes(struct scope *s, struct uuid tenant_id, struct uuid category_id,
                         struct ticket_category *category)
{
    struct tenant customer;
    if (!db_one(s, &ticket_category_by_id, &(struct id_args){ category_id }, category)) {
        scope_forgive(s);
        return fail_field(s, "/category_id", FAULT_NOT_FOUND, NULL);
    }
    if (!db_one(s, &tenant_by_id, &(struct id_args){ tenant_id }, &customer) || customer.kind != TENANT_CUSTOMER) {
        scope_forgive(s);
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    }
    struct str plan = domain_label(&tenant_plan_domain, (int)customer.plan);
    for (size_t i = 0; category->active && i < category->plans.count; i++)
        if (str_eq(category->plans.items[i], plan))
            return true;
    return fail(s, &ticket_not_in_contract, STR_FMT, STR_ARG(category->name));
}

bool
ticket_open(struct scope *s, const struct ticket_open *in, struct ticket *out)
{
    struct ticket_category category;
    struct uuid tenant_id = uuid_is_none(in->tenant_id) ? s->who->tenant_id : in->tenant_id;
    if (!ticket_speaks_for_itself(s) || !ticket_contract_includes(s, tenant_id, in->category_id, &category))
        return false;
    bool provider = ticket_side(s) == SIDE_PROVIDER;
    if (!provider && category.registered_contacts_only && !contact_is_registered(s, s->who->person_id))
        return false;
    struct strs tags;
    struct rows answers;
    if (!tags_tidy(s, "/tags", &in->tags, &tags) || !form_fill(s, category.id, &in->answers, &answers))
        return false;
    struct ticket t = {
        .id = uuid_new(s->now), .tenant_id = tenant_id, .category_id = category.id, .subject = in->subject,
        .description = in->description, .status = TICKET_NEW, .severity = in->severity,
        .severity_proposed = in->severity, .severity_decided = provider,
        .priority = category.service == SERVICE_PREMIUM ? 1 : 0, .requester_name = s->who->name, .tags = tags,
        .answers = answers, .by_mail = in->by_mail, .awaits = AWAITS_PROVIDER, .cycle = 1, .opened_at = s->now,
            .created_at = s->now,
        .updated_at = s->now,
    };
    if (!provider && uuid_eq(s->who->tenant_id, tenant_id))
        t.requester_id = s->who->person_id;
    struct ticket_number_row number;
    if (!db_one(s, &ticket_insert, &t, &number) || !ticket_hold(s, t.id, &t) || !entitlement_take(s, &t, in))
        return false;
    struct ticket before = t;
    struct ticket_checks_args lists = { t.tenant_id, t.id, t.category_id, { { 0 } }, s->now };
    if (!db_run(s, &ticket_checks_begin, &lists, NULL) || !tags_remember(s, NULL, &t)
        || !promises_start(s, &t, &(struct promise_cause){ .code = "ticket.opened" })
        || !ticket_keep(s, "ticket.opened", &before, &t))
        return false;
    *out = t;
    return ticket_mark_read(s, t.id);
}

bool
ticket_edit(struct scope *s, const struct ticket_edit *in, struct ticket *out)
{
    struct ticket before, t;
    if (!ticket_speaks_for_itself(s) || !ticket_hold(s, in->id, &t))
        return false;
    if (t.version != in->version)
        return fail(s, &problem_stale, "version %lld is newer", (long long)t.version);
    before = t;
    t.subject = in->subject;
    t.description = in->description;
    if (!tags_tidy(s, "/tags", &in->tags, &t.tags) || !tags_remember(s, &before, &t))
        return false;
    if (ticket_side(s) == SIDE_PROVIDER)
        t.team = in->team;
    struct ticket_words_args words = { t.tenant_id, t.id,
        str_printf(s->arena, STR_FMT " " STR_FMT, STR_ARG(in->subject), STR_ARG(in->description)), false };
    if (!db_run(s, &ticket_add_words, &words, NULL) || !ticket_keep(s, "ticket.edited", &before, &t))
        return false;
    *out = t;
    return true;
}

bool
ticket_assign(struct scope *s, const struct ticket_assign *in, struct ticket *out)
{
    struct ticket before, t;
    struct person engineer = { .name = STR_NONE };
    if (!ticket_hold(s, in->id, &t))
        return false;
    if (ticket_side(s) != SIDE_PROVIDER)
        return fail(s, &problem_forbidden, "engineers are assigned by the service side");
    if (!uuid_is_none(in->assignee_id)
        && (!db_one(s, &person_by_id, &(struct id_args){ in->assignee_id }, &engineer)
            || engineer.side != SIDE_PROVIDER || engineer.status != PERSON_ACTIVE)) {
        scope_forgive(s);
        return fail_field(s, "/assignee_id", FAULT_NOT_FOUND, NULL);
    }
    before = t;
    t.assignee_id = in->assignee_id;
    t.assignee_name = engineer.name;
    struct promise_cause why = { .code = "ticket.assigned" };
    bool somebody = !uuid_is_none(in->assignee_id);
    if ((somebody && !promises_happen(s, &t, OCCASION_ENGINEER_ASSIGNED, &why))
        || !ticket_keep(s, "ticket.assigned", &before, &t))
        return false;
    *out = t;
    return true;
}
