/* notices: telling people, inside the transaction of what there is to tell.
 *
 *     notice_tell(s, &(struct notice){ .kind = NOTICE_MENTION, .tenant_id = t.tenant_id, .ticket_id = t.id,
 *                                      .about = name of the case, .to = people, .body = the words,
 *                                      .internal = true }, NULL)
 *
 * Each of `to` who is active and may see the customer gets a row for the bell of the portal, and a mail if they prefer
 * it so (notice_preference; some kinds cannot be switched off). The author of the transaction is not told. Mails wait
 * a minute, so that a burst about one case is one mail, and do not go when the person has read it meanwhile; urgent
 * kinds go at once.
 *
 * `internal` is for words that customers must not read: then nobody of the customer is told, whoever `to` names.
 */
#ifndef YAGURA_WORKFLOWS_NOTICES_H
#define YAGURA_WORKFLOWS_NOTICES_H

#include "core/db/job.h"
#include "model/notice.h"
#include "model/ticket.h"

struct notice {
    enum notice_kind kind;
    struct uuid tenant_id; /* the customer it concerns; the provider itself for its own matters */
    struct uuid ticket_id; /* may be none */
    struct uuids to;
    bool internal;
    bool author_too;  /* a receipt: whoever did it is told, too */
    struct str who;   /* {who} of the kind's text; absent: who asks, or the service itself */
    struct str about; /* {about}: the case ("AOBA-42 Printer is on fire"), a document, a shift … */
    struct str detail; /* {detail}: what the kind's text asks for besides */
    struct str body;  /* somebody's words; cut. May be absent */
    struct bilingual text; /* in place of the kind's text */
    enum notice_way way;   /* whatever people prefer; none: as they do */
    struct str path;  /* "/tickets/…"; absent: the case's page */
};

/* `told` (struct notice_told) may be NULL. */
must_check bool notice_tell(struct scope *s, const struct notice *n, struct rows *told);

/* "AOBA-42 Printer is on fire", the {about} of a case; and a notice with all that a case says filled in. */
struct str notice_case_name(struct scope *s, const struct ticket *t);
struct notice notice_of_ticket(struct scope *s, const struct ticket *t, enum notice_kind kind);

/* Those whom the case concerns on one side (SIDE_NONE: both): requester, engineer in charge, watchers. */
must_check bool notice_people_of(struct scope *s, const struct ticket *t, enum principal_side side, struct uuids *out);
/* People of the provider who hold a permission set ("duty_lead") and see the customer. */
must_check bool notice_holders(struct scope *s, struct uuid tenant_id, const char *set, struct uuids *out);

/* The words of each kind. */
struct notice_words {
    struct bilingual title; /* how the page of preferences calls it */
    struct bilingual text;  /* what happened; {who}, {about}, {detail} */
    enum notice_way provider, customer; /* unless somebody prefers otherwise; none: that side never gets it */
    bool fixed;             /* cannot be switched off: always by mail, too */
    bool urgent;            /* the mail goes at once */
};
extern const struct notice_words notice_words[NOTICE_KIND_COUNT];

struct notice_choice {
    enum notice_kind kind;
    struct str title;
    enum notice_way way, usual;
    bool fixed;
};
struct notice_choices {
    struct rows items;
};
extern const struct shape notice_choices_shape, notice_prefer_shape;
must_check bool notice_preferences(struct scope *s, struct notice_choices *out);
must_check bool notice_prefer(struct scope *s, const struct notice_preference_args *in, struct notice_choices *out);
must_check bool notice_read(struct scope *s, struct uuid id); /* none: all */
must_check bool notice_setting_change(struct scope *s, const struct notice_setting_args *in,
                                      struct notice_setting *out);

struct notice_mail {
    struct uuid ticket_id;
    struct str about;
};
extern const struct job_kind notice_mail_job; /* a struct notice_mail */

#endif
