#include "workflows/drills.h"

#include "core/base/crypto.h"
#include "core/base/log.h"
#include "core/base/zone.h"
#include "workflows/audit.h"
#include "workflows/invitations.h"
#include "workflows/mail.h"
#include "workflows/mail_kinds.h"
#include "workflows/notices.h"
#include "workflows/service.h"

enum { TOKEN_BYTES = 32, EVERY_HOURS = 6 };

const struct problem drill_there_already = {
    409, "drill-there-already",
    { "This quarter's drill has begun already.", "今四半期の連絡訓練は、すでに開始しています。" } };
const struct problem drill_without_contacts = {
    409, "drill-without-contacts",
    { "This customer has no registered contacts to try.", "このお客様には登録済みのご担当者様がいません。" } };

const struct shape drill_begin_shape = SHAPE(drill_begin,
    FIELD(drill_begin, tenant_id, "The customer", .required = true));
const struct shape drill_called_shape = SHAPE(drill_call,
    FIELD(drill_call, id, "The drill", .read_only = true),
    FIELD(drill_call, line_id, "Whom", .required = true),
    FIELD(drill_call, outcome, "reached, or failed: not as registered", .of = &drill_outcome_domain, .required = true),
    FIELD(drill_call, note, "What was found", .max = 1000));
const struct shape drill_link_shape = SHAPE(drill_link,
    FIELD(drill_link, token, "As it stands in the link", .max = 100, .read_only = true));
const struct shape drill_thanks_shape = SHAPE(drill_thanks,
    FIELD(drill_thanks, name, "Who was reached"), FIELD(drill_thanks, tenant_name, "The customer"),
    FIELD(drill_thanks, answered_at, "When"));

static bool
record(struct scope *s, const char *action, struct uuid tenant_id, struct uuid id, struct str name)
{
    return audit_record(s, &(struct deed){ .tenant_id = tenant_id, .action = action, .noun = "contact_drill",
                                           .object_id = id, .object_name = name });
}

/* ---- beginning ---- */

static bool
try_contact(struct scope *s, const struct contact_drill *d, struct drill_line *line)
{
    struct str token = random_token(s->arena, TOKEN_BYTES);
    line->id = uuid_new(s->now);
    line->tenant_id = d->tenant_id;
    line->drill_id = d->id;
    line->token_hash = sha256_of(s->arena, token);
    line->mailed_at = line->email.at ? s->now : (struct instant){ 0 };
    struct contact_drill_mail data = {
        .name = line->name, .tenant_name = d->tenant_name, .phone = line->phone, .due_at = d->due_at,
        .url = str_printf(s->arena, STR_FMT "/contact-drill/" STR_FMT, STR_ARG(s->service->public_url),
                          STR_ARG(token)),
    };
    struct mail_request mail = {
        .kind = &mail_contact_drill, .data = &data, .tenant_id = d->tenant_id, .to_address = line->email,
        .to_name = line->name, .language = line->language, .time_zone = line->time_zone,
    };
    return db_run(s, &drill_line_insert, line, NULL) && (!line->email.at || mail_queue(s, &mail, NULL));
}

static bool
begin(struct scope *s, struct uuid tenant_id, struct str quarter, bool *begun)
{
    struct rows contacts;
    struct drill_customer customer;
    int64_t made;
    struct id_args of = { tenant_id };
    if (!db_one(s, &drill_customer, &of, &customer) || !db_list(s, &drill_contacts, &of, &contacts))
        return false;
    struct contact_drill d = { .id = uuid_new(s->now), .tenant_id = tenant_id, .tenant_name = customer.name,
                               .quarter = quarter, .started_at = s->now,
                               .due_at = instant_plus(s->now, DAYS(DRILL_DAYS)) };
    *begun = false;
    if (contacts.count == 0)
        return fail(s, &drill_without_contacts, STR_FMT, STR_ARG(customer.name));
    if (!db_run(s, &contact_drill_insert, &d, &made) || made == 0)
        return !scope_has_failed(s);
    for (size_t i = 0; i < contacts.count; i++)
        if (!try_contact(s, &d, (struct drill_line *)contacts.items + i))
            return false;
    *begun = true;
    return record(s, "contact_drill.begun", tenant_id, d.id, quarter);
}

bool
drill_begin(struct scope *s, const struct drill_begin *in, struct contact_drill *out)
{
    struct drill_customer customer;
    const struct zone *zone;
    bool begun;
    if (!db_one(s, &drill_customer, &(struct id_args){ in->tenant_id }, &customer)
        || !zone_load(s->arena, customer.time_zone, &zone)) {
        scope_forgive(s);
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    }
    struct civil c = zone_civil(zone, s->now);
    struct str quarter = str_printf(s->arena, "%04d-Q%d", c.year, (c.month - 1) / 3 + 1);
    if (!begin(s, in->tenant_id, quarter, &begun))
        return false;
    if (!begun)
        return fail(s, &drill_there_already, STR_FMT, STR_ARG(quarter));
    struct id_args id;
    return db_one(s, &contact_drill_of_quarter, &(struct drill_start_row){ in->tenant_id, quarter }, &id)
        && db_one(s, &contact_drill_by_id, &id, out);
}

/* ---- what comes of it ---- */

bool
drill_called(struct scope *s, const struct drill_call *in, struct contact_drill *out)
{
    struct drill_call row = *in;
    struct id_args line, id = { in->id };
    bool found;
    row.at = s->now;
    row.made_by = s->who->name;
    if (!db_one(s, &contact_drill_by_id, &id, out) || !db_maybe(s, &drill_line_call, &row, &line, &found))
        return false;
    if (!found)
        return fail_field(s, "/line_id", FAULT_NOT_FOUND, NULL);
    return db_run(s, &contact_drill_settle, &(struct drill_settle_args){ out->tenant_id, out->id, s->now }, NULL)
        && db_one(s, &contact_drill_by_id, &id, out)
        && record(s, "contact_drill.called", out->tenant_id, out->id, out->quarter);
}

bool
drill_answer(struct scope *s, const struct drill_link *in, struct drill_thanks *out)
{
    struct drill_answer a;
    struct drill_answer_args args = { sha256_of(s->arena, in->token), s->now };
    bool found;
    if (!db_maybe(s, &contact_drill_answer, &args, &a, &found))
        return false;
    if (!found)
        return fail(s, &link_is_dead, "no drill with this link");
    *out = (struct drill_thanks){ a.name, a.tenant_name, a.answered_at };
    if (a.answered_at.us != s->now.us)
        return true; /* pressed twice: said once */
    return db_set_tenants(s, (struct uuids){ &a.tenant_id, 1 })
        && audit_record(s, &(struct deed){ .tenant_id = a.tenant_id, .action = "contact_drill.answered",
                                           .noun = "contact_drill", .object_id = a.drill_id, .object_name = a.name,
                                           .actor_name = a.name });
}

/* ---- the job ---- */

static const struct shape nothing_shape = { .name = "contact_drill", .size = sizeof(struct drill_at_args) };

/* One customer whose mail cannot be written does not keep the others from being tried. */
static bool
begin_alone(struct scope *s, const struct drill_start_row *row)
{
    bool begun;
    if (!db_savepoint(s))
        return false;
    if (begin(s, row->tenant_id, row->quarter, &begun))
        return db_savepoint_release(s);
    log_warn(s, "contact_drill.not_begun", STR_FMT, STR_ARG(s->failure.detail));
    scope_forgive(s);
    return db_savepoint_rollback(s);
}

static bool
tell_overdue(struct scope *s, const struct drill_overdue_row *row)
{
    struct notice n = {
        .kind = NOTICE_DRILL, .tenant_id = row->tenant_id, .internal = true, .path = STR("/contact-drills"),
        .about = str_printf(s->arena, STR_FMT " " STR_FMT, STR_ARG(row->tenant_name), STR_ARG(row->quarter)),
    };
    return notice_holders(s, row->tenant_id, "duty_lead", &n.to) && notice_tell(s, &n, NULL);
}

static bool
run(struct scope *s, void *args)
{
    struct rows starts, overdue;
    struct drill_at_args now = { s->now };
    if (!job_see_every_tenant(s) || !db_list(s, &drills_to_start, &now, &starts)
        || !db_list(s, &drills_overdue, &now, &overdue))
        return false;
    for (size_t i = 0; i < starts.count; i++)
        if (!begin_alone(s, (const struct drill_start_row *)starts.items + i))
            return false;
    for (size_t i = 0; i < overdue.count; i++)
        if (!tell_overdue(s, (const struct drill_overdue_row *)overdue.items + i))
            return false;
    return job_add(s, &contact_drill_job, (struct uuid){ { 0 } }, args, instant_plus(s->now, HOURS(EVERY_HOURS)),
                   STR("contact_drill"));
}

const struct job_kind contact_drill_job = {
    .name = "contact_drill", .prose = "Begins each customer's quarterly drill of contacts, tells of overdue ones",
    .args = &nothing_shape, .run = run, .max_attempts = 1000000,
};
