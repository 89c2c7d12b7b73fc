/* The command palette. */
#include "model/permission.h"
#include "model/search.h"
#include "core/db/db.h"
#include "server/api/routes.h"

struct search_answer {
    struct rows items;
};
static const struct shape search_answer_shape = SHAPE(search_answer,
    FIELD(search_answer, items, "The best of each kind", .items = &search_hit_shape, .required = true));

static bool
search(struct scope *s, const void *in, void *out)
{
    return db_list(s, &search_everything, in, &((struct search_answer *)out)->items);
}

static const struct route rows[] = {
    { GET, "/search", SIGNED_IN, "Find customers, people and more by a few letters", .in = &search_args_shape,
      .out = &search_answer_shape, .read = search },
};

const struct routes search_routes = ROUTES(rows);
