/* file_name: what a stranger calls a file, made harmless to show, to store and to save. The last part of a path alone;
 * no control characters, nothing that turns the direction of writing, no name that a system keeps for itself. */
#ifndef YAGURA_WORKFLOWS_FILE_NAME_H
#define YAGURA_WORKFLOWS_FILE_NAME_H

#include "core/base/scope.h"

enum { FILE_NAME_MAX = 255 }; /* bytes */

struct str file_name_clean(struct arena *a, struct str given); /* valid UTF-8 or not; never empty */

#endif
