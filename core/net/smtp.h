/* smtp: hands one mail to the mail server that carries it on.
 *
 *     smtp://host                     port 587, STARTTLS demanded and the certificate verified
 *     smtp://user:password@host:2525  with AUTH; user and password percent-encoded
 *     smtp://host?tls=optional        STARTTLS where the server offers it; never together with a password
 *     smtp://127.0.0.1:1025?tls=off   for a relay on this machine; a password needs no TLS on loopback
 *
 * libesmtp takes names and IPv4 addresses.
 *
 * The outcome says what the server promised, never more:
 *   SMTP_ACCEPTED  it said 250 after the last dot; it has the mail
 *   SMTP_LATER     4xx, not reached, no TLS, wrong password: nothing was accepted, trying again makes sense
 *   SMTP_REFUSED   5xx for this mail or recipient: trying again makes none
 * in_doubt: the connection broke after the last dot and before the answer, so the server may have the mail.
 */
#ifndef YAGURA_CORE_NET_SMTP_H
#define YAGURA_CORE_NET_SMTP_H

#include "core/base/scope.h"

enum smtp_tls { SMTP_TLS_REQUIRED = 1, SMTP_TLS_OPTIONAL, SMTP_TLS_OFF };

struct smtp_server {
    const char *host, *port;
    const char *user, *password; /* NULL: no AUTH */
    enum smtp_tls tls;
    const char *ca_file;         /* NULL: the system's certificates */
    int timeout_s;               /* for each answer; 0: 30 */
};

enum smtp_outcome { SMTP_NONE, SMTP_ACCEPTED, SMTP_LATER, SMTP_REFUSED };

struct smtp_result {
    enum smtp_outcome outcome;
    bool in_doubt;
    int code;        /* of the server's last answer, 0 when there was none */
    struct str text; /* what the server or the connection said */
};

/* Fails with problem_invalid and a detail that says what the URL lacks. */
must_check bool smtp_server_parse(struct scope *s, struct str url, struct smtp_server *out);

/* The message as mime_compose made it. Always returns a result. */
struct smtp_result smtp_send(struct scope *s, const struct smtp_server *server, struct str from, struct str to,
                             struct str message);

extern const struct problem problem_smtp_unreachable; /* 502: the detail says what happened */

/* Can a connection be made within five seconds? */
must_check bool smtp_reach(struct scope *s, const struct smtp_server *server);
/* And does the server greet, within five seconds more? */
must_check bool smtp_probe(struct scope *s, const struct smtp_server *server, struct str *greeting);

#endif
