/* question: what somebody looks for in stored events, made ready to be asked.
 *
 * Conditions on fields become a text in the rule language, so that there is one meaning of "contains"; the text is
 * compiled into rules of its own. Of all active rules the question is the rules of the provider and the customer.
 * What an event must contain for any of it to hold is known beforehand (xdr/needle.h), and spares most segments.
 */
#ifndef YAGURA_WORKFLOWS_QUESTION_H
#define YAGURA_WORKFLOWS_QUESTION_H

#include "model/hunt.h"
#include "xdr/scan.h"

struct question {
    const struct ruleset *set;
    struct engine *engine;
    struct matcher *matcher;
    struct needles *needles;
};

/* The conditions as a Sigma rule; a value that does not fit its operator is a violation at /conditions/N/values. */
must_check bool question_text(struct scope *s, const struct hunt_condition *conditions, size_t count, struct str *out);

/* Behind question_of_text of such a text: lets the words among the conditions spare what does not have them. */
void question_words(struct arena *a, const struct hunt_condition *conditions, size_t count, struct question *q);

/* From a text; a text that is refused is a violation at /body that tells line and reason. Ends with the arena. */
must_check bool question_of_text(struct scope *s, enum hunt_language language, struct str body, struct question *out);

/* Of the rules that are active for these customers, in a transaction. */
must_check bool question_of_rules(struct scope *s, struct uuids tenant_ids, struct question *out);
void question_rules_forget(void); /* when nobody is about to ask them again: they take much memory */

/* In two steps, where one engine serves several: its matcher belongs to one thread. Each ends with its arena. */
void question_compile(struct arena *a, const struct ruleset *set, struct question *out);
void question_ready(struct arena *a, struct question *q);

#endif
