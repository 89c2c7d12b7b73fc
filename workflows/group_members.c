#include "workflows/group_members.h"

#include "core/base/log.h"
#include "core/db/db.h"
#include "model/group_now.h"

enum { PAGE = 200, EVERY_MINUTES = 1, PAGE_BLOCK = 256 << 10 };

static bool
add_page(struct scope *s, const struct page *page, struct uuids *out, size_t *room)
{
    const struct computer *items = page->rows.items;
    if (out->count + page->rows.count > *room) {
        size_t more = 2 * *room + PAGE;
        struct uuid *ids = arena_array_of(s->arena, more, struct uuid);
        if (out->count)
            memcpy(ids, out->items, out->count * sizeof *ids);
        out->items = ids;
        *room = more;
    }
    for (size_t i = 0; i < page->rows.count; i++)
        out->items[out->count++] = items[i].id;
    return true;
}

/* In an order that does not move while the pages are turned. */
bool
group_members(struct scope *s, struct uuid tenant_id, const struct computer_group *g, struct uuids *out)
{
    struct computer_list_args args = { { { 0 } } };
    struct listing_ask *ask;
    struct page page = { 0 };
    size_t room = 0;
    *out = (struct uuids){ 0 };
    struct str question = str_printf(s->arena, "limit=%d&sort=first_seen_at&tenant_id=" STR_FMT, PAGE,
                                     STR_ARG(uuid_format(s->arena, tenant_id)));
    if (!listing_read(s, &computer_listing, question, &args, &ask) || !group_terms(s, g, ask))
        return false;
    do {
        scoped(arena_end) struct arena *turn = arena_new(PAGE_BLOCK);
        struct scope part = *s;
        part.arena = turn;
        if (page.next_cursor.at && !listing_continue(s, &computer_listing, ask, page.next_cursor, 0))
            return false;
        if (!db_page(&part, &computer_listing, &args, ask, &page))
            return fail(s, part.failure.problem, "the group's computers cannot be read");
        if (!add_page(s, &page, out, &room))
            return false;
        page.next_cursor = page.next_cursor.at ? str_copy(s->arena, page.next_cursor) : STR_NONE;
    } while (page.next_cursor.at && out->count < GROUP_MEMBERS_MAX);
    return true;
}

bool
group_now_refresh(struct scope *s, struct uuid tenant_id, const struct computer_group *g)
{
    struct group_now now = { .tenant_id = tenant_id, .group_id = g->id };
    return group_members(s, tenant_id, g, &now.computer_ids) && db_run(s, &group_now_take, &now, NULL)
        && db_run(s, &group_now_put, &now, NULL);
}

/* ---- the job ---- */

static bool
refresh_each(struct scope *s, const struct rows *asked)
{
    for (size_t i = 0; i < asked->count; i++) {
        const struct group_now *one = (const struct group_now *)asked->items + i;
        struct computer_group g;
        bool found;
        if (!db_maybe(s, &computer_group_by_id, &(struct id_args){ one->group_id }, &g, &found)
            || !db_savepoint(s))
            return false;
        if (!found || group_now_refresh(s, one->tenant_id, &g)) {
            if (!db_savepoint_release(s))
                return false;
            continue;
        }
        log_warn(s, "exclusion.group_stale", STR_FMT ": " STR_FMT, STR_ARG(g.name), STR_ARG(s->failure.detail));
        scope_forgive(s);
        if (!db_savepoint_rollback(s))
            return false;
    }
    return true;
}

static const struct shape nothing_shape = { .name = "exclusion_groups", .size = 1 };

static bool
run(struct scope *s, void *args)
{
    struct rows asked;
    return job_see_every_tenant(s) && db_list(s, &groups_asked, NULL, &asked) && refresh_each(s, &asked)
        && db_run(s, &groups_asked_no_more, NULL, NULL)
        && job_add(s, &exclusion_groups_job, (struct uuid){ 0 }, args,
                   instant_plus(s->now, MINUTES(EVERY_MINUTES)), STR("exclusion_groups"));
}

const struct job_kind exclusion_groups_job = {
    .name = "exclusion_groups", .prose = "Asks who is in the dynamic groups that exclusions name",
    .args = &nothing_shape, .run = run, .max_attempts = 1000000,
};
