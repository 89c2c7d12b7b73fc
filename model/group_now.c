#include "model/group_now.h"

static const struct shape now_shape = SHAPE(group_now,
    FIELD(group_now, tenant_id, "Whose computers"), FIELD(group_now, group_id, "Which group"),
    FIELD(group_now, computer_ids, "Who is in it"));

const struct query group_now_take = {
    .name = "group_now_take",
    .sql = "DELETE FROM computer_group_now WHERE tenant_id = :tenant_id AND group_id = :group_id"
           "   AND computer_id <> ALL (coalesce(:computer_ids, '{}'))",
    .args = &now_shape,
};
const struct query group_now_put = {
    .name = "group_now_put",
    .sql = "INSERT INTO computer_group_now (tenant_id, group_id, computer_id)"
           " SELECT :tenant_id, :group_id, id FROM unnest(:computer_ids) id ON CONFLICT DO NOTHING",
    .args = &now_shape,
};

static const struct shape asked_shape = SHAPE(group_now,
    FIELD(group_now, tenant_id, "Whose computers"), FIELD(group_now, group_id, "Which group"));
#define ASKED                                                                                                \
    "FROM exclusion e JOIN computer_group g ON g.id = e.scope_id AND g.kind = 'dynamic'"                     \
    " WHERE e.state = 'active' AND e.scope = 'group'"
const struct query groups_asked = {
    .name = "groups_asked",
    .sql = "SELECT DISTINCT e.tenant_id, e.scope_id AS group_id " ASKED " ORDER BY 1, 2",
    .row = &asked_shape,
};
const struct query groups_asked_no_more = {
    .name = "groups_asked_no_more",
    .sql = "DELETE FROM computer_group_now WHERE (tenant_id, group_id) NOT IN"
           " (SELECT e.tenant_id, e.scope_id " ASKED ")",
};

static const struct shape keys_args_shape = SHAPE(computer_keys_args,
    FIELD(computer_keys_args, tenant_id, "Whose"), FIELD(computer_keys_args, ids, "Which"));
static const struct shape key_shape = SHAPE(computer_key, FIELD(computer_key, name_key, "Folded name"));
const struct query computer_keys = {
    .name = "computer_keys",
    .sql = "SELECT name_key FROM computer WHERE tenant_id = :tenant_id AND id = ANY (:ids)"
           " ORDER BY name_key COLLATE \"C\"",
    .args = &keys_args_shape, .row = &key_shape,
};
