#include "model/handover.h"

const struct domain handover_state_domain = DOMAIN(handover_state, "waiting", "accepted");
const struct domain handover_kind_domain =
    DOMAIN(handover_kind, "due", "unanswered", "approval", "escalation", "call");

#define ITEM_FIELDS                                                                                              \
    FIELD(handover_item, kind, "Why it stands here", .of = &handover_kind_domain, .required = true),             \
    FIELD(handover_item, tenant_id, "Whose case"), FIELD(handover_item, ticket_id, "The case", .required = true), \
    FIELD(handover_item, reference, "As people say it on the phone", .required = true),                          \
    FIELD(handover_item, subject, "In one line"), FIELD(handover_item, tenant_name, "The customer"),             \
    FIELD(handover_item, severity, "How grave", .of = &severity_domain),                                         \
    FIELD(handover_item, assignee_name, "The engineer in charge"),                                               \
    FIELD(handover_item, metric, "Which promise is due", .of = &promise_metric_domain),                          \
    FIELD(handover_item, due_at, "When it is due"), FIELD(handover_item, since_at, "Since when it waits"),       \
    FIELD(handover_item, detail, "What else there is to know"), FIELD(handover_item, position, "Place in its list")
const struct shape handover_item_shape = SHAPE(handover_item, ITEM_FIELDS);
static const struct shape item_row = SHAPE(handover_item, ITEM_FIELDS,
    FIELD(handover_item, id, "Identity"), FIELD(handover_item, handover_tenant_id, "The provider"),
    FIELD(handover_item, handover_id, "The pack"));

#define PACK_FIELDS                                                                                          \
    FIELD(handover, id, "Identity", .required = true),                                                       \
    FIELD(handover, written_by_id, "Who wrote it"),                                                          \
    FIELD(handover, written_by, "Who wrote it, by name", .search = true, .required = true),                  \
    FIELD(handover, written_at, "When", .sort = true, .filter = true, .required = true),                     \
    FIELD(handover, notes, "What the leaving shift has to say", .search = true),                             \
    FIELD(handover, state, "How it stands", .of = &handover_state_domain, .filter = true, .required = true), \
    FIELD(handover, accepted_by_id, "Who took it over"),                                                     \
    FIELD(handover, accepted_by, "Who took it over, by name", .search = true),                               \
    FIELD(handover, accepted_at, "When", .sort = true), FIELD(handover, remarks, "What they said to it"),    \
    FIELD(handover, due_count, "Clocks that were due"),                                                      \
    FIELD(handover, unanswered_count, "Customers who waited for a word"),                                    \
    FIELD(handover, version, "Grows with each change"),                                                      \
    FIELD(handover, can, "Verbs the caller may use on it", .required = true)
const struct shape handover_list_shape = SHAPE(handover, PACK_FIELDS);
const struct shape handover_shape =
    SHAPE(handover, PACK_FIELDS, FIELD(handover, items, "Its lines", .items = &handover_item_shape));

#define ISO(column) "to_char(" column " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
#define PACK_COLUMNS                                                                                            \
    "SELECT h.id, h.written_by_id, h.written_by, h.written_at, h.notes, h.state, h.accepted_by_id,"             \
    "       h.accepted_by, h.accepted_at, h.remarks, i.due_count, i.unanswered_count, h.version,"               \
    "       CASE WHEN h.state = 'waiting' AND grant_rank((SELECT yagura_grants()), 'tickets') >= 2"             \
    "            THEN ARRAY['accept'] ELSE '{}' END::text[] AS can"
#define PACK_FROM                                                                                               \
    "  FROM handover h CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE x.kind = 'due') AS due_count,"         \
    "       count(*) FILTER (WHERE x.kind = 'unanswered') AS unanswered_count"                                  \
    "      FROM handover_item x WHERE x.handover_tenant_id = h.tenant_id AND x.handover_id = h.id) i"

const struct listing handover_listing = {
    .name = "handovers", .from = PACK_COLUMNS PACK_FROM, .row = &handover_list_shape, .key = "id",
    .sort = "-written_at",
};

const struct query handover_by_id = {
    .name = "handover_by_id",
    .sql = PACK_COLUMNS ", (SELECT jsonb_agg(jsonb_build_object('kind', x.kind, 'tenant_id', x.tenant_id,"
                        "    'ticket_id', x.ticket_id, 'reference', x.reference, 'subject', x.subject,"
                        "    'tenant_name', x.tenant_name, 'severity', x.severity, 'assignee_name', x.assignee_name,"
                        "    'metric', x.metric, 'due_at', " ISO("x.due_at") ", 'since_at', " ISO("x.since_at") ","
                        "    'detail', x.detail, 'position', x.position) ORDER BY x.position, x.id)"
                        "  FROM handover_item x WHERE x.handover_tenant_id = h.tenant_id AND x.handover_id = h.id)"
                        " AS items" PACK_FROM " WHERE h.id = :id",
    .args = &id_args_shape, .row = &handover_shape,
};

static const struct shape pack_args = SHAPE(handover,
    FIELD(handover, tenant_id, "The provider"), FIELD(handover, id, "Identity"),
    FIELD(handover, written_by_id, "Who"), FIELD(handover, written_by, "Who, by name"),
    FIELD(handover, written_at, "When"), FIELD(handover, notes, "What they say"),
    FIELD(handover, accepted_by_id, "Who takes it"), FIELD(handover, accepted_by, "Who, by name"),
    FIELD(handover, accepted_at, "When"), FIELD(handover, remarks, "What they say to it"));

const struct query handover_insert = {
    .name = "handover_insert",
    .sql = "INSERT INTO handover (tenant_id, id, written_by_id, written_by, written_at, notes, state)"
           " VALUES (:tenant_id, :id, :written_by_id, :written_by, :written_at, :notes, 'waiting')",
    .args = &pack_args,
};
const struct query handover_item_insert = {
    .name = "handover_item_insert",
    .sql = "INSERT INTO handover_item (tenant_id, id, handover_tenant_id, handover_id, kind, ticket_id, reference,"
           "    subject, tenant_name, severity, assignee_name, metric, due_at, since_at, detail, position)"
           " VALUES (:tenant_id, :id, :handover_tenant_id, :handover_id, :kind, :ticket_id, :reference, :subject,"
           "    :tenant_name, :severity, :assignee_name, :metric, :due_at, :since_at, :detail, :position)",
    .args = &item_row,
};
const struct query handover_accept = {
    .name = "handover_accept",
    .sql = "UPDATE handover SET state = 'accepted', accepted_by_id = :accepted_by_id, accepted_by = :accepted_by,"
           "    accepted_at = :accepted_at, remarks = :remarks, version = version + 1"
           " WHERE id = :id AND state = 'waiting' RETURNING id",
    .args = &pack_args, .row = &id_args_shape,
};

/* ---- the pack of this moment ---- */

static const struct shape now_args = SHAPE(handover_now_args,
    FIELD(handover_now_args, at, "Now"), FIELD(handover_now_args, until, "What is due until then counts"));

#define CASE_COLUMNS \
    "t.tenant_id, t.id AS ticket_id, c.short_code || '-' || t.number AS reference, t.subject, c.name AS tenant_name," \
    " t.severity, t.assignee_name"
#define CASE_FROM " FROM ticket t JOIN tenant c ON c.id = t.tenant_id"

const struct query handover_now = {
    .name = "handover_now",
    .sql = "SELECT kind, tenant_id, ticket_id, reference, subject, tenant_name, severity, assignee_name, metric,"
           "       due_at, since_at, detail, row_number() OVER (ORDER BY rank, coalesce(due_at, since_at), reference)"
           "         AS position FROM ("
           "  (SELECT 1 AS rank, 'due' AS kind, " CASE_COLUMNS ", t.due_metric AS metric, t.due_at,"
           "          NULL::timestamptz AS since_at, NULL::text AS detail" CASE_FROM
           "    WHERE t.due_at <= :until ORDER BY t.due_at LIMIT 200)"
           "  UNION ALL"
           "  (SELECT 2, 'unanswered', " CASE_COLUMNS ", NULL, NULL, coalesce(t.last_post_at, t.opened_at), NULL"
           CASE_FROM " WHERE t.status NOT IN ('resolved', 'closed', 'declined') AND t.awaits = 'provider'"
           "    ORDER BY coalesce(t.last_post_at, t.opened_at) LIMIT 200)"
           "  UNION ALL" /* what the customer, or a second engineer, has to approve */
           "  (SELECT 3, 'approval', " CASE_COLUMNS ", NULL, NULL, d.created_at, d.title"
           "     FROM ticket_document d JOIN ticket t ON t.tenant_id = d.tenant_id AND t.id = d.ticket_id"
           "     JOIN tenant c ON c.id = t.tenant_id WHERE d.state = 'open' ORDER BY d.created_at LIMIT 100)"
           "  UNION ALL"
           "  (SELECT 3, 'approval', " CASE_COLUMNS ", NULL, NULL, w.wished_at, w.wished_by_name || ': ' || w.reason"
           "     FROM severity_wish w JOIN ticket t ON t.tenant_id = w.tenant_id AND t.id = w.ticket_id"
           "     JOIN tenant c ON c.id = t.tenant_id WHERE w.outcome = 'open' ORDER BY w.wished_at LIMIT 100)"
           "  UNION ALL"
           "  (SELECT 4, 'escalation', " CASE_COLUMNS ", e.metric, t.due_at, e.raised_at, e.mark || '%'"
           "     FROM escalation e JOIN ticket t ON t.tenant_id = e.tenant_id AND t.id = e.ticket_id"
           "     JOIN tenant c ON c.id = t.tenant_id WHERE e.state = 'walking' ORDER BY e.raised_at LIMIT 100)"
           "  UNION ALL"
           "  (SELECT 5, 'call', " CASE_COLUMNS ", NULL, NULL, k.created_at, k.reason"
           "     FROM call_task k JOIN ticket t ON t.tenant_id = k.tenant_id AND t.id = k.ticket_id"
           "     JOIN tenant c ON c.id = t.tenant_id WHERE k.state = 'open' ORDER BY k.created_at LIMIT 100)) x"
           " ORDER BY position",
    .args = &now_args, .row = &handover_item_shape,
};
