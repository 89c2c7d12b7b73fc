#include "model/call_task.h"

#include "core/base/language.h"

const struct domain call_state_domain = DOMAIN(call_state, "open", "reached", "ended");
const struct domain call_outcome_domain = DOMAIN(call_outcome, "reached", "no_answer", "left_message");

const struct shape call_attempt_shape = SHAPE(call_attempt,
    FIELD(call_attempt, id, "Identity"), FIELD(call_attempt, tenant_id, "Whose"),
    FIELD(call_attempt, call_task_id, "Which task"), FIELD(call_attempt, contact_id, "Whom"),
    FIELD(call_attempt, contact_name, "Whom, by name", .required = true), FIELD(call_attempt, phone, "The number"),
    FIELD(call_attempt, outcome, "What came of it", .of = &call_outcome_domain, .required = true),
    FIELD(call_attempt, note, "What was said"), FIELD(call_attempt, made_by, "Who called", .required = true),
    FIELD(call_attempt, at, "When", .required = true));

static const struct shape call_contact_shape = SHAPE(call_contact,
    FIELD(call_contact, contact_id, "The contact", .required = true),
    FIELD(call_contact, name, "Name", .required = true), FIELD(call_contact, phone, "Number to call first"),
    FIELD(call_contact, phone_second, "Number to call next"),
    FIELD(call_contact, languages, "Spoken", .of = &language_domain), FIELD(call_contact, hours, "When, in words"),
    FIELD(call_contact, note, "What the caller should know"),
    FIELD(call_contact, tried, "What came of the last attempt", .of = &call_outcome_domain));

const struct shape call_task_shape = SHAPE(call_task,
    FIELD(call_task, id, "Identity", .required = true),
    FIELD(call_task, tenant_id, "The customer", .filter = true, .required = true),
    FIELD(call_task, ticket_id, "The case", .filter = true, .required = true),
    FIELD(call_task, tenant_name, "The customer's name"), FIELD(call_task, reference, "The case's number"),
    FIELD(call_task, subject, "The case in one line"),
    FIELD(call_task, reason, "Why somebody is called", .required = true),
    FIELD(call_task, state, "How it stands", .of = &call_state_domain, .filter = true, .required = true),
    FIELD(call_task, asked_by, "Who asked for it", .required = true),
    FIELD(call_task, created_at, "When", .sort = true, .required = true),
    FIELD(call_task, ended_by, "Who ended it"), FIELD(call_task, end_note, "Why it ended"),
    FIELD(call_task, ended_at, "When it ended", .sort = true),
    FIELD(call_task, attempts, "Every call, oldest first", .items = &call_attempt_shape),
    FIELD(call_task, contacts, "Whom to call, in order", .items = &call_contact_shape),
    FIELD(call_task, next_contact_id, "Whom to call next; absent when everybody was tried"),
    FIELD(call_task, version, "Grows with each change"));

#define LAST_TRY                                                                                                \
    "(SELECT a.outcome FROM call_attempt a WHERE a.tenant_id = k.tenant_id AND a.call_task_id = k.id"           \
    "    AND a.contact_id = s.id ORDER BY a.at DESC, a.id DESC LIMIT 1)"

#define CALL_TASK_SELECT                                                                                        \
    "SELECT k.id, k.tenant_id, k.ticket_id, c.name AS tenant_name, c.short_code || '-' || t.number AS reference," \
    "       t.subject, k.reason, k.state, k.asked_by, k.created_at, k.ended_by, k.end_note, k.ended_at,"        \
    "       (SELECT jsonb_agg(jsonb_build_object('id', a.id, 'contact_id', a.contact_id, 'contact_name',"       \
    "            a.contact_name, 'phone', a.phone, 'outcome', a.outcome, 'note', a.note, 'made_by', a.made_by," \
    "            'at', to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')) ORDER BY a.at, a.id)" \
    "          FROM call_attempt a WHERE a.tenant_id = k.tenant_id AND a.call_task_id = k.id) AS attempts,"     \
    "       (SELECT jsonb_agg(jsonb_build_object('contact_id', s.id, 'name', p.name, 'phone', s.phone,"         \
    "            'phone_second', s.phone_second, 'languages', s.languages, 'hours', s.hours, 'note', s.note,"   \
    "            'tried', " LAST_TRY ") ORDER BY s.call_order, s.id)"                                           \
    "          FROM service_contact s JOIN person p ON p.tenant_id = s.tenant_id AND p.id = s.person_id"        \
    "         WHERE s.tenant_id = k.tenant_id AND k.state = 'open') AS contacts,"                               \
    "       (SELECT s.id FROM service_contact s WHERE s.tenant_id = k.tenant_id AND k.state = 'open'"           \
    "           AND " LAST_TRY " IS NULL ORDER BY s.call_order, s.id LIMIT 1) AS next_contact_id, k.version"    \
    "  FROM call_task k JOIN ticket t ON t.tenant_id = k.tenant_id AND t.id = k.ticket_id"                      \
    "  JOIN tenant c ON c.id = k.tenant_id"

const struct listing call_task_listing = {
    .name = "call_tasks", .from = CALL_TASK_SELECT, .row = &call_task_shape, .key = "id", .sort = "-created_at",
};
const struct query call_task_by_id = {
    .name = "call_task_by_id", .sql = CALL_TASK_SELECT " WHERE k.id = :id",
    .args = &id_args_shape, .row = &call_task_shape,
};
const struct query call_task_insert = {
    .name = "call_task_insert",
    .sql = "INSERT INTO call_task (tenant_id, id, ticket_id, reason, state, asked_by, created_at)"
           " VALUES (:tenant_id, :id, :ticket_id, :reason, 'open', :asked_by, :created_at)",
    .args = &call_task_shape,
};
const struct query call_task_end = {
    .name = "call_task_end",
    .sql = "UPDATE call_task SET state = :state, ended_by = :ended_by, ended_at = :ended_at, end_note = :end_note,"
           "    version = version + 1 WHERE id = :id AND state = 'open' RETURNING id",
    .args = &call_task_shape, .row = &id_args_shape,
};
const struct query call_attempt_insert = {
    .name = "call_attempt_insert",
    .sql = "INSERT INTO call_attempt (tenant_id, id, call_task_id, contact_id, contact_name, phone, outcome, note,"
           "    made_by, at)"
           " VALUES (:tenant_id, :id, :call_task_id, :contact_id, :contact_name, :phone, :outcome, :note, :made_by,"
           "    :at)",
    .args = &call_attempt_shape,
};
