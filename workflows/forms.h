/* forms: what a case must say when it is opened, by the form of its category. Everything that is wrong is told at once,
 * each at /answers/KEY. */
#ifndef YAGURA_WORKFLOWS_FORMS_H
#define YAGURA_WORKFLOWS_FORMS_H

#include "model/ticket_form.h"

/* What somebody filled in. */
struct form_entry {
    struct str key, value;
};
extern const struct shape form_entry_shape;

/* Entries (struct form_entry) against a form, into answers (struct form_answer) in the form's order. */
must_check bool form_check(struct scope *s, const struct ticket_form *form, const struct rows *entries,
                           struct rows *answers);
/* The same with the form that the category has now. */
must_check bool form_fill(struct scope *s, struct uuid category_id, const struct rows *entries, struct rows *answers);

struct form_write {
    struct uuid id; /* of the category */
    int64_t version;
    struct rows fields;
    int64_t sum_max;
};
extern const struct shape form_write_shape;
must_check bool form_change(struct scope *s, const struct form_write *in, struct ticket_form *out);

#endif
