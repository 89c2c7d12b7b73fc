#include "model/promise.h"

const struct domain promise_pace_domain =
    DOMAIN(promise_pace, "around_the_clock", "business_time", "business_days");
const struct domain promise_event_domain =
    DOMAIN(promise_event, "started", "paused", "resumed", "retargeted", "stopped", "disputed", "corrected");
const struct domain promise_state_domain = DOMAIN(promise_state, "running", "paused", "met", "missed");
const struct domain promise_occasion_domain = DOMAIN(promise_occasion, "case_opened", "case_reopened",
                                                     "engineer_answered", "customer_wrote", "engineer_assigned");
const struct domain promise_wait_domain = DOMAIN(promise_wait, "waiting_customer", "waiting_third_party");
const struct domain promise_warning_domain =
    DOMAIN(promise_warning, "25", "50", "60", "70", "75", "80", "90", "95");

const struct shape promise_shape = SHAPE(promise,
    FIELD(promise, id, "Identity"),
    FIELD(promise, tenant_id, "Whose case"),
    FIELD(promise, ticket_id, "Which case"),
    FIELD(promise, cycle, "Which life of the case"),
    FIELD(promise, metric, "What is promised", .of = &promise_metric_domain, .required = true),
    FIELD(promise, calendar_id, "Whose hours count"),
    FIELD(promise, severity, "How grave the case is", .of = &severity_domain),
    FIELD(promise, pace, "Which time counts", .of = &promise_pace_domain),
    FIELD(promise, stops_on, "What keeps it", .of = &promise_occasion_domain),
    FIELD(promise, pauses_while, "While the case waits for whom it stands still", .of = &promise_wait_domain),
    FIELD(promise, resets_on, "What keeps it and begins it anew", .of = &promise_occasion_domain),
    FIELD(promise, warn_at, "At which shares of the time it warns, in percent", .of = &promise_warning_domain),
    FIELD(promise, state, "How it stands", .of = &promise_state_domain, .required = true),
    FIELD(promise, started_at, "Since when"),
    FIELD(promise, due_at, "Until when; absent while it is paused"),
    FIELD(promise, stopped_at, "When it was kept, or ended"),
    FIELD(promise, next_at, "When the next mark is reached"),
    FIELD(promise, late, "More time was used than promised"),
    FIELD(promise, warned, "The highest mark that was told, in percent"),
    FIELD(promise, allowance_s, "Promised, in seconds that count", .optional = true),
    FIELD(promise, elapsed_s, "Used until it ended", .optional = true),
    FIELD(promise, stopped_by, "What ended it, for programs"));

const struct shape promise_line_shape = SHAPE(promise_line,
    FIELD(promise_line, tenant_id, "Whose case"),
    FIELD(promise_line, promise_id, "Which promise"),
    FIELD(promise_line, seq, "Place in the ledger"),
    FIELD(promise_line, event, "What happened", .of = &promise_event_domain, .required = true),
    FIELD(promise_line, at, "When", .required = true),
    FIELD(promise_line, pace, "Which time counts from here on", .of = &promise_pace_domain),
    FIELD(promise_line, allowance, "How much is promised: seconds, or business days", .optional = true),
    FIELD(promise_line, mercy_s, "Least time left after a change, in seconds", .optional = true),
    FIELD(promise_line, cause, "Why, for programs", .required = true),
    FIELD(promise_line, note, "Why, in somebody's words"),
    FIELD(promise_line, actor_id, "Who did it"),
    FIELD(promise_line, actor_name, "Who did it, by name", .required = true),
    FIELD(promise_line, post_id, "The question it waits for, or the answer"),
    FIELD(promise_line, corrects, "The line of the pause it is about", .optional = true));

static const struct shape cycle_shape = SHAPE(ticket_cycle_args,
    FIELD(ticket_cycle_args, tenant_id, "Whose case"), FIELD(ticket_cycle_args, ticket_id, "Which case"),
    FIELD(ticket_cycle_args, cycle, "Which life of it"));
static const struct shape ref_shape = SHAPE(promise_ref,
    FIELD(promise_ref, tenant_id, "Whose case"), FIELD(promise_ref, promise_id, "Which promise"));

#define PROMISE_SELECT                                                                                        \
    "SELECT id, tenant_id, ticket_id, cycle, metric, calendar_id, severity, pace, stops_on, pauses_while,"      \
    "       resets_on, warn_at, state, started_at, due_at, stopped_at, next_at, late, warned, allowance_s,"       \
    "       elapsed_s, stopped_by FROM promise"

const struct query promises_of_cycle = {
    .name = "promises_of_cycle",
    .sql = PROMISE_SELECT " WHERE tenant_id = :tenant_id AND ticket_id = :ticket_id AND cycle = :cycle"
                          " ORDER BY started_at, id FOR UPDATE",
    .args = &cycle_shape, .row = &promise_shape,
};

const struct query promises_of_ticket = {
    .name = "promises_of_ticket", .sql = PROMISE_SELECT " WHERE ticket_id = :id ORDER BY cycle, started_at, id",
    .args = &id_args_shape, .row = &promise_shape,
};

const struct query promise_by_id = {
    .name = "promise_by_id", .sql = PROMISE_SELECT " WHERE id = :id FOR UPDATE",
    .args = &id_args_shape, .row = &promise_shape,
};

/* Every verb takes the case before its promises; the job that comes from a promise must do so, too. */
const struct query promise_lock_ticket = {
    .name = "promise_lock_ticket",
    .sql = "SELECT t.id FROM ticket t JOIN promise p ON p.tenant_id = t.tenant_id AND p.ticket_id = t.id"
           " WHERE p.id = :id FOR UPDATE OF t",
    .args = &id_args_shape, .row = &id_args_shape,
};

/* ---- many at once ---- */

static const struct shape marks_shape = SHAPE(promise,
    FIELD(promise, id, ""), FIELD(promise, tenant_id, ""), FIELD(promise, state, "", .of = &promise_state_domain),
    FIELD(promise, due_at, ""), FIELD(promise, next_at, ""), FIELD(promise, late, ""), FIELD(promise, warned, ""),
    FIELD(promise, allowance_s, "", .optional = true));
static const struct shape many_shape = SHAPE(promise_many_args,
    FIELD(promise_many_args, ids, "Which"), FIELD(promise_many_args, rows, "As they are now", .items = &marks_shape));

/* Who holds hundreds of cases must not wait for one more: whoever has that one may be waiting for one of these. */
const struct query promises_lock_free = {
    .name = "promises_lock_free",
    .sql = "SELECT p.id FROM promise p JOIN ticket t ON t.tenant_id = p.tenant_id AND t.id = p.ticket_id"
           " WHERE p.id = ANY (:ids) FOR NO KEY UPDATE OF t SKIP LOCKED",
    .args = &many_shape, .row = &id_args_shape,
};

const struct query promises_running = {
    .name = "promises_running",
    .sql = PROMISE_SELECT " WHERE id = ANY (:ids) AND state = 'running' ORDER BY id FOR UPDATE",
    .args = &many_shape, .row = &promise_shape,
};

const struct query promise_lines_of_many = {
    .name = "promise_lines_of_many",
    .sql = "SELECT e.tenant_id, e.promise_id, e.seq, e.event, e.at, e.pace, e.allowance, e.mercy_s, e.cause, e.note,"
           "       e.actor_id, e.actor_name, e.post_id, e.corrects"
           "  FROM promise p JOIN promise_entry e ON e.tenant_id = p.tenant_id AND e.promise_id = p.id"
           " WHERE p.id = ANY (:ids) ORDER BY e.promise_id, e.seq",
    .args = &many_shape, .row = &promise_line_shape,
};

const struct query promises_save_marks = {
    .name = "promises_save_marks",
    .sql = "UPDATE promise p SET state = r.state, due_at = r.due_at, next_at = r.next_at, late = r.late,"
           "    warned = r.warned, allowance_s = r.allowance_s"
           "  FROM jsonb_to_recordset(:rows) AS r (tenant_id uuid, id uuid, state text, due_at timestamptz,"
           "       next_at timestamptz, late boolean, warned bigint, allowance_s bigint)"
           " WHERE p.tenant_id = r.tenant_id AND p.id = r.id",
    .args = &many_shape,
};

const struct query promise_insert = {
    .name = "promise_insert",
    .sql = "INSERT INTO promise (tenant_id, id, ticket_id, cycle, metric, calendar_tenant_id, calendar_id, severity,"
           "    pace, stops_on, pauses_while, resets_on, warn_at, state, started_at, due_at, next_at)"
           " VALUES (:tenant_id, :id, :ticket_id, :cycle, :metric,"
           "    (SELECT tenant_id FROM business_calendar WHERE id = :calendar_id), :calendar_id, :severity, :pace,"
           "    coalesce(:stops_on, '{}'), coalesce(:pauses_while, '{}'), coalesce(:resets_on, '{}'),"
           "    coalesce(:warn_at, '{}'), :state, :started_at, :due_at, :next_at)",
    .args = &promise_shape,
};

const struct query promise_save = {
    .name = "promise_save",
    .sql = "UPDATE promise SET state = :state, due_at = :due_at, stopped_at = :stopped_at, next_at = :next_at,"
           "    late = :late, warned = :warned, severity = :severity, pace = :pace, allowance_s = :allowance_s,"
           "    elapsed_s = :elapsed_s, stopped_by = :stopped_by WHERE tenant_id = :tenant_id AND id = :id",
    .args = &promise_shape,
};

const struct query promise_lines = {
    .name = "promise_lines",
    .sql = "SELECT tenant_id, promise_id, seq, event, at, pace, allowance, mercy_s, cause, note, actor_id,"
           "       actor_name, post_id, corrects"
           "  FROM promise_entry WHERE tenant_id = :tenant_id AND promise_id = :promise_id ORDER BY seq",
    .args = &ref_shape, .row = &promise_line_shape,
};

const struct query promise_lines_of_ticket = {
    .name = "promise_lines_of_ticket",
    .sql = "SELECT e.tenant_id, e.promise_id, e.seq, e.event, e.at, e.pace, e.allowance, e.mercy_s, e.cause, e.note,"
           "       e.actor_id, e.actor_name, e.post_id, e.corrects"
           "  FROM promise p JOIN promise_entry e ON e.tenant_id = p.tenant_id AND e.promise_id = p.id"
           " WHERE p.ticket_id = :id ORDER BY e.promise_id, e.seq",
    .args = &id_args_shape, .row = &promise_line_shape,
};

const struct query promise_line_insert = {
    .name = "promise_line_insert",
    .sql = "INSERT INTO promise_entry (tenant_id, promise_id, seq, event, at, pace, allowance, mercy_s, cause, note,"
           "    actor_id, actor_name, post_id, corrects)"
           " VALUES (:tenant_id, :promise_id, :seq, :event, :at, :pace, :allowance, :mercy_s, :cause, :note,"
           "    :actor_id, :actor_name, :post_id, nullif(:corrects, 0))",
    .args = &promise_line_shape,
};

static const struct shape target_args_shape = SHAPE(target_args,
    FIELD(target_args, tenant_id, "Whose case"), FIELD(target_args, category_id, "What it is about"),
    FIELD(target_args, severity, "How grave", .of = &severity_domain), FIELD(target_args, at, "When it was opened"));
static const struct shape target_row_shape = SHAPE(promise_target_row,
    FIELD(promise_target_row, id, "Which row"),
    FIELD(promise_target_row, metric, "What", .of = &promise_metric_domain),
    FIELD(promise_target_row, pace, "Which time", .of = &promise_pace_domain),
    FIELD(promise_target_row, allowance, "How much"), FIELD(promise_target_row, mercy_s, "Least time left"),
    FIELD(promise_target_row, starts_on, "What begins it"), FIELD(promise_target_row, stops_on, "What keeps it"),
    FIELD(promise_target_row, pauses_while, "When it stands still"),
    FIELD(promise_target_row, resets_on, "What begins it anew"),
    FIELD(promise_target_row, warn_at, "When it warns"));

const struct query targets_for = {
    .name = "targets_for",
    .sql = "SELECT id, metric, pace, allowance, mercy_s, starts_on, stops_on, pauses_while, resets_on, warn_at FROM ("
           "    SELECT DISTINCT ON (p.metric) p.*"
           "      FROM promise_target p JOIN tenant t ON t.id = :tenant_id"
           "     WHERE p.severity = :severity AND p.from_at <= :at"
           "       AND p.tenant_id IN (t.id, '00000000-0000-7000-8000-000000000001')"
           "       AND (p.plan IS NULL OR p.plan = t.plan)"
           "       AND (p.category_id IS NULL OR p.category_id = :category_id)"
           "     ORDER BY p.metric, p.tenant_id = t.id DESC, p.category_id IS NULL,"
           "              p.plan IS NULL, p.from_at DESC, p.id DESC) best"
           " WHERE active",
    .args = &target_args_shape, .row = &target_row_shape,
};
