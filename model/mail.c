#include "model/mail.h"

const struct domain mail_state_domain = DOMAIN(mail_state, "queued", "sent", "failed", "kept");

const struct shape mail_file_shape = SHAPE(mail_file_row,
    FIELD(mail_file_row, name, "Name of the file"),
    FIELD(mail_file_row, content_type, "Media type"),
    FIELD(mail_file_row, content_id, "Set when the text shows it as an image"),
    FIELD(mail_file_row, sha256, "Hash of its bytes"),
    FIELD(mail_file_row, bytes, "Size"));

#define MAIL_HEAD(type)                                                                                             \
    FIELD(type, id, "Identity, never reused", .read_only = true),                                                   \
    FIELD(type, tenant_id, "Whose outbox", .read_only = true, .filter = true),                                      \
    FIELD(type, tenant_name, "Name of that customer or of the provider", .sort = true, .search = true),             \
    FIELD(type, kind, "Key of its template", .filter = true, .sort = true, .search = true),                         \
    FIELD(type, language, "Language it is written in", .of = &language_domain, .filter = true),                     \
    FIELD(type, person_id, "The person it is for, if that is somebody with an account", .filter = true),            \
    FIELD(type, to_name, "Name of the recipient", .sort = true, .search = true),                                    \
    FIELD(type, to_address, "Address of the recipient", .filter = true, .sort = true, .search = true)

#define MAIL_COURSE(type)                                                                                           \
    FIELD(type, state, "queued, sent, failed, or kept because no mail server is configured",                       \
          .of = &mail_state_domain, .filter = true, .sort = true),                                                  \
    FIELD(type, attempts, "How often the mail server was asked", .sort = true),                                     \
    FIELD(type, next_attempt_at, "When it is tried again", .sort = true, .filter = true),                           \
    FIELD(type, repeated, "The server may have received it twice, under one Message-ID", .filter = true),           \
    FIELD(type, answer_code, "The mail server's last refusal, as a number", .optional = true, .filter = true),      \
    FIELD(type, answer, "The mail server's last refusal, or why it could not be asked"),                            \
    FIELD(type, created_at, "When it was written", .sort = true, .filter = true),                                   \
    FIELD(type, updated_at, "When it last changed", .sort = true, .filter = true),                                  \
    FIELD(type, sent_at, "When the mail server took it", .sort = true, .filter = true),                             \
    FIELD(type, version, "Grows with each change"),                                                                 \
    FIELD(type, can, "Verbs that its state allows")

const struct shape mail_shape = SHAPE(mail,
    MAIL_HEAD(mail),
    FIELD(mail, subject, "Its subject", .search = true),
    MAIL_COURSE(mail));

#define MAIL_TEXT                                                                                                   \
    FIELD(mail_detail, subject, "Its subject"),                                                                     \
    FIELD(mail_detail, text, "The plain text"),                                                                     \
    FIELD(mail_detail, html, "The same as HTML"),                                                                   \
    FIELD(mail_detail, files, "What is attached or shown inside", .items = &mail_file_shape),                       \
    FIELD(mail_detail, message_id, "The Message-ID it travels under")

const struct shape mail_detail_shape = SHAPE(mail_detail,
    MAIL_HEAD(mail_detail),
    MAIL_TEXT,
    FIELD(mail_detail, masked, "One-time links are not shown"),
    MAIL_COURSE(mail_detail));

static const struct shape mail_detail_row_shape = SHAPE(mail_detail,
    MAIL_HEAD(mail_detail),
    MAIL_TEXT,
    FIELD(mail_detail, masked, "One-time links are not shown"),
    MAIL_COURSE(mail_detail),
    FIELD(mail_detail, sealed, "The true text, sealed", .secret = true));

#define MAIL_COLUMNS                                                                                                \
    "m.id, m.tenant_id, t.name AS tenant_name, m.kind, m.language, m.person_id, m.to_name, m.to_address, "          \
    "m.subject, m.state, m.attempts, m.next_attempt_at, m.repeated, m.answer_code, m.answer, m.created_at, "       \
    "m.updated_at, m.sent_at, m.version, "                                                                          \
    "CASE WHEN m.state IN ('failed', 'kept') THEN ARRAY['retry'] ELSE '{}'::text[] END AS can "

const struct listing mail_listing = {
    .name = "mail_listing",
    .from = "SELECT " MAIL_COLUMNS "FROM mail m JOIN tenant t ON t.id = m.tenant_id",
    .row = &mail_shape, .key = "id", .sort = "-created_at",
};

const struct query mail_by_id = {
    .name = "mail_by_id",
    .sql = "SELECT " MAIL_COLUMNS ", m.text, m.html, m.files, m.message_id, m.sealed IS NOT NULL AS masked, m.sealed "
           "FROM mail m JOIN tenant t ON t.id = m.tenant_id WHERE m.id = :id",
    .args = &id_args_shape, .row = &mail_detail_row_shape,
};

static const struct shape mail_letter_shape = SHAPE(mail_letter,
    FIELD(mail_letter, id, "Which"),
    FIELD(mail_letter, tenant_id, "Whose"),
    FIELD(mail_letter, to_name, "Recipient"),
    FIELD(mail_letter, to_address, "Recipient"),
    FIELD(mail_letter, subject, "Subject as shown"),
    FIELD(mail_letter, text, "Text as shown"),
    FIELD(mail_letter, html, "HTML as shown"),
    FIELD(mail_letter, sealed, "The true text, when it differs"),
    FIELD(mail_letter, files, "Files", .items = &mail_file_shape),
    FIELD(mail_letter, message_id, "Message-ID"),
    FIELD(mail_letter, thread, "References"),
    FIELD(mail_letter, state, "State", .of = &mail_state_domain),
    FIELD(mail_letter, attempts, "Attempts made"),
    FIELD(mail_letter, trying_at, "Set: an attempt never came back"),
    FIELD(mail_letter, created_at, "Date of the mail"),
    FIELD(mail_letter, give_up_at, "After this it has failed"));

const struct query mail_letter_lock = {
    .name = "mail_letter_lock",
    .sql = "SELECT id, tenant_id, to_name, to_address, subject, text, html, sealed, files, message_id, "
           "thread, state, attempts, trying_at, created_at, give_up_at FROM mail WHERE id = :id FOR UPDATE",
    .args = &id_args_shape, .row = &mail_letter_shape,
};

static const struct shape mail_write_shape = SHAPE(mail_write,
    FIELD(mail_write, id, "Which"),
    FIELD(mail_write, tenant_id, "Whose"),
    FIELD(mail_write, person_id, "For whom"),
    FIELD(mail_write, kind, "Template"),
    FIELD(mail_write, language, "Language", .of = &language_domain),
    FIELD(mail_write, to_name, "Recipient"),
    FIELD(mail_write, to_address, "Recipient"),
    FIELD(mail_write, subject, "Subject as shown"),
    FIELD(mail_write, text, "Text as shown"),
    FIELD(mail_write, html, "HTML as shown"),
    FIELD(mail_write, sealed, "The true text, when it differs"),
    FIELD(mail_write, files, "Files", .items = &mail_file_shape),
    FIELD(mail_write, message_id, "Message-ID"),
    FIELD(mail_write, thread, "References"),
    FIELD(mail_write, state, "State", .of = &mail_state_domain),
    FIELD(mail_write, attempts, "Attempts made"),
    FIELD(mail_write, next_attempt_at, "When it is tried again"),
    FIELD(mail_write, give_up_at, "After this it has failed"),
    FIELD(mail_write, repeated, "The server may have it twice"),
    FIELD(mail_write, answer_code, "Refusal", .optional = true),
    FIELD(mail_write, answer, "Refusal"),
    FIELD(mail_write, at, "Now"),
    FIELD(mail_write, sent_at, "When it was taken"));

const struct query mail_insert = {
    .name = "mail_insert",
    .sql = "INSERT INTO mail (tenant_id, id, kind, language, person_id, to_address, to_name, subject, text, html, "
           "sealed, files, message_id, thread, state, next_attempt_at, give_up_at, created_at, updated_at) "
           "VALUES (:tenant_id, :id, :kind, :language, :person_id, :to_address, :to_name, :subject, :text, :html, "
           ":sealed, :files, :message_id, :thread, :state, :next_attempt_at, :give_up_at, :at, :at)",
    .args = &mail_write_shape,
};

/* That trying_at is still set from before says that an attempt was cut off: it may have succeeded. */
const struct query mail_begin_attempt = {
    .name = "mail_begin_attempt",
    .sql = "UPDATE mail SET repeated = repeated OR trying_at IS NOT NULL, trying_at = :at, updated_at = :at, "
           "version = version + 1 WHERE id = :id",
    .args = &mail_write_shape,
};

const struct query mail_end_attempt = {
    .name = "mail_end_attempt",
    .sql = "UPDATE mail SET state = :state, attempts = :attempts, next_attempt_at = :next_attempt_at, "
           "sent_at = :sent_at, repeated = repeated OR :repeated, answer_code = :answer_code, answer = :answer, "
           "trying_at = NULL, sealed = CASE WHEN :state = 'sent' THEN NULL ELSE sealed END, updated_at = :at, "
           "version = version + 1 WHERE id = :id",
    .args = &mail_write_shape,
};

const struct query mail_set_kept = {
    .name = "mail_set_kept",
    .sql = "UPDATE mail SET state = 'kept', next_attempt_at = NULL, trying_at = NULL, updated_at = :at, "
           "version = version + 1 WHERE id = :id",
    .args = &mail_write_shape,
};

const struct query mail_queue_again = {
    .name = "mail_queue_again",
    .sql = "UPDATE mail SET state = 'queued', attempts = 0, next_attempt_at = :next_attempt_at, "
           "give_up_at = :give_up_at, updated_at = :at, version = version + 1 "
           "WHERE id = :id AND state IN ('failed', 'kept')",
    .args = &mail_write_shape,
};

static const struct shape mail_counts_shape = SHAPE(mail_counts,
    FIELD(mail_counts, queued, "Waiting"),
    FIELD(mail_counts, late, "Waiting for too long"),
    FIELD(mail_counts, failed, "Refused for good"),
    FIELD(mail_counts, kept, "Kept because no mail server is configured"),
    FIELD(mail_counts, sent, "Taken by the mail server since"),
    FIELD(mail_counts, oldest_at, "The oldest that waits"),
    FIELD(mail_counts, last_answer, "The mail server's last refusal"));

static const struct shape mail_counts_args_shape = SHAPE(mail_counts_args,
    FIELD(mail_counts_args, late_before, "Written before this and still waiting is late"),
    FIELD(mail_counts_args, since, "From when sent mails count"));

const struct query mail_count = {
    .name = "mail_count",
    .sql = "SELECT * FROM mail_counts(:late_before, :since)",
    .args = &mail_counts_args_shape, .row = &mail_counts_shape,
};
