#include "model/saved_view.h"

const struct shape saved_view_shape = SHAPE(saved_view,
    FIELD(saved_view, id, "Identity"),
    FIELD(saved_view, person_id, "Whose view", .required = true),
    FIELD(saved_view, person_name, "Their name"),
    FIELD(saved_view, page, "The page it belongs to", .filter = true, .required = true),
    FIELD(saved_view, name, "What it is called", .sort = true, .required = true),
    FIELD(saved_view, state, "Filters, sort and columns as the page keeps them", .required = true),
    FIELD(saved_view, shared, "Seen by everybody of the same organisation", .filter = true),
    FIELD(saved_view, created_at, "When it was made", .required = true),
    FIELD(saved_view, updated_at, "When it last changed",
          .required = true),
    FIELD(saved_view, version, "Grows with each change"),
    FIELD(saved_view, can, "Verbs the caller may use on it", .required = true));

#define VIEW_WORDS                                                                                   \
    FIELD(saved_view_write, page, "The page it belongs to", .max = 60, .required = true),            \
    FIELD(saved_view_write, name, "What it is called", .max = 100, .required = true),                \
    FIELD(saved_view_write, state, "Filters, sort and columns as the page keeps them", .max = 16000, \
          .required = true),                                                                         \
    FIELD(saved_view_write, shared, "Seen by everybody of the same organisation")

const struct shape saved_view_write_shape = SHAPE(saved_view_write, VIEW_WORDS);
const struct shape saved_view_update_shape = SHAPE(saved_view_write,
    FIELD(saved_view_write, id, "Which one", .read_only = true),
    FIELD(saved_view_write, version, "What the change is based on", .read_only = true), VIEW_WORDS);

static const struct shape write_args = SHAPE(saved_view_write,
    FIELD(saved_view_write, id, "Which one"), FIELD(saved_view_write, tenant_id, "Where it belongs"),
    FIELD(saved_view_write, person_id, "Whose"), FIELD(saved_view_write, version, "What the change is based on"),
    FIELD(saved_view_write, at, "When"), VIEW_WORDS);

/* The owner's name comes from the person table, which a narrowed look may not show: then it is absent. */
#define VIEW_SELECT                                                                                              \
    "SELECT v.id, v.person_id, p.name AS person_name, v.page, v.name, v.state, v.shared, v.created_at,"          \
    "       v.updated_at, v.version,"                                                                            \
    "       CASE WHEN v.person_id = yagura_person() THEN ARRAY['update', 'delete'] ELSE '{}' END::text[] AS can" \
    "  FROM saved_view v LEFT JOIN person p ON p.tenant_id = v.tenant_id AND p.id = v.person_id"                 \
    " WHERE (v.shared OR v.person_id = yagura_person())"

const struct listing saved_view_listing = {
    .name = "saved_views", .from = VIEW_SELECT, .row = &saved_view_shape, .key = "id", .sort = "name",
};
const struct query saved_view_by_id = {
    .name = "saved_view_by_id", .sql = VIEW_SELECT " AND v.id = :id", .args = &id_args_shape,
    .row = &saved_view_shape,
};
const struct query saved_view_insert = {
    .name = "saved_view_insert",
    .sql = "INSERT INTO saved_view (tenant_id, id, person_id, page, name, state, shared, created_at, updated_at)"
           " VALUES (:tenant_id, :id, :person_id, :page, :name, :state, :shared, :at, :at)",
    .args = &write_args,
};
const struct query saved_view_update = {
    .name = "saved_view_update",
    .sql = "UPDATE saved_view SET page = :page, name = :name, state = :state, shared = :shared, updated_at = :at,"
           "       version = version + 1"
           " WHERE id = :id AND version = :version AND person_id = yagura_person() RETURNING id",
    .args = &write_args, .row = &id_args_shape,
};
const struct query saved_view_delete = {
    .name = "saved_view_delete", .sql = "DELETE FROM saved_view WHERE id = :id AND person_id = yagura_person()",
    .args = &id_args_shape,
};
