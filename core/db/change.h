/* change: the feed of what changed, for event streams and for programs that follow. A row is written in the transaction
 * of the change itself and announced by NOTIFY yagura_change when that commits. */
#ifndef YAGURA_CORE_DB_CHANGE_H
#define YAGURA_CORE_DB_CHANGE_H

#include "core/db/db.h"

/* noun "person", verb "updated"; object_id may be none. */
must_check bool change_record(struct scope *s, struct uuid tenant_id, const char *noun, struct uuid object_id,
                              const char *verb);
extern const struct query change_record_query; /* for the catalogue */

#endif
