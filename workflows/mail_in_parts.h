/* mail_in_parts: one mail on its way: what it says, who seems to have sent it, and the row about it. */
#ifndef YAGURA_WORKFLOWS_MAIL_IN_PARTS_H
#define YAGURA_WORKFLOWS_MAIL_IN_PARTS_H

#include "core/net/mime_read.h"
#include "workflows/mail_in.h"

struct incoming {
    struct str raw;
    struct mime_letter letter;
    struct mail_sender sender;
    bool known;           /* sender is somebody */
    struct uuid ticket_id; /* none: it belongs to no case */
    struct mail_arrival row;
    struct principal service, person;
};

/* The transaction goes on as the sender, or as the service, who sees this customer and the provider. */
must_check bool mail_in_become(struct scope *s, struct incoming *m, const struct principal *who);

/* As the sender: a message, or a case. */
must_check bool mail_in_post(struct scope *s, struct incoming *m);
must_check bool mail_in_open(struct scope *s, struct incoming *m, struct uuid category_id);
/* As the service: a line that nobody has to answer, and the mail itself as an internal file. */
must_check bool mail_in_note(struct scope *s, struct incoming *m);
must_check bool mail_in_keep(struct scope *s, struct incoming *m);

#endif
