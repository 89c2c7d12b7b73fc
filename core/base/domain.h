/* domain: the closed set of values an enum member may take, spelled once for SQL, JSON, OpenAPI and forms.
 * Enumerators start at 1: 0 is "absent". In the database a domain is a text column with a CHECK. */
#ifndef YAGURA_CORE_BASE_DOMAIN_H
#define YAGURA_CORE_BASE_DOMAIN_H

#include "core/base/str.h"

struct domain {
    const char *name;
    const char *const *labels; /* labels[0] is unused, labels[i] spells enumerator i */
    size_t count;              /* highest enumerator + 1 */
};

/* DOMAIN(tenant_plan, "lite", "ultimate", "mss") */
#define DOMAIN(domain_name, ...)                                                                     \
    { .name = #domain_name, .labels = (const char *const[]){ NULL, __VA_ARGS__ },                    \
      .count = COUNT_OF(((const char *const[]){ NULL, __VA_ARGS__ })) }

must_check bool domain_value(const struct domain *d, struct str label, int *out);
struct str domain_label(const struct domain *d, int value); /* STR_NONE for 0 and for values outside */

#endif
