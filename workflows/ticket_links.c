/* How cases of one customer hang together. */
#include "workflows/ticket_links.h"

#include "workflows/audit.h"

const struct problem ticket_link_cannot = {
    409, "ticket-link-cannot", { "These two cases cannot be linked like that.", "この2件をそのように関連付けることはできません。" } };

const struct shape ticket_link_add_shape = SHAPE(ticket_link_add,
    FIELD(ticket_link_add, id, "Which case", .read_only = true),
    FIELD(ticket_link_add, relation, "What this case is to the other", .of = &ticket_relation_domain, .required = true),
    FIELD(ticket_link_add, reference, "The other case, as people say it: AOBA-42", .max = 60, .required = true));

bool
ticket_refer(struct scope *s, const struct ticket *t, const char *pointer, struct str reference, struct uuid *out)
{
    struct id_args found;
    bool is_known;
    struct ticket_reference_args args = { t->tenant_id, str_trim(reference) };
    if (!db_maybe(s, &ticket_by_reference, &args, &found, &is_known))
        return false;
    if (!is_known)
        return fail_field(s, pointer, FAULT_NOT_FOUND, NULL);
    *out = found.id;
    return !uuid_eq(found.id, t->id) || fail_field(s, pointer, FAULT_NOT_ALLOWED, NULL);
}

bool
ticket_link_write(struct scope *s, const struct ticket *t, const struct ticket *other, enum link_kind kind)
{
    int64_t added;
    struct ticket_link row = {
        .id = uuid_new(s->now), .tenant_id = t->tenant_id, .ticket_id = t->id, .other_id = other->id, .kind = kind,
        .created_at = s->now, .created_by_id = s->who->person_id, .created_by_name = s->who->name,
    };
    return db_run(s, &ticket_link_insert, &row, &added)
        && (added || fail(s, &ticket_link_cannot, STR_FMT " is linked already", STR_ARG(other->reference)));
}

/* Both in the order of their ids, so that two who link the same pair wait for each other. */
bool
ticket_hold_both(struct scope *s, struct uuid id, struct uuid other_id, struct ticket *t, struct ticket *other)
{
    bool first = memcmp(id.bytes, other_id.bytes, sizeof id.bytes) < 0;
    return ticket_hold(s, first ? id : other_id, first ? t : other)
        && ticket_hold(s, first ? other_id : id, first ? other : t);
}

/* Which of the two rows' ends the case is, and as what the row says it. */
static enum link_kind
as_kind(enum ticket_relation relation, bool *turned)
{
    static const struct {
        enum link_kind kind;
        bool turned;
    } rows[] = {
        [RELATION_RELATED] = { LINK_RELATED, false }, [RELATION_DUPLICATE_OF] = { LINK_DUPLICATE, false },
        [RELATION_DUPLICATED_BY] = { LINK_DUPLICATE, true }, [RELATION_CHILD_OF] = { LINK_CHILD, false },
        [RELATION_PARENT_OF] = { LINK_CHILD, true },
    };
    if (relation >= (int)COUNT_OF(rows))
        return LINK_NONE; /* splitting and merging have verbs of their own */
    *turned = rows[relation].turned;
    return rows[relation].kind;
}

/* A case is part of one other at most, and never, over any number of steps, of itself. */
static bool
may_be_part_of(struct scope *s, const struct ticket *t, const struct ticket *whole)
{
    struct rows ring;
    struct ticket_link row = { .tenant_id = t->tenant_id, .ticket_id = t->id, .other_id = whole->id,
                               .kind = LINK_CHILD };
    if (!db_list(s, &ticket_link_would_circle, &row, &ring))
        return false;
    if (ring.count)
        return fail(s, &ticket_link_cannot, STR_FMT " is already part of " STR_FMT, STR_ARG(whole->reference),
                    STR_ARG(t->reference));
    return db_run(s, &ticket_link_end, &row, NULL);
}

static bool
record_link(struct scope *s, const struct ticket *t, const char *action, enum ticket_relation relation,
            struct str before, struct str after)
{
    const char *member = domain_label(&ticket_relation_domain, (int)relation).at;
    return work_record(s, t, action, member, before, after);
}

bool
ticket_link_add(struct scope *s, const struct ticket_link_add *in, struct ticket_work *out)
{
    struct ticket t, other;
    struct uuid other_id;
    bool turned = false;
    enum link_kind kind = as_kind(in->relation, &turned);
    if (!work_look(s, in->id, true, &t))
        return false;
    if (kind == LINK_NONE)
        return fail_field(s, "/relation", FAULT_NOT_ALLOWED, NULL);
    if (!ticket_refer(s, &t, "/reference", in->reference, &other_id)
        || !ticket_hold_both(s, t.id, other_id, &t, &other))
        return false;
    const struct ticket *from = turned ? &other : &t, *to = turned ? &t : &other;
    if ((kind == LINK_CHILD && !may_be_part_of(s, from, to)) || !ticket_link_write(s, from, to, kind))
        return false;
    return record_link(s, &t, "ticket.linked", in->relation, STR_NONE, other.reference) && work_read(s, &t, out);
}

bool
ticket_link_remove(struct scope *s, struct uuid id)
{
    struct ticket t, other;
    struct ticket_link link;
    static const enum ticket_relation relations[] = {
        [LINK_RELATED] = RELATION_RELATED, [LINK_DUPLICATE] = RELATION_DUPLICATE_OF, [LINK_CHILD] = RELATION_CHILD_OF };
    if (!db_one(s, &ticket_link_by_id, &(struct id_args){ id }, &link)
        || !work_look(s, link.ticket_id, true, &t) || !ticket_hold_both(s, t.id, link.other_id, &t, &other))
        return false;
    if (link.kind == LINK_SPLIT || link.kind == LINK_MERGED)
        return fail(s, &ticket_link_cannot, "what was split or merged stays linked");
    return db_run(s, &ticket_link_delete, &(struct id_args){ id }, NULL)
        && record_link(s, &t, "ticket.unlinked", relations[link.kind], other.reference, STR_NONE);
}
