#include "workflows/saved_views.h"

#include "workflows/audit.h"

enum { VIEWS_MAX_BYTES = 16000 };

static const struct shape logged = SHAPE(saved_view,
    FIELD(saved_view, page, ""), FIELD(saved_view, name, ""), FIELD(saved_view, state, ""),
    FIELD(saved_view, shared, ""));

static bool
record(struct scope *s, const char *action, const struct saved_view *before, const struct saved_view *after)
{
    const struct saved_view *view = after ? after : before;
    return audit_record(s, &(struct deed){
        .tenant_id = s->who->tenant_id, .action = action, .noun = "saved_view", .object_id = view->id,
        .object_name = view->name, .change = shape_difference(s->arena, &logged, before, after) });
}

static bool
check_state(struct scope *s, struct json state)
{
    return state.raw.len <= VIEWS_MAX_BYTES || fail_field(s, "/state", FAULT_TOO_LONG, "16000");
}

bool
saved_view_create(struct scope *s, const struct saved_view_write *in, struct saved_view *out)
{
    struct saved_view_write row = *in;
    row.id = uuid_new(s->now);
    row.tenant_id = s->who->tenant_id;
    row.person_id = s->who->person_id;
    row.at = s->now;
    return check_state(s, row.state)
        && db_run(s, &saved_view_insert, &row, NULL)
        && db_one(s, &saved_view_by_id, &(struct id_args){ row.id }, out)
        && record(s, "saved_view.created", NULL, out);
}

static bool
read_own(struct scope *s, struct uuid id, struct saved_view *out)
{
    return db_one(s, &saved_view_by_id, &(struct id_args){ id }, out)
        && (uuid_eq(out->person_id, s->who->person_id) || fail(s, &problem_forbidden, "another person's view"));
}

bool
saved_view_change(struct scope *s, const struct saved_view_write *in, struct saved_view *out)
{
    struct saved_view before;
    struct saved_view_write row = *in;
    struct id_args changed;
    row.at = s->now;
    return check_state(s, row.state)
        && read_own(s, in->id, &before)
        && db_update(s, &saved_view_update, &row, &changed, &saved_view_by_id, row.id)
        && db_one(s, &saved_view_by_id, &(struct id_args){ row.id }, out)
        && record(s, "saved_view.updated", &before, out);
}

bool
saved_view_remove(struct scope *s, struct uuid id)
{
    struct saved_view before;
    return read_own(s, id, &before)
        && db_run(s, &saved_view_delete, &(struct id_args){ id }, NULL)
        && record(s, "saved_view.deleted", &before, NULL);
}
