#include "server/demo_tickets.h"
#include "workflows/disputes.h"
#include "workflows/promises.h"
#include "workflows/service_contacts.h"
#include "workflows/targets.h"
#include "workflows/ticket_documents.h"
#include "workflows/ticket_snoozes.h"
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

/* ---- clocks ---- */

struct key_args {
    struct str key;
};
struct two_ids {
    struct uuid id, other_id;
};
static const struct shape two_ids_shape =
    SHAPE(two_ids, FIELD(two_ids, id, "The one"), FIELD(two_ids, other_id, "The other"));
static const struct shape key_shape = SHAPE(key_args, FIELD(key_args, key, "Which category, or whose customer"));
static const struct query category_and_customer = {
    .name = "demo_category_of_aoba",
    .sql = "SELECT k.id, t.id AS other_id FROM ticket_category k, tenant t"
           " WHERE k.key = :key AND t.short_code = 'AOBA'",
    .args = &key_shape, .row = &two_ids_shape,
};

/* To be solved within three days, which stand still while the customer is asked. */
static bool
promise_solution(struct scope *s, struct str category)
{
    struct two_ids found;
    struct str waits[] = { STR("waiting_customer") }, opened[] = { STR("case_opened"), STR("case_reopened") };
    struct str marks[] = { STR("75"), STR("90") };
    struct service_target made;
    if (!db_one(s, &category_and_customer, &(struct key_args){ category }, &found))
        return false;
    struct target_write in = {
        .tenant_id = found.other_id, .category_id = found.id, .severity = SEVERITY_B, .metric = METRIC_RESOLVE,
        .pace = PACE_BUSINESS_DAYS, .allowance = 10, .mercy_s = 1800, .starts_on = { opened, COUNT_OF(opened) },
        .pauses_while = { waits, COUNT_OF(waits) }, .warn_at = { marks, COUNT_OF(marks) },
    };
    return target_set(s, &in, &made);
}

static bool
dispute(struct scope *s, struct uuid id, struct str reason)
{
    struct promise_views all;
    struct promise_dispute made;
    if (!promises_view(s, id, &all))
        return false;
    for (size_t i = 0; i < all.items.count; i++) {
        const struct promise_view *p = (const struct promise_view *)all.items.items + i;
        for (size_t k = 0; k < p->lines.count; k++) {
            const struct promise_line *line = (const struct promise_line *)p->lines.items + k;
            if (line->event == EVENT_PAUSED)
                return dispute_open(s, &(struct dispute_open){ id, p->id, line->seq, reason }, &made);
        }
    }
    return fail(s, &problem_internal, "no clock of the case was paused");
}

static bool
snooze(struct scope *s, struct uuid id, struct str hours)
{
    struct ticket t;
    int64_t span;
    return str_int(hours, &span)
        && ticket_put_aside(s, &(struct ticket_put_aside){ id, instant_plus(s->now, HOURS(span)), true }, &t);
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
    if (str_is(verb, "target"))
        return promise_solution(s, first);
    if (str_is(verb, "snooze"))
        return snooze(s, id, first);
    if (str_is(verb, "dispute"))
        return dispute(s, id, first);
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
