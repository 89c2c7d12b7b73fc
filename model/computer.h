/* computer: one machine of a customer, as telemetry tells of it.
 *
 * It is known by its name, folded and without the domain. `worst_score` is that of its open detections and gives it its
 * colour: absent green, 1-39 low, 40-69 warning, 70-100 threat. Muted, it still collects detections, and nobody is
 * told of them. What people write on it (tags, note, mute) and what telemetry says never touch the same columns.
 */
#ifndef YAGURA_MODEL_COMPUTER_H
#define YAGURA_MODEL_COMPUTER_H

#include "core/db/query.h"

enum computer_os { COMPUTER_OS_NONE, COMPUTER_WINDOWS, COMPUTER_LINUX, COMPUTER_MACOS };
extern const struct domain computer_os_domain;

struct computer {
    struct uuid id, tenant_id;
    struct str tenant_name, name, domain;
    enum computer_os os;
    struct str os_version, agent, agent_version;
    struct strs addresses, tags;
    struct str note;
    struct instant muted_until;
    int64_t clock_skew_ms;
    int64_t events, open_detections, worst_score;
    struct instant first_seen_at, last_seen_at, created_at, updated_at;
    int64_t version;
    struct strs can;
};
extern const struct shape computer_shape;

/* A page of them may be asked for by group: `group_id` in the query string. */
struct computer_list_args {
    struct uuid group_id;
};
extern const struct shape computer_list_shape;
bool computer_group_weigh(struct scope *s, const struct listing *l, const void *args, struct listing_ask *ask);
extern const struct listing computer_listing;
extern const struct query computer_by_id, computer_lock;
extern const struct query computer_save; /* a struct computer: what people may change */

/* By its name, for those who only have that: struct computer_name_args -> id_args. */
struct computer_name_args {
    struct uuid tenant_id;
    struct str name_key;
};
extern const struct query computer_by_name;

/* ---- accounts that were seen at work ---- */

struct computer_user {
    struct uuid id, tenant_id, computer_id;
    struct str computer_name, name;
    struct instant first_seen_at, last_seen_at;
};
extern const struct shape computer_user_shape;
extern const struct listing computer_user_listing;

/* ---- what a batch tells, written in sets ---- */

struct computer_seen {
    struct uuid id; /* if it is new */
    struct str name, name_key, domain, os, os_version, agent, agent_version;
    struct strs addresses;
    int64_t clock_skew_ms, events;
    struct instant at;
};
struct computers_seen_args {
    struct uuid tenant_id;
    struct rows computers; /* struct computer_seen, any order */
    struct instant now;
};
struct computer_known {
    struct uuid id;
    struct str name_key;
};
struct user_seen {
    struct uuid id, computer_id;
    struct str name;
    struct instant at;
};
struct users_seen_args {
    struct uuid tenant_id;
    struct rows users;
};
extern const struct query computers_seen; /* -> struct computer_known, one for each */
extern const struct query computer_users_seen;

struct computer_recount_args {
    struct uuid tenant_id;
    struct uuids ids;
};
extern const struct query computers_hold; /* in the order of their names, as everybody does */
extern const struct query computers_hold_any; /* the same, of whatever customers */
extern const struct query computers_recount;

#endif
