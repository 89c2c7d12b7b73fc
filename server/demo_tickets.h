/* demo_tickets: the cases of the demonstration, told as a list of moments: who did what, how long ago. They are told
 * through the same verbs as everybody's, in the order of time, with the clock set back to each moment. */
#ifndef YAGURA_SERVER_DEMO_TICKETS_H
#define YAGURA_SERVER_DEMO_TICKETS_H

#include "core/base/principal.h"
#include "model/ticket.h"
#include "server/operator.h"

enum demo_act {
    DEMO_OPEN, DEMO_SAY, DEMO_ASK, DEMO_NOTE, DEMO_ASSIGN, DEMO_GRADE, DEMO_WAIT, DEMO_RESOLVE, DEMO_CLOSE,
    DEMO_DECLINE, DEMO_REOPEN, DEMO_READ, DEMO_WORK,
    DEMO_FILE, DEMO_EDIT
};

struct demo_case {
    const char *category; /* its key */
    const char *subject, *tag;
    enum severity severity;
    const char *answers; /* "key=value;key=value" to what the category asks */
};

struct demo_moment {
    int nth;         /* which of the cases */
    int minutes_ago;
    enum demo_act act;
    const char *who; /* the part of the address before the @ */
    const char *text;
    enum severity severity; /* DEMO_GRADE */
};

extern const struct demo_case demo_cases[];
extern const size_t demo_case_count;
extern const struct demo_moment demo_moments[];
extern const size_t demo_moment_count;

/* DEMO_WORK: what is kept beside the words; the text is a verb and what it takes: "time 45 Logs read", "related 3". */
must_check bool demo_work(struct scope *s, const struct uuid *tickets, const struct demo_moment *m);

/* From here on the transaction is what this person does; the first part of the address says who. */
must_check bool demo_become(struct operator *o, const char *who, struct principal *out);

/* Calendars, targets, a drill, calls and handovers; after the cases. */
must_check bool demo_service(struct operator *o, struct instant today);

/* DEMO_FILE: "log NAME", "picture NAME", "sample NAME", "note NAME" (internal), "link WHAT IS ASKED FOR". */
must_check bool demo_file(struct scope *s, struct uuid ticket, struct str text);

/* Mails that came in; each is a transaction of its own, as a mail server brings it. */
must_check bool demo_mail(struct scope *s, struct db *db, struct instant today);

/* Adds them where the customer has none yet. */
must_check bool demo_tickets(struct operator *o, struct instant today);

#endif
