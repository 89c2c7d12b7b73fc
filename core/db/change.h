/* change: the feed of what changed, for event streams and for programs that follow. A row is written in the transaction
 * of the change itself and announced by NOTIFY yagura_change when that commits. */
#ifndef YAGURA_CORE_DB_CHANGE_H
#define YAGURA_CORE_DB_CHANGE_H

#include "core/db/db.h"

/* noun "person", verb "updated"; object_id may be none. */
must_check bool change_record(struct scope *s, struct uuid tenant_id, const char *noun, struct uuid object_id,
                              const char *verb);

/* Several of one noun by one statement, in their order. */
struct change_entry {
    struct uuid tenant_id, object_id;
    struct str verb;
};
must_check bool change_record_many(struct scope *s, const char *noun, const struct rows *entries);
extern const struct query change_record_query, change_record_many_query; /* for the catalogue */

#endif
