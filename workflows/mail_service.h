/* mail_service: the templates, read and checked once at start, and the way out. Constant after that. */
#ifndef YAGURA_WORKFLOWS_MAIL_SERVICE_H
#define YAGURA_WORKFLOWS_MAIL_SERVICE_H

#include "workflows/mail.h"

struct mail_service;

struct mail_settings {
    struct str templates;    /* the folder with ja/ and en/ */
    struct str smtp_url;     /* smtp://user:password@host:587, smtps://…; absent: mails are kept */
    struct str smtp_ca_file; /* absent: the system's certificates */
    struct str from_address; /* yagura@hub.example.jp */
    struct str from_name;    /* absent: the hub's name */
};

/* Reads every template of every kind in both languages; a file that is missing, does not parse or names a
 * placeholder its mail does not declare fails with file and line. The result lives in s->arena. */
must_check bool mail_service_start(struct scope *s, const struct mail_settings *settings,
                                   const struct mail_service **out);
bool mail_service_can_send(const struct mail_service *m); /* is an SMTP server configured? */

/* Asks the SMTP server for its greeting, for the status page and doctor. Outside any transaction. */
must_check bool mail_service_probe(struct scope *s, const struct mail_service *m);

#endif
