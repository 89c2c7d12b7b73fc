#include "model/ticket_snooze.h"

static const struct shape snooze_shape = SHAPE(ticket_snooze,
    FIELD(ticket_snooze, id, "Identity"), FIELD(ticket_snooze, tenant_id, "Whose case"),
    FIELD(ticket_snooze, ticket_id, "Which case"), FIELD(ticket_snooze, person_id, "For whom"),
    FIELD(ticket_snooze, until_at, "Until when"), FIELD(ticket_snooze, until_news, "Or until something happens"),
    FIELD(ticket_snooze, at, "Since when"));

const struct query ticket_snooze_put = {
    .name = "ticket_snooze_put",
    .sql = "INSERT INTO ticket_snooze (tenant_id, id, ticket_id, person_id, until_at, until_news, at)"
           " VALUES (:tenant_id, :id, :ticket_id, :person_id, :until_at, :until_news, :at)"
           " ON CONFLICT (tenant_id, ticket_id, person_id) DO UPDATE SET until_at = excluded.until_at,"
           "    until_news = excluded.until_news, at = excluded.at",
    .args = &snooze_shape,
};

const struct query ticket_snooze_drop = {
    .name = "ticket_snooze_drop",
    .sql = "DELETE FROM ticket_snooze WHERE ticket_id = :id AND person_id = yagura_person()", .args = &id_args_shape,
};

static const struct shape warned_shape =
    SHAPE(snooze_warned_row, FIELD(snooze_warned_row, warned, "A promise that runs has warned"));

const struct query ticket_snooze_warned = {
    .name = "ticket_snooze_warned",
    .sql = "SELECT EXISTS (SELECT FROM promise p JOIN ticket t ON t.tenant_id = p.tenant_id AND t.id = p.ticket_id"
           "    WHERE t.id = :id AND p.cycle = t.cycle AND p.state = 'running'"
           "      AND (p.warned > 0 OR p.due_at <= yagura_at())) AS warned",
    .args = &id_args_shape, .row = &warned_shape,
};
