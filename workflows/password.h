/* password: what a new password must be. Length is what counts: 12 characters or more, none of the common ones (nor
 * those with the digits and signs that people add to them), and not made of the person's own name or address. There are
 * no rules about capitals and signs, which make people write passwords down. */
#ifndef YAGURA_WORKFLOWS_PASSWORD_H
#define YAGURA_WORKFLOWS_PASSWORD_H

#include "core/base/scope.h"

enum { PASSWORD_CHARACTERS_MIN = 12, PASSWORD_CHARACTERS_MAX = 200 };

/* A violation at /password says what is wrong. */
must_check bool password_acceptable(struct scope *s, struct str password, struct str email, struct str name);
bool password_is_common(struct arena *a, struct str password);

#endif
