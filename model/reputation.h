/* reputation: what others know of a file, an address or a name.
 *
 * A source is a service that is asked with this customer's own key, so many times a minute and a day. What it said is
 * kept until it expires: longer when the thing was known there, shorter when not.
 *
 *     WAITING --asked--> KNOWN, UNKNOWN, or FAILED (and asked again when somebody wants to know)
 */
#ifndef YAGURA_MODEL_REPUTATION_H
#define YAGURA_MODEL_REPUTATION_H

#include "model/executable.h"

enum reputation_source_kind { SOURCE_KIND_NONE, SOURCE_VIRUSTOTAL, SOURCE_MISP };
enum reputation_thing { THING_NONE, THING_HASH, THING_ADDRESS, THING_DOMAIN };
enum reputation_state { REPUTATION_STATE_NONE, REPUTATION_WAITING, REPUTATION_KNOWN, REPUTATION_UNKNOWN,
                        REPUTATION_FAILED };
extern const struct domain reputation_source_kind_domain, reputation_thing_domain, reputation_state_domain;

struct reputation_source {
    struct uuid id, tenant_id;
    struct str tenant_name, name;
    enum reputation_source_kind kind;
    struct str url;
    bool enabled;
    int64_t per_minute, per_day, keep_hours, unknown_hours, day_count;
    struct instant paused_until;
    struct str trouble;
    struct instant trouble_at, answered_at, created_at, updated_at;
    int64_t version;
    struct strs can;
};
struct reputation_source_write {
    struct uuid tenant_id, id;
    struct str name;
    enum reputation_source_kind kind;
    struct str url, api_key;
    struct bytes key_sealed; /* absent: the key stays */
    bool enabled;
    int64_t per_minute, per_day, keep_hours, unknown_hours, version;
    struct instant at;
};
extern const struct shape reputation_source_shape, reputation_source_new_shape, reputation_source_update_shape;
extern const struct listing reputation_source_listing;
extern const struct query reputation_source_by_id, reputation_source_insert, reputation_source_update,
    reputation_source_rekey, reputation_source_delete;

struct reputation_answer {
    struct uuid id, tenant_id, source_id;
    struct str source_name;
    enum reputation_thing kind;
    struct str value;
    enum reputation_state state;
    enum reputation verdict;
    int64_t malicious, suspicious, harmless;
    struct strs labels;
    struct str link, trouble;
    struct instant asked_at, answered_at, expires_at;
};
extern const struct shape reputation_answer_shape;
extern const struct listing reputation_answer_listing;

struct reputation_link {
    struct uuid id, tenant_id;
    struct str tenant_name, name;
    enum reputation_thing kind;
    struct str url;
    struct instant created_at, updated_at;
    int64_t version;
    struct strs can;
};
struct reputation_link_write {
    struct uuid tenant_id, id;
    struct str name;
    enum reputation_thing kind;
    struct str url;
    int64_t version;
    struct instant at;
};
extern const struct shape reputation_link_shape, reputation_link_new_shape, reputation_link_update_shape;
extern const struct listing reputation_link_listing;
extern const struct query reputation_link_by_id, reputation_link_insert, reputation_link_update,
    reputation_link_delete;

/* ---- asking ---- */

struct reputation_want {
    struct uuid tenant_id;
    enum reputation_thing kind;
    struct str value;
    struct instant now;
};
/* Of every enabled source of the customer that has no answer that holds: a waiting row each; -> their ids. */
extern const struct query reputation_begin;

/* Of one source, whether or not an answer holds; none while it is being asked already. */
struct reputation_try {
    struct uuid source_id;
    enum reputation_thing kind;
    struct str value;
    struct instant now;
};
extern const struct query reputation_begin_try;

struct reputation_hold {
    struct uuid answer_id, source_id, tenant_id;
    enum reputation_source_kind source_kind;
    enum reputation_thing kind;
    struct str value, url;
    struct bytes key_sealed;
    int64_t keep_hours, unknown_hours;
    struct instant paused_until;
};
extern const struct query reputation_hold_by_id; /* of id_args: the answer */
struct reputation_turn {
    struct uuid source_id;
    struct instant now;
};
extern const struct query reputation_take_turn;  /* affected 0: too many for now */
struct reputation_found {
    struct uuid answer_id, source_id, tenant_id;
    enum reputation_thing kind;
    struct str value;
    enum reputation_state state;
    enum reputation verdict;
    int64_t malicious, suspicious, harmless;
    struct strs labels;
    struct str link, trouble;
    struct instant now, expires_at, paused_until;
};
extern const struct query reputation_keep, reputation_source_tell, reputation_judge;

#endif
