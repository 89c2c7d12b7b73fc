#include "model/entitlement.h"

const struct domain entitlement_period_domain = DOMAIN(entitlement_period, "contract_year", "month");
const struct domain entitlement_return_domain = DOMAIN(entitlement_return, "declined", "merged", "given_back");

static const struct shape used_shape = SHAPE(entitlement_used,
    FIELD(entitlement_used, id, "Identity of the use", .required = true),
    FIELD(entitlement_used, ticket_id, "The case"),
    FIELD(entitlement_used, reference, "Its number", .required = true),
    FIELD(entitlement_used, subject, "What it is about", .required = true),
    FIELD(entitlement_used, used_at, "When it was opened", .required = true),
    FIELD(entitlement_used, used_by_name, "By whom", .required = true),
    FIELD(entitlement_used, override_reason, "Why it was given although nothing was left"),
    FIELD(entitlement_used, counts, "It counts: it was not declined, merged away or given back"),
    FIELD(entitlement_used, return_cause, "Why it does not count", .of = &entitlement_return_domain),
    FIELD(entitlement_used, return_reason, "The same in words"));

const struct shape entitlement_shape = SHAPE(entitlement,
    FIELD(entitlement, id, "Identity of the row of the contract"),
    FIELD(entitlement, key, "What it is called by programs", .required = true),
    FIELD(entitlement, category_id, "Which cases use it"),
    FIELD(entitlement, category, "What people call those", .required = true),
    FIELD(entitlement, period, "Per contract year or calendar month", .of = &entitlement_period_domain,
        .required = true),
    FIELD(entitlement, period_from, "First day of the period", .format = FORMAT_DATE, .required = true, .sort = true),
    FIELD(entitlement, period_to, "Its last day", .format = FORMAT_DATE, .required = true),
    FIELD(entitlement, current, "It is the period of today"),
    FIELD(entitlement, amount, "How often the contract includes it"),
    FIELD(entitlement, used, "How often it was used"),
    FIELD(entitlement, remaining, "How often it can still be used"),
    FIELD(entitlement, uses, "The cases that used it, and those that do not count", .items = &used_shape));

const struct listing entitlement_listing = {
    .name = "entitlements",
    .from = "SELECT e.id, e.key, e.category_id, (SELECT CASE WHEN current_setting('yagura.language', true) = 'en'"
            "       THEN k.name_en ELSE k.name_ja END FROM ticket_category k WHERE k.id = e.category_id) AS category,"
            "    e.period, p.first::text AS period_from, (p.next - 1)::text AS period_to, p.ahead = 0 AS current,"
            "    e.amount, u.used, greatest(e.amount - u.used, 0) AS remaining, u.uses"
            "  FROM entitlement e JOIN tenant n ON n.id = :id AND n.plan = e.plan"
            "  JOIN LATERAL (SELECT g.ahead,"
            "           entitlement_period_from(e.period, contract_begin(n), d.today, g.ahead) AS first,"
            "           entitlement_period_from(e.period, contract_begin(n), d.today, g.ahead + 1) AS next"
            "      FROM generate_series(0, 1) g (ahead),"
            "           (SELECT (yagura_at() AT TIME ZONE n.time_zone)::date AS today) d) p"
            "    ON true"
            "  JOIN LATERAL (SELECT count(*) FILTER (WHERE x.returned_at IS NULL) AS used,"
            "      coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'ticket_id', t.id, 'reference',"
            "          n.short_code || '-' || t.number, 'subject', t.subject, 'used_at',"
            "          to_char(x.used_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'),"
            "          'used_by_name', x.used_by_name,"
            "          'override_reason', x.override_reason, 'counts', x.returned_at IS NULL, 'return_cause',"
            "          x.return_cause, 'return_reason', x.return_reason) ORDER BY x.used_at), '[]') AS uses"
            "      FROM entitlement_use x JOIN ticket t ON t.tenant_id = x.tenant_id AND t.id = x.ticket_id"
            "     WHERE x.tenant_id = n.id AND x.entitlement_id = e.id AND x.period_from = p.first) u"
            "    ON p.ahead = 0 OR u.uses <> '[]'",
    .args = &id_args_shape, .row = &entitlement_shape, .key = "id", .sort = "period_from",
};

static const struct shape ask_shape = SHAPE(entitlement_ask,
    FIELD(entitlement_ask, tenant_id, "Which customer"), FIELD(entitlement_ask, category_id, "Which category"),
    FIELD(entitlement_ask, at, "When"));
static const struct shape left_shape = SHAPE(entitlement_left,
    FIELD(entitlement_left, id, "What the contract says"), FIELD(entitlement_left, amount, "How often"),
    FIELD(entitlement_left, used, "Used in this period"), FIELD(entitlement_left, used_next, "Used of the next one"),
    FIELD(entitlement_left, period_from, "When this one began"), FIELD(entitlement_left, period_next, "And the next"));

#define USED(first)                                                                                       \
    "(SELECT count(*) FROM entitlement_use x WHERE x.tenant_id = p.tenant_id AND x.entitlement_id = p.id" \
    "    AND x.period_from = p." first " AND x.returned_at IS NULL)"

/* Asked after the case took its number, whose row keeps two openings of one customer apart. */
const struct query entitlement_left = {
    .name = "entitlement_left",
    .sql = "SELECT p.id, p.amount, " USED("first") " AS used, " USED("next") " AS used_next,"
           "    p.first::text AS period_from, p.next::text AS period_next"
           "  FROM (SELECT e.id, e.amount, c.id AS tenant_id,"
           "           entitlement_period_from(e.period, contract_begin(c), d.today, 0) AS first,"
           "           entitlement_period_from(e.period, contract_begin(c), d.today, 1) AS next"
           "      FROM entitlement e JOIN tenant c ON c.plan = e.plan,"
           "           LATERAL (SELECT (:at AT TIME ZONE c.time_zone)::date AS today) d"
           "     WHERE c.id = :tenant_id AND e.category_id = :category_id) p",
    .args = &ask_shape, .row = &left_shape,
};

const struct shape entitlement_use_shape = SHAPE(entitlement_use,
    FIELD(entitlement_use, id, "Identity"), FIELD(entitlement_use, tenant_id, "Whose"),
    FIELD(entitlement_use, entitlement_id, "Of what"), FIELD(entitlement_use, ticket_id, "By which case"),
    FIELD(entitlement_use, period_from, "Of the period that begins on this day", .format = FORMAT_DATE),
    FIELD(entitlement_use, override_reason, "Why, although nothing was left"),
    FIELD(entitlement_use, used_at, "When"), FIELD(entitlement_use, used_by_name, "By whom"),
    FIELD(entitlement_use, returned_at, "Since when it does not count"),
    FIELD(entitlement_use, return_cause, "Why not", .of = &entitlement_return_domain),
    FIELD(entitlement_use, return_reason, "The same in words"),
    FIELD(entitlement_use, returned_by_name, "Who said so"));

#define USE_SELECT                                                                                                  \
    "SELECT id, tenant_id, entitlement_id, ticket_id, period_from::text AS period_from, override_reason, used_at," \
    "       used_by_name, returned_at, return_cause, return_reason, returned_by_name FROM entitlement_use"

const struct query entitlement_use_insert = {
    .name = "entitlement_use_insert",
    .sql = "INSERT INTO entitlement_use (tenant_id, id, entitlement_id, ticket_id, period_from, override_reason,"
           "    used_at, used_by_name)"
           " VALUES (:tenant_id, :id, :entitlement_id, :ticket_id, (:period_from::text)::date, :override_reason,"
           "    :used_at, :used_by_name)",
    .args = &entitlement_use_shape,
};
const struct query entitlement_use_by_id = {
    .name = "entitlement_use_by_id", .sql = USE_SELECT " WHERE id = :id FOR UPDATE",
    .args = &id_args_shape, .row = &entitlement_use_shape,
};
const struct query entitlement_use_of_ticket = {
    .name = "entitlement_use_of_ticket", .sql = USE_SELECT " WHERE ticket_id = :id FOR UPDATE",
    .args = &id_args_shape, .row = &entitlement_use_shape,
};
const struct query entitlement_use_save = {
    .name = "entitlement_use_save",
    .sql = "UPDATE entitlement_use SET returned_at = :returned_at, return_cause = :return_cause,"
           "    return_reason = :return_reason, returned_by_name = :returned_by_name"
           " WHERE tenant_id = :tenant_id AND id = :id",
    .args = &entitlement_use_shape,
};
