#include "server/api/routes.h"

const struct routes *const api_routes[] = {
    &changes_routes,
    &job_routes,
    &mail_routes,
    &template_routes,
    &version_routes,
};

const size_t api_routes_count = COUNT_OF(api_routes);
