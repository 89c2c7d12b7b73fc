/* incident_gather: what gathering reads and writes. workflows/incident_gather.c says how it decides. */
#ifndef YAGURA_MODEL_INCIDENT_GATHER_H
#define YAGURA_MODEL_INCIDENT_GATHER_H

#include "model/incident.h"

struct gather_args {
    struct uuid tenant_id;
    struct instant since;
};
struct gather_lock_row {
    bool held;
};
/* One customer's stories are told by one transaction at a time. */
extern const struct query gather_try_lock, gather_lock;

struct gather_rule {
    struct uuid id;
    struct str name, name_ja, severity;
    bool enabled, correlation;
    int64_t min_score, sum_score, min_detections, min_tactics, min_computers, window_minutes;
    struct strs tactic_order, rule_keys, gather_by;
};
extern const struct query gather_rules; /* in their order; a customer's own stands in for the provider's of its name */

struct gather_detection {
    struct uuid id, computer_id;
    struct str computer, computer_name, user_name, process_guid, parent_guid, hash, process_path, rule_key, title,
        title_ja;
    struct strs addresses, tactics;
    int64_t score;
    bool correlation, common;
    struct instant first_at, last_at;
};
extern const struct query gather_detections;
extern const struct query gather_chosen; /* args: gather_ids: those of a person's choice, whatever they belong to */
struct gather_ids {
    struct uuid tenant_id, incident_id;
    struct uuids ids;
    struct instant now;
};

/* Of open incidents that have to do with one of these things; they are held. */
struct gather_things {
    struct uuid tenant_id;
    struct strs kinds, values;
    struct instant since;
};
struct gather_mark {
    struct uuid incident_id;
    int64_t number;
    bool touched; /* somebody works on it already */
    struct str kind, value;
    struct instant from, to;
    struct strs gather_by;
    int64_t window_minutes;
};
extern const struct query gather_incidents;

struct incident_begin {
    struct uuid tenant_id, id, rule_id;
    struct str title, title_ja, rule_name, rule_name_ja, opened_by_name;
    enum severity severity;
    struct strs gather_by;
    int64_t window_minutes;
    struct instant now;
};
struct incident_number_row {
    int64_t number;
};
extern const struct query incident_begin_row; /* -> struct incident_number_row */

struct object_row {
    struct uuid id;
    struct str kind, value, label;
    bool joins;
    struct instant from, to, first_at, last_at; /* from, to: half a window wider */
    int64_t detections;
};
struct objects_args {
    struct uuid tenant_id, incident_id;
    struct rows objects;
};
extern const struct query incident_objects_add;
extern const struct query detections_gather;  /* struct gather_ids: they belong to it now; -> affected */
extern const struct query incident_objects_clear, incident_detections; /* struct gather_ids */

/* By what more of an incident is known: of struct gather_ids tenant_id, incident_id. */
struct incident_profile {
    struct strs gather_by;
    int64_t window_minutes;
};
extern const struct query incident_profile_row;

/* What the incident says of itself is counted anew from its detections. */
struct incident_refresh {
    struct uuid tenant_id, id;
    struct str title, title_ja; /* absent: as it is */
    struct instant now;
};
extern const struct query incident_recount;
struct incident_worst {
    struct str title, title_ja, computer_name;
    int64_t score, computers, detections;
    struct strs tactics;
    bool titled;
};
extern const struct query incident_worst_of; /* of struct incident_refresh: tenant_id, id */

struct incident_related {
    struct uuid tenant_id, incident_id, other_id;
};
struct incident_related_row {
    bool known;
};
extern const struct query incident_is_related;

/* All its computers are muted at that time. */
struct incident_muted_args {
    struct uuid tenant_id, id;
    struct instant now;
};
struct incident_muted_row {
    bool muted;
};
extern const struct query incident_muted;

#endif
