/* permission_set: a named bundle of "function:level", held by people of one tenant. The built-in ones come with the
 * tenant and do not change; who wants another makes a copy. */
#ifndef YAGURA_MODEL_PERMISSION_SET_H
#define YAGURA_MODEL_PERMISSION_SET_H

#include "core/db/query.h"

struct permission_set {
    struct uuid id, tenant_id;
    struct str key, name_en, name_ja;
    enum principal_side side;
    struct strs grants;
    bool builtin;
    int64_t people_count, version;
    struct strs can;
};

struct permission_set_write {
    struct uuid id, tenant_id;
    int64_t version;
    struct str key, name_en, name_ja;
    struct strs grants;
    struct instant at;
};

/* What several sets give together. */
struct sets_args {
    struct uuid tenant_id;
    struct uuids ids;
};
struct sets_row {
    int64_t found;
    struct strs grants;
};

extern const struct shape permission_set_shape, permission_set_create_shape, permission_set_update_shape;
extern const struct listing permission_set_listing;
extern const struct query permission_set_by_id, permission_set_insert, permission_set_update, permission_set_delete,
    permission_sets_together;

/* The functions of the product with their titles, as the API lists them. */
struct permission_function_row {
    struct str key, title_en, title_ja;
    bool provider_only;
};
extern const struct shape permission_function_row_shape;

#endif
