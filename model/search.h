/* search: the few words of the command palette against every noun the caller may read. A noun adds itself here with one
 * more SELECT. */
#ifndef YAGURA_MODEL_SEARCH_H
#define YAGURA_MODEL_SEARCH_H

#include "core/db/query.h"

struct search_args {
    struct str q;
};
struct search_hit {
    struct str kind;
    struct uuid id;
    struct str title, subtitle;
};
extern const struct shape search_args_shape, search_hit_shape;
extern const struct query search_everything;

#endif
