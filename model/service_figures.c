#include "model/service_figures.h"

const struct shape figures_ask_shape = SHAPE(figures_ask,
    FIELD(figures_ask, year, "Year of the last month", .min = 2000, .max = 2150, .required = true),
    FIELD(figures_ask, month, "The last month", .min = 1, .max = 12, .required = true),
    FIELD(figures_ask, months, "How many months up to it; 1 when absent", .min = 0, .max = 24),
    FIELD(figures_ask, customer_id, "Of one customer; absent: of all whom the caller sees"));

const struct shape figures_row_shape = SHAPE(figures_row,
    FIELD(figures_row, id, "Made of customer, month, severity and promise", .required = true),
    FIELD(figures_row, tenant_id, "The customer", .filter = true, .required = true),
    FIELD(figures_row, tenant_name, "The customer's name", .sort = true, .search = true),
    FIELD(figures_row, month, "In which the promises began", .sort = true, .required = true),
    FIELD(figures_row, severity, "Of cases of which severity", .of = &severity_domain, .filter = true, .sort = true),
    FIELD(figures_row, metric, "What was promised", .of = &promise_metric_domain, .filter = true, .sort = true),
    FIELD(figures_row, met, "Kept", .sort = true),
    FIELD(figures_row, missed, "Missed: ended late, or still runs past its deadline", .sort = true),
    FIELD(figures_row, open, "Neither yet", .sort = true),
    FIELD(figures_row, answered, "Ended by an engineer's answer"),
    FIELD(figures_row, median_s, "Half of the answers came within this time that counts", .optional = true,
          .sort = true),
    FIELD(figures_row, p95_s, "95 of 100 answers came within this", .optional = true, .sort = true));

/* The clock is read once for a statement, not once for each of a million rows. */
#define MISSED "(p.state = 'missed' OR p.late OR (p.state = 'running' AND p.due_at < (SELECT yagura_at())))"
#define ANSWERED "FILTER (WHERE p.stopped_by = 'engineer.answered')"

/* OFFSET 0 keeps the bounds apart: a comparison with a plain column may go into the index under row-level security, one
 * with a function that might leak, as AT TIME ZONE, may not. */
#define FIGURES_TENANTS \
    "  FROM tenant t" \
    "  CROSS JOIN LATERAL (SELECT (first - (greatest(coalesce(:months, 1), 1) - 1) * interval '1 month')" \
    "               AT TIME ZONE t.time_zone AS begins," \
    "           (first + interval '1 month') AT TIME ZONE t.time_zone AS ends" \
    "      FROM make_timestamp(:year::int, :month::int, 1, 0, 0, 0) first OFFSET 0) m"
#define FIGURES_PROMISES \
    "      FROM (SELECT date_trunc('month', p.started_at AT TIME ZONE t.time_zone) AS month, p.severity," \
    "                   p.metric, p.state, p.elapsed_s, p.stopped_by, " MISSED " AS is_missed" \
    "              FROM promise p WHERE p.tenant_id = t.id AND p.severity IS NOT NULL" \
    "               AND p.started_at >= m.begins AND p.started_at < m.ends) p" \
    "     GROUP BY p.month, p.severity, p.metric) p"
#define FIGURES_WHOSE " WHERE t.kind = 'customer' AND (:customer_id IS NULL OR t.id = :customer_id)"

const struct listing service_figures = {
    .name = "service_figures",
    .from = "SELECT t.id || '/' || to_char(p.month, 'YYYY-MM') || '/' || p.severity || '/' || p.metric AS id,"
            "       t.id AS tenant_id, t.name AS tenant_name, to_char(p.month, 'YYYY-MM') AS month, p.severity,"
            "       p.metric, p.met, p.missed, p.open, p.answered, p.median_s, p.p95_s"
            FIGURES_TENANTS
            "  CROSS JOIN LATERAL (SELECT p.month, p.severity, p.metric,"
            "           count(*) FILTER (WHERE NOT p.is_missed AND p.state = 'met') AS met,"
            "           count(*) FILTER (WHERE p.is_missed) AS missed,"
            "           count(*) FILTER (WHERE NOT p.is_missed AND p.state <> 'met') AS open,"
            "           count(*) " ANSWERED " AS answered,"
            "           percentile_disc(0.5) WITHIN GROUP (ORDER BY p.elapsed_s) " ANSWERED " AS median_s,"
            "           percentile_disc(0.95) WITHIN GROUP (ORDER BY p.elapsed_s) " ANSWERED " AS p95_s"
            FIGURES_PROMISES
            FIGURES_WHOSE,
    .args = &figures_ask_shape, .row = &figures_row_shape, .key = "id", .sort = "tenant_name", .limit_max = 1000,
};

const struct shape trend_row_shape = SHAPE(trend_row,
    FIELD(trend_row, id, "Made of month, severity and promise", .required = true),
    FIELD(trend_row, month, "In which the promises began", .sort = true, .required = true),
    FIELD(trend_row, severity, "Of cases of which severity", .of = &severity_domain, .filter = true),
    FIELD(trend_row, metric, "What was promised", .of = &promise_metric_domain, .filter = true),
    FIELD(trend_row, met, "Kept"), FIELD(trend_row, missed, "Missed"), FIELD(trend_row, open, "Neither yet"));

const struct listing service_trend = {
    .name = "service_trend",
    .from = "SELECT to_char(p.month, 'YYYY-MM') || '/' || p.severity || '/' || p.metric AS id,"
            "       to_char(p.month, 'YYYY-MM') AS month, p.severity, p.metric, sum(p.met)::bigint AS met,"
            "       sum(p.missed)::bigint AS missed, sum(p.open)::bigint AS open"
            FIGURES_TENANTS
            "  CROSS JOIN LATERAL (SELECT p.month, p.severity, p.metric,"
            "           count(*) FILTER (WHERE NOT p.is_missed AND p.state = 'met') AS met,"
            "           count(*) FILTER (WHERE p.is_missed) AS missed,"
            "           count(*) FILTER (WHERE NOT p.is_missed AND p.state <> 'met') AS open"
            FIGURES_PROMISES
            FIGURES_WHOSE " GROUP BY p.month, p.severity, p.metric",
    .args = &figures_ask_shape, .row = &trend_row_shape, .key = "id", .sort = "month", .limit_max = 1000,
};

const struct shape promise_row_shape = SHAPE(promise_row,
    FIELD(promise_row, id, "The promise", .filter = true, .required = true),
    FIELD(promise_row, tenant_id, "Whose case", .filter = true, .required = true),
    FIELD(promise_row, ticket_id, "The case", .filter = true, .required = true),
    FIELD(promise_row, tenant_name, "The customer's name", .sort = true),
    FIELD(promise_row, reference, "As people say it on the phone", .required = true),
    FIELD(promise_row, subject, "The case in one line"),
    FIELD(promise_row, severity, "How grave", .of = &severity_domain, .filter = true, .sort = true),
    FIELD(promise_row, metric, "What was promised", .of = &promise_metric_domain, .filter = true, .sort = true),
    FIELD(promise_row, state, "How it stands", .of = &promise_state_domain, .filter = true, .sort = true),
    FIELD(promise_row, missed, "Ended late, or still runs past its deadline", .filter = true),
    FIELD(promise_row, started_at, "Since when", .sort = true, .filter = true, .required = true),
    FIELD(promise_row, due_at, "Until when; absent while it stands still", .sort = true, .filter = true),
    FIELD(promise_row, stopped_at, "When it ended", .sort = true, .filter = true),
    FIELD(promise_row, allowance_s, "Promised, in seconds that count", .optional = true),
    FIELD(promise_row, elapsed_s, "Used until it ended", .optional = true, .sort = true),
    FIELD(promise_row, stopped_by, "What ended it, for programs"),
    FIELD(promise_row, assignee_name, "The engineer in charge"));

const struct listing promise_listing = {
    .name = "promises",
    .from = "SELECT p.id, p.tenant_id, p.ticket_id, c.name AS tenant_name,"
            "       c.short_code || '-' || t.number AS reference, t.subject, p.severity, p.metric, p.state,"
            "       " MISSED " AS missed, p.started_at, p.due_at, p.stopped_at, p.allowance_s, p.elapsed_s,"
            "       p.stopped_by, t.assignee_name"
            "  FROM promise p JOIN ticket t ON t.tenant_id = p.tenant_id AND t.id = p.ticket_id"
            "  JOIN tenant c ON c.id = p.tenant_id",
    .row = &promise_row_shape, .key = "id", .sort = "-started_at",
};
