/* ticket_chatter: verbs on the words of a case besides saying them.
 *
 * A message is corrected by its author alone: an engineer while the case is open, a customer for fifteen minutes. What
 * stood there before is kept, for the author and for staff. An internal note is never turned into a message: making it
 * visible says its words anew, after a confirmation, and the note stays as it was.
 */
#ifndef YAGURA_WORKFLOWS_TICKET_CHATTER_H
#define YAGURA_WORKFLOWS_TICKET_CHATTER_H

#include "model/ticket_chatter.h"
#include "workflows/tickets.h"

extern const struct problem post_too_late; /* 409: the time for corrections is over */

struct ticket_post_edit {
    struct uuid id;
    int64_t version;
    struct str body;
};
extern const struct shape ticket_post_edit_shape;
must_check bool ticket_post_edit(struct scope *s, const struct ticket_post_edit *in, struct ticket_post *out);

struct ticket_post_reveal {
    struct uuid id;
    struct str body; /* absent: the words of the note */
};
extern const struct shape ticket_post_reveal_shape;
must_check bool ticket_post_reveal(struct scope *s, const struct ticket_post_reveal *in, struct ticket_post *out);

/* Within ticket_say: keeps who is named in a message, and tells them. Whoever may not read it is refused. */
must_check bool ticket_mention(struct scope *s, const struct ticket *t, const struct ticket_post *post,
                               struct uuids people);

/* Somebody is writing: believed for some seconds, heard by those alone who could read the message. */
struct ticket_writing {
    struct uuid id;
    bool internal;
};
extern const struct shape ticket_writing_shape;
must_check bool ticket_tell_writing(struct scope *s, const struct ticket_writing *in);

#endif
