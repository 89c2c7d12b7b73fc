/* rule_world: the rules of everybody made one engine, and what decides about their matches.
 *
 * Rules keep the ids their authors gave them, and two customers may well own rules of the same id. So in the engine a
 * rule is called by its row; a row may hold several rules (the members of a correlation beside it), of which one is the
 * row's own and the others are called ROW/ID. What a correlation names is looked for in its own row, then among the
 * rules of its customer, then among the provider's.
 *
 *     engine rule --infos--> row (whose, state, score, title)      exclusion --first, count--> engine rules on demand
 *
 * A row whose text is refused is left out and told; everything else holds. Nothing in a world changes once it is built.
 */
#ifndef YAGURA_WORKFLOWS_RULE_WORLD_H
#define YAGURA_WORKFLOWS_RULE_WORLD_H

#include "model/exclusion.h"
#include "xdr/correlation.h"
#include "xdr/engine.h"

struct world_input { /* what the database says */
    struct rows rules, settings, exclusions; /* rule_world_row, rule_world_setting, exclusion_world_row */
    int64_t generation;
    struct instant at;
};

struct rule_info { /* of one rule of the engine */
    size_t row;
    struct str part;  /* its own id where it is not the row's own rule */
    struct strs techniques, tactics;
    struct strs fields;   /* that its condition reads */
    struct strs observed; /* that correlations need of it */
    const uint32_t *readers; /* correlations of the engine that read it */
    size_t reader_count;
};

struct world_exclusion {
    struct uuid tenant_id, id;
    bool any_rule;
    struct uuid rule_id;
    bool everywhere;
    struct strs hosts;
    struct instant expires_at;
    uint32_t first, count; /* engine rules, any of which must hold */
};

struct rule_world {
    struct arena *arena;
    const struct ruleset *set;
    struct engine *engine;
    const struct rule_world_row *rows;
    const struct rule_world_setting *settings; /* by tenant, then rule */
    const struct rule_info *infos;             /* of each engine rule; of exclusions nothing */
    const size_t *correlation_rows;            /* row of each correlation of the engine */
    const struct strs *correlation_techniques, *correlation_tactics;
    const struct world_exclusion *exclusions;  /* by tenant */
    size_t row_count, setting_count, exclusion_count;
    struct refusal *refusals; /* of rows: file is the row's id */
    size_t refusal_count;
    int64_t generation;
    struct instant at;
};

/* The input lives in the same arena. Never fails: what cannot be taken is refused. */
struct rule_world *rule_world_build(struct arena *a, const struct world_input *in);
void rule_world_end(struct rule_world *w); /* the engine; the arena is the caller's */

/* NULL: as the rule says. */
const struct rule_world_setting *rule_world_setting_of(const struct rule_world *w, struct uuid tenant_id,
                                                       struct uuid rule_id);
/* Whether the row is asked at all for the tenant: its own or the provider's, and not switched off. */
bool rule_world_asks(const struct rule_world *w, const struct rule_world_row *row, struct uuid tenant_id);

/* The names of fields that a condition reads, each once. */
struct strs condition_fields(struct arena *a, const struct expr *condition, size_t most);

#endif
