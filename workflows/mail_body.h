/* mail_body: the true text of a mail whose one-time links are masked in the outbox, sealed for its row alone. */
#ifndef YAGURA_WORKFLOWS_MAIL_BODY_H
#define YAGURA_WORKFLOWS_MAIL_BODY_H

#include "workflows/mail_templates.h"

struct bytes mail_body_seal(struct scope *s, struct uuid tenant_id, struct uuid mail_id, const struct mail_text *body);
must_check bool mail_body_open(struct scope *s, struct uuid tenant_id, struct uuid mail_id, struct bytes sealed,
                               struct mail_text *out);

#endif
