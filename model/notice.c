#include "model/notice.h"

const struct domain notice_kind_domain = DOMAIN(notice_kind, "mention", "assigned", "ticket_new", "ticket_received",
    "message", "note", "question", "reminder", "severity", "resolved", "closed", "declined", "reopened", "escalation",
    "dispute", "attachment", "upload", "document", "document_done", "handover", "call", "drill", "webhook",
    "second", "dispute_decided", "incident_new", "incident_urgent", "incident_assigned", "incident_told",
    "incident_comment", "exclusion_waiting", "exclusion_ended");
const struct domain notice_way_domain = DOMAIN(notice_way, "portal", "mail", "off");

const struct shape notice_row_shape = SHAPE(notice_row,
    FIELD(notice_row, id, "Identity", .required = true),
    FIELD(notice_row, kind, "What kind of news it is", .of = &notice_kind_domain, .filter = true, .required = true),
    FIELD(notice_row, title, "What happened, in the reader's language", .search = true, .required = true),
    FIELD(notice_row, body, "The beginning of what was written, when something was", .search = true),
    FIELD(notice_row, path, "The page of the portal it leads to", .required = true),
    FIELD(notice_row, about_tenant_id, "Which customer it concerns", .filter = true, .required = true),
    FIELD(notice_row, about_tenant_name, "Their name"),
    FIELD(notice_row, ticket_id, "Which case it concerns", .filter = true),
    FIELD(notice_row, created_at, "When", .sort = true, .filter = true, .required = true),
    FIELD(notice_row, read_at, "When it was read; absent: unread", .filter = true));

const struct listing notice_listing = {
    .name = "notices",
    .from = "SELECT n.id, n.kind,"
            "       CASE current_setting('yagura.language', true) WHEN 'en' THEN n.title_en ELSE n.title_ja END"
            "       AS title, n.body, n.path, n.about_tenant_id, t.name AS about_tenant_name, n.ticket_id,"
            "       n.created_at, n.read_at"
            "  FROM notice n LEFT JOIN tenant t ON t.id = n.about_tenant_id",
    .row = &notice_row_shape, .key = "id", .sort = "-created_at",
};

static const struct shape tell_shape = SHAPE(notice_tell_args,
    FIELD(notice_tell_args, tenant_id, "Whom it concerns"), FIELD(notice_tell_args, ticket_id, "Which case"),
    FIELD(notice_tell_args, author_id, "Who did it, and is not told"), FIELD(notice_tell_args, to, "Who is told"),
    FIELD(notice_tell_args, kind, "What kind", .of = &notice_kind_domain),
    FIELD(notice_tell_args, internal, "For the provider's people alone"),
    FIELD(notice_tell_args, fixed, "Cannot be switched off"),
    FIELD(notice_tell_args, way_provider, "Without a preference", .of = &notice_way_domain),
    FIELD(notice_tell_args, way_customer, "Without a preference", .of = &notice_way_domain),
    FIELD(notice_tell_args, title_en, "In English"), FIELD(notice_tell_args, title_ja, "In Japanese"),
    FIELD(notice_tell_args, body, "Words"), FIELD(notice_tell_args, path, "Page"), FIELD(notice_tell_args, at, "When"));
static const struct shape told_shape = SHAPE(notice_told,
    FIELD(notice_told, person_id, "Who"), FIELD(notice_told, person_name, "Name"),
    FIELD(notice_told, mail, "By mail, too"));

const struct query notice_tell_query = {
    .name = "notice_tell",
    .sql = "SELECT person_id, person_name, mail FROM notice_tell(:tenant_id, :ticket_id, coalesce(:to, '{}'),"
           " :author_id, :kind, :internal, :way_provider, :way_customer, :fixed, :title_en, :title_ja, :body, :path,"
           " :at)",
    .args = &tell_shape, .row = &told_shape,
};

static const struct shape mail_args_shape = SHAPE(notice_mail_args,
    FIELD(notice_mail_args, tenant_id, "Whom it concerns"), FIELD(notice_mail_args, ticket_id, "Which case"),
    FIELD(notice_mail_args, at, "When"));
static const struct shape letter_shape = SHAPE(notice_letter,
    FIELD(notice_letter, person_id, "To whom"), FIELD(notice_letter, person_name, "Name"),
    FIELD(notice_letter, email, "Address"), FIELD(notice_letter, language, "Language", .of = &language_domain),
    FIELD(notice_letter, time_zone, "Time zone"), FIELD(notice_letter, is_provider, "One of the provider's"),
    FIELD(notice_letter, kind, "What kind", .of = &notice_kind_domain),
    FIELD(notice_letter, title_en, "In English"), FIELD(notice_letter, title_ja, "In Japanese"),
    FIELD(notice_letter, body, "Words"), FIELD(notice_letter, path, "Page"),
    FIELD(notice_letter, created_at, "When"));

const struct query notice_take_mails = {
    .name = "notice_take_mails",
    .sql = "SELECT person_id, person_name, email, language, time_zone, is_provider, kind, title_en, title_ja, body,"
           " path, created_at FROM notice_take_mails(:tenant_id, :ticket_id, :at)",
    .args = &mail_args_shape, .row = &letter_shape,
};

static const struct shape read_args_shape = SHAPE(notice_read_args,
    FIELD(notice_read_args, id, "Which; all when absent"), FIELD(notice_read_args, at, "When"));
const struct query notice_mark_read = {
    .name = "notice_mark_read",
    .sql = "UPDATE notice SET read_at = :at WHERE read_at IS NULL AND (:id IS NULL OR id = :id)",
    .args = &read_args_shape,
};

const struct shape notice_count_shape = SHAPE(notice_count,
    FIELD(notice_count, unread, "How many were not read yet", .required = true));
const struct query notice_unread = {
    .name = "notice_unread", .sql = "SELECT count(*) AS unread FROM notice WHERE read_at IS NULL",
    .row = &notice_count_shape,
};

static const struct shape preference_shape = SHAPE(notice_preference,
    FIELD(notice_preference, kind, "What kind", .of = &notice_kind_domain),
    FIELD(notice_preference, way, "How", .of = &notice_way_domain));
static const struct shape preference_args_shape = SHAPE(notice_preference_args,
    FIELD(notice_preference_args, kind, "What kind", .of = &notice_kind_domain),
    FIELD(notice_preference_args, way, "How", .of = &notice_way_domain));
const struct query notice_preferences_mine = {
    .name = "notice_preferences_mine", .sql = "SELECT kind, way FROM notice_preference", .row = &preference_shape,
};
const struct query notice_preference_set = {
    .name = "notice_preference_set",
    .sql = "INSERT INTO notice_preference (tenant_id, person_id, kind, way)"
           " VALUES (yagura_home(), yagura_person(), :kind, :way)"
           " ON CONFLICT (tenant_id, person_id, kind) DO UPDATE SET way = excluded.way",
    .args = &preference_args_shape,
};
const struct query notice_preference_clear = {
    .name = "notice_preference_clear", .sql = "DELETE FROM notice_preference WHERE kind = :kind",
    .args = &preference_args_shape,
};

const struct shape notice_setting_shape = SHAPE(notice_setting,
    FIELD(notice_setting, tenant_id, "Whose setting"),
    FIELD(notice_setting, words_in_mail, "Mails quote what was written; else they only say that there is something"),
    FIELD(notice_setting, reminder_days, "Business days after which an unanswered question reminds", .required = true),
    FIELD(notice_setting, mail_opens_cases, "A mail of a known person that belongs to no case opens one"),
    FIELD(notice_setting, mail_category_id, "Of which category; absent: the first inquiry of the contract that asks for"
          " nothing else"),
    FIELD(notice_setting, own, "Their own; otherwise the provider's, which holds for everybody without one"),
    FIELD(notice_setting, version, "Grows with each change"));
const struct query notice_setting_of = {
    .name = "notice_setting_of",
    .sql = "SELECT :id AS tenant_id, n.words_in_mail, to_jsonb(n.reminder_days) AS reminder_days,"
           "       n.mail_opens_cases, n.mail_category_id,"
           "       n.tenant_id = :id AS own, CASE WHEN n.tenant_id = :id THEN n.version ELSE 0 END AS version"
           "  FROM notice_setting n WHERE n.tenant_id IN (:id, '00000000-0000-7000-8000-000000000001')"
           " ORDER BY n.tenant_id = :id DESC LIMIT 1",
    .args = &id_args_shape, .row = &notice_setting_shape,
};

#define SETTING_WORDS                                                                                           \
    FIELD(notice_setting_args, words_in_mail, "Mails quote what was written"),                                  \
    FIELD(notice_setting_args, reminder_days, "Business days after which an unanswered question reminds: up to ten" \
          " growing numbers from 1 to 60; an empty list: never", .required = true),                               \
    FIELD(notice_setting_args, mail_opens_cases, "A mail of a known person that belongs to no case opens one"), \
    FIELD(notice_setting_args, mail_category_id, "Of which category; absent: the first inquiry of the contract")
const struct shape notice_setting_write_shape = SHAPE(notice_setting_args,
    FIELD(notice_setting_args, id, "Whose", .read_only = true),
    FIELD(notice_setting_args, version, "What the change is based on; 0: there was none", .read_only = true),
    SETTING_WORDS);
static const struct shape setting_args_shape = SHAPE(notice_setting_args,
    FIELD(notice_setting_args, id, "Whose"), FIELD(notice_setting_args, version, "Based on"),
    FIELD(notice_setting_args, at, "When"), SETTING_WORDS);
const struct query notice_setting_set = {
    .name = "notice_setting_set",
    .sql = "INSERT INTO notice_setting AS n (tenant_id, words_in_mail, reminder_days, mail_opens_cases,"
           "    mail_category_id, updated_at)"
           " SELECT :id, :words_in_mail, ARRAY(SELECT d::bigint FROM jsonb_array_elements_text(:reminder_days) d),"
           "    :mail_opens_cases, :mail_category_id, :at"
           " ON CONFLICT (tenant_id) DO UPDATE SET words_in_mail = excluded.words_in_mail,"
           "    reminder_days = excluded.reminder_days, mail_opens_cases = excluded.mail_opens_cases,"
           "    mail_category_id = excluded.mail_category_id, updated_at = :at, version = n.version + 1"
           " WHERE n.version = :version RETURNING tenant_id AS id",
    .args = &setting_args_shape, .row = &id_args_shape,
};

static const struct shape people_args_shape = SHAPE(notice_people_args,
    FIELD(notice_people_args, tenant_id, "Whose"), FIELD(notice_people_args, ticket_id, "Which case"),
    FIELD(notice_people_args, set, "Key of a permission set"));
static const struct shape person_shape = SHAPE(notice_person,
    FIELD(notice_person, person_id, "Who"), FIELD(notice_person, side, "provider or customer"));
static const struct shape holder_shape = SHAPE(notice_holder,
    FIELD(notice_holder, person_id, "Who"), FIELD(notice_holder, person_name, "Name"));
const struct query ticket_people = {
    .name = "ticket_people", .sql = "SELECT person_id, side FROM ticket_people(:tenant_id, :ticket_id)",
    .args = &people_args_shape, .row = &person_shape,
};
const struct query provider_holders = {
    .name = "provider_holders", .sql = "SELECT person_id, person_name FROM provider_holders(:tenant_id, :set)",
    .args = &people_args_shape, .row = &holder_shape,
};

const struct query tenant_holders = {
    .name = "tenant_holders", .sql = "SELECT person_id AS id FROM tenant_holders(:tenant_id, :set)",
    .args = &people_args_shape, .row = &id_args_shape,
};

static const struct shape sweep_shape = SHAPE(notice_read_args, FIELD(notice_read_args, at, "Now"));
const struct query notice_sweep = {
    .name = "notice_sweep", .sql = "SELECT notice_sweep(:at)", .args = &sweep_shape,
};
