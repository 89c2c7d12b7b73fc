/* mail: one mail to one person, in the outbox. workflows/mail.h says how it moves. */
#ifndef YAGURA_MODEL_MAIL_H
#define YAGURA_MODEL_MAIL_H

#include "core/db/query.h"

enum mail_state { MAIL_NONE, MAIL_QUEUED, MAIL_SENT, MAIL_FAILED, MAIL_KEPT };
extern const struct domain mail_state_domain;

/* A file that travels with it, as the row keeps it. */
struct mail_file_row {
    struct str name, content_type, content_id;
    struct str sha256; /* where the blob store has it */
    int64_t bytes;
};
extern const struct shape mail_file_shape;

/* What the outbox shows. */
struct mail {
    struct uuid id, tenant_id;
    struct str tenant_name;
    struct str kind;
    enum language language;
    struct uuid person_id;
    struct str to_name, to_address;
    struct str subject;
    enum mail_state state;
    int64_t attempts;
    struct instant next_attempt_at;
    bool repeated;
    int64_t answer_code;
    struct str answer;
    struct instant created_at, updated_at, sent_at;
    int64_t version;
    struct strs can;
};
extern const struct shape mail_shape;
extern const struct listing mail_listing;

/* One mail with its text. */
struct mail_detail {
    struct uuid id, tenant_id;
    struct str tenant_name, kind;
    enum language language;
    struct uuid person_id;
    struct str to_name, to_address, subject, text, html;
    bool masked; /* one-time links are not shown */
    struct rows files;
    struct str message_id;
    enum mail_state state;
    int64_t attempts;
    struct instant next_attempt_at;
    bool repeated;
    int64_t answer_code;
    struct str answer;
    struct instant created_at, updated_at, sent_at;
    int64_t version;
    struct strs can;
    struct bytes sealed; /* never leaves the service */
};
extern const struct shape mail_detail_shape; /* without `sealed` */
extern const struct query mail_by_id;

/* What a worker needs to send it. */
struct mail_letter {
    struct uuid id, tenant_id;
    struct str to_name, to_address, subject, text, html;
    struct bytes sealed;
    struct rows files;
    struct str message_id, thread;
    enum mail_state state;
    int64_t attempts;
    struct instant trying_at, created_at, give_up_at;
};
extern const struct query mail_letter_lock;

/* Everything that is written: each query names the members it takes. */
struct mail_write {
    struct uuid id, tenant_id, person_id;
    struct str kind;
    enum language language;
    struct str to_name, to_address, subject, text, html;
    struct bytes sealed;
    struct rows files;
    struct str message_id;
    struct str thread; /* what its References name; may be absent */
    enum mail_state state;
    int64_t attempts;
    struct instant next_attempt_at, give_up_at;
    bool repeated;
    int64_t answer_code;
    struct str answer;
    struct instant at, sent_at;
};
extern const struct query mail_insert, mail_begin_attempt, mail_end_attempt, mail_set_kept, mail_queue_again;

/* For the status page: counts over all tenants. */
struct mail_counts {
    int64_t queued, late, failed, kept, sent;
    struct instant oldest_at; /* of the queued */
    struct str last_answer;   /* of the queued and failed */
};
struct mail_counts_args {
    struct instant late_before, since;
};
extern const struct query mail_count;

#endif
