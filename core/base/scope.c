#include "core/base/scope.h"

struct scope
scope_new(struct arena *a, struct instant now)
{
    return (struct scope){ .arena = a, .now = now, .language = LANGUAGE_EN };
}

bool
scope_has_failed(const struct scope *s)
{
    return s->failure.problem != NULL;
}

void
scope_forgive(struct scope *s)
{
    s->failure = (struct failure){ 0 };
}
