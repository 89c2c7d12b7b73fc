#include "workflows/people.h"

#include "model/credential.h"
#include "model/principal.h"
#include "model/tenant.h"
#include "workflows/audit.h"
#include "workflows/guard.h"
#include "workflows/invitations.h"
#include "workflows/mail.h"
#include "workflows/mail_kinds.h"
#include "workflows/service.h"

enum { BULK_MAX = 200 };

const struct domain person_action_domain =
    DOMAIN(person_action, "disable", "enable", "resend-invitation", "reset-second-factor", "unlock");

const struct problem person_state_wrong = {
    .status = 409, .slug = "person-state",
    .title = { .en = "The state of this account does not allow this.",
               .ja = "アカウントの状態により、この操作はできません。" },
};

#define RIGHTS(type)                                                                         \
    FIELD(type, permission_set_ids, "Permission sets to hold", .max = 20, .required = true), \
    FIELD(type, all_tenants, "Sees every customer; for people of the provider"),             \
    FIELD(type, tenant_ids, "Customers to see; for people of the provider", .max = 1000)

const struct shape person_invite_shape = SHAPE(person_invite,
    FIELD(person_invite, tenant_id, "Where the person will belong; the caller's own organisation when absent"),
    FIELD(person_invite, email, "Where the invitation goes; later the sign-in", .format = FORMAT_EMAIL, .max = 254,
          .required = true),
    FIELD(person_invite, name, "Name; the person may correct it", .max = 100, .required = true),
    FIELD(person_invite, language, "Language of the invitation; the organisation's when absent",
          .of = &language_domain),
    FIELD(person_invite, time_zone, "Zone; the organisation's when absent", .format = FORMAT_TIME_ZONE, .max = 64),
    RIGHTS(person_invite));

const struct shape service_account_shape = SHAPE(service_account,
    FIELD(service_account, tenant_id, "Where it belongs; the caller's own organisation when absent"),
    FIELD(service_account, name, "What it is for", .max = 100, .required = true), RIGHTS(service_account));

const struct shape people_bulk_shape = SHAPE(people_bulk,
    FIELD(people_bulk, action, "What to do with each", .of = &person_action_domain, .required = true),
    FIELD(people_bulk, ids, "With whom", .max = BULK_MAX, .required = true),
    FIELD(people_bulk, dry_run, "Only say what would happen"));

static const struct shape bulk_item_shape = SHAPE(bulk_item,
    FIELD(bulk_item, id, "Which one"), FIELD(bulk_item, name, "By name"),
    FIELD(bulk_item, ok, "Done, or would be"), FIELD(bulk_item, code, "Why not, for programs"),
    FIELD(bulk_item, message, "Why not, for people"));
const struct shape bulk_answer_shape = SHAPE(bulk_answer,
    FIELD(bulk_answer, dry_run, "Nothing was changed"), FIELD(bulk_answer, succeeded, "How many went"),
    FIELD(bulk_answer, failed, "How many did not"),
    FIELD(bulk_answer, items, "One per id, in their order", .items = &bulk_item_shape, .required = true));

/* What the log shows of a person. */
static const struct shape logged = SHAPE(person,
    FIELD(person, email, ""), FIELD(person, name, ""), FIELD(person, language, "", .of = &language_domain),
    FIELD(person, time_zone, ""), FIELD(person, status, "", .of = &person_status_domain),
    FIELD(person, permission_sets, ""), FIELD(person, all_tenants, ""), FIELD(person, tenant_ids, ""),
    FIELD(person, second_factor, ""));

static bool
record(struct scope *s, const char *action, const struct person *before, const struct person *after)
{
    return audit_record(s, &(struct deed){
        .tenant_id = after->tenant_id, .action = action, .noun = "person", .object_id = after->id,
        .object_name = after->name, .change = shape_difference(s->arena, &logged, before, after) });
}

static bool
set_rights(struct scope *s, const struct person *p, struct uuids sets, struct uuids tenants)
{
    struct membership m = { p->tenant_id, p->id, sets }, t = { p->tenant_id, p->id, tenants };
    return db_run(s, &person_sets_clear, &m, NULL) && db_run(s, &person_sets_add, &m, NULL)
        && db_run(s, &person_tenants_clear, &t, NULL) && db_run(s, &person_tenants_add, &t, NULL);
}

static enum principal_side
side_of(const struct tenant *t)
{
    return t->kind == TENANT_PROVIDER ? SIDE_PROVIDER : SIDE_CUSTOMER;
}

/* While looking as a customer, or narrowed to one, "my own organisation" is that customer. */
static struct uuid
own_tenant(const struct scope *s)
{
    return uuid_is_none(s->who->acting_tenant_id) ? s->who->tenant_id : s->who->acting_tenant_id;
}

static bool
add_person(struct scope *s, const struct person_insert *row, struct uuids sets, struct uuids tenants,
           struct person *out)
{
    struct person who = { .id = row->id, .tenant_id = row->tenant_id };
    return db_run(s, &person_insert, row, NULL)
        && set_rights(s, &who, sets, tenants)
        && db_one(s, &person_by_id, &(struct id_args){ row->id }, out);
}

bool
person_invite(struct scope *s, const struct person_invite *in, struct person *out)
{
    struct tenant home;
    struct person_insert row = {
        .id = uuid_new(s->now), .tenant_id = uuid_is_none(in->tenant_id) ? own_tenant(s) : in->tenant_id,
        .kind = PERSON_HUMAN, .email = in->email, .name = in->name, .language = in->language,
        .time_zone = in->time_zone, .status = PERSON_INVITED, .all_tenants = in->all_tenants, .at = s->now,
    };
    bool found;
    if (!db_maybe(s, &tenant_by_id, &(struct id_args){ row.tenant_id }, &home, &found))
        return false;
    if (!found)
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    row.language = row.language ? row.language : home.language;
    row.time_zone = row.time_zone.at ? row.time_zone : home.time_zone;
    return guard_sets(s, row.tenant_id, in->permission_set_ids)
        && guard_tenants(s, side_of(&home), in->all_tenants, in->tenant_ids)
        && add_person(s, &row, in->permission_set_ids, in->tenant_ids, out)
        && invitation_send(s, out, NULL)
        && record(s, "person.invited", NULL, out);
}

bool
service_account_create(struct scope *s, const struct service_account *in, struct person *out)
{
    struct tenant home;
    struct person_insert row = {
        .id = uuid_new(s->now), .tenant_id = uuid_is_none(in->tenant_id) ? own_tenant(s) : in->tenant_id,
        .kind = PERSON_SERVICE, .name = in->name, .status = PERSON_ACTIVE, .all_tenants = in->all_tenants,
        .at = s->now,
    };
    if (!db_one(s, &tenant_by_id, &(struct id_args){ row.tenant_id }, &home))
        return false;
    row.language = home.language;
    row.time_zone = home.time_zone;
    return guard_sets(s, row.tenant_id, in->permission_set_ids)
        && guard_tenants(s, side_of(&home), in->all_tenants, in->tenant_ids)
        && add_person(s, &row, in->permission_set_ids, in->tenant_ids, out)
        && record(s, "person.created", NULL, out);
}

bool
person_administrate(struct scope *s, const struct person_change *in, struct person *out)
{
    struct person before;
    struct person_change row = *in;
    struct id_args changed;
    int64_t administrators;
    row.at = s->now;
    return db_one(s, &person_by_id, &(struct id_args){ in->id }, &before)
        && guard_administrators(s, before.tenant_id, &administrators)
        && guard_person(s, in->id)
        && guard_sets(s, before.tenant_id, in->permission_set_ids)
        && guard_tenants(s, before.side, in->all_tenants, in->tenant_ids)
        && db_update(s, &person_update, &row, &changed, &person_by_id, in->id)
        && set_rights(s, &before, in->permission_set_ids, in->tenant_ids)
        && guard_administrators_left(s, before.tenant_id, administrators)
        && db_one(s, &person_by_id, &(struct id_args){ in->id }, out)
        && record(s, "person.updated", &before, out);
}

static bool
end_sessions(struct scope *s, const struct person *p)
{
    struct count_row ended;
    struct credential_args args = { .tenant_id = p->tenant_id, .person_id = p->id, .at = s->now };
    return db_one(s, &session_end, &args, &ended);
}

static bool
disable(struct scope *s, const struct person *p)
{
    if (uuid_eq(p->id, s->who->person_id))
        return fail(s, &not_yourself, "disable");
    if (p->status == PERSON_DISABLED)
        return fail(s, &person_state_wrong, "already disabled");
    return db_run(s, &person_set_status, &(struct person_status_args){ p->id, PERSON_DISABLED, s->now }, NULL)
        && end_sessions(s, p);
}

static bool
enable(struct scope *s, const struct person *p)
{
    if (p->status != PERSON_DISABLED)
        return fail(s, &person_state_wrong, "not disabled");
    return db_run(s, &person_enable, &(struct person_status_args){ .id = p->id, .at = s->now }, NULL);
}

static bool
resend(struct scope *s, const struct person *p)
{
    if (p->status != PERSON_INVITED || p->kind != PERSON_HUMAN)
        return fail(s, &person_state_wrong, "no invitation is open");
    return invitation_send(s, p, NULL);
}

static bool
reset_factor(struct scope *s, const struct person *p)
{
    if (uuid_eq(p->id, s->who->person_id))
        return fail(s, &not_yourself, "reset the second factor");
    if (!p->second_factor)
        return fail(s, &person_state_wrong, "no second factor is enrolled");
    struct credential_args args = { .tenant_id = p->tenant_id, .person_id = p->id };
    struct second_factor_reset_mail data = {
        .name = p->name, .reset_by = s->who->name.at ? s->who->name : s->service->hub_name, .at = s->now,
        .url = str_printf(s->arena, STR_FMT "/sign-in", STR_ARG(s->service->public_url)),
    };
    struct mail_request mail = {
        .kind = &mail_second_factor_reset, .data = &data, .tenant_id = p->tenant_id, .person_id = p->id,
        .to_address = p->email, .to_name = p->name, .language = p->language, .time_zone = p->time_zone,
    };
    return db_run(s, &totp_enrol, &args, NULL) && end_sessions(s, p) && mail_queue(s, &mail, NULL);
}

static bool
unlock(struct scope *s, const struct person *p)
{
    struct count_row forgotten;
    struct credential_args args = { .tenant_id = p->tenant_id, .person_id = p->id };
    return db_one(s, &attempts_unlock, &args, &forgotten);
}

struct person_verb {
    bool (*run)(struct scope *s, const struct person *p);
    const char *action;
};

static const struct person_verb verbs[] = {
    [PERSON_DISABLE] = { disable, "person.disabled" },
    [PERSON_ENABLE] = { enable, "person.enabled" },
    [PERSON_RESEND] = { resend, "person.invitation_resent" },
    [PERSON_RESET_FACTOR] = { reset_factor, "person.second_factor_reset" },
    [PERSON_UNLOCK] = { unlock, "person.unlocked" },
};

bool
person_act(struct scope *s, struct uuid id, enum person_action action, struct person *out)
{
    struct person before;
    int64_t administrators;
    const struct person_verb *verb = &verbs[action];
    return db_one(s, &person_by_id, &(struct id_args){ id }, &before)
        && guard_administrators(s, before.tenant_id, &administrators)
        && guard_person(s, id)
        && verb->run(s, &before)
        && guard_administrators_left(s, before.tenant_id, administrators)
        && db_one(s, &person_by_id, &(struct id_args){ id }, out)
        && record(s, verb->action, &before, out);
}

static void
note_refusal(struct scope *s, struct bulk_item *item)
{
    const struct problem *p = s->failure.problem;
    item->code = str_of(p->slug);
    item->message = str_of(bilingual_in(p->title, s->language));
    scope_forgive(s);
}

/* True also when the item was refused; false when the database is in trouble. */
static bool
bulk_one(struct scope *s, const struct people_bulk *in, struct bulk_item *item)
{
    struct person after;
    if (!db_savepoint(s))
        return false;
    item->ok = person_act(s, item->id, in->action, &after);
    if (item->ok) {
        item->name = after.name;
        return in->dry_run ? db_savepoint_rollback(s) : db_savepoint_release(s);
    }
    if (s->failure.problem->status >= 500)
        return false;
    note_refusal(s, item);
    return db_savepoint_rollback(s);
}

bool
people_bulk(struct scope *s, const struct people_bulk *in, struct bulk_answer *out)
{
    struct bulk_item *items = arena_array_of(s->arena, in->ids.count, struct bulk_item);
    *out = (struct bulk_answer){ .dry_run = in->dry_run, .items = { items, in->ids.count } };
    for (size_t i = 0; i < in->ids.count; i++) {
        items[i].id = in->ids.items[i];
        if (!bulk_one(s, in, &items[i]))
            return false;
        *(items[i].ok ? &out->succeeded : &out->failed) += 1;
    }
    return true;
}

bool
person_end_session(struct scope *s, struct uuid session_id)
{
    struct person_ref owner;
    struct person p;
    struct count_row ended;
    if (!db_one(s, &session_owner, &(struct id_args){ session_id }, &owner)
        || !db_one(s, &person_by_id, &(struct id_args){ owner.person_id }, &p) || !guard_person(s, p.id))
        return false;
    struct credential_args args = { .tenant_id = owner.tenant_id, .person_id = owner.person_id, .id = session_id,
                                    .at = s->now };
    return db_one(s, &session_end, &args, &ended)
        && audit_record(s, &(struct deed){ .tenant_id = p.tenant_id, .action = "session.revoked", .noun = "session",
                                           .object_id = session_id, .object_name = p.name });
}
