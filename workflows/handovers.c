#include "workflows/handovers.h"

#include "model/tenant.h"
#include "workflows/audit.h"
#include "workflows/notices.h"
#include "workflows/tickets_parts.h"

const struct problem handover_accepted_already = {
    409, "handover-accepted",
    { "Somebody has taken this over already.", "この引き継ぎは、すでに受け取られています。" } };
const struct problem handover_is_yours = {
    409, "handover-yours",
    { "You wrote this yourself: somebody else takes it over.", "ご自身が作成した引き継ぎは、ほかの担当者が受け取ります。" } };

const struct shape handover_draft_shape = SHAPE(handover_draft,
    FIELD(handover_draft, at, "As things are now"), FIELD(handover_draft, until, "What is due until then is told"),
    FIELD(handover_draft, items, "What the pack would say", .items = &handover_item_shape));
const struct shape handover_write_shape = SHAPE(handover_write,
    FIELD(handover_write, notes, "What the next shift should know", .max = 5000));
const struct shape handover_taking_shape = SHAPE(handover_taking,
    FIELD(handover_taking, id, "Which pack", .read_only = true),
    FIELD(handover_taking, remarks, "What there is to say to it", .max = 5000));

/* Shifts are the provider's own affair: for everybody else there is nothing here. */
static bool
is_a_shift(struct scope *s)
{
    return ticket_side(s) == SIDE_PROVIDER || fail(s, &problem_not_found, "shifts are the service side's");
}

bool
handover_collect(struct scope *s, struct handover_draft *out)
{
    struct handover_now_args args = { s->now, instant_plus(s->now, HOURS(HANDOVER_HOURS)) };
    out->at = args.at;
    out->until = args.until;
    return is_a_shift(s) && db_list(s, &handover_now, &args, &out->items);
}

static bool
record(struct scope *s, const char *action, const struct handover *h)
{
    return audit_record(s, &(struct deed){ .tenant_id = provider_tenant_id, .action = action, .noun = "handover",
                                           .object_id = h->id, .object_name = h->written_by });
}

static bool
tell_leads(struct scope *s, const struct handover *h)
{
    struct notice n = {
        .kind = NOTICE_HANDOVER, .tenant_id = provider_tenant_id, .internal = true, .about = h->written_by,
        .body = h->notes, .path = str_printf(s->arena, "/handovers/" STR_FMT, STR_ARG(uuid_format(s->arena, h->id))),
    };
    return notice_holders(s, provider_tenant_id, "duty_lead", &n.to) && notice_tell(s, &n, NULL);
}

bool
handover_write(struct scope *s, const struct handover_write *in, struct handover *out)
{
    struct handover_draft draft;
    struct handover row = { .id = uuid_new(s->now), .tenant_id = s->who->tenant_id, .written_by_id = s->who->person_id,
                            .written_by = s->who->name, .written_at = s->now, .notes = in->notes };
    if (!handover_collect(s, &draft) || !db_run(s, &handover_insert, &row, NULL))
        return false;
    struct handover_item *items = draft.items.items;
    for (size_t i = 0; i < draft.items.count; i++) {
        items[i].id = uuid_new(s->now);
        items[i].handover_tenant_id = row.tenant_id;
        items[i].handover_id = row.id;
        if (!db_run(s, &handover_item_insert, &items[i], NULL))
            return false;
    }
    return db_one(s, &handover_by_id, &(struct id_args){ row.id }, out)
        && record(s, "handover.written", out)
        && tell_leads(s, out);
}

bool
handover_take(struct scope *s, const struct handover_taking *in, struct handover *out)
{
    struct id_args id = { in->id }, taken;
    bool found;
    if (!is_a_shift(s) || !db_one(s, &handover_by_id, &id, out))
        return false;
    if (uuid_eq(out->written_by_id, s->who->person_id))
        return fail(s, &handover_is_yours, "written by the one who asks");
    struct handover row = { .id = in->id, .accepted_by_id = s->who->person_id, .accepted_by = s->who->name,
                            .accepted_at = s->now, .remarks = in->remarks };
    if (!db_maybe(s, &handover_accept, &row, &taken, &found))
        return false;
    return (found || fail(s, &handover_accepted_already, "by " STR_FMT, STR_ARG(out->accepted_by)))
        && db_one(s, &handover_by_id, &id, out)
        && record(s, "handover.accepted", out);
}
