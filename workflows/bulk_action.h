/* bulk_action: the line of Elasticsearch's bulk format that says what is to be done with the document behind it.
 *
 *     {"create":{"_index":"winlogbeat-8.11"}}      the only two that add something
 *     {"index":{"_index":"logs","_id":"1"}}
 *     {"update":{...}}, {"delete":{...}}           understood, and refused: what has arrived stays as it was
 */
#ifndef YAGURA_WORKFLOWS_BULK_ACTION_H
#define YAGURA_WORKFLOWS_BULK_ACTION_H

#include "core/base/str.h"

enum bulk_verb { BULK_NONE, BULK_CREATE, BULK_INDEX, BULK_UPDATE, BULK_DELETE };

struct bulk_action {
    enum bulk_verb verb;
    struct str index; /* as it stands in the line, escapes and all; absent: that of the path */
};

bool bulk_action_read(struct str line, struct bulk_action *out);
const char *bulk_verb_name(enum bulk_verb verb);

#endif
