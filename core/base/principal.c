#include "core/base/principal.h"

const struct principal principal_system = {
    .kind = PRINCIPAL_SYSTEM,
    .side = SIDE_PROVIDER,
    .name = { "system", 6 },
    .language = LANGUAGE_EN,
    .time_zone = { "UTC", 3 },
};

bool
principal_may(const struct principal *p, struct permission needed)
{
    if (needed.function == PUBLIC.function)
        return true;
    if (!p || p->kind == PRINCIPAL_NONE)
        return false;
    if (p->kind == PRINCIPAL_SYSTEM || needed.function == SIGNED_IN.function)
        return true;
    return needed.function < PERMISSION_FUNCTIONS_MAX && p->levels[needed.function] >= needed.level
        && p->levels[needed.function] != LEVEL_NONE;
}

bool
principal_sees(const struct principal *p, struct uuid tenant_id)
{
    if (!p || uuid_is_none(tenant_id))
        return false;
    for (size_t i = 0; i < p->tenants.count; i++)
        if (uuid_eq(p->tenants.items[i], tenant_id))
            return true;
    return false;
}
