#include "model/ticket_brief.h"

static const struct shape brief_shape = SHAPE(ticket_brief,
    FIELD(ticket_brief, id, "Identity"), FIELD(ticket_brief, tenant_id, "Whose"),
    FIELD(ticket_brief, reference, "AOBA-42"), FIELD(ticket_brief, subject, "In one line"),
    FIELD(ticket_brief, status, "Where it stands", .of = &ticket_status_domain),
    FIELD(ticket_brief, severity, "How grave", .of = &severity_domain),
    FIELD(ticket_brief, assignee_id, "In charge"), FIELD(ticket_brief, assignee_name, "In charge, by name"),
    FIELD(ticket_brief, cycle, "Which life"));

const struct query ticket_brief_by_id = {
    .name = "ticket_brief_by_id",
    .sql = "SELECT t.id, t.tenant_id, c.short_code || '-' || t.number AS reference, t.subject, t.status, t.severity,"
           "       t.assignee_id, t.assignee_name, t.cycle"
           "  FROM ticket t JOIN tenant c ON c.id = t.tenant_id WHERE t.id = :id",
    .args = &id_args_shape, .row = &brief_shape,
};

static const struct shape question_shape = SHAPE(open_question,
    FIELD(open_question, id, "Identity"), FIELD(open_question, ticket_id, "Of which case"),
    FIELD(open_question, body, "What was asked"), FIELD(open_question, created_at, "When"));

const struct query open_question_by_id = {
    .name = "open_question_by_id",
    .sql = "SELECT p.id, p.ticket_id, p.body, p.created_at"
           "  FROM ticket_post p JOIN ticket t ON t.tenant_id = p.tenant_id AND t.id = p.ticket_id"
           " WHERE p.id = :id AND p.kind = 'question' AND p.visibility = 'customer' AND p.answered_at IS NULL"
           "   AND t.status = 'waiting_customer'",
    .args = &id_args_shape, .row = &question_shape,
};
