/* ticket_work: the verbs on what is kept beside the words of a case. Each locks the case and ends with an audit entry,
 * in the caller's transaction. What belongs to the provider alone (checklists, time) is told in the provider's log.
 *
 * Merging keeps everything: the merged case closes, its promises end with the cause "ticket.merged", its messages are
 * read in the survivor with their origin, its watchers follow the survivor, and its number leads there. Separating
 * takes that back: the case is open again in a new cycle. Splitting moves messages into a new case whose promises
 * begin when the first moved word of the customer was written, as if it had been asked there; merging undoes it.
 */
#ifndef YAGURA_WORKFLOWS_TICKET_WORK_H
#define YAGURA_WORKFLOWS_TICKET_WORK_H

#include "model/ticket_work.h"

/* ---- tags ---- */
struct ticket_retag {
    struct uuid id;
    struct strs add, remove;
};
extern const struct shape ticket_retag_shape;
must_check bool ticket_retag(struct scope *s, const struct ticket_retag *in, struct ticket *out);
/* Trimmed, each once, none too long; what does not fit is a fault of the field. */
must_check bool tags_tidy(struct scope *s, const char *pointer, const struct strs *in, struct strs *out);
must_check bool tags_remember(struct scope *s, const struct ticket *before, const struct ticket *after);

/* ---- watchers: oneself, or, who may use cases, others who may see this one ---- */
struct ticket_watch {
    struct uuid id, person_id; /* none: the caller */
};
extern const struct shape ticket_watch_shape;
must_check bool ticket_watch(struct scope *s, const struct ticket_watch *in, struct ticket_work *out);
must_check bool ticket_unwatch(struct scope *s, const struct ticket_watch *in, struct ticket_work *out);

/* ---- affected computers ---- */
struct computer_entry {
    struct str name, address;
};
struct ticket_computers_add {
    struct uuid id;
    struct rows computers;
};
extern const struct shape ticket_computers_add_shape;
must_check bool ticket_computers_add(struct scope *s, const struct ticket_computers_add *in, struct ticket_work *out);
must_check bool ticket_computer_remove(struct scope *s, struct uuid id);

/* ---- links ---- */
struct ticket_link_add {
    struct uuid id;
    enum ticket_relation relation;
    struct str reference; /* AOBA-42 */
};
extern const struct shape ticket_link_add_shape;
must_check bool ticket_link_add(struct scope *s, const struct ticket_link_add *in, struct ticket_work *out);
must_check bool ticket_link_remove(struct scope *s, struct uuid id);

struct ticket_merge {
    struct uuid id;
    struct str into, reason;
};
extern const struct shape ticket_merge_shape;
/* out: the survivor */
must_check bool ticket_merge(struct scope *s, const struct ticket_merge *in, struct ticket *out);

struct ticket_separate {
    struct uuid id;
    struct str reason;
};
extern const struct shape ticket_separate_shape;
must_check bool ticket_separate(struct scope *s, const struct ticket_separate *in, struct ticket *out);

struct ticket_split {
    struct uuid id;
    struct uuids post_ids;
    struct str subject, description;
    struct uuid category_id;
    enum severity severity;
};
extern const struct shape ticket_split_shape;
/* out: the new case */
must_check bool ticket_split(struct scope *s, const struct ticket_split *in, struct ticket *out);

/* ---- checklists ---- */
struct ticket_checklist {
    struct uuid id, template_id;
};
struct ticket_check_add {
    struct uuid id;
    struct str text;
};
extern const struct shape ticket_checklist_shape, ticket_check_add_shape;
must_check bool ticket_checklist_add(struct scope *s, const struct ticket_checklist *in, struct ticket_work *out);
must_check bool ticket_check_add(struct scope *s, const struct ticket_check_add *in, struct ticket_work *out);
must_check bool ticket_check_tick(struct scope *s, struct uuid id, bool done, struct ticket_check *out);
must_check bool ticket_check_remove(struct scope *s, struct uuid id);

/* ---- time ---- */
struct ticket_time_add {
    struct uuid id;
    struct str worked_on;
    int64_t minutes;
    struct str note;
};
extern const struct shape ticket_time_add_shape;
must_check bool ticket_time_add(struct scope *s, const struct ticket_time_add *in, struct ticket_work *out);
must_check bool ticket_time_remove(struct scope *s, struct uuid id); /* one's own */

#endif
