/* canned_answer: what engineers say again and again, in both languages, with placeholders for what differs. They are
 * the provider's; customers only see what an engineer has sent. */
#ifndef YAGURA_MODEL_CANNED_ANSWER_H
#define YAGURA_MODEL_CANNED_ANSWER_H

#include "core/db/query.h"

struct canned_answer {
    struct uuid id, tenant_id, category_id;
    struct str category; /* in the caller's language */
    struct str title_en, title_ja, body_en, body_ja;
    struct instant created_at, updated_at;
    struct str updated_by;
    int64_t version;
};
extern const struct shape canned_answer_shape;
extern const struct listing canned_answer_listing;
extern const struct query canned_answer_by_id, canned_answer_insert, canned_answer_update, canned_answer_delete;
extern const struct query canned_answers_for; /* a struct id_args: those that fit the case's category */

#endif
