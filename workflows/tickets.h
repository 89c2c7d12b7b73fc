/* tickets: the verbs of a case. Each locks the case, asks whether it may, changes it, tells its promises, and writes
 * the audit entry; all in the caller's transaction. Which verb leads where is the table ticket_move. */
#ifndef YAGURA_WORKFLOWS_TICKETS_H
#define YAGURA_WORKFLOWS_TICKETS_H

#include "model/ticket.h"
#include "model/ticket_post.h"
#include "workflows/forms.h"

extern const struct problem ticket_cannot;          /* 409: not from where it stands, or not for this side */
extern const struct problem ticket_not_in_contract; /* 403 */
extern const struct problem ticket_reopen_too_late; /* 409 */

struct ticket_open {
    struct uuid tenant_id; /* the caller's own when absent */
    struct uuid category_id;
    struct str subject, description;
    enum severity severity;
    struct strs tags;
    struct rows answers; /* struct form_entry: what the category's form asks */
    bool for_next_period;       /* where the contract's number is used up: counts for the next period */
    struct str override_reason; /* a duty lead's: why it is opened all the same */
    bool by_mail;        /* not for callers: see workflows/mail_in.h */
};
extern const struct shape ticket_open_shape;
must_check bool ticket_open(struct scope *s, const struct ticket_open *in, struct ticket *out);

struct ticket_edit {
    struct uuid id;
    int64_t version;
    struct str subject, description, team;
    struct strs tags;
};
extern const struct shape ticket_edit_shape;
must_check bool ticket_edit(struct scope *s, const struct ticket_edit *in, struct ticket *out);

struct ticket_decide {
    struct uuid id;
    enum severity severity;
    struct str reason;
};
extern const struct shape ticket_decide_shape; /* workflows/severity.h has the whole story */
must_check bool ticket_decide_severity(struct scope *s, const struct ticket_decide *in, struct ticket *out);

struct ticket_assign {
    struct uuid id;
    struct uuid assignee_id; /* none: nobody */
};
extern const struct shape ticket_assign_shape;
must_check bool ticket_assign(struct scope *s, const struct ticket_assign *in, struct ticket *out);

/* start, wait, resolve, close, decline, reopen: verbs that only need a word of why. */
struct ticket_verb {
    struct uuid id;
    struct str reason;
};
extern const struct shape ticket_verb_shape, ticket_reason_shape; /* the second requires the reason */
must_check bool ticket_move(struct scope *s, const char *verb, const struct ticket_verb *in, struct ticket *out);

/* A message, an internal note, or (ask) a question whose answer the case then waits for. */
struct ticket_say {
    struct uuid id;
    struct str body;
    enum post_visibility visibility;
    struct uuid quotes_id;
    bool ask;
    struct uuids mentions, attachment_ids;
    bool by_mail;      /* not for callers: see workflows/mail_in.h */
    struct str folded;
};
extern const struct shape ticket_say_shape;
must_check bool ticket_say(struct scope *s, const struct ticket_say *in, struct ticket_post *out);

struct ticket_read_verb {
    struct uuid id;
};
must_check bool ticket_mark_read(struct scope *s, struct uuid id);

#endif
