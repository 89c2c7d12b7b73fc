#include "model/person.h"

#include "model/principal.h"

const struct domain person_kind_domain = DOMAIN(person_kind, "person", "service");
const struct domain person_status_domain = DOMAIN(person_status, "invited", "active", "disabled");
const struct domain theme_domain = DOMAIN(theme, "auto", "light", "dark");

const struct shape person_shape = SHAPE(person,
    FIELD(person, id, "Identity, never reused", .filter = true),
    FIELD(person, tenant_id, "Where the person belongs", .filter = true, .required = true),
    FIELD(person, tenant_name, "Name of that organisation", .sort = true, .required = true),
    FIELD(person, email, "Sign-in and mail address", .format = FORMAT_EMAIL, .sort = true, .search = true),
    FIELD(person, name, "As the person writes it", .sort = true, .search = true, .required = true),
    FIELD(person, language, "Language of screens and mails", .of = &language_domain, .filter = true,
          .required = true),
    FIELD(person, time_zone, "Zone in which times are shown", .required = true),
    FIELD(person, status, "Where the account stands", .of = &person_status_domain, .filter = true, .sort = true,
          .required = true),
    FIELD(person, side, "Provider or customer", .of = &principal_side_domain, .filter = true, .required = true),
    FIELD(person, kind, "A human or a program", .of = &person_kind_domain, .filter = true, .required = true),
    FIELD(person, permission_set_ids, "Permission sets held", .required = true),
    FIELD(person, permission_sets, "Their names in the caller's language", .required = true),
    FIELD(person, all_tenants, "Sees every customer, also those yet to come", .filter = true),
    FIELD(person, tenant_ids, "Customers seen by a person of the provider", .required = true),
    FIELD(person, second_factor, "Whether a second factor is enrolled", .filter = true),
    FIELD(person, last_sign_in_at, "Last completed sign-in", .sort = true, .filter = true),
    FIELD(person, locked_until, "Sign-in attempts are held back until then"),
    FIELD(person, created_at, "When it was invited", .sort = true, .filter = true, .required = true),
    FIELD(person, updated_at, "When it last changed", .sort = true, .filter = true, .required = true),
    FIELD(person, version, "Grows with each change"),
    FIELD(person, can, "Verbs the caller may use on it", .required = true));

static const struct shape insert_shape = SHAPE(person_insert,
    FIELD(person_insert, id, "Identity"),
    FIELD(person_insert, tenant_id, "Where the person belongs"),
    FIELD(person_insert, kind, "A human or a program", .of = &person_kind_domain),
    FIELD(person_insert, email, "Sign-in address"),
    FIELD(person_insert, name, "Name"),
    FIELD(person_insert, language, "Language", .of = &language_domain),
    FIELD(person_insert, time_zone, "Time zone"),
    FIELD(person_insert, status, "Where the account stands", .of = &person_status_domain),
    FIELD(person_insert, all_tenants, "Sees every customer"),
    FIELD(person_insert, at, "When"));

#define CHANGE_WORDS                                                                                           \
    FIELD(person_change, name, "As the person writes it", .max = 100, .required = true),                       \
    FIELD(person_change, language, "Language of screens and mails", .of = &language_domain, .required = true), \
    FIELD(person_change, time_zone, "Zone in which times are shown", .format = FORMAT_TIME_ZONE, .max = 64,    \
          .required = true),                                                                                   \
    FIELD(person_change, permission_set_ids, "Permission sets to hold", .max = 20, .required = true),          \
    FIELD(person_change, all_tenants, "Sees every customer; for people of the provider"),                      \
    FIELD(person_change, tenant_ids, "Customers to see; for people of the provider", .max = 1000)

const struct shape person_change_shape = SHAPE(person_change,
    FIELD(person_change, id, "Which one", .read_only = true),
    FIELD(person_change, version, "What the change is based on", .read_only = true),
    CHANGE_WORDS);

static const struct shape update_args = SHAPE(person_change,
    FIELD(person_change, id, "Which one"),
    FIELD(person_change, version, "What the change is based on"),
    FIELD(person_change, at, "When"),
    CHANGE_WORDS);

static const struct shape status_args = SHAPE(person_status_args,
    FIELD(person_status_args, id, "Which one"),
    FIELD(person_status_args, status, "Where it goes", .of = &person_status_domain),
    FIELD(person_status_args, at, "When"));

static const struct shape membership_shape = SHAPE(membership,
    FIELD(membership, tenant_id, "Where the person belongs"),
    FIELD(membership, person_id, "Who"),
    FIELD(membership, ids, "Permission sets or customers"));

const struct shape person_ref_shape = SHAPE(person_ref,
    FIELD(person_ref, tenant_id, "Where the person belongs"),
    FIELD(person_ref, person_id, "Who"));

const struct shape count_row_shape = SHAPE(count_row, FIELD(count_row, n, "How many"));

static const struct shape holding_shape = SHAPE(holding,
    FIELD(holding, grants, "What the person may do"),
    FIELD(holding, tenant_ids, "Customers seen"),
    FIELD(holding, all_tenants, "Sees every customer"));

/* The verbs that the state of an account allows; nobody administrates who may do more than they may. */
#define PERSON_VERBS                                                                                           \
    "array_remove(ARRAY['update',"                                                                             \
    " CASE WHEN p.status <> 'disabled' AND p.id IS DISTINCT FROM (SELECT yagura_person()) THEN 'disable' END," \
    " CASE WHEN p.status = 'disabled' THEN 'enable' END,"                                                      \
    " CASE WHEN p.status = 'invited' AND p.kind = 'person' THEN 'resend-invitation' END,"                      \
    " CASE WHEN p.status = 'active' AND p.second_factor AND p.id IS DISTINCT FROM (SELECT yagura_person())"    \
    "      THEN 'reset-second-factor' END,"                                                                    \
    " CASE WHEN l.blocked_until IS NOT NULL THEN 'unlock' END], NULL)"

#define PERSON_SELECT                                                                                               \
    "SELECT p.id, p.tenant_id, t.name AS tenant_name, p.email, p.name, p.language, p.time_zone, p.status,"          \
    "       t.kind AS side, p.kind, p.all_tenants, p.second_factor, p.last_sign_in_at, p.created_at,"               \
    "       p.updated_at, p.version,"                                                                               \
    "       ARRAY(SELECT m.permission_set_id FROM person_permission_set m"                                          \
    "              WHERE m.tenant_id = p.tenant_id AND m.person_id = p.id ORDER BY 1) AS permission_set_ids,"       \
    "       ARRAY(SELECT CASE current_setting('yagura.language', true) WHEN 'en' THEN s.name_en ELSE s.name_ja END" \
    "               FROM person_permission_set m JOIN permission_set s"                                             \
    "                 ON s.tenant_id = m.tenant_id AND s.id = m.permission_set_id"                                  \
    "              WHERE m.tenant_id = p.tenant_id AND m.person_id = p.id ORDER BY s.id) AS permission_sets,"       \
    "       ARRAY(SELECT g.granted_tenant_id FROM tenant_grant g"                                                   \
    "              WHERE g.tenant_id = p.tenant_id AND g.person_id = p.id ORDER BY 1) AS tenant_ids,"               \
    "       l.blocked_until AS locked_until,"                                                                       \
    "       CASE WHEN grant_rank((SELECT yagura_grants()), 'people') < 3"                                           \
    "              OR EXISTS (SELECT FROM person_permission_set m JOIN permission_set s"                            \
    "                             ON s.tenant_id = m.tenant_id AND s.id = m.permission_set_id"                      \
    "                          WHERE m.tenant_id = p.tenant_id AND m.person_id = p.id"                              \
    "                            AND NOT s.grants <@ (SELECT grants_reach(yagura_grants())))"                       \
    "            THEN '{}' ELSE " PERSON_VERBS " END::text[] AS can"                                                \
    "  FROM person p JOIN tenant t ON t.id = p.tenant_id"                                                           \
    "  LEFT JOIN person_locks() l ON l.tenant_id = p.tenant_id AND l.person_id = p.id"

const struct listing person_listing = {
    .name = "people", .from = PERSON_SELECT, .row = &person_shape, .key = "id", .sort = "name",
};

const struct query person_by_id = {
    .name = "person_by_id", .sql = PERSON_SELECT " WHERE p.id = :id", .args = &id_args_shape, .row = &person_shape,
};

const struct query person_insert = {
    .name = "person_insert",
    .sql = "INSERT INTO person (tenant_id, id, kind, email, name, language, time_zone, status, all_tenants,"
           "                    created_at, updated_at)"
           " VALUES (:tenant_id, :id, :kind, :email, :name, :language, :time_zone, :status, :all_tenants, :at, :at)",
    .args = &insert_shape,
};

const struct query person_update = {
    .name = "person_update",
    .sql = "UPDATE person SET name = :name, language = :language, time_zone = :time_zone,"
           "       all_tenants = :all_tenants, updated_at = :at, version = version + 1"
           " WHERE id = :id AND version = :version RETURNING id",
    .args = &update_args, .row = &id_args_shape,
};

const struct query person_set_status = {
    .name = "person_set_status",
    .sql = "UPDATE person SET status = :status, updated_at = :at, version = version + 1 WHERE id = :id",
    .args = &status_args,
};

const struct query person_enable = {
    .name = "person_enable",
    .sql = "UPDATE person SET status = CASE WHEN terms_accepted_at IS NULL AND kind = 'person' THEN 'invited'"
           "                                ELSE 'active' END, updated_at = :at, version = version + 1"
           " WHERE id = :id",
    .args = &status_args,
};

const struct query person_holding = {
    .name = "person_holding",
    .sql = "SELECT ARRAY(SELECT DISTINCT g FROM person_permission_set m JOIN permission_set s"
           "               ON s.tenant_id = m.tenant_id AND s.id = m.permission_set_id, unnest(s.grants) g"
           "              WHERE m.tenant_id = p.tenant_id AND m.person_id = p.id) AS grants,"
           "       ARRAY(SELECT granted_tenant_id FROM tenant_grant g"
           "              WHERE g.tenant_id = p.tenant_id AND g.person_id = p.id) AS tenant_ids, p.all_tenants"
           "  FROM person p WHERE p.id = :id",
    .args = &id_args_shape, .row = &holding_shape,
};

const struct query person_sets_clear = {
    .name = "person_sets_clear",
    .sql = "DELETE FROM person_permission_set WHERE tenant_id = :tenant_id AND person_id = :person_id"
           "   AND permission_set_id <> ALL (coalesce(:ids, '{}'))",
    .args = &membership_shape,
};

const struct query person_sets_add = {
    .name = "person_sets_add",
    .sql = "INSERT INTO person_permission_set SELECT :tenant_id, :person_id, id FROM unnest(:ids::uuid[]) id"
           " ON CONFLICT DO NOTHING",
    .args = &membership_shape,
};

const struct query person_tenants_clear = {
    .name = "person_tenants_clear",
    .sql = "DELETE FROM tenant_grant WHERE tenant_id = :tenant_id AND person_id = :person_id"
           "   AND granted_tenant_id <> ALL (coalesce(:ids, '{}'))",
    .args = &membership_shape,
};

const struct query person_tenants_add = {
    .name = "person_tenants_add",
    .sql = "INSERT INTO tenant_grant SELECT :tenant_id, :person_id, id FROM unnest(:ids::uuid[]) id"
           " ON CONFLICT DO NOTHING",
    .args = &membership_shape,
};

/* Those who can still let others in: at least one must stay. */
const struct query tenant_administrators = {
    .name = "tenant_administrators",
    .sql = "SELECT count(DISTINCT p.id) AS n FROM person p"
           "  JOIN person_permission_set m ON m.tenant_id = p.tenant_id AND m.person_id = p.id"
           "  JOIN permission_set s ON s.tenant_id = m.tenant_id AND s.id = m.permission_set_id"
           " WHERE p.tenant_id = :id AND p.status = 'active' AND p.kind = 'person'"
           "   AND grants_cover(s.grants, ARRAY['people:write', 'permissions:write'])",
    .args = &id_args_shape, .row = &count_row_shape,
};

const struct shape me_shape = SHAPE(me,
    FIELD(me, id, "Identity"),
    FIELD(me, tenant_id, "Where I belong", .required = true),
    FIELD(me, email, "Sign-in and mail address", .required = true),
    FIELD(me, name, "My name", .required = true),
    FIELD(me, language, "Language of screens and mails", .of = &language_domain, .required = true),
    FIELD(me, time_zone, "Zone in which times are shown", .required = true),
    FIELD(me, theme, "Light, dark, or as the system says", .of = &theme_domain, .required = true),
    FIELD(me, second_factor, "Whether a second factor is enrolled"),
    FIELD(me, created_at, "When I was invited", .required = true),
    FIELD(me, last_sign_in_at, "Last completed sign-in"));

#define ME_WORDS                                                                                           \
    FIELD(me_change, name, "My name", .max = 100, .required = true),                                       \
    FIELD(me_change, language, "Language of screens and mails", .of = &language_domain, .required = true), \
    FIELD(me_change, time_zone, "Zone in which times are shown", .format = FORMAT_TIME_ZONE, .max = 64,    \
          .required = true),                                                                               \
    FIELD(me_change, theme, "Light, dark, or as the system says", .of = &theme_domain, .required = true)

const struct shape me_change_shape = SHAPE(me_change, ME_WORDS);
static const struct shape me_args = SHAPE(me_change, FIELD(me_change, at, "When"), ME_WORDS);

const struct query me_read = {
    .name = "me_read",
    .sql = "SELECT id, tenant_id, email, name, language, time_zone, theme, second_factor, created_at,"
           "       last_sign_in_at FROM person_self()",
    .row = &me_shape,
};

const struct query me_update = {
    .name = "me_update",
    .sql = "SELECT id, tenant_id, email, name, language, time_zone, theme, second_factor, created_at,"
           "       last_sign_in_at FROM person_self_write(:name, :language, :time_zone, :theme, :at)",
    .args = &me_args, .row = &me_shape,
};
