#include "model/escalation.h"

const struct domain escalation_who_domain = DOMAIN(escalation_who, "assignee", "permission_set", "people");
const struct domain escalation_hours_domain = DOMAIN(escalation_hours, "always", "open", "closed");
const struct domain escalation_state_domain =
    DOMAIN(escalation_state, "walking", "acknowledged", "overtaken", "settled", "exhausted");

const struct shape escalation_step_shape = SHAPE(escalation_step,
    FIELD(escalation_step, who, "The engineer in charge, those who hold a permission set, or people by name",
          .of = &escalation_who_domain, .required = true),
    FIELD(escalation_step, set_key, "Key of the provider's permission set: duty_lead", .max = 60),
    FIELD(escalation_step, people, "People of the provider", .max = 50),
    FIELD(escalation_step, portal, "Tell them in the portal"),
    FIELD(escalation_step, mail, "Tell them by mail; the portal shows it, too"),
    FIELD(escalation_step, webhook, "Tell the provider's webhooks (escalation.raised)"),
    FIELD(escalation_step, delay_minutes, "After so much silence", .min = 0, .max = 1440),
    FIELD(escalation_step, from_mark, "From this mark on, in percent: one at which targets warn, or 100, the breach",
          .min = 25, .max = 100),
    FIELD(escalation_step, hours, "Always, or only while the customer's calendar is open, or closed",
          .of = &escalation_hours_domain, .required = true));

/* ---- chains ---- */

const struct shape escalation_chain_shape = SHAPE(escalation_chain,
    FIELD(escalation_chain, id, "Identity", .required = true),
    FIELD(escalation_chain, tenant_id, "For which customer", .filter = true, .required = true),
    FIELD(escalation_chain, tenant_name, "Their name", .sort = true, .search = true),
    FIELD(escalation_chain, name, "What it is called", .sort = true, .search = true, .required = true),
    FIELD(escalation_chain, standard, "The provider's: it holds for every customer without a chain of their own"),
    FIELD(escalation_chain, steps, "Who is told, one after the other", .items = &escalation_step_shape),
    FIELD(escalation_chain, created_at, "When it was made", .required = true),
    FIELD(escalation_chain, updated_at, "When it last changed", .sort = true, .required = true),
    FIELD(escalation_chain, version, "Grows with each change"),
    FIELD(escalation_chain, can, "Verbs the caller may use on it", .required = true));

#define CHAIN_WORDS                                                                                        \
    FIELD(escalation_chain_write, name, "What it is called", .max = 100, .required = true),                \
    FIELD(escalation_chain_write, steps, "Who is told, one after the other", .max = 20, .required = true,  \
          .items = &escalation_step_shape)
const struct shape escalation_chain_new_shape = SHAPE(escalation_chain_write,
    FIELD(escalation_chain_write, tenant_id, "For which customer", .required = true), CHAIN_WORDS);
const struct shape escalation_chain_update_shape = SHAPE(escalation_chain_write,
    FIELD(escalation_chain_write, id, "Which one", .read_only = true),
    FIELD(escalation_chain_write, version, "What the change is based on", .read_only = true), CHAIN_WORDS);
static const struct shape chain_args = SHAPE(escalation_chain_write,
    FIELD(escalation_chain_write, id, "Which one"), FIELD(escalation_chain_write, tenant_id, "Whose"),
    FIELD(escalation_chain_write, version, "Based on"), FIELD(escalation_chain_write, at, "When"), CHAIN_WORDS);

#define STANDARD "c.tenant_id = '00000000-0000-7000-8000-000000000001'"
#define CHAIN_SELECT                                                                                          \
    "SELECT c.id, c.tenant_id, t.name AS tenant_name, c.name, " STANDARD " AS standard, c.steps,"             \
    "       c.created_at, c.updated_at, c.version,"                                                           \
    "       CASE WHEN grant_rank((SELECT yagura_grants()), 'calendars') < 3 THEN '{}'"                        \
    "            WHEN " STANDARD " THEN ARRAY['update'] ELSE ARRAY['update', 'delete'] END::text[] AS can"    \
    "  FROM escalation_chain c LEFT JOIN tenant t ON t.id = c.tenant_id"

const struct listing escalation_chain_listing = {
    .name = "escalation_chains", .from = CHAIN_SELECT, .row = &escalation_chain_shape, .key = "id",
    .sort = "tenant_name",
};
const struct query escalation_chain_by_id = {
    .name = "escalation_chain_by_id", .sql = CHAIN_SELECT " WHERE c.id = :id", .args = &id_args_shape,
    .row = &escalation_chain_shape,
};
const struct query escalation_chain_insert = {
    .name = "escalation_chain_insert",
    .sql = "INSERT INTO escalation_chain (tenant_id, id, name, steps, created_at, updated_at)"
           " VALUES (:tenant_id, :id, :name, :steps, :at, :at)",
    .args = &chain_args,
};
const struct query escalation_chain_update = {
    .name = "escalation_chain_update",
    .sql = "UPDATE escalation_chain SET name = :name, steps = :steps, updated_at = :at, version = version + 1"
           " WHERE id = :id AND version = :version RETURNING id",
    .args = &chain_args, .row = &id_args_shape,
};
const struct query escalation_chain_delete = {
    .name = "escalation_chain_delete", .sql = "DELETE FROM escalation_chain WHERE id = :id", .args = &id_args_shape,
};

static const struct shape mark_args_shape = SHAPE(escalation_mark_args,
    FIELD(escalation_mark_args, tenant_id, "Whose"), FIELD(escalation_mark_args, at, "When"));
static const struct shape mark_row_shape = SHAPE(escalation_mark_row, FIELD(escalation_mark_row, mark, "Percent"));

/* Of each target the row that holds now, and those that are still to begin. */
const struct query escalation_lowest_mark = {
    .name = "escalation_lowest_mark",
    .sql = "WITH whose AS (SELECT g.* FROM promise_target g WHERE g.tenant_id = :tenant_id"
           "       OR g.tenant_id = '00000000-0000-7000-8000-000000000001'"
           "       OR (:tenant_id = '00000000-0000-7000-8000-000000000001' AND NOT EXISTS ("
           "               SELECT FROM escalation_chain c WHERE c.tenant_id = g.tenant_id))),"
           "  held AS (SELECT DISTINCT ON (tenant_id, plan, category_id, severity, metric) active, warn_at FROM whose"
           "       WHERE from_at <= :at ORDER BY tenant_id, plan, category_id, severity, metric, from_at DESC, id DESC)"
           " SELECT min(m.mark::bigint) AS mark FROM ("
           "    SELECT active, warn_at FROM held UNION ALL SELECT active, warn_at FROM whose WHERE from_at > :at) t,"
           "    unnest(t.warn_at || '100'::text) m (mark) WHERE t.active",
    .args = &mark_args_shape, .row = &mark_row_shape,
};

const struct query escalation_latest_start = {
    .name = "escalation_latest_start",
    .sql = "SELECT max((SELECT min((step->>'from_mark')::bigint) FROM jsonb_array_elements(c.steps) step)) AS mark"
           "  FROM escalation_chain c WHERE c.tenant_id = :tenant_id"
           "    OR :tenant_id = '00000000-0000-7000-8000-000000000001'"
           "    OR (" STANDARD " AND NOT EXISTS (SELECT FROM escalation_chain o WHERE o.tenant_id = :tenant_id))",
    .args = &mark_args_shape, .row = &mark_row_shape,
};

/* ---- walks ---- */

static const struct shape escalation_shape = SHAPE(escalation,
    FIELD(escalation, id, "Identity"), FIELD(escalation, tenant_id, "Whose case"),
    FIELD(escalation, ticket_id, "Which case"), FIELD(escalation, promise_id, "Which promise"),
    FIELD(escalation, metric, "What is promised", .of = &promise_metric_domain), FIELD(escalation, mark, "Percent"),
    FIELD(escalation, state, "How it stands", .of = &escalation_state_domain),
    FIELD(escalation, steps, "The chain of that day", .items = &escalation_step_shape),
    FIELD(escalation, step, "The next step"), FIELD(escalation, next_at, "When it is taken"),
    FIELD(escalation, raised_at, "When the mark was reached"), FIELD(escalation, ended_at, "When it ended"),
    FIELD(escalation, acknowledged_by, "Who has it"));

static const struct shape begin_row_shape = SHAPE(escalation,
    FIELD(escalation, id, ""), FIELD(escalation, tenant_id, ""), FIELD(escalation, ticket_id, ""),
    FIELD(escalation, promise_id, ""), FIELD(escalation, metric, "", .of = &promise_metric_domain),
    FIELD(escalation, mark, ""));
static const struct shape begin_shape = SHAPE(escalations_begin_args,
    FIELD(escalations_begin_args, rows, "The walks", .items = &begin_row_shape),
    FIELD(escalations_begin_args, at, "When the mark was reached"));

/* The walk of a lower mark ends, and this one begins with the chain of today: the customer's own, else the standard. A
 * mark before all of its steps begins none: it would tell nobody. */
const struct query escalations_begin = {
    .name = "escalations_begin",
    .sql = "WITH walks AS ("
           "    SELECT * FROM jsonb_to_recordset(:rows) AS r (tenant_id uuid, id uuid, ticket_id uuid,"
           "        promise_id uuid, metric text, mark bigint)),"
           " lower AS ("
           "    UPDATE escalation e SET state = 'overtaken', next_at = NULL, ended_at = :at FROM walks w"
           "     WHERE e.tenant_id = w.tenant_id AND e.promise_id = w.promise_id AND e.state = 'walking')"
           " INSERT INTO escalation (tenant_id, id, ticket_id, promise_id, metric, mark, state, steps, step, next_at,"
           "    raised_at)"
           " SELECT w.tenant_id, w.id, w.ticket_id, w.promise_id, w.metric, w.mark, 'walking', chain.steps, 0, :at, :at"
           "   FROM walks w, LATERAL (SELECT c.steps FROM escalation_chain c"
           "        WHERE c.tenant_id = w.tenant_id OR " STANDARD
           "        ORDER BY c.tenant_id = w.tenant_id DESC LIMIT 1) chain"
           "  WHERE w.mark >= 100 OR jsonb_path_exists(chain.steps, '$[*] ? (@.from_mark <= $mark)',"
           "                                           jsonb_build_object('mark', w.mark))",
    .args = &begin_shape,
};
const struct query escalation_lock = {
    .name = "escalation_lock",
    .sql = "SELECT id, tenant_id, ticket_id, promise_id, metric, mark, state, steps, step, next_at, raised_at,"
           "       ended_at, acknowledged_by FROM escalation WHERE id = :id FOR UPDATE",
    .args = &id_args_shape, .row = &escalation_shape,
};
const struct query escalation_save = {
    .name = "escalation_save",
    .sql = "UPDATE escalation SET state = :state, step = :step, next_at = :next_at, ended_at = :ended_at"
           " WHERE id = :id",
    .args = &escalation_shape,
};

static const struct shape call_args = SHAPE(escalation_call,
    FIELD(escalation_call, tenant_id, "Whose"), FIELD(escalation_call, id, "Identity"),
    FIELD(escalation_call, escalation_id, "Of which walk"), FIELD(escalation_call, step, "Which step"),
    FIELD(escalation_call, person_id, "Who"), FIELD(escalation_call, name, "Name"),
    FIELD(escalation_call, mail, "By mail"), FIELD(escalation_call, at, "When"));
const struct query escalation_call_insert = {
    .name = "escalation_call_insert",
    .sql = "INSERT INTO escalation_call (tenant_id, id, escalation_id, step, person_id, name, mail, at)"
           " VALUES (:tenant_id, :id, :escalation_id, :step, :person_id, :name, :mail, :at)",
    .args = &call_args,
};

const struct shape escalation_call_shape = SHAPE(escalation_call,
    FIELD(escalation_call, step, "By which step, from 0", .required = true),
    FIELD(escalation_call, person_id, "Who was told; absent: webhooks"),
    FIELD(escalation_call, name, "By name", .required = true),
    FIELD(escalation_call, mail, "By mail, too"),
    FIELD(escalation_call, at, "When", .required = true));
const struct query escalation_calls = {
    .name = "escalation_calls",
    .sql = "SELECT step, person_id, name, mail, at FROM escalation_call WHERE escalation_id = :id ORDER BY at, id",
    .args = &id_args_shape, .row = &escalation_call_shape,
};

static const struct shape acknowledge_shape = SHAPE(escalation_acknowledge_args,
    FIELD(escalation_acknowledge_args, id, "Which case"), FIELD(escalation_acknowledge_args, name, "Who has it"),
    FIELD(escalation_acknowledge_args, at, "When"));
const struct query escalation_acknowledge = {
    .name = "escalation_acknowledge",
    .sql = "UPDATE escalation SET state = 'acknowledged', acknowledged_by = :name, next_at = NULL, ended_at = :at"
           " WHERE ticket_id = :id AND state = 'walking' RETURNING id",
    .args = &acknowledge_shape, .row = &id_args_shape,
};

/* ---- the page ---- */

const struct shape escalation_view_shape = SHAPE(escalation_view,
    FIELD(escalation_view, id, "Identity", .required = true),
    FIELD(escalation_view, promise_id, "Of which promise", .required = true),
    FIELD(escalation_view, metric, "What is promised", .of = &promise_metric_domain, .required = true),
    FIELD(escalation_view, mark, "At how many percent of the time; 100: the deadline has passed"),
    FIELD(escalation_view, state, "How it stands", .of = &escalation_state_domain, .required = true),
    FIELD(escalation_view, step, "How many steps were taken or left out"),
    FIELD(escalation_view, step_count, "How many there are"),
    FIELD(escalation_view, next_at, "When the next step is taken unless somebody says that they have it"),
    FIELD(escalation_view, raised_at, "When the mark was reached", .sort = true, .required = true),
    FIELD(escalation_view, ended_at, "When it ended"),
    FIELD(escalation_view, acknowledged_by, "Who has it"),
    FIELD(escalation_view, calls, "Who was told", .items = &escalation_call_shape));
const struct shape escalation_ticket_shape = SHAPE(id_args, FIELD(id_args, id, "Of which case"));

const struct listing escalations_of_ticket = {
    .name = "escalations_of_ticket",
    .from = "SELECT e.id, e.promise_id, e.metric, e.mark,"
            "       CASE WHEN e.state = 'walking' AND p.state <> 'running' THEN 'settled' ELSE e.state END AS state,"
            "       e.step, jsonb_array_length(e.steps)::bigint AS step_count,"
            "       CASE WHEN p.state = 'running' THEN e.next_at END AS next_at, e.raised_at, e.ended_at,"
            "       e.acknowledged_by,"
            "       (SELECT coalesce(jsonb_agg(jsonb_build_object('step', k.step, 'person_id', k.person_id,"
            "                 'name', k.name, 'mail', k.mail, 'at', k.at) ORDER BY k.at, k.id), '[]')"
            "          FROM escalation_call k WHERE k.tenant_id = e.tenant_id AND k.escalation_id = e.id) AS calls"
            "  FROM escalation e JOIN promise p ON p.tenant_id = e.tenant_id AND p.id = e.promise_id"
            " WHERE e.ticket_id = :id",
    .args = &escalation_ticket_shape, .row = &escalation_view_shape, .key = "id", .sort = "-raised_at",
};
