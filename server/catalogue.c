#include "server/catalogue.h"

#include "model/permission.h"
#include "model/principal.h"
#include "server/http/idempotency.h"

/* Queries that no route names: those of verbs, jobs and the door itself. */
static const struct query *const queries[] = {
    &principal_open,
    &idempotency_claim, &idempotency_read, &idempotency_fill,
    &feed_rows, &feed_head,
};

static const struct listing *const listings[] = {
    NULL,
};

static const struct job_kind *const kinds[] = {
    NULL,
};
const struct job_catalogue job_catalogue = { kinds, 0 };

const struct query *const gauge_queries[] = {
    NULL,
};
const size_t gauge_queries_count = 0;

static const struct change_noun nouns[] = {
    { "tenant", CAN_READ(TENANTS) },
    { "person", CAN_READ(PEOPLE) },
    { "session", CAN_READ(PEOPLE) },
    { "permission_set", CAN_READ(PERMISSIONS) },
    { "api_key", CAN_READ(API_KEYS) },
    { "identity_provider", CAN_READ(SIGN_IN) },
    { "audit", CAN_READ(AUDIT) },
    { "mail", CAN_READ(MAIL) },
    { "job", CAN_READ(JOBS) },
    { "saved_view", SIGNED_IN },
};
const struct change_nouns change_nouns = { nouns, COUNT_OF(nouns) };

struct db_catalogue
catalogue_collect(struct arena *a, const struct routes *const *tables, size_t count)
{
    size_t most_queries = COUNT_OF(queries), most_listings = COUNT_OF(listings);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < tables[i]->count; k++) {
            most_queries += tables[i]->items[k].one != NULL;
            most_listings += tables[i]->items[k].list != NULL;
        }
    const struct query **all = arena_array(a, most_queries, sizeof *all);
    const struct listing **lists = arena_array(a, most_listings, sizeof *lists);
    struct db_catalogue c = { .queries = all, .listings = lists };
    for (size_t i = 0; i < COUNT_OF(queries); i++)
        all[c.query_count++] = queries[i];
    for (size_t i = 0; i < COUNT_OF(listings); i++)
        if (listings[i])
            lists[c.listing_count++] = listings[i];
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < tables[i]->count; k++) {
            if (tables[i]->items[k].one)
                all[c.query_count++] = tables[i]->items[k].one;
            if (tables[i]->items[k].list)
                lists[c.listing_count++] = tables[i]->items[k].list;
        }
    return c;
}
