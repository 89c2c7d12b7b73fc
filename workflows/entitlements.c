#include "workflows/entitlements.h"

#include "core/db/change.h"
#include "model/permission.h"
#include "workflows/audit.h"
#include "workflows/tickets_parts.h"

const struct problem entitlement_used_up = {
    409, "entitlement-used-up",
    { "Your contract's number of such requests is used up for this period.",
      "ご契約に含まれる回数を、今期はすべて利用済みです。" },
};

const struct shape entitlement_give_back_shape = SHAPE(entitlement_give_back,
    FIELD(entitlement_give_back, id, "Which use", .read_only = true),
    FIELD(entitlement_give_back, reason, "Why it shall not count; both sides read it", .max = 1000, .required = true));

static bool
record(struct scope *s, const struct entitlement_use *use, const char *action, struct str reference)
{
    return audit_record(s, &(struct deed){ .tenant_id = use->tenant_id, .action = action, .noun = "entitlement",
                                           .object_id = use->id, .object_name = reference });
}

static bool
leads(const struct scope *s)
{
    return ticket_side(s) == SIDE_PROVIDER && principal_may(s->who, CAN_WRITE(SERVICES));
}

/* Which period it counts for; by_hand when a duty lead gives what is not there. */
static bool
choose_period(struct scope *s, const struct entitlement_left *left, const struct ticket_open *in, struct str *from,
              bool *by_hand)
{
    bool full = left->used >= left->amount, full_next = left->used_next >= left->amount;
    *from = full && in->for_next_period && !full_next ? left->period_next : left->period_from;
    *by_hand = full && in->override_reason.len > 0;
    if (!full || *by_hand || (in->for_next_period && !full_next))
        return true;
    return fail(s, &entitlement_used_up, "%lld of %lld are used; the next period begins on " STR_FMT "%s",
                (long long)left->used, (long long)left->amount, STR_ARG(left->period_next),
                full_next ? " and is used up, too" : "");
}

bool
entitlement_take(struct scope *s, const struct ticket *t, const struct ticket_open *in)
{
    struct entitlement_ask ask = { t->tenant_id, t->category_id, s->now };
    struct entitlement_left left;
    struct entitlement_use use = { .id = uuid_new(s->now), .tenant_id = t->tenant_id, .ticket_id = t->id,
                                   .used_at = s->now, .used_by_name = s->who->name };
    bool bounded, by_hand;
    if (in->override_reason.len && !leads(s))
        return fail_field(s, "/override_reason", FAULT_NOT_ALLOWED, NULL);
    if (!db_maybe(s, &entitlement_left, &ask, &left, &bounded))
        return false;
    if (!bounded)
        return true;
    if (!choose_period(s, &left, in, &use.period_from, &by_hand))
        return false;
    use.entitlement_id = left.id;
    use.override_reason = by_hand ? in->override_reason : STR_NONE;
    return db_run(s, &entitlement_use_insert, &use, NULL)
        && (by_hand ? record(s, &use, "entitlement.overridden", t->reference)
                    : change_record(s, use.tenant_id, "entitlement", use.id, "used"));
}

static bool
use_of(struct scope *s, const struct ticket *t, struct entitlement_use *use, bool *found)
{
    return db_maybe(s, &entitlement_use_of_ticket, &(struct id_args){ t->id }, use, found);
}

static bool
give(struct scope *s, struct entitlement_use *use, enum entitlement_return cause, struct str reason,
     struct str reference)
{
    use->returned_at = s->now;
    use->return_cause = cause;
    use->return_reason = reason;
    use->returned_by_name = s->who->name;
    return db_run(s, &entitlement_use_save, use, NULL) && record(s, use, "entitlement.returned", reference);
}

bool
entitlement_return_for(struct scope *s, const struct ticket *t, enum entitlement_return cause, struct str reason)
{
    struct entitlement_use use;
    bool found;
    if (!use_of(s, t, &use, &found))
        return false;
    return !found || use.returned_at.us || give(s, &use, cause, reason, t->reference);
}

/* What a duty lead gave back stays given back. */
bool
entitlement_take_again(struct scope *s, const struct ticket *t)
{
    struct entitlement_use use;
    bool found;
    if (!use_of(s, t, &use, &found))
        return false;
    if (!found || !use.returned_at.us || use.return_cause == RETURN_GIVEN_BACK)
        return true;
    use.returned_at = (struct instant){ 0 };
    use.return_cause = RETURN_NONE;
    use.return_reason = use.returned_by_name = STR_NONE;
    return db_run(s, &entitlement_use_save, &use, NULL) && record(s, &use, "entitlement.taken-again", t->reference);
}

bool
entitlement_give_back(struct scope *s, const struct entitlement_give_back *in, struct entitlement_use *out)
{
    struct ticket t;
    if (!ticket_speaks_for_itself(s))
        return false;
    if (!leads(s))
        return fail(s, &problem_forbidden, "duty leads give back what was used");
    if (!db_one(s, &entitlement_use_by_id, &(struct id_args){ in->id }, out)
        || !db_one(s, &ticket_by_id, &(struct id_args){ out->ticket_id }, &t))
        return false;
    return out->returned_at.us ? fail(s, &problem_conflict, "it does not count already")
                               : give(s, out, RETURN_GIVEN_BACK, in->reason, t.reference);
}
