/* Which build answers. */
#include "server/api/routes.h"

struct version {
    struct str name, version;
};

static const struct shape version_shape = SHAPE(version,
    FIELD(version, name, "The product"),
    FIELD(version, version, "The release that answers"));

static bool
read_version(struct scope *s, const void *in, void *out)
{
    (void)s;
    (void)in;
    *(struct version *)out = (struct version){ .name = STR("Yagura"), .version = STR(YAGURA_VERSION) };
    return true;
}

static const struct route rows[] = {
    { GET, "/version", PUBLIC, "Say which release answers", .out = &version_shape, .read = read_version },
};

const struct routes version_routes = ROUTES(rows);
