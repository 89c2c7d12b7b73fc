/* notice: what a person is told, in the bell of the portal and, as that person prefers, by mail.
 *
 * Rows are written by the function notice_tell of the database alone (migration 0034): a customer's word reaches an
 * engineer, who stands in another tenant, and nobody is told of a customer whom they may not see. */
#ifndef YAGURA_MODEL_NOTICE_H
#define YAGURA_MODEL_NOTICE_H

#include "core/db/query.h"

/* key in the database and API; the texts stand in workflows/notice_kinds.c */
enum notice_kind {
    NOTICE_NONE, NOTICE_MENTION, NOTICE_ASSIGNED, NOTICE_TICKET_NEW, NOTICE_TICKET_RECEIVED, NOTICE_MESSAGE,
    NOTICE_NOTE, NOTICE_QUESTION, NOTICE_REMINDER, NOTICE_SEVERITY, NOTICE_RESOLVED, NOTICE_CLOSED, NOTICE_DECLINED,
    NOTICE_REOPENED, NOTICE_ESCALATION, NOTICE_DISPUTE, NOTICE_ATTACHMENT, NOTICE_UPLOAD, NOTICE_DOCUMENT,
    NOTICE_DOCUMENT_DONE, NOTICE_HANDOVER, NOTICE_CALL, NOTICE_DRILL, NOTICE_WEBHOOK, NOTICE_SECOND,
    NOTICE_DISPUTE_DECIDED, NOTICE_INCIDENT_NEW, NOTICE_INCIDENT_URGENT, NOTICE_INCIDENT_ASSIGNED, NOTICE_INCIDENT_TOLD,
    NOTICE_INCIDENT_COMMENT, NOTICE_EXCLUSION_WAITING, NOTICE_EXCLUSION_ENDED, NOTICE_KIND_COUNT
};
enum notice_way { NOTICE_WAY_NONE, NOTICE_BY_PORTAL, NOTICE_BY_MAIL, NOTICE_OFF };
extern const struct domain notice_kind_domain, notice_way_domain;

struct notice_row {
    struct uuid id;
    enum notice_kind kind;
    struct str title, body, path;
    struct uuid about_tenant_id, ticket_id;
    struct str about_tenant_name;
    struct instant created_at, read_at;
};
extern const struct shape notice_row_shape;
extern const struct listing notice_listing;

struct notice_tell_args {
    struct uuid tenant_id, ticket_id, author_id;
    struct uuids to;
    enum notice_kind kind;
    bool internal, fixed;
    enum notice_way way_provider, way_customer;
    struct str title_en, title_ja, body, path;
    struct instant at;
};
/* Who was told, and whether by mail, too. */
struct notice_told {
    struct uuid person_id;
    struct str person_name;
    bool mail;
};
extern const struct query notice_tell_query;

/* What goes by mail: rows of one person follow each other. */
struct notice_mail_args {
    struct uuid tenant_id, ticket_id;
    struct instant at;
};
struct notice_letter {
    struct uuid person_id;
    struct str person_name, email;
    enum language language;
    struct str time_zone;
    bool is_provider;
    enum notice_kind kind;
    struct str title_en, title_ja, body, path;
    struct instant created_at;
};
extern const struct query notice_take_mails;

struct notice_read_args {
    struct uuid id; /* none: all */
    struct instant at;
};
extern const struct query notice_mark_read;
struct notice_count {
    int64_t unread;
};
extern const struct shape notice_count_shape;
extern const struct query notice_unread;

struct notice_preference {
    enum notice_kind kind;
    enum notice_way way;
};
extern const struct query notice_preferences_mine;
struct notice_preference_args {
    enum notice_kind kind;
    enum notice_way way; /* none: as the kind's default says */
};
extern const struct query notice_preference_set, notice_preference_clear;

/* How an organisation wants its mails; the provider's row where it has none. */
struct notice_setting {
    struct uuid tenant_id;
    bool words_in_mail, own;
    bool mail_opens_cases;        /* a mail that belongs to no case opens one */
    struct uuid mail_category_id; /* of this category; none: the first inquiry of the contract */
    struct json reminder_days; /* [1,3,7] */
    int64_t version;
};
extern const struct shape notice_setting_shape;
struct notice_setting_args {
    struct uuid id;
    bool words_in_mail, mail_opens_cases;
    struct uuid mail_category_id;
    struct json reminder_days;
    int64_t version;
    struct instant at;
};
extern const struct shape notice_setting_write_shape;
extern const struct query notice_setting_of, notice_setting_set;

/* Whom a case concerns, and who of the provider holds a permission set. */
struct notice_person {
    struct uuid person_id;
    struct str side;
};
struct notice_people_args {
    struct uuid tenant_id, ticket_id;
    struct str set;
};
struct notice_holder {
    struct uuid person_id;
    struct str person_name;
};
extern const struct query ticket_people, provider_holders;
extern const struct query tenant_holders; /* `set` is a grant; returns struct id_args */

extern const struct query notice_sweep;

#endif
