#include "workflows/ticket_bulk.h"

#include "core/db/db.h"
#include "workflows/ticket_work_parts.h"

enum { CASES_MAX = 200 };

static const struct domain action_domain =
    DOMAIN(ticket_bulk_action, "assign", "team", "tag", "untag", "severity", "resolve", "close", "watch", "unwatch");

static const struct shape item_shape = SHAPE(ticket_bulk_item,
    FIELD(ticket_bulk_item, id, "Which case", .required = true),
    FIELD(ticket_bulk_item, version, "The version that was looked at", .optional = true));

const struct shape ticket_bulk_shape = SHAPE(ticket_bulk,
    FIELD(ticket_bulk, action, "What to do with each", .of = &action_domain, .required = true),
    FIELD(ticket_bulk, items, "With which cases", .items = &item_shape, .max = CASES_MAX, .required = true),
    FIELD(ticket_bulk, dry_run, "Only say what would happen"),
    FIELD(ticket_bulk, assignee_id, "assign: who is in charge; nobody when absent"),
    FIELD(ticket_bulk, team, "team: which one; none when absent", .max = 60),
    FIELD(ticket_bulk, tags, "tag, untag: which", .max = 20),
    FIELD(ticket_bulk, severity, "severity: which", .of = &severity_domain),
    FIELD(ticket_bulk, reason, "severity, resolve, close: why; the customer reads it", .max = 1000));

/* What the verb needs is asked once, not per case. */
static bool
is_complete(struct scope *s, const struct ticket_bulk *in)
{
    bool wants_reason = in->action == TICKET_BULK_SEVERITY || in->action == TICKET_BULK_RESOLVE;
    bool wants_tags = in->action == TICKET_BULK_TAG || in->action == TICKET_BULK_UNTAG;
    if (wants_reason && !str_trim(in->reason).len)
        return fail_field(s, "/reason", FAULT_REQUIRED, NULL);
    if (in->action == TICKET_BULK_SEVERITY && !in->severity)
        return fail_field(s, "/severity", FAULT_REQUIRED, NULL);
    return !wants_tags || in->tags.count || fail_field(s, "/tags", FAULT_REQUIRED, NULL);
}

static bool
change_team(struct scope *s, struct uuid id, struct str team)
{
    struct ticket before, t;
    if (!work_hold(s, id, true, &t))
        return false;
    before = t;
    t.team = team;
    return ticket_keep(s, "ticket.team-changed", &before, &t);
}

static bool
act(struct scope *s, const struct ticket_bulk *in, struct uuid id)
{
    struct ticket t;
    struct ticket_work work;
    switch (in->action) {
    case TICKET_BULK_ASSIGN:
        return ticket_assign(s, &(struct ticket_assign){ id, in->assignee_id }, &t);
    case TICKET_BULK_TEAM:
        return change_team(s, id, in->team);
    case TICKET_BULK_TAG:
        return ticket_retag(s, &(struct ticket_retag){ .id = id, .add = in->tags }, &t);
    case TICKET_BULK_UNTAG:
        return ticket_retag(s, &(struct ticket_retag){ .id = id, .remove = in->tags }, &t);
    case TICKET_BULK_SEVERITY:
        return ticket_decide_severity(s, &(struct ticket_decide){ id, in->severity, in->reason }, &t);
    case TICKET_BULK_RESOLVE:
        return ticket_move(s, "resolve", &(struct ticket_verb){ id, in->reason }, &t);
    case TICKET_BULK_CLOSE:
        return ticket_move(s, "close", &(struct ticket_verb){ id, in->reason }, &t);
    case TICKET_BULK_WATCH:
        return ticket_watch(s, &(struct ticket_watch){ .id = id }, &work);
    case TICKET_BULK_UNWATCH:
        return ticket_unwatch(s, &(struct ticket_watch){ .id = id }, &work);
    default:
        return fail(s, &problem_internal, "a verb nobody wrote");
    }
}

static bool
try_case(struct scope *s, const struct ticket_bulk *in, const struct ticket_bulk_item *wanted, struct bulk_item *item)
{
    struct ticket t;
    if (!ticket_hold(s, wanted->id, &t))
        return false;
    item->name = str_printf(s->arena, STR_FMT " " STR_FMT, STR_ARG(t.reference), STR_ARG(t.subject));
    if (wanted->version != INT_NONE && wanted->version != t.version)
        return fail(s, &problem_stale, "version %lld is newer", (long long)t.version);
    return act(s, in, wanted->id);
}

/* True also when the case was refused; false when the database is in trouble. */
static bool
one(struct scope *s, const struct ticket_bulk *in, const struct ticket_bulk_item *wanted, struct bulk_item *item)
{
    item->id = wanted->id;
    if (!db_savepoint(s))
        return false;
    item->ok = try_case(s, in, wanted, item);
    if (item->ok)
        return in->dry_run ? db_savepoint_rollback(s) : db_savepoint_release(s);
    if (s->failure.problem->status >= 500)
        return false;
    item->code = str_of(s->failure.problem->slug);
    item->message = str_of(bilingual_in(s->failure.problem->title, s->language));
    scope_forgive(s);
    return db_savepoint_rollback(s);
}

bool
ticket_bulk(struct scope *s, const struct ticket_bulk *in, struct bulk_answer *out)
{
    struct bulk_item *items = arena_array_of(s->arena, in->items.count, struct bulk_item);
    const struct ticket_bulk_item *wanted = in->items.items;
    *out = (struct bulk_answer){ .dry_run = in->dry_run, .items = { items, in->items.count } };
    if (!is_complete(s, in))
        return false;
    for (size_t i = 0; i < in->items.count; i++) {
        if (!one(s, in, &wanted[i], &items[i]))
            return false;
        *(items[i].ok ? &out->succeeded : &out->failed) += 1;
    }
    return true;
}
