/* What sending asks of the database. */
#include "model/webhook.h"

static const struct shape hold_shape = SHAPE(webhook_hold,
    FIELD(webhook_hold, id, "Which"), FIELD(webhook_hold, tenant_id, "Whose"), FIELD(webhook_hold, name, "Name"),
    FIELD(webhook_hold, url, "Where to"), FIELD(webhook_hold, state, "State", .of = &webhook_state_domain),
    FIELD(webhook_hold, secret, "Sealed"), FIELD(webhook_hold, old_secret, "Sealed"),
    FIELD(webhook_hold, old_until, "Until when"), FIELD(webhook_hold, busy, "Another job is at it"));
static const struct shape hold_args = SHAPE(webhook_hold_args,
    FIELD(webhook_hold_args, id, "Which"), FIELD(webhook_hold_args, job_id, "Who asks"));

/* A job that died for good holds nothing. */
const struct query webhook_lock = {
    .name = "webhook_lock",
    .sql = "SELECT w.id, w.tenant_id, w.name, w.url, w.state, w.secret, w.old_secret, w.old_until,"
           "       w.sending_job IS DISTINCT FROM :job_id AND EXISTS (SELECT FROM job j WHERE j.id = w.sending_job"
           "         AND j.state IN ('ready', 'acting')) AS busy"
           "  FROM webhook w WHERE w.id = :id FOR UPDATE",
    .args = &hold_args, .row = &hold_shape,
};
const struct query webhook_take = {
    .name = "webhook_take", .sql = "UPDATE webhook SET sending_job = :job_id WHERE id = :id", .args = &hold_args,
};
const struct query webhook_release = {
    .name = "webhook_release", .sql = "UPDATE webhook SET sending_job = NULL WHERE id = :id", .args = &id_args_shape,
};

/* A test is sent whatever stands before it, also by an endpoint that rests. */
static const struct shape head_shape = SHAPE(delivery_head,
    FIELD(delivery_head, id, "Which"), FIELD(delivery_head, object_id, "About what"),
    FIELD(delivery_head, replay_of, "The first one"), FIELD(delivery_head, event, "What happened"),
    FIELD(delivery_head, body, "As it was sent before"), FIELD(delivery_head, at, "When it happened"),
    FIELD(delivery_head, first_at, "First attempt"), FIELD(delivery_head, next_attempt_at, "Not before"),
    FIELD(delivery_head, attempts, "So far"), FIELD(delivery_head, safe, "It is the first"));
const struct query delivery_head = {
    .name = "delivery_head",
    .sql = "SELECT d.id, d.object_id, d.replay_of, d.event, d.body, d.at, d.first_at, d.next_attempt_at, d.attempts,"
           "       d.event = 'webhook.test' OR d.txid < pg_snapshot_xmin(pg_current_snapshot()) AS safe"
           "  FROM webhook_delivery d JOIN webhook w ON w.tenant_id = d.tenant_id AND w.id = d.webhook_id"
           " WHERE d.webhook_id = :id AND d.state = 'waiting' AND (w.state = 'active' OR d.event = 'webhook.test')"
           " ORDER BY d.event = 'webhook.test' DESC, d.txid, d.seq LIMIT 1",
    .args = &id_args_shape, .row = &head_shape,
};

static const struct shape write_args = SHAPE(delivery_write,
    FIELD(delivery_write, id, "Which"), FIELD(delivery_write, webhook_id, "Where to"),
    FIELD(delivery_write, body, "What is sent"), FIELD(delivery_write, signed_with, "Headers"),
    FIELD(delivery_write, answer, "What was said"), FIELD(delivery_write, error, "Why nothing was"),
    FIELD(delivery_write, state, "State", .of = &delivery_state_domain), FIELD(delivery_write, at, "Now"),
    FIELD(delivery_write, next_attempt_at, "Then again"), FIELD(delivery_write, first_at, "First attempt"),
    FIELD(delivery_write, status, "HTTP", .optional = true),
    FIELD(delivery_write, elapsed_ms, "How long", .optional = true));
const struct query delivery_begin = {
    .name = "delivery_begin",
    .sql = "UPDATE webhook_delivery SET body = :body, signed = :signed_with, first_at = :first_at,"
           "       attempts = attempts + 1 WHERE id = :id",
    .args = &write_args,
};
const struct query delivery_end = {
    .name = "delivery_end",
    .sql = "UPDATE webhook_delivery SET state = :state, next_attempt_at = :next_attempt_at, status = :status,"
           "       answer = :answer, error = :error, elapsed_ms = :elapsed_ms,"
           "       delivered_at = CASE WHEN :state = 'delivered' THEN :at END WHERE id = :id",
    .args = &write_args,
};
const struct query webhook_failing = {
    .name = "webhook_failing",
    .sql = "UPDATE webhook SET sending_job = NULL,"
           "       failing_since = CASE WHEN :state = 'delivered' THEN NULL ELSE coalesce(failing_since, :at) END"
           " WHERE id = :webhook_id",
    .args = &write_args,
};
const struct query webhook_disable = {
    .name = "webhook_disable",
    .sql = "UPDATE webhook SET state = 'disabled', disabled_why = :error, updated_at = :at, version = version + 1"
           " WHERE id = :webhook_id AND state = 'active'",
    .args = &write_args,
};

static const struct shape waiting_shape = SHAPE(webhook_queued, FIELD(webhook_queued, count, "How many"));
const struct query webhook_waiting = {
    .name = "webhook_waiting",
    .sql = "SELECT count(*) AS count FROM (SELECT FROM webhook_delivery d"
           "   JOIN webhook w ON w.tenant_id = d.tenant_id AND w.id = d.webhook_id"
           "  WHERE d.webhook_id = :id AND d.state = 'waiting' AND (w.state = 'active' OR d.event = 'webhook.test')"
           "  LIMIT 1) AS head",
    .args = &id_args_shape, .row = &waiting_shape,
};

/* ---- what a customer may read, as the database lets that customer ---- */

const struct query webhook_as_customer = {
    .name = "webhook_as_customer",
    .sql = "SELECT set_config('yagura.side', 'customer', true), set_config('role', 'yagura_api', true)",
};
const struct query webhook_as_service = {
    .name = "webhook_as_service",
    .sql = "SELECT set_config('role', 'yagura_jobs', true), set_config('yagura.side', '', true)",
};

static const struct shape case_args = SHAPE(webhook_case_args,
    FIELD(webhook_case_args, id, "Which"), FIELD(webhook_case_args, at, "As it was then, or before"));
static const struct shape object_shape = SHAPE(webhook_object, FIELD(webhook_object, object, "As JSON"));

const struct query webhook_incident = {
    .name = "webhook_incident",
    .sql = "SELECT jsonb_build_object('id', i.id, 'reference', c.short_code || '-I' || i.number, 'title', i.title,"
           "         'title_ja', i.title_ja, 'summary', i.summary, 'status', i.status, 'level', i.level,"
           " 'score', i.score,"
           "         'severity', i.severity, 'verdict', i.verdict, 'close_reason', i.close_reason, 'assignee_name',"
           "         i.assignee_name, 'tags', i.tags, 'detections', i.detections, 'computers', i.computers, 'tactics',"
           "         i.tactics, 'techniques', i.techniques, 'first_at', i.first_at, 'last_at', i.last_at, 'opened_at',"
           "         i.opened_at, 'told_at', i.told_at, 'closed_at', i.closed_at, 'ticket_id', i.ticket_id, 'version',"
           "         i.version) AS object"
           "  FROM incident i JOIN tenant c ON c.id = i.tenant_id WHERE i.id = :id AND :at IS NOT NULL",
    .args = &case_args, .row = &object_shape,
};
const struct query webhook_ticket = {
    .name = "webhook_ticket",
    .sql = "SELECT jsonb_build_object('id', t.id, 'reference', c.short_code || '-' || t.number,"
           "         'category', k.key, 'subject', t.subject, 'description', t.description, 'status', t.status,"
           "         'severity', t.severity, 'severity_decided', t.severity_decided, 'severity_reason',"
           "         t.severity_reason, 'requester_name', t.requester_name, 'assignee_name', t.assignee_name,"
           "         'tags', t.tags, 'cycle', t.cycle, 'awaits', t.awaits, 'due_at', t.due_at, 'due_metric',"
           "         t.due_metric, 'opened_at', t.opened_at, 'first_response_at', t.first_response_at,"
           "         'resolved_at', t.resolved_at, 'closed_at', t.closed_at, 'close_reason', t.close_reason,"
           "         'version', t.version) AS object"
           "  FROM ticket t JOIN tenant c ON c.id = t.tenant_id JOIN ticket_category k ON k.id = t.category_id"
           " WHERE t.id = :id AND :at IS NOT NULL",
    .args = &case_args, .row = &object_shape,
};
const struct query webhook_post = {
    .name = "webhook_post",
    .sql = "SELECT jsonb_build_object('id', p.id, 'kind', p.kind, 'author_name', p.author_name, 'author_side',"
           "         p.author_side, 'body', p.body, 'created_at', p.created_at) AS object"
           "  FROM ticket_post p WHERE p.ticket_id = :id AND p.visibility = 'customer' AND p.created_at <= :at"
           " ORDER BY p.created_at DESC, p.id DESC LIMIT 1",
    .args = &case_args, .row = &object_shape,
};

/* For the provider's own endpoints alone. */
const struct query webhook_escalation = {
    .name = "webhook_escalation",
    .sql = "SELECT jsonb_build_object('id', e.id, 'metric', e.metric, 'mark', e.mark, 'state', e.state, 'raised_at',"
           "         e.raised_at, 'tenant_id', e.tenant_id, 'tenant_name', c.name, 'ticket_id', t.id, 'reference',"
           "         c.short_code || '-' || t.number, 'subject', t.subject, 'severity', t.severity, 'due_at',"
           "         t.due_at, 'assignee_name', t.assignee_name) AS object"
           "  FROM escalation e JOIN ticket t ON t.tenant_id = e.tenant_id AND t.id = e.ticket_id"
           "  JOIN tenant c ON c.id = e.tenant_id WHERE e.id = :id AND :at IS NOT NULL",
    .args = &case_args, .row = &object_shape,
};
