#include "workflows/guard.h"

#include "model/permission.h"
#include "model/permission_set.h"
#include "model/principal.h"
#include "model/tenant.h"

const struct problem more_than_held = {
    .status = 403, .slug = "more-than-held",
    .title = { .en = "You can only give or administrate rights that you hold yourself.",
               .ja = "ご自身が持っていない権限の付与や管理はできません。" },
};
const struct problem last_administrator = {
    .status = 409, .slug = "last-administrator",
    .title = { .en = "This is the last administrator of the organisation. Please appoint another one first.",
               .ja = "この組織の最後の管理者です。先に別の管理者を任命してください。" },
};
const struct problem not_yourself = {
    .status = 409, .slug = "not-yourself",
    .title = { .en = "You cannot do this to your own account.", .ja = "ご自身のアカウントには実行できません。" },
};

static bool
is_system(const struct scope *s)
{
    return s->who && s->who->kind == PRINCIPAL_SYSTEM;
}

static bool
holds(const struct scope *s, struct permission p)
{
    return is_system(s) || (s->who && s->who->levels[p.function] >= p.level);
}

bool
guard_grants(struct scope *s, struct strs grants, enum principal_side side, const char *pointer)
{
    for (size_t i = 0; i < grants.count; i++) {
        struct permission p;
        struct str place = str_printf(s->arena, "%s/%zu", pointer, i);
        if (!grant_parse(grants.items[i], &p))
            note_violation(s, place, FAULT_BAD_FORMAT, STR("people:write"));
        else if (side == SIDE_CUSTOMER && permission_functions[p.function].provider_only)
            note_violation(s, place, FAULT_NOT_ALLOWED, STR_NONE);
        else if (!holds(s, p))
            return fail(s, &more_than_held, STR_FMT, STR_ARG(grants.items[i]));
    }
    return !scope_has_failed(s);
}

bool
guard_sets(struct scope *s, struct uuid tenant_id, struct uuids set_ids)
{
    struct sets_row together;
    if (!db_one(s, &permission_sets_together, &(struct sets_args){ tenant_id, set_ids }, &together))
        return false;
    if (together.found < (int64_t)set_ids.count)
        return fail_field(s, "/permission_set_ids", FAULT_NOT_FOUND, NULL);
    for (size_t i = 0; i < together.grants.count; i++) {
        struct permission p;
        if (grant_parse(together.grants.items[i], &p) && !holds(s, p))
            return fail(s, &more_than_held, STR_FMT, STR_ARG(together.grants.items[i]));
    }
    return true;
}

bool
guard_tenants(struct scope *s, enum principal_side side, bool all_tenants, struct uuids tenant_ids)
{
    if (side == SIDE_CUSTOMER) {
        if (all_tenants)
            return fail_field(s, "/all_tenants", FAULT_NOT_ALLOWED, NULL);
        return tenant_ids.count == 0 || fail_field(s, "/tenant_ids", FAULT_NOT_ALLOWED, NULL);
    }
    if (is_system(s))
        return true;
    if (all_tenants && !s->who->all_tenants)
        return fail(s, &more_than_held, "all tenants");
    for (size_t i = 0; i < tenant_ids.count; i++)
        if (!principal_sees(s->who, tenant_ids.items[i]))
            note_violation(s, str_printf(s->arena, "/tenant_ids/%zu", i), FAULT_NOT_FOUND, STR_NONE);
    return !scope_has_failed(s);
}

bool
guard_person(struct scope *s, struct uuid person_id)
{
    struct holding theirs;
    if (is_system(s))
        return true;
    if (!db_one(s, &person_holding, &(struct id_args){ person_id }, &theirs))
        return false;
    for (size_t i = 0; i < theirs.grants.count; i++) {
        struct permission p;
        if (grant_parse(theirs.grants.items[i], &p) && !holds(s, p))
            return fail(s, &more_than_held, "they hold " STR_FMT, STR_ARG(theirs.grants.items[i]));
    }
    return !theirs.all_tenants || s->who->all_tenants || fail(s, &more_than_held, "they see every customer");
}

static bool
count_administrators(struct scope *s, struct uuid tenant_id, int64_t *out)
{
    struct count_row row;
    if (!db_one(s, &tenant_administrators, &(struct id_args){ tenant_id }, &row))
        return false;
    *out = row.n;
    return true;
}

bool
guard_administrators(struct scope *s, struct uuid tenant_id, int64_t *before)
{
    struct id_args locked;
    return db_one(s, &tenant_lock, &(struct id_args){ tenant_id }, &locked)
        && count_administrators(s, tenant_id, before);
}

bool
guard_administrators_left(struct scope *s, struct uuid tenant_id, int64_t before)
{
    int64_t after;
    if (!count_administrators(s, tenant_id, &after))
        return false;
    return before == 0 || after > 0 || fail(s, &last_administrator, "none would be left");
}
