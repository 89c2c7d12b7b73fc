/* ticket_form: what a category asks for when a case is opened: fields as data, one form per category. A case keeps its
 * answers with the labels they were given under, so that a form that changes rewrites no case. */
#ifndef YAGURA_MODEL_TICKET_FORM_H
#define YAGURA_MODEL_TICKET_FORM_H

#include "core/db/query.h"

enum form_kind { FORM_KIND_NONE, FORM_TEXT, FORM_CHOICE, FORM_NUMBER, FORM_DATE, FORM_HASH };
extern const struct domain form_kind_domain;

struct form_choice {
    struct str key, label_en, label_ja;
};

struct form_field {
    struct str key; /* names it for programs; never changes its meaning */
    enum form_kind kind;
    struct str label_en, label_ja, hint_en, hint_ja;
    bool required;
    int64_t min, max;    /* FORM_NUMBER: INT_NONE where there is no bound */
    bool summed;         /* FORM_NUMBER: counts towards the form's sum_max */
    struct rows choices; /* FORM_CHOICE */
};

struct ticket_form {
    struct uuid id; /* of the category */
    struct str category;
    struct rows fields;
    int64_t sum_max; /* INT_NONE: nothing is added up */
    struct instant updated_at;
    struct str updated_by_name;
    int64_t version; /* 0: the category has no form yet */
};

/* What is stored of an answer: `value` as programs read it, `shown` as people do where that differs. */
struct form_answer {
    struct str key;
    enum form_kind kind;
    struct str label_en, label_ja, value, shown_en, shown_ja;
};

extern const struct shape form_field_shape, ticket_form_shape, form_answer_shape;
extern const struct listing ticket_form_listing;
extern const struct query ticket_form_by_id, ticket_form_save;

#endif
