#include "workflows/permission_sets.h"

#include "model/tenant.h"
#include "workflows/audit.h"
#include "workflows/guard.h"

const struct problem permission_set_builtin = {
    .status = 409, .slug = "permission-set-builtin",
    .title = { .en = "Built-in permission sets do not change. Please make a copy and edit that.",
               .ja = "標準の権限セットは変更できません。複製して編集してください。" },
};
const struct problem permission_set_in_use = {
    .status = 409, .slug = "permission-set-in-use",
    .title = { .en = "People still hold this permission set. Please give them another one first.",
               .ja = "この権限セットを持つ利用者がいます。先に別の権限セットを割り当ててください。" },
};

static const struct shape logged = SHAPE(permission_set,
    FIELD(permission_set, key, ""), FIELD(permission_set, name_en, ""), FIELD(permission_set, name_ja, ""),
    FIELD(permission_set, grants, ""));

static bool
record(struct scope *s, const char *action, const struct permission_set *before, const struct permission_set *after)
{
    const struct permission_set *set = after ? after : before;
    return audit_record(s, &(struct deed){
        .tenant_id = set->tenant_id, .action = action, .noun = "permission_set", .object_id = set->id,
        .object_name = s->language == LANGUAGE_EN ? set->name_en : set->name_ja,
        .change = shape_difference(s->arena, &logged, before, after) });
}

static struct uuid
home_of(const struct scope *s, struct uuid asked)
{
    if (!uuid_is_none(asked))
        return asked;
    return uuid_is_none(s->who->acting_tenant_id) ? s->who->tenant_id : s->who->acting_tenant_id;
}

bool
permission_set_create(struct scope *s, const struct permission_set_write *in, struct permission_set *out)
{
    struct tenant home;
    struct permission_set_write row = *in;
    bool found;
    row.id = uuid_new(s->now);
    row.at = s->now;
    row.tenant_id = home_of(s, in->tenant_id);
    if (!db_maybe(s, &tenant_by_id, &(struct id_args){ row.tenant_id }, &home, &found))
        return false;
    if (!found)
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    enum principal_side side = home.kind == TENANT_PROVIDER ? SIDE_PROVIDER : SIDE_CUSTOMER;
    return guard_grants(s, row.grants, side, "/grants")
        && db_run(s, &permission_set_insert, &row, NULL)
        && db_one(s, &permission_set_by_id, &(struct id_args){ row.id }, out)
        && record(s, "permission_set.created", NULL, out);
}

static bool
read_own(struct scope *s, struct uuid id, struct permission_set *out)
{
    return db_one(s, &permission_set_by_id, &(struct id_args){ id }, out)
        && (!out->builtin || fail(s, &permission_set_builtin, STR_FMT, STR_ARG(out->key)));
}

bool
permission_set_change(struct scope *s, const struct permission_set_write *in, struct permission_set *out)
{
    struct permission_set before;
    struct permission_set_write row = *in;
    struct id_args changed;
    int64_t administrators;
    row.at = s->now;
    return read_own(s, in->id, &before)
        && guard_administrators(s, before.tenant_id, &administrators)
        && guard_grants(s, before.grants, before.side, "/grants")
        && guard_grants(s, row.grants, before.side, "/grants")
        && db_update(s, &permission_set_update, &row, &changed, &permission_set_by_id, row.id)
        && guard_administrators_left(s, before.tenant_id, administrators)
        && db_one(s, &permission_set_by_id, &(struct id_args){ row.id }, out)
        && record(s, "permission_set.updated", &before, out);
}

bool
permission_set_remove(struct scope *s, struct uuid id)
{
    struct permission_set before;
    if (!read_own(s, id, &before) || !guard_grants(s, before.grants, before.side, "/grants"))
        return false;
    if (before.people_count)
        return fail(s, &permission_set_in_use, "%lld people", (long long)before.people_count);
    return db_run(s, &permission_set_delete, &(struct id_args){ id }, NULL)
        && record(s, "permission_set.deleted", &before, NULL);
}
