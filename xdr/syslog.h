/* syslog: messages out of a stream, and what they say.
 *
 *     frame := LENGTH SP message            counted, RFC 6587 3.4.1
 *            | message LF                   everybody else; a CR or NUL before the LF goes too
 *
 *     message := <PRI>1 TIME HOST APP PROCID MSGID SD [text]      RFC 5424
 *              | <PRI>Mmm dd hh:mm:ss HOST TAG[PID]: text         RFC 3164, and its looser relatives
 *
 * A time without a year or zone is no time that an event could be given: it is left to the arrival. What cannot be read
 * as a header stays in the text. Nothing is copied; parts point into the message.
 */
#ifndef YAGURA_XDR_SYSLOG_H
#define YAGURA_XDR_SYSLOG_H

#include "core/base/arena.h"
#include "core/base/str.h"

enum { SYSLOG_MESSAGE_MAX = 1 << 20 };

enum syslog_frame { SYSLOG_FRAME, SYSLOG_MORE, SYSLOG_BROKEN };

/* The next message; *rest moves behind it. MORE: it has not come whole. BROKEN: it is longer than any may be. */
enum syslog_frame syslog_next(struct str *rest, struct str *message);

struct syslog_message {
    int priority;             /* -1: none */
    struct str time;          /* RFC 3339, or absent */
    struct str host, app, process, structured, text;
};

void syslog_read(struct str message, struct syslog_message *out);

/* The value of `param` in the structured data's element whose id begins with `element@`, as it stands there. */
struct str syslog_param(struct str structured, const char *element, const char *param);

/* The line that front.h is given for this message: a JSON object or Windows event XML as it is, an audit record with
 * its node, anything else as an event of its own. It lies in the message or in `a`. */
struct str syslog_line(struct arena *a, const struct syslog_message *m);

#endif
