#include "workflows/ticket_home.h"

#include "model/ticket_query.h"
#include "workflows/tickets_parts.h"

enum { SHOWN = 5, COUNTED_MOST = 1000 };

struct section {
    const char *key, *query, *sort;
};

/* Premium support ranks above; among equals the one that is due first. */
#define BY_RANK "-priority,due_at"

static const struct section for_engineers[] = {
    { "due", "status:open due:any -is:snoozed", BY_RANK },
    { "unassigned", "status:open assignee:none -is:snoozed", BY_RANK },
    { "answer", "status:open assignee:me awaits:us -is:snoozed", BY_RANK },
    { "mentions", "mention:new", "-last_post_at" },
    { "mine", "status:open assignee:me -is:snoozed", BY_RANK },
    { "ours", "status:open awaits:us", BY_RANK },
    { "snoozed", "status:open is:snoozed", BY_RANK },
};

static const struct section for_customers[] = {
    { "answer", "status:open awaits:us", "-last_post_at" },
    { "mentions", "mention:new", "-last_post_at" },
    { "unread", "is:unread", "-last_post_at" },
    { "open", "status:open", "-last_post_at" },
};

static const struct shape section_shape = SHAPE(ticket_home_section,
    FIELD(ticket_home_section, key, "Which question", .required = true),
    FIELD(ticket_home_section, query, "The same in the language of the list", .required = true),
    FIELD(ticket_home_section, sort, "And its order", .required = true),
    FIELD(ticket_home_section, total, "How many cases answer it; 1000: or more"),
    FIELD(ticket_home_section, items, "The first of them", .items = &ticket_shape, .required = true));

const struct shape ticket_home_shape = SHAPE(ticket_home,
    FIELD(ticket_home, sections, "What waits for the caller", .items = &section_shape, .required = true));

static bool
answer(struct scope *s, const struct section *from, struct ticket_home_section *out)
{
    struct ticket_list_args args = { .query = STR_NONE };
    struct listing_ask *ask;
    struct page page;
    struct str asked = str_printf(s->arena, "limit=%d&total=true&sort=%s", SHOWN, from->sort);
    shape_clear(&ticket_list_shape, &args);
    args.query = str_of(from->query);
    if (!listing_read(s, &ticket_listing, asked, &args, &ask))
        return false;
    listing_count_to(ask, COUNTED_MOST);
    if (!db_page(s, &ticket_listing, &args, ask, &page))
        return false;
    *out = (struct ticket_home_section){ str_of(from->key), str_of(from->query), str_of(from->sort), page.total,
                                         page.rows };
    return true;
}

bool
ticket_home_read(struct scope *s, struct ticket_home *out)
{
    bool provider = ticket_side(s) == SIDE_PROVIDER;
    const struct section *from = provider ? for_engineers : for_customers;
    size_t count = provider ? COUNT_OF(for_engineers) : COUNT_OF(for_customers);
    struct ticket_home_section *sections = arena_array_of(s->arena, count, struct ticket_home_section);
    for (size_t i = 0; i < count; i++)
        if (!answer(s, &from[i], &sections[i]))
            return false;
    out->sections = (struct rows){ sections, count };
    return true;
}
