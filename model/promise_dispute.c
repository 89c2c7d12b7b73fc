#include "model/promise_dispute.h"

const struct domain dispute_state_domain = DOMAIN(dispute_state, "open", "accepted", "declined");

const struct shape promise_dispute_shape = SHAPE(promise_dispute,
    FIELD(promise_dispute, id, "Identity", .filter = true),
    FIELD(promise_dispute, tenant_id, "Whose case", .filter = true),
    FIELD(promise_dispute, ticket_id, "Which case", .filter = true),
    FIELD(promise_dispute, promise_id, "Which promise"),
    FIELD(promise_dispute, seq, "The line of the ledger that began the pause"),
    FIELD(promise_dispute, metric, "What is promised", .of = &promise_metric_domain, .required = true),
    FIELD(promise_dispute, ticket_reference, "The case, as people say it on the phone", .required = true),
    FIELD(promise_dispute, tenant_name, "The customer's name", .required = true),
    FIELD(promise_dispute, state, "How it stands", .of = &dispute_state_domain, .required = true, .filter = true),
    FIELD(promise_dispute, reason, "Why the customer says that time should count", .required = true),
    FIELD(promise_dispute, opened_by_id, "Who says so"),
    FIELD(promise_dispute, opened_by_name, "Who says so, by name", .required = true),
    FIELD(promise_dispute, opened_at, "When", .required = true, .sort = true),
    FIELD(promise_dispute, decision, "What was decided, in words"),
    FIELD(promise_dispute, decided_by_name, "Who decided"),
    FIELD(promise_dispute, decided_at, "When it was decided"),
    FIELD(promise_dispute, can, "Verbs the caller may use on it"));

#define DISPUTE_SELECT                                                                                              \
    "SELECT d.id, d.tenant_id, d.ticket_id, d.promise_id, d.seq, p.metric, c.short_code || '-' || t.number"         \
    "       AS ticket_reference, c.name AS tenant_name, d.state, d.reason, d.opened_by_id, d.opened_by_name,"       \
    "       d.opened_at, d.decision, d.decided_by_name, d.decided_at,"                                              \
    "       CASE WHEN d.state = 'open' AND yagura_side() = 'provider' AND grant_rank(yagura_grants(), 'tickets') >= 3" \
    "            THEN ARRAY['decide'] ELSE '{}' END::text[] AS can"                                                 \
    "  FROM promise_dispute d JOIN promise p ON p.tenant_id = d.tenant_id AND p.id = d.promise_id"                  \
    "  JOIN ticket t ON t.tenant_id = d.tenant_id AND t.id = d.ticket_id JOIN tenant c ON c.id = d.tenant_id"

const struct listing promise_dispute_listing = {
    .name = "promise_disputes", .from = DISPUTE_SELECT, .row = &promise_dispute_shape, .key = "id",
    .sort = "-opened_at",
};

const struct listing promise_dispute_of_ticket_listing = {
    .name = "promise_disputes_of_ticket", .from = DISPUTE_SELECT " WHERE d.ticket_id = :id", .args = &id_args_shape,
    .row = &promise_dispute_shape, .key = "id", .sort = "opened_at",
};

const struct query promise_dispute_by_id = {
    .name = "promise_dispute_by_id", .sql = DISPUTE_SELECT " WHERE d.id = :id",
    .args = &id_args_shape, .row = &promise_dispute_shape,
};

const struct query promise_dispute_insert = {
    .name = "promise_dispute_insert",
    .sql = "INSERT INTO promise_dispute (tenant_id, id, ticket_id, promise_id, seq, state, reason, opened_by_id,"
           "    opened_by_name, opened_at)"
           " VALUES (:tenant_id, :id, :ticket_id, :promise_id, :seq, 'open', :reason, :opened_by_id, :opened_by_name,"
           "    :opened_at) ON CONFLICT ON CONSTRAINT promise_dispute_seq_key DO NOTHING RETURNING id",
    .args = &promise_dispute_shape, .row = &id_args_shape,
};

const struct query promise_dispute_decide = {
    .name = "promise_dispute_decide",
    .sql = "UPDATE promise_dispute SET state = :state, decision = :decision, decided_by_name = :decided_by_name,"
           "    decided_at = :decided_at WHERE tenant_id = :tenant_id AND id = :id AND state = 'open' RETURNING id",
    .args = &promise_dispute_shape, .row = &id_args_shape,
};
