#include "workflows/tenants.h"

#include "model/credential.h"
#include "model/person.h"
#include "workflows/audit.h"

const struct problem tenant_state_wrong = {
    .status = 409, .slug = "tenant-state",
    .title = { .en = "The customer's status does not allow this.", .ja = "お客様の状態により、この操作はできません。" },
};

/* What the log shows of a tenant. */
static const struct shape logged = SHAPE(tenant,
    FIELD(tenant, name, ""), FIELD(tenant, name_kana, ""), FIELD(tenant, short_code, ""),
    FIELD(tenant, plan, "", .of = &tenant_plan_domain), FIELD(tenant, language, "", .of = &language_domain),
    FIELD(tenant, time_zone, ""), FIELD(tenant, holiday_country, ""), FIELD(tenant, reopen_days, ""),
    FIELD(tenant, password_max_days, "", .optional = true),
    FIELD(tenant, contract_start, ""),
    FIELD(tenant, status, "", .of = &tenant_status_domain));

static bool
record(struct scope *s, const char *action, const struct tenant *before, const struct tenant *after)
{
    return audit_record(s, &(struct deed){
        .tenant_id = after->id, .action = action, .noun = "tenant", .object_id = after->id,
        .object_name = after->name, .change = shape_difference(s->arena, &logged, before, after) });
}

static struct uuids
with(struct arena *a, struct uuids ids, struct uuid one)
{
    struct uuids out = { arena_array_of(a, ids.count + 1, struct uuid), ids.count + 1 };
    if (ids.count)
        memcpy(out.items, ids.items, ids.count * sizeof one);
    out.items[ids.count] = one;
    return out;
}

static bool
is_plain_code(struct scope *s, struct str code)
{
    for (size_t i = 0; i < code.len; i++) {
        char c = code.at[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')))
            return fail_field(s, "/short_code", FAULT_BAD_FORMAT, "AOBA");
    }
    return true;
}

/* Who creates a customer sees it, also when they do not see all of them. */
static bool
grant_to_creator(struct scope *s, struct uuid tenant_id)
{
    const struct principal *who = s->who;
    if (who->kind == PRINCIPAL_SYSTEM || who->all_tenants || who->side != SIDE_PROVIDER)
        return true;
    struct membership m = { who->tenant_id, who->person_id, { &tenant_id, 1 } };
    return db_run(s, &person_tenants_add, &m, NULL);
}

bool
tenant_create(struct scope *s, const struct tenant_write *in, struct tenant *out)
{
    struct tenant_write row = *in;
    row.id = uuid_is_none(in->id) ? uuid_new(s->now) : in->id;
    row.status = in->status ? in->status : TENANT_ONBOARDING;
    row.at = s->now;
    if (!row.plan)
        return fail_field(s, "/plan", FAULT_REQUIRED, NULL);
    return is_plain_code(s, row.short_code)
        && db_set_tenants(s, with(s->arena, s->who->tenants, row.id))
        && db_run(s, &tenant_insert, &row, NULL)
        && grant_to_creator(s, row.id)
        && db_one(s, &tenant_by_id, &(struct id_args){ row.id }, out)
        && record(s, "tenant.created", NULL, out);
}

bool
tenant_change(struct scope *s, const struct tenant_write *in, struct tenant *out)
{
    struct tenant before;
    struct tenant_write row = *in;
    struct id_args changed;
    row.at = s->now;
    if (!db_one(s, &tenant_by_id, &(struct id_args){ in->id }, &before))
        return false;
    if ((before.kind == TENANT_CUSTOMER) != (row.plan != TENANT_PLAN_NONE))
        return fail_field(s, "/plan", row.plan ? FAULT_NOT_ALLOWED : FAULT_REQUIRED, NULL);
    return is_plain_code(s, row.short_code)
        && db_update(s, &tenant_update, &row, &changed, &tenant_by_id, row.id)
        && db_one(s, &tenant_by_id, &(struct id_args){ row.id }, out)
        && record(s, "tenant.updated", &before, out);
}

static bool
move(struct scope *s, struct uuid id, enum tenant_status to, const char *action, struct tenant *out)
{
    struct tenant before;
    struct id_args args = { id }, locked;
    if (!db_one(s, &tenant_lock, &args, &locked) || !db_one(s, &tenant_by_id, &args, &before))
        return false;
    bool possible = to == TENANT_SUSPENDED ? before.status == TENANT_ONBOARDING || before.status == TENANT_ACTIVE
                                           : before.status == TENANT_SUSPENDED;
    if (!possible || before.kind != TENANT_CUSTOMER)
        return fail(s, &tenant_state_wrong, STR_FMT, STR_ARG(domain_label(&tenant_status_domain, before.status)));
    return db_run(s, &tenant_set_status, &(struct tenant_status_args){ id, to, s->now }, NULL)
        && db_one(s, &tenant_by_id, &args, out)
        && record(s, action, &before, out);
}

bool
tenant_suspend(struct scope *s, struct uuid id, struct tenant *out)
{
    return move(s, id, TENANT_SUSPENDED, "tenant.suspended", out);
}

bool
tenant_resume(struct scope *s, struct uuid id, struct tenant *out)
{
    return move(s, id, TENANT_ACTIVE, "tenant.resumed", out);
}

/* The deed is recorded as done while looking as the customer, so that it stands in both logs. */
static bool
record_acting(struct scope *s, const char *action, struct uuid tenant_id)
{
    const struct principal *who = s->who;
    struct principal acting = *who;
    acting.acting_tenant_id = tenant_id;
    s->who = &acting;
    bool done = audit_record(s, &(struct deed){
        .tenant_id = tenant_id, .action = action, .noun = "tenant", .object_id = tenant_id, .quiet = true });
    s->who = who;
    return done;
}

bool
tenant_act_as(struct scope *s, struct uuid id, struct tenant *out)
{
    const struct principal *who = s->who;
    if (who->kind != PRINCIPAL_SESSION || who->side != SIDE_PROVIDER)
        return fail(s, &problem_forbidden, "only a signed-in person of the provider");
    if (!db_one(s, &tenant_by_id, &(struct id_args){ id }, out))
        return false;
    if (out->kind != TENANT_CUSTOMER)
        return fail(s, &tenant_state_wrong, "not a customer");
    struct credential_args args = { .tenant_id = who->tenant_id, .id = who->credential_id, .acting_tenant_id = id };
    return db_run(s, &session_act, &args, NULL) && record_acting(s, "tenant.act_as", id);
}

bool
tenant_stop_acting(struct scope *s)
{
    const struct principal *who = s->who;
    if (uuid_is_none(who->acting_tenant_id))
        return true;
    struct credential_args args = { .tenant_id = who->tenant_id, .id = who->credential_id };
    return db_run(s, &session_act, &args, NULL) && record_acting(s, "tenant.stop_acting", who->acting_tenant_id);
}
