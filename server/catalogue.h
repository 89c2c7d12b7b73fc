/* catalogue: what the program has, in plain sight: queries and listings to be checked at start, kinds of jobs, gauges
 * for /metrics, nouns that live events tell of. Whoever adds one adds a line in catalogue.c. */
#ifndef YAGURA_SERVER_CATALOGUE_H
#define YAGURA_SERVER_CATALOGUE_H

#include "core/db/job.h"
#include "server/http/feed.h"
#include "server/http/route.h"

extern const struct job_catalogue job_catalogue;
extern const struct change_nouns change_nouns;
extern const struct query *const gauge_queries[];
extern const size_t gauge_queries_count;

/* The queries of catalogue.c and those that routes name. */
struct db_catalogue catalogue_collect(struct arena *a, const struct routes *const *tables, size_t count);

#endif
