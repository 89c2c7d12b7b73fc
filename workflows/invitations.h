/* invitations: how an account begins, and how a forgotten password is replaced. Both are a link in a mail that is good
 * once and for a while, of which the database keeps a hash.
 *
 *     invited --link, profile, password, terms--> active --next sign-in--> second factor enrolled
 */
#ifndef YAGURA_WORKFLOWS_INVITATIONS_H
#define YAGURA_WORKFLOWS_INVITATIONS_H

#include "core/db/db.h"
#include "model/person.h"

enum { INVITATION_DAYS = 14, RESET_MINUTES = 60 };

struct invitation {
    struct str token;
    struct str email, name, tenant_name;
    enum language language;
    struct str time_zone, terms_version;
};

struct invitation_completion {
    struct str token;
    struct str name, password;
    enum language language;
    struct str time_zone;
    bool terms_accepted;
};

struct password_reset {
    struct str token, email, password;
};

extern const struct shape invitation_shape, invitation_ref_shape, invitation_completion_shape,
    password_reset_ask_shape, password_reset_confirm_shape;
extern const struct problem link_is_dead; /* 410 */

/* Makes a link and mails it; *url (may be NULL) is for the command line of a house without mail. */
must_check bool invitation_send(struct scope *s, const struct person *p, struct str *url);
must_check bool invitation_read(struct scope *s, struct str token, struct invitation *out);
must_check bool invitation_complete(struct scope *s, const struct invitation_completion *in);

/* Says nothing about whether anybody has that address. */
must_check bool password_reset_ask(struct scope *s, struct str email);
must_check bool password_reset_confirm(struct scope *s, struct str token, struct str password);

#endif
