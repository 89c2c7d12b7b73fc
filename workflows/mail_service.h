/* mail_service: the templates, read and checked once at start, and the way out. Constant after that. */
#ifndef YAGURA_WORKFLOWS_MAIL_SERVICE_H
#define YAGURA_WORKFLOWS_MAIL_SERVICE_H

#include "core/net/smtp.h"
#include "workflows/mail_templates.h"

struct mail_settings {
    struct str templates;    /* the folder with ja/ and en/ */
    struct str smtp_url;     /* smtp://user:password@host:587; absent: mails are kept */
    struct str smtp_ca_file; /* absent: the system's certificates */
    struct str from_address; /* yagura@hub.example.jp */
    struct str from_name;    /* absent: the hub's name */
    struct str answers_to;   /* absent: answers are not read */
};

struct mail_service {
    const struct mail_templates *templates;
    struct smtp_server server;
    bool can_send; /* an SMTP server is configured */
    struct str from_address, from_name;
    struct str answers_to; /* whose mails come back through yagura mail-in; absent: nobody's */
    struct str domain; /* the right side of Message-IDs: where the sender lives */
};

/* Reads every template of every kind in both languages; a file that is missing, does not parse or names something its
 * mail does not have fails with file and line. The result lives in s->arena. */
must_check bool mail_service_start(struct scope *s, const struct mail_settings *settings,
                                   const struct mail_service **out);

#endif
