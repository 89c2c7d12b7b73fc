#include "model/severity_wish.h"

static const struct domain wish_outcome_domain = DOMAIN(wish_outcome, "open", "confirmed", "refused", "overtaken");

const struct shape severity_wish_shape = SHAPE(severity_wish,
    FIELD(severity_wish, id, "Identity", .required = true),
    FIELD(severity_wish, tenant_id, "The customer"),
    FIELD(severity_wish, ticket_id, "The case", .required = true),
    FIELD(severity_wish, severity, "What it should become", .of = &severity_domain, .required = true),
    FIELD(severity_wish, reason, "Why", .required = true),
    FIELD(severity_wish, outcome, "What became of it", .of = &wish_outcome_domain, .required = true),
    FIELD(severity_wish, wished_by, "Who wished it"),
    FIELD(severity_wish, wished_by_name, "Who wished it, by name", .required = true),
    FIELD(severity_wish, wished_at, "When", .required = true, .sort = true),
    FIELD(severity_wish, ended_by, "Who ended it"),
    FIELD(severity_wish, ended_by_name, "Who ended it, by name"),
    FIELD(severity_wish, ended_at, "When it ended"),
    FIELD(severity_wish, end_reason, "Why it ended that way"),
    FIELD(severity_wish, can, "Verbs the caller may use on it", .required = true));

const struct shape severity_wishes_shape = SHAPE(severity_wishes_args,
    FIELD(severity_wishes_args, id, "The case", .read_only = true));

#define WISH_SELECT                                                                                              \
    "SELECT w.id, w.tenant_id, w.ticket_id, w.severity, w.reason, w.outcome, w.wished_by, w.wished_by_name,"     \
    "       w.wished_at, w.ended_by, w.ended_by_name, w.ended_at, w.end_reason,"                                 \
    "       CASE WHEN w.outcome <> 'open' OR grant_rank((SELECT yagura_grants()), 'tickets') < 2"                \
    "                 OR (SELECT yagura_side()) <> 'provider' THEN '{}'"                                         \
    "            WHEN w.wished_by = nullif(current_setting('yagura.person', true), '')::uuid"                        \
    "            THEN ARRAY['withdraw']"                                                                             \
    "            ELSE ARRAY['confirm', 'refuse'] END::text[] AS can FROM severity_wish w"

const struct listing severity_wish_listing = {
    .name = "severity_wishes", .from = WISH_SELECT " WHERE w.ticket_id = :id", .args = &severity_wishes_shape,
    .row = &severity_wish_shape, .key = "id", .sort = "-wished_at",
};

const struct query severity_wish_by_id = {
    .name = "severity_wish_by_id", .sql = WISH_SELECT " WHERE w.id = :id",
    .args = &id_args_shape, .row = &severity_wish_shape,
};

const struct query severity_wish_insert = {
    .name = "severity_wish_insert",
    .sql = "INSERT INTO severity_wish (tenant_id, id, ticket_id, severity, reason, wished_by, wished_by_name,"
           "                           wished_at)"
           " VALUES (:tenant_id, :id, :ticket_id, :severity, :reason, :wished_by, :wished_by_name, :wished_at)",
    .args = &severity_wish_shape,
};

/* Only while it is open: of two who decide at once the second finds nothing. */
const struct query severity_wish_end = {
    .name = "severity_wish_end",
    .sql = "UPDATE severity_wish SET outcome = :outcome, ended_by = :ended_by, ended_by_name = :ended_by_name,"
           " ended_at = :ended_at, end_reason = :end_reason WHERE id = :id AND outcome = 'open' RETURNING id",
    .args = &severity_wish_shape, .row = &id_args_shape,
};

const struct query severity_wishes_overtake = {
    .name = "severity_wishes_overtake",
    .sql = "UPDATE severity_wish SET outcome = 'overtaken', ended_by = :ended_by, ended_by_name = :ended_by_name,"
           " ended_at = :ended_at WHERE tenant_id = :tenant_id AND ticket_id = :ticket_id AND outcome = 'open'",
    .args = &severity_wish_shape,
};
