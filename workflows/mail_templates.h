/* mail_templates: the texts of all mails, read and checked once.
 *
 * A file begins with lines `key: template` (subject, heading, preview, and action for the label of a button); then
 * come `--- text` and `--- html`. Files whose names begin with _ are partials, of one language or, one folder up, of
 * all. Every name a template uses must be a member of its mail's struct or one of the common names.
 */
#ifndef YAGURA_WORKFLOWS_MAIL_TEMPLATES_H
#define YAGURA_WORKFLOWS_MAIL_TEMPLATES_H

#include "workflows/mail_kind.h"
#include "workflows/mail_values.h"

struct mail_templates;

struct mail_text {
    struct str subject, text, html;
};

/* What every template may use besides its own data. */
struct mail_surroundings {
    struct str hub_name, public_url, recipient_name, recipient_address;
    struct str answers_to; /* an answer is read there, it goes to the case; absent: it is not */
};

/* Fails with problem_template; the detail names file and line. The result lives in s->arena. */
must_check bool mail_templates_load(struct scope *s, struct str folder, const struct mail_templates **out);

must_check bool mail_templates_render(struct scope *s, const struct mail_templates *templates,
                                      const struct mail_kind *kind, const void *data,
                                      const struct mail_surroundings *around, const struct mail_reader *reader,
                                      struct mail_text *out);

#endif
