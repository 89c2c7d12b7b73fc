/* The verbs that move a case from one status to another. */
#include "model/tenant.h"
#include "workflows/entitlements.h"
#include "workflows/promises.h"
#include "workflows/ticket_documents.h"
#include "workflows/tickets_parts.h"

#define VERB_FIELDS(...)                                                   \
    FIELD(ticket_verb, id, "Which case", .read_only = true),               \
    FIELD(ticket_verb, reason, "Why; both sides read it", .max = 2000, __VA_ARGS__)
const struct shape ticket_verb_shape = SHAPE(ticket_verb, VERB_FIELDS(.required = false));
const struct shape ticket_reason_shape = SHAPE(ticket_verb, VERB_FIELDS(.required = true));

bool
ticket_way(struct scope *s, const struct ticket *t, const char *verb, enum ticket_status *to)
{
    struct ticket_move_args args = { str_of(verb), t->status };
    struct ticket_move_row row;
    bool found;
    if (!db_maybe(s, &ticket_move_find, &args, &row, &found))
        return false;
    *to = row.to_status;
    return found || fail(s, &ticket_cannot, "'%s' is not possible while the case is %s", verb,
                         domain_label(&ticket_status_domain, (int)t->status).at);
}

/* Declining uses nothing up and needs a category that allows it. */
static bool
may_decline(struct scope *s, const struct ticket *t)
{
    struct ticket_category category;
    return db_one(s, &ticket_category_by_id, &(struct id_args){ t->category_id }, &category)
        && (category.may_be_declined || fail(s, &ticket_cannot, "the catalogue does not allow to decline this"));
}

static bool
may_reopen(struct scope *s, const struct ticket *t)
{
    struct tenant customer;
    struct instant ended = t->closed_at.us ? t->closed_at : t->resolved_at;
    if (!uuid_is_none(t->merged_into_id))
        return fail(s, &ticket_cannot, "it goes on as " STR_FMT, STR_ARG(t->merged_into));
    if (!ended.us || ticket_side(s) == SIDE_PROVIDER)
        return true;
    if (!db_one(s, &tenant_by_id, &(struct id_args){ t->tenant_id }, &customer))
        return false;
    return s->now.us <= ended.us + DAYS(customer.reopen_days)
        || fail(s, &ticket_reopen_too_late, "cases can be reopened for %lld days", (long long)customer.reopen_days);
}

/* Where the customer's approval ends the service, the service side does not; the customer may always have enough. */
static bool
may_close(struct scope *s, const struct ticket *t)
{
    return ticket_side(s) == SIDE_CUSTOMER || documents_allow_close(s, t);
}

static bool
end_case(struct scope *s, struct ticket *t, const char *code, struct str reason)
{
    struct promise_cause why = { .code = code, .note = reason };
    t->awaits = AWAITS_NOBODY;
    t->close_reason = reason;
    return promises_stop(s, t, (unsigned)METRICS_ALL, &why);
}

bool
ticket_begin_cycle(struct scope *s, struct ticket *t, struct str reason)
{
    struct promise_cause why = { .code = "ticket.reopened", .note = reason };
    t->cycle++;
    t->awaits = AWAITS_PROVIDER;
    t->resolved_at = t->closed_at = t->first_response_at = (struct instant){ 0 };
    t->close_reason = STR_NONE;
    return promises_start(s, t, &why);
}

static bool
follow(struct scope *s, const char *verb, struct ticket *t, struct str reason)
{
    struct promise_cause resumed = { .code = "ticket.resumed", .note = reason };
    switch (t->status) {
    case TICKET_IN_PROGRESS:
        t->awaits = AWAITS_PROVIDER;
        if (strcmp(verb, "reopen") == 0)
            return ticket_begin_cycle(s, t, reason) && entitlement_take_again(s, t);
        return promises_resume(s, t, &resumed);
    case TICKET_WAITING_THIRD_PARTY:
        /* Somebody else's slowness is ours to bear, unless the target says otherwise. */
        return promises_follow(s, t, &(struct promise_cause){ .code = "third_party.awaited", .note = reason });
    case TICKET_RESOLVED:
        t->resolved_at = s->now;
        return end_case(s, t, "ticket.resolved", reason);
    case TICKET_CLOSED:
    case TICKET_DECLINED:
        t->closed_at = s->now;
        return end_case(s, t, t->status == TICKET_CLOSED ? "ticket.closed" : "ticket.declined", reason)
            && (t->status == TICKET_CLOSED || entitlement_return_for(s, t, RETURN_DECLINED, reason));
    default:
        return fail(s, &problem_internal, "the table of moves leads %s where it cannot", verb);
    }
}

bool
ticket_move(struct scope *s, const char *verb, const struct ticket_verb *in, struct ticket *out)
{
    struct ticket before, t;
    if (!ticket_speaks_for_itself(s) || !ticket_hold(s, in->id, &t))
        return false;
    before = t;
    if (!ticket_way(s, &before, verb, &t.status) || (t.status == TICKET_DECLINED && !may_decline(s, &before))
        || (strcmp(verb, "reopen") == 0 && !may_reopen(s, &before))
        || (strcmp(verb, "close") == 0 && t.status == TICKET_CLOSED && !may_close(s, &before))
        || !follow(s, verb, &t, in->reason)
        || !ticket_keep(s, str_printf(s->arena, "ticket.%s", verb).at, &before, &t))
        return false;
    *out = t;
    return true;
}
