/* checklists: to write and change the templates of what engineers tick off. */
#ifndef YAGURA_WORKFLOWS_CHECKLISTS_H
#define YAGURA_WORKFLOWS_CHECKLISTS_H

#include "model/checklist.h"

struct checklist_write {
    struct uuid id; /* none: a new one */
    int64_t version;
    struct uuid category_id;
    struct str name_en, name_ja;
    struct rows items;
    bool automatic, active;
};
extern const struct shape checklist_write_shape;
must_check bool checklist_create(struct scope *s, const struct checklist_write *in, struct checklist_template *out);
must_check bool checklist_change(struct scope *s, const struct checklist_write *in, struct checklist_template *out);

#endif
