/* rule: what a rule says about itself, around the condition it stands for.
 *
 * Both languages (Sigma and the XML rule language) fill the same struct. A rule set collects rules, correlations
 * and filters from any number of files and texts; whatever cannot be accepted becomes a refusal with file, line
 * and reason, and the rest goes on. ruleset_finish binds what refers to other rules (filters, correlations) and
 * must be called once, after the last addition. Everything lives in the arena the set was made with.
 *
 * Severity: Sigma's levels as a score, 1 to 100; the XML language gives the score itself. 1-39 is informational
 * or low, 40-69 a warning, 70 and above a threat.
 */
#ifndef YAGURA_XDR_RULE_H
#define YAGURA_XDR_RULE_H

#include "xdr/expr.h"

enum rule_language { RULE_SIGMA = 1, RULE_XML };

/* Which events a rule is about; an absent part means any. */
struct logsource {
    struct str product, category, service;
};

struct rule_action { /* XML rules: what to do on a match, e.g. KillProcess or IncreaseParentRiskScore 200 */
    struct str name, value;
};

struct rule {
    struct str id; /* as written, usually a UUID; made from the title where a rule has none */
    struct str name; /* Sigma's `name`, by which correlations may refer to it */
    struct str title, title_ja;
    struct str description, description_ja;
    struct str author, status, level, date;
    struct strs tags, references, falsepositives, falsepositives_ja;
    struct strs fields; /* to show with a match */
    struct str category, malicious_causes, recommended_actions; /* what XML rules tell besides */
    struct str malicious_target; /* of XML rules: which object a match is about (current, parent, module, none) */
    struct logsource logsource;
    const struct expr *condition;
    const struct rule_action *actions;
    size_t action_count;
    struct str file;
    int line;
    int score; /* 1..100 */
    enum rule_language language;
    bool feeds_only; /* read by a correlation that does not generate: no match of its own */
    bool is_read;    /* by some correlation */
    bool on_demand;  /* an exclusion or the like: in no lane, asked with matcher_holds */
};

enum correlation_kind {
    CORRELATE_EVENT_COUNT = 1,
    CORRELATE_VALUE_COUNT,
    CORRELATE_TEMPORAL,
    CORRELATE_TEMPORAL_ORDERED,
    CORRELATE_VALUE_SUM,
    CORRELATE_VALUE_AVG,
    CORRELATE_VALUE_PERCENTILE,
};

struct correlation_bound {
    enum relation relation;
    long double number;
};

struct correlation_alias { /* in events of rule `rule`, the group-by name `name` is the field `field` */
    struct str name, rule, field;
    size_t member; /* index into members, once bound */
};

struct correlation_member {
    bool is_correlation;
    size_t index; /* into rules or correlations of the set */
};

struct correlation {
    struct rule about; /* id, title, level ...; no condition of its own */
    enum correlation_kind kind;
    struct strs rules; /* ids or names, as written */
    struct strs group_by;
    struct correlation_alias *aliases;
    size_t alias_count;
    int64_t timespan_ms;
    struct correlation_bound bounds[2];
    size_t bound_count;
    struct strs value_fields; /* value_count may count combinations */
    int percentile;
    bool generate;
    const struct correlation_member *members; /* bound by ruleset_finish, in the order of `rules` */
    size_t member_count;
};

struct refusal {
    struct str file, rule, reason; /* rule: id or title where it was known */
    int line;
};

struct placeholder { /* what %name% stands for with the modifier expand */
    struct str name;
    struct strs values;
};

struct ruleset_options {
    const struct placeholder *placeholders;
    size_t placeholder_count;
    bool null_is_also_empty; /* `field: null` matches '' too; strict otherwise */
    bool keep_deprecated;    /* load rules whose status is deprecated or unsupported */
};

struct ruleset {
    struct arena *arena;
    struct ruleset_options options;
    struct rule *rules;
    struct correlation *correlations;
    struct refusal *refusals;
    size_t rule_count, correlation_count, refusal_count, filter_count, file_count;
    struct ruleset_work *work; /* rooms, filters and names while the set grows */
};

struct ruleset *ruleset_new(struct arena *a, const struct ruleset_options *options);

/* The file name is only told in refusals. False when the text added a refusal. */
bool ruleset_add_sigma(struct ruleset *set, struct str file, struct str text);

/* A .yml/.yaml/.xml file, or every such file below a directory in the order of their names.
 * False when the path cannot be read at all (a refusal says why). */
bool ruleset_add_path(struct ruleset *set, const char *path);

void ruleset_finish(struct ruleset *set);

/* The rules of one text as a finished set of its own, all of them on demand: the condition of a search, an exclusion
 * or a hunt through what is stored. What it refuses is in the set. */
struct ruleset *ruleset_of_text(struct arena *a, const struct ruleset_options *options, enum rule_language language,
                                struct str file, struct str text);

/* For front ends: rules are copied into the set. */
struct rule *ruleset_take(struct ruleset *set, const struct rule *rule);
/* The same rule once more, with its id, for events of another kind; no event may match both. */
struct rule *ruleset_take_alternative(struct ruleset *set, const struct rule *rule);
struct correlation *ruleset_take_correlation(struct ruleset *set, const struct correlation *c);
bool ruleset_refuse(struct ruleset *set, struct refusal refusal); /* always false */

const struct rule *ruleset_by_id(const struct ruleset *set, struct str id);
int score_of_level(struct str level); /* 0 for a word that is no Sigma level */

#endif
