#include "model/tenant.h"

const struct domain tenant_kind_domain = DOMAIN(tenant_kind, "provider", "customer");
const struct domain tenant_plan_domain = DOMAIN(tenant_plan, "lite", "ultimate", "mss");
const struct domain tenant_status_domain = DOMAIN(tenant_status, "onboarding", "active", "suspended", "ended");

const struct uuid provider_tenant_id = { { 0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1 } };

const struct shape tenant_shape = SHAPE(tenant,
    FIELD(tenant, id, "Identity, never reused", .read_only = true, .filter = true),
    FIELD(tenant, name, "As the customer writes it", .sort = true, .search = true, .required = true),
    FIELD(tenant, name_kana, "How the name is read, for sorting and the phone", .sort = true, .search = true),
    FIELD(tenant, short_code, "Capitals and digits in front of case numbers", .sort = true, .search = true,
          .required = true),
    FIELD(tenant, kind, "The provider itself or a customer", .of = &tenant_kind_domain, .filter = true,
          .required = true),
    FIELD(tenant, plan, "What was bought", .of = &tenant_plan_domain, .filter = true, .sort = true),
    FIELD(tenant, language, "Language of its mails and reports", .of = &language_domain, .filter = true,
          .required = true),
    FIELD(tenant, time_zone, "Zone of its days and hours", .required = true),
    FIELD(tenant, holiday_country, "Whose public holidays count"),
    FIELD(tenant, reopen_days, "Days in which its people may open an ended case again"),
    FIELD(tenant, contract_start,
        "The day the licence was delivered: contract years count from it; without it, from when the"
          " customer was added", .format = FORMAT_DATE),
    FIELD(tenant, password_max_days, "Days after which a password must be replaced at the next sign-in; absent: never",
          .optional = true),
    FIELD(tenant, status, "Where it stands in its life", .of = &tenant_status_domain, .filter = true, .sort = true,
          .required = true),
    FIELD(tenant, people_count, "People who are not disabled", .sort = true),
    FIELD(tenant, created_at, "When it was created", .sort = true, .filter = true, .required = true),
    FIELD(tenant, updated_at, "When it last changed", .sort = true, .filter = true, .required = true),
    FIELD(tenant, version, "Grows with each change"),
    FIELD(tenant, can, "Verbs the caller may use on it", .required = true));

#define TENANT_WORDS                                                                                       \
    FIELD(tenant_write, name, "As the customer writes it", .max = 200, .required = true),                  \
    FIELD(tenant_write, name_kana, "How the name is read", .max = 200),                                    \
    FIELD(tenant_write, short_code, "2 to 12 capitals and digits", .min = 2, .max = 12, .required = true), \
    FIELD(tenant_write, plan, "What was bought", .of = &tenant_plan_domain),                               \
    FIELD(tenant_write, language, "Language of its mails", .of = &language_domain, .required = true),      \
    FIELD(tenant_write, time_zone, "Zone of its days and hours", .format = FORMAT_TIME_ZONE, .max = 64,    \
          .required = true),                                                                               \
    FIELD(tenant_write, holiday_country, "ISO 3166 code of the country whose public holidays count", .max = 2), \
    FIELD(tenant_write, reopen_days, "Days in which its people may open an ended case again; 30 when absent", \
          .max = 366, .optional = true),                                                                   \
    FIELD(tenant_write, contract_start, "The day the licence was delivered", .format = FORMAT_DATE, .max = 10),   \
    FIELD(tenant_write, password_max_days, "Days after which a password must be replaced at the next sign-in; never" \
          " when absent", .min = 1, .max = 3650, .optional = true)

const struct shape tenant_create_shape = SHAPE(tenant_write, TENANT_WORDS);
const struct shape tenant_update_shape = SHAPE(tenant_write,
    FIELD(tenant_write, id, "Which one", .read_only = true),
    FIELD(tenant_write, version, "What the change is based on", .read_only = true),
    TENANT_WORDS);

/* With everything the statements below name; never read from JSON. */
static const struct shape write_args = SHAPE(tenant_write,
    FIELD(tenant_write, id, "Which one"),
    FIELD(tenant_write, version, "What the change is based on"),
    FIELD(tenant_write, status, "Where it stands", .of = &tenant_status_domain),
    FIELD(tenant_write, at, "When"),
    TENANT_WORDS);

static const struct shape status_args = SHAPE(tenant_status_args,
    FIELD(tenant_status_args, id, "Which one"),
    FIELD(tenant_status_args, status, "Where it goes", .of = &tenant_status_domain),
    FIELD(tenant_status_args, at, "When"));

#define TENANT_SELECT                                                                                                  \
    "SELECT t.id, t.name, t.name_kana, t.short_code, t.kind, t.plan, t.language, t.time_zone, t.holiday_country,"      \
    "       t.reopen_days::bigint, t.password_max_days::bigint, t.contract_start::text AS contract_start,"             \
    "       t.status, t.created_at, t.updated_at, t.version,"                                                          \
    "       (SELECT count(*) FROM person p WHERE p.tenant_id = t.id AND p.kind = 'person'"                             \
    "           AND p.status <> 'disabled') AS people_count,"                                                          \
    "       array_remove(ARRAY["                                                                                       \
    "           CASE WHEN grant_rank((SELECT yagura_grants()), 'tenants') = 3 THEN 'update' END,"                      \
    "           CASE WHEN grant_rank((SELECT yagura_grants()), 'tenants') = 3 AND t.kind = 'customer'"                 \
    "                     AND t.status IN ('onboarding', 'active') THEN 'suspend' END,"                                \
    "           CASE WHEN grant_rank((SELECT yagura_grants()), 'tenants') = 3 AND t.status = 'suspended'"              \
    "                THEN 'resume' END,"                                                                               \
    "           CASE WHEN grant_rank((SELECT yagura_grants()), 'tenants') >= 1 AND t.kind = 'customer' THEN 'act' END" \
    "       ], NULL) AS can"                                                                                           \
    "  FROM tenant t"

const struct listing tenant_listing = {
    .name = "tenants", .from = TENANT_SELECT, .row = &tenant_shape, .key = "id", .sort = "name",
};

const struct query tenant_by_id = {
    .name = "tenant_by_id", .sql = TENANT_SELECT " WHERE t.id = :id", .args = &id_args_shape, .row = &tenant_shape,
};

const struct query tenant_insert = {
    .name = "tenant_insert",
    .sql = "INSERT INTO tenant (id, kind, name, name_kana, short_code, plan, language, time_zone, holiday_country,"
           "                    reopen_days, password_max_days, contract_start, status, created_at, updated_at)"
           " VALUES (:id, 'customer', :name, :name_kana, :short_code, :plan, :language, :time_zone,"
           "         :holiday_country, coalesce(:reopen_days, 30), :password_max_days, (:contract_start::text)::date,"
           "         :status, :at, :at)",
    .args = &write_args,
};

const struct query tenant_update = {
    .name = "tenant_update",
    .sql = "UPDATE tenant SET name = :name, name_kana = :name_kana, short_code = :short_code, plan = :plan,"
           "       language = :language, time_zone = :time_zone, holiday_country = :holiday_country,"
           "       reopen_days = coalesce(:reopen_days, reopen_days),"
           "       password_max_days = :password_max_days, contract_start = (:contract_start::text)::date,"
           "       updated_at = :at, version = version + 1"
           " WHERE id = :id AND version = :version RETURNING id",
    .args = &write_args, .row = &id_args_shape,
};

const struct query tenant_set_status = {
    .name = "tenant_set_status",
    .sql = "UPDATE tenant SET status = :status, updated_at = :at, version = version + 1 WHERE id = :id",
    .args = &status_args,
};

/* Whoever takes away rights in a tenant holds this lock, so that two cannot take each other's at once. */
const struct query tenant_lock = {
    .name = "tenant_lock", .sql = "SELECT id FROM tenant WHERE id = :id FOR UPDATE",
    .args = &id_args_shape, .row = &id_args_shape,
};
