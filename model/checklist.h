/* checklist: templates of what engineers tick off in a case, in both languages. A template belongs to the provider and
 * to one category or to all; an automatic one is in every new case of it. A case keeps its items as they were when it
 * got them: a change of the template changes no case. */
#ifndef YAGURA_MODEL_CHECKLIST_H
#define YAGURA_MODEL_CHECKLIST_H

#include "core/db/query.h"

struct checklist_item {
    struct str text_en, text_ja;
};

struct checklist_template {
    struct uuid id, category_id;
    struct str category, name_en, name_ja;
    struct rows items;
    bool automatic, active;
    struct instant created_at, updated_at;
    int64_t version;
};
extern const struct shape checklist_item_shape, checklist_template_shape;
extern const struct listing checklist_template_listing;
extern const struct query checklist_template_by_id, checklist_template_insert, checklist_template_update;

#endif
