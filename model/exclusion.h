/* exclusion: a condition under which a match of a rule is no detection.
 *
 *     DRAFT --submit--> WAITING (the customer decides) --activate--> ACTIVE --end--> ENDED
 *       |                  \--reject--> REJECTED                       \--past expires_at--> ENDED
 *       \--activate--> ACTIVE        (the provider may, where the customer need not be asked)
 *
 * The provider's hold for every customer, a customer's for that one; for one rule or any; everywhere, for the computers
 * of a group, or for one. The wizard's conditions become a text in the rule language; what an advanced author writes is
 * such a text. What an exclusion hides is counted, never silent. One that would have hidden a true positive of the
 * stored days is saved only with a reason for that.
 */
#ifndef YAGURA_MODEL_EXCLUSION_H
#define YAGURA_MODEL_EXCLUSION_H

#include "core/db/query.h"
#include "model/detection_rule.h"

enum exclusion_state {
    EXCLUSION_STATE_NONE, EXCLUSION_DRAFT, EXCLUSION_WAITING, EXCLUSION_ACTIVE, EXCLUSION_REJECTED, EXCLUSION_ENDED
};
enum exclusion_scope { EXCLUSION_SCOPE_NONE, EXCLUDE_ALL, EXCLUDE_GROUP, EXCLUDE_COMPUTER };
enum exclusion_operator {
    EXCLUSION_OPERATOR_NONE, CONDITION_EQUALS, CONDITION_STARTS, CONDITION_ENDS, CONDITION_CONTAINS
};
extern const struct domain exclusion_state_domain, exclusion_scope_domain, exclusion_operator_domain;

struct exclusion_condition {
    struct str field;
    enum exclusion_operator operator;
    struct str value;
    bool enabled;
};
extern const struct shape exclusion_condition_shape;

struct exclusion {
    struct uuid tenant_id, id;
    struct str tenant_name, title;
    struct uuid rule_id;
    struct str rule_title, rule_title_ja;
    enum exclusion_scope scope;
    struct uuid scope_id;
    struct rows conditions; /* struct exclusion_condition; none: written by hand */
    struct str body;
    enum detection_rule_language language;
    enum exclusion_state state;
    struct str reason, acknowledgement; /* the latter: why true positives may be hidden */
    struct uuid from_detection_id;
    bool learned;
    struct uuid author_id;
    struct str author_name, decided_by_name;
    struct instant decided_at;
    struct str decision;
    struct instant expires_at;
    int64_t hits;
    struct instant last_hit_at, created_at, updated_at;
    int64_t version;
    struct strs can;
};

/* For the detector: those that hold. */
struct exclusion_world_row {
    struct uuid tenant_id, id, rule_id, scope_id;
    enum exclusion_scope scope;
    enum detection_rule_language language;
    struct str body;
    struct instant expires_at;
    struct strs hosts; /* names of the computers in scope, folded */
};

extern const struct shape exclusion_shape, exclusion_new_shape, exclusion_update_shape;
extern const struct listing exclusion_listing;
extern const struct query exclusion_by_id, exclusion_insert, exclusion_save, exclusion_delete, exclusion_world,
    exclusions_expired;

#endif
