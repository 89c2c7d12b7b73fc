/* incident_rule: when detections are an incident, as rows: all given conditions must hold over what gathers. A
 * customer's rule of a provider's name stands in for it. */
#ifndef YAGURA_MODEL_INCIDENT_RULE_H
#define YAGURA_MODEL_INCIDENT_RULE_H

#include "model/ticket.h"

struct incident_rule {
    struct uuid id, tenant_id;
    struct str tenant_name, name, name_ja;
    bool enabled, correlation;
    int64_t position, min_score, sum_score, min_detections, min_tactics, min_computers, window_minutes;
    struct strs tactic_order, rule_keys, gather_by;
    enum severity severity;
    int64_t incidents; /* begun by it */
    struct instant created_at, updated_at;
    int64_t version;
    struct strs can;
};
struct incident_rule_write {
    struct uuid tenant_id, id;
    struct str name, name_ja;
    bool enabled, correlation;
    int64_t position, min_score, sum_score, min_detections, min_tactics, min_computers, window_minutes;
    struct strs tactic_order, rule_keys, gather_by;
    enum severity severity;
    int64_t version;
    struct instant at;
};
extern const struct shape incident_rule_shape, incident_rule_new_shape, incident_rule_update_shape;
extern const struct listing incident_rule_listing;
extern const struct query incident_rule_by_id, incident_rule_insert, incident_rule_update, incident_rule_delete;

#endif
