/* incident_title: what happened, in one line of each language. */
#ifndef YAGURA_WORKFLOWS_INCIDENT_TITLE_H
#define YAGURA_WORKFLOWS_INCIDENT_TITLE_H

#include "core/base/arena.h"
#include "core/base/str.h"

struct incident_story {
    struct str title, title_ja;  /* of the worst detection; title_ja may be absent */
    struct str computer;         /* absent: none was told */
    int64_t computers;
    struct strs tactics;         /* in the order they were first seen */
};
struct incident_titles {
    struct str en, ja;
};
struct incident_titles incident_title(struct arena *a, const struct incident_story *story);

#endif
