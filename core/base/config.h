/* config: settings as a struct with a shape. Defaults, then the file (`key = value` lines, # comments), then the
 * environment (YAGURA_ and the key in capitals). Unknown keys and bad values are refused at start with a message that
 * names the key and where it stood. A value `@path` of a secret field is read from that file. */
#ifndef YAGURA_CORE_BASE_CONFIG_H
#define YAGURA_CORE_BASE_CONFIG_H

#include "core/base/shape.h"

/* *record holds the defaults when called. file may be NULL. environment is an `environ`. */
must_check bool config_read(struct scope *s, const struct shape *sh, const char *file, char *const *environment,
                            void *record);
/* The reference of all keys as a Markdown table, for docs/operate.md. */
void config_write_reference(struct text *t, const struct shape *sh, const void *defaults);

#endif
