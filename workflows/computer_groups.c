/* Groups of computers: making them, and asking who is in them. */
#include "workflows/audit.h"
#include "workflows/computers.h"

enum { GROUPS_MAX = 200 };

static const struct shape logged = SHAPE(computer_group,
    FIELD(computer_group, name, ""), FIELD(computer_group, description, ""), FIELD(computer_group, parent_id, ""),
    FIELD(computer_group, conditions, "", .items = &group_condition_shape));

static bool
record(struct scope *s, const char *action, const struct computer_group *before, const struct computer_group *after)
{
    const struct computer_group *g = after ? after : before;
    return audit_record(s, &(struct deed){
        .tenant_id = g->tenant_id, .action = action, .noun = "computer_group", .object_id = g->id,
        .object_name = g->name, .change = shape_difference(s->arena, &logged, before, after) });
}

/* The parent is one of the same customer's, and not below the group itself. */
static bool
check_parent(struct scope *s, const struct computer_group_write *in)
{
    struct computer_group parent;
    struct computer_group_above row;
    bool found;
    if (uuid_is_none(in->parent_id))
        return true;
    if (!db_maybe(s, &computer_group_by_id, &(struct id_args){ in->parent_id }, &parent, &found))
        return false;
    if (!found || !uuid_eq(parent.tenant_id, in->tenant_id))
        return fail_field(s, "/parent_id", FAULT_NOT_FOUND, NULL);
    const struct computer_group_member pair = { in->tenant_id, in->parent_id, in->id };
    return db_one(s, &computer_group_is_above, &pair, &row)
        && (!row.above || fail_field(s, "/parent_id", FAULT_NOT_ALLOWED, NULL));
}

bool
computer_group_create(struct scope *s, const struct computer_group_write *in, struct computer_group *out)
{
    struct computer_group_write row = *in;
    row.id = uuid_new(s->now);
    row.at = s->now;
    if (!principal_sees(s->who, row.tenant_id))
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    if (row.kind == GROUP_DYNAMIC && !row.conditions.count)
        return fail_field(s, "/conditions", FAULT_REQUIRED, NULL);
    return group_conditions_check(s, &row.conditions)
        && check_parent(s, &row)
        && db_run(s, &computer_group_insert, &row, NULL)
        && db_one(s, &computer_group_by_id, &(struct id_args){ row.id }, out)
        && record(s, "computer_group.created", NULL, out);
}

bool
computer_group_change(struct scope *s, const struct computer_group_write *in, struct computer_group *out)
{
    struct computer_group before;
    struct computer_group_write row = *in;
    struct id_args changed;
    if (!db_one(s, &computer_group_by_id, &(struct id_args){ row.id }, &before))
        return false;
    if (before.builtin.at)
        return fail(s, &problem_forbidden, "everybody's groups stay as they are");
    row.tenant_id = before.tenant_id;
    row.kind = before.kind;
    row.at = s->now;
    if (row.kind == GROUP_DYNAMIC && !row.conditions.count)
        return fail_field(s, "/conditions", FAULT_REQUIRED, NULL);
    return group_conditions_check(s, &row.conditions)
        && check_parent(s, &row)
        && db_update(s, &computer_group_update, &row, &changed, &computer_group_by_id, row.id)
        && db_one(s, &computer_group_by_id, &(struct id_args){ row.id }, out)
        && record(s, "computer_group.updated", &before, out);
}

bool
computer_group_remove(struct scope *s, struct uuid id)
{
    struct computer_group before;
    return db_one(s, &computer_group_by_id, &(struct id_args){ id }, &before)
        && (!before.builtin.at || fail(s, &problem_forbidden, "everybody's groups stay as they are"))
        && db_run(s, &computer_group_delete, &(struct id_args){ id }, NULL)
        && record(s, "computer_group.deleted", &before, NULL);
}

/* ---- who is in them ---- */

const struct shape computer_tree_args_shape = SHAPE(computer_tree_args,
    FIELD(computer_tree_args, tenant_id, "Of one customer; everybody's when absent"));
const struct shape computer_tree_shape = SHAPE(computer_tree,
    FIELD(computer_tree, groups, "With how many computers each holds", .items = &computer_group_shape,
          .required = true));
const struct shape group_fields_answer_shape = SHAPE(group_fields_answer,
    FIELD(group_fields_answer, fields, "What conditions can be about", .items = &group_field_shape, .required = true));

bool
group_fields_read(struct scope *s, struct group_fields_answer *out)
{
    out->fields = group_fields(s);
    return true;
}

/* The first of its computers by score, and how many there are. */
static bool
ask(struct scope *s, const struct computer_group *g, const char *more, struct page *page)
{
    struct listing_ask *asked;
    struct computer_list_args args = { { { 0 } } };
    struct str question = str_printf(s->arena, "limit=1&total=true&sort=-worst_score%s", more);
    return listing_read(s, &computer_listing, question, &args, &asked)
        && group_terms(s, g, asked)
        && db_page(s, &computer_listing, &args, asked, page);
}

static bool
count(struct scope *s, const struct computer_tree_args *in, struct computer_group *g)
{
    struct page page;
    struct uuid of = g->builtin.at ? in->tenant_id : g->tenant_id;
    const char *more = uuid_is_none(of) ? ""
        : str_printf(s->arena, "&tenant_id=" STR_FMT, STR_ARG(uuid_format(s->arena, of))).at;
    if (g->kind == GROUP_STATIC)
        return true;
    if (!ask(s, g, more, &page))
        return false;
    g->computers = page.total;
    g->worst_score = page.rows.count ? ((const struct computer *)page.rows.items)->worst_score : INT_NONE;
    return true;
}

static bool
all_groups(struct scope *s, struct uuid tenant_id, struct rows *out)
{
    struct listing_ask *asked;
    struct page page;
    if (!listing_read(s, &computer_group_listing, str_printf(s->arena, "limit=%d", GROUPS_MAX), NULL, &asked)
        || !db_page(s, &computer_group_listing, NULL, asked, &page))
        return false;
    struct computer_group *items = page.rows.items;
    size_t kept = 0;
    for (size_t i = 0; i < page.rows.count; i++)
        if (uuid_is_none(tenant_id) || items[i].builtin.at || uuid_eq(items[i].tenant_id, tenant_id))
            items[kept++] = items[i];
    *out = (struct rows){ items, kept };
    return true;
}

bool
computer_tree_read(struct scope *s, const struct computer_tree_args *in, struct computer_tree *out)
{
    if (!all_groups(s, in->tenant_id, &out->groups))
        return false;
    struct computer_group *groups = out->groups.items;
    for (size_t i = 0; i < out->groups.count; i++)
        if (!count(s, in, &groups[i]))
            return false;
    return true;
}

bool
computer_groups_of(struct scope *s, struct uuid computer_id, struct uuids *out)
{
    struct computer c;
    struct rows rows;
    if (!db_one(s, &computer_by_id, &(struct id_args){ computer_id }, &c) || !all_groups(s, c.tenant_id, &rows))
        return false;
    const char *only = str_printf(s->arena, "&id=" STR_FMT, STR_ARG(uuid_format(s->arena, computer_id))).at;
    *out = (struct uuids){ arena_array_of(s->arena, rows.count + 1, struct uuid), 0 };
    for (size_t i = 0; i < rows.count; i++) {
        const struct computer_group *g = (const struct computer_group *)rows.items + i;
        struct page page;
        if (!ask(s, g, only, &page))
            return false;
        if (page.total > 0)
            out->items[out->count++] = g->id;
    }
    return true;
}
