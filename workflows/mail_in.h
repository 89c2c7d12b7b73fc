/* mail_in: a mail that somebody wrote to the service, and what becomes of it.
 *
 *     who wrote?    an active person of a customer, by the address; anybody else is REFUSED and stands in a list
 *     a program?    an answering machine, a report, our own loop: a QUIET line of its case, else REFUSED
 *     which case?   the messages it follows, else a number in the subject, of the sender's own customer alone
 *     then          POSTED as that person's message, with its files; without a case OPENED, where that is wanted
 *
 * A sender's address proves little, so it opens no door that the person could not open in the portal, engineers are not
 * heard by mail at all (one forged word would keep a promise to a customer), and what came by mail says so for ever.
 * What a program sent never answers a question, ends a pause, or touches a clock.
 *
 * Each mail is one transaction under its Message-ID: brought twice, it is stored once. The mail itself is kept beside
 * the case, as an internal file. Who is known and was refused is told so by mail, at most once an hour.
 */
#ifndef YAGURA_WORKFLOWS_MAIL_IN_H
#define YAGURA_WORKFLOWS_MAIL_IN_H

#include "model/mail_arrival.h"

/* Commits. *again: it was here before, and out is what became of it then. False: nothing happened, try again. */
must_check bool mail_in_take(struct scope *s, struct db *db, struct str raw, struct mail_arrival *out, bool *again);

extern const struct query mail_told_lately; /* who was told lately that a mail was refused */

#endif
