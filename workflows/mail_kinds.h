/* mail_kinds: every mail the service knows, each with the struct its template is written for. Besides these members
 * every template may use hub_name, public_url, recipient_name, recipient_address and language. Instants arrive as text
 * in the reader's zone and language. A new mail is a struct here, its shape in mail_kinds.c and two templates. */
#ifndef YAGURA_WORKFLOWS_MAIL_KINDS_H
#define YAGURA_WORKFLOWS_MAIL_KINDS_H

#include "workflows/mail_kind.h"

struct invitation_mail {
    struct str name, tenant_name;
    struct str inviter_name; /* may be absent */
    struct str url;          /* secret: the one-time link */
    struct instant expires_at;
};

struct registration_complete_mail {
    struct str name, tenant_name;
    struct str url; /* the sign-in page */
};

struct password_reset_mail {
    struct str name;
    struct str url; /* secret: the one-time link */
    struct instant expires_at;
    struct str address; /* from where it was asked */
};

struct password_changed_mail {
    struct str name;
    struct instant changed_at;
    struct str address;
};

struct sign_in_locked_mail {
    struct str name;
    int64_t attempts;
    struct instant locked_until;
    struct str address;
    struct str url; /* where the password can be reset */
};

struct new_device_mail {
    struct str name;
    struct instant at;
    struct str address, agent;
    struct str url; /* the page of one's sessions */
};

struct second_factor_reset_mail {
    struct str name;
    struct str reset_by; /* the administrator */
    struct instant at;
    struct str url;      /* the sign-in page */
};

struct api_key_created_mail {
    struct str name;
    struct str key_name, key_prefix;
    struct str created_by;
    struct instant expires_at; /* may be absent */
    struct str url;            /* the page of API keys */
};

struct api_key_expiring_mail {
    struct str name;
    struct str key_name, key_prefix;
    struct instant expires_at;
    struct str url; /* the page of API keys */
};

/* What happened, of one case or of none: lines in the order of time. */
struct news_line {
    struct str title, body; /* the words may be absent */
    struct instant at;
};
struct news_mail {
    struct str name;
    struct str topic; /* the subject */
    struct rows lines; /* struct news_line */
    struct str url, account_url;
    bool for_customer, received;
};

struct contact_drill_mail {
    struct str name, tenant_name;
    struct str phone; /* the number that is registered; may be absent */
    struct str url;   /* secret: the one-time link */
    struct instant due_at;
};

/* A mail of theirs that was not taken in. At most one of the reasons is set. */
struct mail_not_taken_mail {
    struct str name;
    struct str topic; /* the subject of theirs; may be absent */
    bool closed, no_case, may_not;
    struct str url;
};

struct test_mail {
    struct str sent_by;
    struct instant at;
};

extern const struct mail_kind mail_invitation, mail_registration_complete, mail_password_reset, mail_password_changed,
    mail_sign_in_locked, mail_new_device, mail_second_factor_reset, mail_api_key_created, mail_api_key_expiring,
    mail_contact_drill, mail_news, mail_mail_not_taken, mail_test;

extern const struct mail_kind *const mail_kinds[];
extern const size_t mail_kind_count;
const struct mail_kind *mail_kind_named(struct str key); /* NULL: no such mail */

#endif
