/* engine_parts: what an engine is made of. For the files that build it and run it; others take engine.h.
 *
 *     program   every rule's condition as steps, flattened, cheap parts first
 *     witness   for each rule a set of literals of which a matching event holds at least one
 *     lane      the rules one kind of event can concern, and their witnesses by field
 *     origin    what is known of where an event comes from, which picks the lane
 *
 * An event that says where it comes from is asked only of rules whose log source does not contradict. What it
 * does not say is open and contradicts nothing.
 */
#ifndef YAGURA_XDR_ENGINE_PARTS_H
#define YAGURA_XDR_ENGINE_PARTS_H

#include "xdr/engine.h"
#include "xdr/event.h"
#include "xdr/keyword.h"
#include "xdr/litset.h"
#include "xdr/name_index.h"
#include "xdr/regex.h"
#include "xdr/taxonomy.h"

enum { FIELD_ANYWHERE = 0, VIEW_COUNT = SHAPE_COUNT * DIALECT_COUNT, ANY_EVENT_ID = -1 };

/* ---- programs ---- */

enum check_kind {
    CHECK_EQUALS = 1,
    CHECK_STARTS,
    CHECK_ENDS,
    CHECK_INSIDE,
    CHECK_ANY_VALUE,
    CHECK_GLOB,
    CHECK_SET, /* many literals of one field, any of them */
    CHECK_REGEX,
    CHECK_CIDR,
    CHECK_NUMBER,
    CHECK_EXISTS,
    CHECK_NULL,
    CHECK_FIELD,
};

struct check {
    enum check_kind kind;
    uint16_t field, other;
    bool cased;
    struct str text;   /* the literal, folded unless cased; of a glob its longest literal part */
    struct str glob;
    const struct litset *set;
    const struct regex *regex;
    const struct test *test;
};

enum step_kind { STEP_AND = 1, STEP_OR, STEP_NOT, STEP_CHECK };

struct step {
    enum step_kind kind;
    uint32_t count;
    uint32_t first; /* of its parts among the steps, or its check */
};

struct program {
    struct step *steps;
    struct check *checks;
    size_t step_count, check_count, step_room, check_room;
};

/* ---- witnesses ---- */

enum witness_kind { WITNESS_LITERAL, WITNESS_PRESENCE };

struct witness {
    enum witness_kind kind;
    enum literal_kind literal;
    uint16_t field;
    struct str text; /* folded */
    uint32_t run;    /* litset.h */
};

struct witnesses {
    struct witness *items;
    size_t count;
    bool none; /* the rule can match whatever the event holds */
    uint64_t cost;
};

/* ---- lanes ---- */

struct lane_field {
    uint16_t field;
    const struct litset *set; /* hits are numbers of lane.fired; NULL: only presence counts */
    uint32_t presence_first, presence_count; /* rules that want the field to be there, in lane.rules */
};

struct fired { /* the rules a literal makes candidates, in lane.rules */
    uint32_t first, count;
};

struct lane {
    const struct lane_field *fields;
    size_t field_count, field_room;
    const struct fired *fired;
    const uint32_t *rules;
    const uint32_t *always;
    size_t fired_count, always_count;
    const struct keyword_set *keywords; /* ids are numbers of keyword_fired; NULL: none, or among the fields */
    const struct fired *keyword_fired;
    const uint32_t *keyword_rules;
    size_t keyword_rule_count;
    size_t rule_count; /* that this lane asks at all */
    const uint32_t *members;
};

/* ---- origins ---- */

struct origin {
    struct str product, service;
    struct str categories[CATEGORIES_MAX];
    size_t category_count;
    bool product_open, category_open, service_open;
    enum shape shape;
    enum dialect dialect;
    int64_t event_id; /* ANY_EVENT_ID when unknown */
};

bool origin_allows(const struct origin *o, const struct logsource *source);

struct lane_key {
    uint32_t channel; /* number of the channel's name, or of the log source's for hints */
    int32_t event_id; /* or ANY_EVENT_ID */
    uint32_t variant;
    const struct lane *lane; /* NULL: a free place */
    struct origin origin;
};

struct view { /* places of every field in one shape and dialect: slots in engine.view_slots */
    struct {
        uint32_t first;
        uint16_t count;
    } * fields;
};

/* What an event may say of its origin beside a channel: slots of these places. */
enum origin_place {
    SAYS_PRODUCT,
    SAYS_CATEGORY,
    SAYS_SERVICE,
    SAYS_CLASS,      /* OCSF */
    SAYS_ACTIVITY,
    SAYS_DEVICE_OS,
    SAYS_DEVICE_OS_NAME,
    SAYS_ECS_CATEGORY,
    SAYS_ECS_TYPE,
    SAYS_ECS_OS,
    SAYS_AUDIT_TYPE,
    SAYS_AUDIT_SYSCALL,
    SAYS_CLOUD_SOURCE,
    SAYS_CLOUD_NAME,
    ORIGIN_PLACE_COUNT,
};

enum { ORIGIN_PATHS_MAX = 3 };

struct known_regex {
    struct str source;
    unsigned flags;
    const struct regex *regex;
};

struct engine {
    struct arena *arena;
    const struct ruleset *set;
    struct program program;
    uint32_t *roots; /* step of each rule's condition */
    struct name_index *fields; /* taxonomy names; number 0 is FIELD_ANYWHERE */
    struct str *field_names;
    size_t field_count, field_room;
    uint16_t event_id_field;
    struct source_map *map;
    struct view views[VIEW_COUNT];
    uint16_t *view_slots;
    struct witnesses *witnesses;         /* of each rule */
    struct witnesses *routed_witnesses;  /* the same where the event id is already known */
    struct name_index *channels;         /* folded names of event logs */
    struct name_index *words;            /* every product, category and service of a rule or table, folded */
    struct lane_key *lane_keys;
    size_t lane_key_mask, lane_key_count;
    const struct lane *open_lane;
    uint16_t *mark_slots; /* of taxonomy_marks */
    uint16_t origin_slots[ORIGIN_PLACE_COUNT][ORIGIN_PATHS_MAX]; /* SOURCE_NONE behind the last */
    uint32_t other_channel;                                      /* Windows logs the table does not know */
    uint16_t event_type_field;
    struct known_regex *regexes;
    const struct keyword_set **keyword_sets; /* NULL ends them */
    size_t keyword_set_count, keyword_set_room;
    size_t lane_count, largest_fired, regex_count, regex_room;
};

/* ---- building, in this order ---- */

uint16_t engine_field(struct engine *e, struct str name);
void engine_build_programs(struct engine *e);
void engine_build_witnesses(struct engine *e);
void engine_build_places(struct engine *e); /* no new field after this */
void engine_build_lanes(struct engine *e);

/* The lane of an event of a numbered source; NULL when the number has none. */
const struct lane_key *engine_lane(const struct engine *e, uint32_t channel, int64_t event_id, enum variant variant);
struct str lane_name_of_hints(struct arena *a, struct str product, struct str category, struct str service);

/* The same expression is compiled once. */
const struct regex *engine_regex(struct engine *e, struct str source, unsigned flags);
const struct regex *engine_find_regex(const struct engine *e, struct str source, unsigned flags);

/* The pieces of a pattern: what it is without the wildcards around it. */
enum check_kind pattern_class(struct str pattern, struct str *inner);
struct str pattern_longest_literal(struct str pattern);
bool glob_fits(struct str glob, struct str text);

/* ---- running ---- */

struct field_state {
    uint32_t stamp;
    struct event_values values;
};

struct matcher {
    struct arena *arena;
    const struct engine *engine;
    struct event *event;
    struct origin origin;
    const struct lane *lane;
    bool lane_is_exact; /* its rules need no further look at their log source */
    uint32_t stamp;
    struct field_state *fields;
    struct hits hits;
    uint32_t *rule_stamps;
    uint32_t *candidates, *matched;
    size_t candidate_count, matched_count;
    struct regex_scratch *regex;
    struct keyword_scratch *keyword;
};

extern const char *const origin_paths[ORIGIN_PLACE_COUNT][ORIGIN_PATHS_MAX];

/* Reads a line, finds its origin and lane. NULL or why it is no event. */
const char *matcher_read(struct matcher *m, struct str line);
void matcher_route(struct matcher *m);
const struct event_values *matcher_values(struct matcher *m, uint16_t field);
bool matcher_evaluate(struct matcher *m, uint32_t step);
bool oracle_holds(struct matcher *m, const struct expr *e);
bool matcher_test_holds(struct matcher *m, const struct test *t); /* plainly */

#endif
