/* routes: every table of routes, in plain sight. A new noun adds its file server/api/<noun>_api.c, a line here and a
 * line in routes.c; the order means nothing. */
#ifndef YAGURA_SERVER_API_ROUTES_H
#define YAGURA_SERVER_API_ROUTES_H

#include "server/http/route.h"

extern const struct routes changes_routes;
extern const struct routes version_routes;
extern const struct routes mail_routes, template_routes, job_routes;

extern const struct routes *const api_routes[];
extern const size_t api_routes_count;

#endif
