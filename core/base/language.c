#include "core/base/language.h"

const struct domain language_domain = DOMAIN(language, "ja", "en");

const char *
bilingual_in(struct bilingual text, enum language language)
{
    return language == LANGUAGE_JA && text.ja ? text.ja : text.en;
}
