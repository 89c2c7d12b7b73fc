/* detection_rule: a rule as it is kept, and what each customer does with it.
 *
 * A rule of the provider is there for every customer; one of a customer is asked about that customer's events alone.
 * The text is the truth: key, title, score, techniques and log source were read out of it when it was saved.
 *
 *     DRAFT --> TESTING --> ACTIVE --> RETIRED        every way back is open, too
 *
 * A rule that is tested is asked and counted, and makes no detection. A new text is a new version; every version stays.
 * A customer may switch a rule off or judge it otherwise (rule_setting); the reason is kept. The text of a rule, its
 * struct in the engine, is xdr/rule.h.
 */
#ifndef YAGURA_MODEL_DETECTION_RULE_H
#define YAGURA_MODEL_DETECTION_RULE_H

#include "core/db/query.h"

enum detection_rule_state { RULE_STATE_NONE, RULE_DRAFT, RULE_TESTING, RULE_ACTIVE, RULE_RETIRED };
enum detection_rule_origin { RULE_ORIGIN_NONE, RULE_STARTER, RULE_IMPORTED, RULE_OWN };
enum detection_rule_language { RULE_LANGUAGE_NONE, RULE_IN_SIGMA, RULE_IN_XML };
extern const struct domain detection_rule_state_domain, detection_rule_origin_domain, detection_rule_language_domain;

struct detection_rule {
    struct uuid tenant_id, id;
    struct str tenant_name; /* absent: the provider's, for everybody */
    struct str key;         /* the id it carries itself */
    enum detection_rule_language language;
    struct str title, title_ja, description, description_ja, level;
    int64_t score;
    struct strs techniques, tactics, tags;
    struct str product, category, service;
    struct str body;
    struct json tests; /* {"match": [event, …], "no_match": [event, …]} */
    enum detection_rule_origin origin;
    enum detection_rule_state state;
    bool correlates;
    struct str author_name, note;
    int64_t seen, hidden;  /* matches of the last 30 days, and how many of them exclusions covered */
    int64_t switched_off;  /* customers that have done so */
    struct instant created_at, updated_at;
    int64_t version;
    struct strs can;
};

/* What a person writes. */
struct detection_rule_write {
    struct uuid tenant_id, id;
    enum detection_rule_language language;
    struct str body, note;
    struct json tests;
    enum detection_rule_state state;
    int64_t version;
};

struct detection_rule_version {
    struct uuid rule_id;
    int64_t version;
    struct str body, state, author_name, note;
    struct instant at;
};

struct rule_setting {
    struct uuid tenant_id, id, rule_id;
    struct str tenant_name, rule_title, rule_title_ja;
    bool enabled;
    int64_t score; /* INT_NONE: as the rule says */
    struct str reason, by_name;
    struct instant updated_at;
    int64_t version;
};

/* For the detector: everything that decides about a match. */
struct rule_world_row {
    struct uuid tenant_id, id;
    enum detection_rule_language language;
    enum detection_rule_state state;
    struct str key, body, title, title_ja;
    int64_t version, score;
};
struct rule_world_setting {
    struct uuid tenant_id, rule_id;
    bool enabled;
    int64_t score;
};

struct rules_there {
    bool any;
};

extern const struct shape detection_rule_shape, detection_rule_row_shape, detection_rule_new_shape,
    detection_rule_update_shape, detection_rule_state_shape, detection_rule_version_shape, rule_setting_shape,
    rule_setting_put_shape, rule_world_row_shape;
extern const struct listing detection_rule_listing, detection_rule_version_listing, rule_setting_listing,
    rule_settings_of_listing;
extern const struct query detection_rule_by_id, detection_rule_by_key, detection_rule_insert, detection_rule_save,
    detection_rule_version_insert, rule_setting_put, rule_setting_find, rule_setting_delete, rule_world_rules,
    rule_world_settings, rule_world_generation, rules_there;

#endif
