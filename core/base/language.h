/* language: the two languages everything is said in. */
#ifndef YAGURA_CORE_BASE_LANGUAGE_H
#define YAGURA_CORE_BASE_LANGUAGE_H

#include "core/base/domain.h"

enum language { LANGUAGE_NONE, LANGUAGE_JA, LANGUAGE_EN };

extern const struct domain language_domain; /* ja, en */

/* Text in both languages, the way tables hold it. */
struct bilingual {
    const char *en, *ja;
};

const char *bilingual_in(struct bilingual text, enum language language); /* English when none is asked */

#endif
