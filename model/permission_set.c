#include "model/permission_set.h"

#include "model/principal.h"

const struct shape permission_set_shape = SHAPE(permission_set,
    FIELD(permission_set, id, "Identity", .filter = true),
    FIELD(permission_set, tenant_id, "Whose set it is", .filter = true, .required = true),
    FIELD(permission_set, key, "Short name for programs", .sort = true, .search = true, .required = true),
    FIELD(permission_set, name_en, "Name in English", .sort = true, .search = true, .required = true),
    FIELD(permission_set, name_ja, "Name in Japanese", .sort = true, .search = true, .required = true),
    FIELD(permission_set, side, "For the provider's people or the customer's", .of = &principal_side_domain,
          .filter = true, .required = true),
    FIELD(permission_set, grants, "What it allows, as function:level", .max = 64, .required = true),
    FIELD(permission_set, builtin, "Came with the tenant and does not change", .filter = true, .sort = true),
    FIELD(permission_set, people_count, "How many hold it", .sort = true),
    FIELD(permission_set, version, "Grows with each change"),
    FIELD(permission_set, can, "Verbs the caller may use on it", .required = true));

#define SET_WORDS                                                                           \
    FIELD(permission_set_write, name_en, "Name in English", .max = 100, .required = true),  \
    FIELD(permission_set_write, name_ja, "Name in Japanese", .max = 100, .required = true), \
    FIELD(permission_set_write, grants, "What it allows, as function:level", .max = 64, .required = true)

const struct shape permission_set_create_shape = SHAPE(permission_set_write,
    FIELD(permission_set_write, tenant_id, "Whose set it is; the caller's own when absent"),
    FIELD(permission_set_write, key, "Short name for programs", .max = 60, .format = FORMAT_SLUG, .required = true),
    SET_WORDS);

const struct shape permission_set_update_shape = SHAPE(permission_set_write,
    FIELD(permission_set_write, id, "Which one", .read_only = true),
    FIELD(permission_set_write, version, "What the change is based on", .read_only = true),
    SET_WORDS);

static const struct shape write_args = SHAPE(permission_set_write,
    FIELD(permission_set_write, id, "Which one"),
    FIELD(permission_set_write, tenant_id, "Whose set it is"),
    FIELD(permission_set_write, version, "What the change is based on"),
    FIELD(permission_set_write, key, "Short name for programs"),
    FIELD(permission_set_write, at, "When"),
    SET_WORDS);

static const struct shape sets_args_shape = SHAPE(sets_args,
    FIELD(sets_args, tenant_id, "Whose sets"), FIELD(sets_args, ids, "Which ones"));
static const struct shape sets_row_shape = SHAPE(sets_row,
    FIELD(sets_row, found, "How many of them exist"), FIELD(sets_row, grants, "What they give together"));

const struct shape permission_function_row_shape = SHAPE(permission_function_row,
    FIELD(permission_function_row, key, "As it stands in a grant, before the colon"),
    FIELD(permission_function_row, title_en, "What people read in English"),
    FIELD(permission_function_row, title_ja, "What people read in Japanese"),
    FIELD(permission_function_row, provider_only, "Never given to customers' sets"));

#define SET_SELECT                                                                                   \
    "SELECT s.id, s.tenant_id, s.key, s.name_en, s.name_ja, s.side, s.grants, s.builtin, s.version," \
    "       (SELECT count(*) FROM person_permission_set m"                                           \
    "         WHERE m.tenant_id = s.tenant_id AND m.permission_set_id = s.id) AS people_count,"      \
    "       CASE WHEN s.builtin OR grant_rank((SELECT yagura_grants()), 'permissions') < 3"          \
    "                 OR NOT s.grants <@ (SELECT grants_reach(yagura_grants())) THEN '{}'"           \
    "            ELSE ARRAY['update', 'delete'] END::text[] AS can"                                  \
    "  FROM permission_set s"

const struct listing permission_set_listing = {
    .name = "permission_sets", .from = SET_SELECT, .row = &permission_set_shape, .key = "id", .sort = "-builtin",
};

const struct query permission_set_by_id = {
    .name = "permission_set_by_id", .sql = SET_SELECT " WHERE s.id = :id",
    .args = &id_args_shape, .row = &permission_set_shape,
};

const struct query permission_set_insert = {
    .name = "permission_set_insert",
    .sql = "INSERT INTO permission_set (tenant_id, id, key, name_en, name_ja, side, grants, created_at, updated_at)"
           " SELECT :tenant_id, :id, :key, :name_en, :name_ja, t.kind, :grants, :at, :at FROM tenant t"
           "  WHERE t.id = :tenant_id",
    .args = &write_args,
};

const struct query permission_set_update = {
    .name = "permission_set_update",
    .sql = "UPDATE permission_set SET name_en = :name_en, name_ja = :name_ja, grants = :grants, updated_at = :at,"
           "       version = version + 1"
           " WHERE id = :id AND version = :version AND NOT builtin RETURNING id",
    .args = &write_args, .row = &id_args_shape,
};

const struct query permission_set_delete = {
    .name = "permission_set_delete", .sql = "DELETE FROM permission_set WHERE id = :id AND NOT builtin",
    .args = &id_args_shape,
};

const struct query permission_sets_together = {
    .name = "permission_sets_together",
    .sql = "SELECT count(DISTINCT s.id) AS found, coalesce(array_agg(DISTINCT g), '{}') AS grants"
           "  FROM permission_set s, unnest(s.grants) g WHERE s.tenant_id = :tenant_id AND s.id = ANY (:ids)",
    .args = &sets_args_shape, .row = &sets_row_shape,
};
