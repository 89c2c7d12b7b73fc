/* group_now: who is in a dynamic group right now, kept for those who cannot ask (the rules in memory). */
#ifndef YAGURA_MODEL_GROUP_NOW_H
#define YAGURA_MODEL_GROUP_NOW_H

#include "core/db/query.h"

struct group_now {
    struct uuid tenant_id; /* whose computers */
    struct uuid group_id;
    struct uuids computer_ids;
};

extern const struct query group_now_take, group_now_put; /* those who left, those who came */
extern const struct query groups_asked;         /* tenant_id and group_id of dynamic ones that active exclusions name */
extern const struct query groups_asked_no_more; /* what is kept of others goes */

/* Names by which events tell of these computers, folded. */
struct computer_keys_args {
    struct uuid tenant_id;
    struct uuids ids;
};
struct computer_key {
    struct str name_key;
};
extern const struct query computer_keys;

#endif
