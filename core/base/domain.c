#include "core/base/domain.h"

bool
domain_value(const struct domain *d, struct str label, int *out)
{
    for (size_t i = 1; i < d->count; i++)
        if (d->labels[i] && str_is(label, d->labels[i])) {
            *out = (int)i;
            return true;
        }
    return false;
}

struct str
domain_label(const struct domain *d, int value)
{
    return value > 0 && (size_t)value < d->count ? str_of(d->labels[value]) : STR_NONE;
}
