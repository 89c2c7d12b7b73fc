/* saved_view: how somebody likes to see a list page: filters, sort, columns. Their own, or shared with everybody of the
 * same organisation. */
#ifndef YAGURA_MODEL_SAVED_VIEW_H
#define YAGURA_MODEL_SAVED_VIEW_H

#include "core/db/query.h"

struct saved_view {
    struct uuid id, person_id;
    struct str person_name, page, name;
    struct json state;
    bool shared;
    struct instant created_at, updated_at;
    int64_t version;
    struct strs can;
};

struct saved_view_write {
    struct uuid id, tenant_id, person_id;
    int64_t version;
    struct str page, name;
    struct json state;
    bool shared;
    struct instant at;
};

extern const struct shape saved_view_shape, saved_view_write_shape, saved_view_update_shape;
extern const struct listing saved_view_listing;
extern const struct query saved_view_by_id, saved_view_insert, saved_view_update, saved_view_delete;

#endif
