#include "workflows/exclusion_place.h"

#include "core/db/db.h"
#include "model/group_now.h"
#include "workflows/group_members.h"

/* Everybody's groups are anybody's. */
static bool
find_group(struct scope *s, struct uuid tenant_id, struct uuid id, struct computer_group *out)
{
    bool found;
    return db_maybe(s, &computer_group_by_id, &(struct id_args){ id }, out, &found)
        && ((found && (out->builtin.at || uuid_eq(out->tenant_id, tenant_id)))
            || fail_field(s, "/scope_id", FAULT_NOT_FOUND, NULL));
}

static bool
one_computer(struct scope *s, struct uuid tenant_id, struct uuid id, struct uuids *out)
{
    struct computer c;
    bool found;
    if (!db_maybe(s, &computer_by_id, &(struct id_args){ id }, &c, &found))
        return false;
    if (!found || !uuid_eq(c.tenant_id, tenant_id))
        return fail_field(s, "/scope_id", FAULT_NOT_FOUND, NULL);
    *out = (struct uuids){ arena_array_of(s->arena, 1, struct uuid), 1 };
    out->items[0] = id;
    return true;
}

static bool
name_them(struct scope *s, struct uuid tenant_id, struct exclusion_place *p)
{
    struct rows rows;
    if (!db_list(s, &computer_keys, &(struct computer_keys_args){ tenant_id, p->computer_ids }, &rows))
        return false;
    p->keys = (struct strs){ arena_array_of(s->arena, rows.count + 1, struct str), rows.count };
    for (size_t i = 0; i < rows.count; i++)
        p->keys.items[i] = ((const struct computer_key *)rows.items)[i].name_key;
    return true;
}

bool
exclusion_place_find(struct scope *s, struct uuid tenant_id, enum exclusion_scope scope, struct uuid scope_id,
                     struct exclusion_place *out)
{
    struct exclusion_place p = { .everywhere = scope == EXCLUDE_ALL };
    struct computer_group g;
    bool good = true;
    if (scope == EXCLUDE_GROUP)
        good = find_group(s, tenant_id, scope_id, &g) && (!out || group_members(s, tenant_id, &g, &p.computer_ids));
    else if (scope == EXCLUDE_COMPUTER)
        good = one_computer(s, tenant_id, scope_id, &p.computer_ids);
    if (good && out && !p.everywhere)
        good = name_them(s, tenant_id, &p);
    if (good && out)
        *out = p;
    return good;
}

bool
exclusion_place_holds(const struct exclusion_place *p, struct str host_key)
{
    size_t low = 0, high = p->keys.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = str_compare(p->keys.items[middle], host_key);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return p->everywhere;
}

bool
exclusion_place_keep(struct scope *s, const struct exclusion *x)
{
    struct computer_group g;
    if (x->scope != EXCLUDE_GROUP)
        return true;
    return find_group(s, x->tenant_id, x->scope_id, &g)
        && (g.kind != GROUP_DYNAMIC || group_now_refresh(s, x->tenant_id, &g));
}
