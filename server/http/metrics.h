/* metrics: what happened at the door, counted without locks and told in the text format of Prometheus. */
#ifndef YAGURA_SERVER_HTTP_METRICS_H
#define YAGURA_SERVER_HTTP_METRICS_H

#include "core/base/text.h"
#include "server/http/router.h"

#define METRICS_NO_ROUTE SIZE_MAX /* files, health, refusals before a route was found */

struct metrics;

struct metrics *metrics_new(struct arena *a, const struct router *router);
void metrics_count(struct metrics *m, size_t route, int status, int64_t took_us);
void metrics_write(struct text *t, const struct metrics *m);

/* One family of one or more samples: # HELP, # TYPE, name{labels} value. */
void metrics_head(struct text *t, const char *name, const char *type, const char *help);
void metrics_sample(struct text *t, const char *name, struct str labels, int64_t value);

#endif
