/* canned_answers: writing them, and putting the facts of a case into them.
 *
 * Placeholders: {{customer}} {{requester}} {{reference}} {{subject}} {{category}} {{engineer}}. Another one is refused
 * when the answer is written, so that no customer ever reads a pair of braces. */
#ifndef YAGURA_WORKFLOWS_CANNED_ANSWERS_H
#define YAGURA_WORKFLOWS_CANNED_ANSWERS_H

#include "model/canned_answer.h"
#include "model/ticket.h"

struct canned_answer_write {
    struct uuid id;
    int64_t version;
    struct uuid category_id;
    struct str title_en, title_ja, body_en, body_ja;
};
extern const struct shape canned_answer_write_shape, canned_answer_update_shape;

must_check bool canned_answer_create(struct scope *s, const struct canned_answer_write *in, struct canned_answer *out);
must_check bool canned_answer_change(struct scope *s, const struct canned_answer_write *in, struct canned_answer *out);
must_check bool canned_answer_remove(struct scope *s, struct uuid id);

/* Ready to be sent: those of the case's category first, the placeholders filled in. */
struct canned_text {
    struct uuid id;
    struct str title, body_en, body_ja; /* the title in the caller's language */
    bool of_category;
};
struct canned_texts {
    enum language language; /* the customer's */
    struct rows items;      /* struct canned_text */
};
extern const struct shape canned_texts_shape;
must_check bool canned_answers_fill(struct scope *s, struct uuid ticket_id, struct canned_texts *out);

/* Of a text: the first placeholder that nobody knows; STR_NONE when all are known. */
struct str canned_unknown_placeholder(struct str body);

#endif
