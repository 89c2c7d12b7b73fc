#include "model/contact_drill.h"

const struct domain drill_outcome_domain = DOMAIN(drill_outcome, "reached", "failed");
const struct domain drill_way_domain = DOMAIN(drill_way, "mail", "call");
const struct domain drill_standing_domain = DOMAIN(drill_standing, "runs", "overdue", "finished");

#define LINE_FIELDS                                                                                               \
    FIELD(drill_line, id, "Identity", .required = true), FIELD(drill_line, contact_id, "The contact"),            \
    FIELD(drill_line, name, "Name", .required = true), FIELD(drill_line, email, "Where the mail went"),           \
    FIELD(drill_line, phone, "The number"), FIELD(drill_line, call_order, "Place in the order of calls"),         \
    FIELD(drill_line, mailed_at, "When the mail was written"),                                                    \
    FIELD(drill_line, outcome, "What came of it; absent: not known yet", .of = &drill_outcome_domain),            \
    FIELD(drill_line, way, "By mail or by call", .of = &drill_way_domain), FIELD(drill_line, at, "When"),         \
    FIELD(drill_line, made_by, "Who called"), FIELD(drill_line, note, "What was found")
const struct shape drill_line_shape = SHAPE(drill_line, LINE_FIELDS);

const struct shape contact_drill_shape = SHAPE(contact_drill,
    FIELD(contact_drill, id, "Identity", .required = true),
    FIELD(contact_drill, tenant_id, "The customer", .filter = true, .required = true),
    FIELD(contact_drill, tenant_name, "The customer's name", .sort = true, .search = true),
    FIELD(contact_drill, quarter, "Which quarter", .filter = true, .sort = true, .required = true),
    FIELD(contact_drill, started_at, "When it began", .sort = true, .required = true),
    FIELD(contact_drill, due_at, "Until when it should be finished", .sort = true, .required = true),
    FIELD(contact_drill, finished_at, "When of everybody it was known", .sort = true),
    FIELD(contact_drill, standing, "How it stands", .of = &drill_standing_domain, .filter = true, .required = true),
    FIELD(contact_drill, contacts, "How many are tried"), FIELD(contact_drill, reached, "How many were reached"),
    FIELD(contact_drill, failed, "How many cannot be reached as they are registered"),
    FIELD(contact_drill, lines, "One by one", .items = &drill_line_shape),
    FIELD(contact_drill, version, "Grows with each change"));

#define ISO(column) "to_char(" column " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
#define DRILL_SELECT                                                                                              \
    "SELECT d.id, d.tenant_id, t.name AS tenant_name, d.quarter, d.started_at, d.due_at, d.finished_at,"          \
    "       CASE WHEN d.finished_at IS NOT NULL THEN 'finished' WHEN d.due_at < yagura_at() THEN 'overdue'"       \
    "            ELSE 'runs' END AS standing,"                                                                    \
    "       l.contacts, l.reached, l.failed, l.lines, d.version"                                                  \
    "  FROM contact_drill d JOIN tenant t ON t.id = d.tenant_id"                                                  \
    "  CROSS JOIN LATERAL (SELECT count(*) AS contacts, count(*) FILTER (WHERE x.outcome = 'reached') AS reached,"  \
    "       count(*) FILTER (WHERE x.outcome = 'failed') AS failed,"                                              \
    "       jsonb_agg(jsonb_build_object('id', x.id, 'contact_id', x.contact_id, 'name', x.name, 'email', x.email," \
    "           'phone', x.phone, 'call_order', x.call_order, 'mailed_at', " ISO("x.mailed_at") ","               \
    "           'outcome', x.outcome, 'way', x.way, 'at', " ISO("x.at") ", 'made_by', x.made_by,"                 \
    "           'note', x.note) ORDER BY x.call_order, x.id) AS lines"                                            \
    "      FROM contact_drill_line x WHERE x.tenant_id = d.tenant_id AND x.drill_id = d.id) l"

const struct listing contact_drill_listing = {
    .name = "contact_drills", .from = DRILL_SELECT, .row = &contact_drill_shape, .key = "id", .sort = "-quarter",
};
const struct query contact_drill_by_id = {
    .name = "contact_drill_by_id", .sql = DRILL_SELECT " WHERE d.id = :id",
    .args = &id_args_shape, .row = &contact_drill_shape,
};
const struct query contact_drill_insert = {
    .name = "contact_drill_insert",
    .sql = "INSERT INTO contact_drill (tenant_id, id, quarter, started_at, due_at)"
           " VALUES (:tenant_id, :id, :quarter, :started_at, :due_at) ON CONFLICT DO NOTHING",
    .args = &contact_drill_shape,
};

static const struct shape line_row = SHAPE(drill_line, LINE_FIELDS,
    FIELD(drill_line, tenant_id, "The customer"), FIELD(drill_line, drill_id, "The drill"),
    FIELD(drill_line, token_hash, "Of the link"));
const struct query drill_line_insert = {
    .name = "drill_line_insert",
    .sql = "INSERT INTO contact_drill_line (tenant_id, id, drill_id, contact_id, name, email, phone, call_order,"
           "    token_hash, mailed_at)"
           " VALUES (:tenant_id, :id, :drill_id, :contact_id, :name, :email, :phone, :call_order, :token_hash,"
           "    :mailed_at)",
    .args = &line_row,
};

/* The registered contacts as they are now, with the language their mail is written in. */
static const struct shape contact_row = SHAPE(drill_line,
    FIELD(drill_line, contact_id, "The contact"), FIELD(drill_line, name, "Name"), FIELD(drill_line, email, "Mail"),
    FIELD(drill_line, phone, "Number"), FIELD(drill_line, call_order, "Place"),
    FIELD(drill_line, language, "Language", .of = &language_domain), FIELD(drill_line, time_zone, "Zone"));
const struct query drill_contacts = {
    .name = "drill_contacts",
    .sql = "SELECT c.id AS contact_id, p.name, p.email, c.phone, c.call_order::bigint, p.language, p.time_zone"
           "  FROM service_contact c JOIN person p ON p.tenant_id = c.tenant_id AND p.id = c.person_id"
           " WHERE c.tenant_id = :id ORDER BY c.call_order, c.id LIMIT 200",
    .args = &id_args_shape, .row = &contact_row,
};

static const struct shape call_shape = SHAPE(drill_call,
    FIELD(drill_call, id, "The drill"), FIELD(drill_call, line_id, "Whom"),
    FIELD(drill_call, outcome, "What came of it", .of = &drill_outcome_domain), FIELD(drill_call, note, "Note"),
    FIELD(drill_call, made_by, "Who called"), FIELD(drill_call, at, "When"));
const struct query drill_line_call = {
    .name = "drill_line_call",
    .sql = "UPDATE contact_drill_line SET outcome = :outcome, way = 'call', at = :at, made_by = :made_by, note = :note"
           " WHERE id = :line_id AND drill_id = :id RETURNING id",
    .args = &call_shape, .row = &id_args_shape,
};

static const struct shape settle_shape = SHAPE(drill_settle_args,
    FIELD(drill_settle_args, tenant_id, "The customer"), FIELD(drill_settle_args, id, "The drill"),
    FIELD(drill_settle_args, at, "When"));
const struct query contact_drill_settle = {
    .name = "contact_drill_settle", .sql = "SELECT contact_drill_settle(:tenant_id, :id, :at)", .args = &settle_shape,
};

static const struct shape answer_args = SHAPE(drill_answer_args,
    FIELD(drill_answer_args, token_hash, "Of the link"), FIELD(drill_answer_args, at, "When"));
static const struct shape answer_row = SHAPE(drill_answer,
    FIELD(drill_answer, tenant_id, "The customer"), FIELD(drill_answer, drill_id, "The drill"),
    FIELD(drill_answer, line_id, "The line"), FIELD(drill_answer, name, "Who"),
    FIELD(drill_answer, tenant_name, "The customer's name"), FIELD(drill_answer, answered_at, "When"));
const struct query contact_drill_answer = {
    .name = "contact_drill_answer",
    .sql = "SELECT tenant_id, drill_id, line_id, name, tenant_name, answered_at"
           "  FROM contact_drill_answer(:token_hash, :at)",
    .args = &answer_args, .row = &answer_row,
};

static const struct shape customer_shape = SHAPE(drill_customer,
    FIELD(drill_customer, name, "Name"), FIELD(drill_customer, time_zone, "Zone"));
const struct query drill_customer = {
    .name = "drill_customer", .sql = "SELECT name, time_zone FROM tenant WHERE id = :id AND kind = 'customer'",
    .args = &id_args_shape, .row = &customer_shape,
};

/* ---- for the job ---- */

static const struct shape at_shape = SHAPE(drill_at_args, FIELD(drill_at_args, at, "Now"));
static const struct shape start_shape = SHAPE(drill_start_row,
    FIELD(drill_start_row, tenant_id, "The customer"), FIELD(drill_start_row, quarter, "The quarter there"));
const struct query drills_to_start = {
    .name = "drills_to_start",
    .sql = "SELECT t.id AS tenant_id, q.quarter FROM tenant t,"
           "    LATERAL (SELECT to_char(:at AT TIME ZONE t.time_zone, 'YYYY\"-Q\"Q') AS quarter) q"
           " WHERE t.kind = 'customer' AND t.status = 'active'"
           "   AND EXISTS (SELECT FROM service_contact c WHERE c.tenant_id = t.id)"
           "   AND NOT EXISTS (SELECT FROM contact_drill d WHERE d.tenant_id = t.id AND d.quarter = q.quarter)"
           " LIMIT 50",
    .args = &at_shape, .row = &start_shape,
};
const struct query contact_drill_of_quarter = {
    .name = "contact_drill_of_quarter",
    .sql = "SELECT id FROM contact_drill WHERE tenant_id = :tenant_id AND quarter = :quarter",
    .args = &start_shape, .row = &id_args_shape,
};
static const struct shape overdue_shape = SHAPE(drill_overdue_row,
    FIELD(drill_overdue_row, tenant_id, "The customer"), FIELD(drill_overdue_row, id, "The drill"),
    FIELD(drill_overdue_row, tenant_name, "The customer's name"), FIELD(drill_overdue_row, quarter, "The quarter"));
const struct query drills_overdue = {
    .name = "drills_overdue",
    .sql = "UPDATE contact_drill d SET overdue_told_at = :at FROM tenant t"
           " WHERE t.id = d.tenant_id AND d.due_at < :at AND d.finished_at IS NULL AND d.overdue_told_at IS NULL"
           " RETURNING d.tenant_id, d.id, t.name AS tenant_name, d.quarter",
    .args = &at_shape, .row = &overdue_shape,
};
