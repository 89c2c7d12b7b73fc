/* engine_parts: what an engine is made of. For the files that build it and run it; others take engine.h.
 *
 *     witness   for each rule a set of literals of which a matching event holds at least one
 *     program   every rule's condition as steps, flattened, cheap parts first
 *     lane      the rules one kind of event can concern, and their witnesses by field
 *     origin    what is known of where an event comes from, which picks the lane
 */
#ifndef YAGURA_XDR_ENGINE_PARTS_H
#define YAGURA_XDR_ENGINE_PARTS_H

#include "xdr/engine.h"
#include "xdr/event.h"
#include "xdr/lane.h"
#include "xdr/name_index.h"
#include "xdr/program.h"

enum { FIELD_ANYWHERE = 0, VIEW_COUNT = SHAPE_COUNT * DIALECT_COUNT };

struct view { /* places of every field in one shape and dialect */
    struct places_of_field { /* slots in engine.view_slots, in the order of preference */
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
    SAYS_ECS_ACTION,
    SAYS_ECS_OS,
    SAYS_AUDIT_TYPE,
    SAYS_AUDIT_SYSCALL,
    SAYS_CLOUD_SOURCE,
    SAYS_CLOUD_NAME,
    ORIGIN_PLACE_COUNT,
};

enum { ORIGIN_PATHS_MAX = 3, HASH_COUNT = 4, FACT_KIND_MAX = 96, FACT_USER_MAX = 512 };

/* What the house itself asks of every event (facts.h). */
enum fact {
    FACT_HOST, FACT_CHANNEL, FACT_AGENT, FACT_AGENT_VERSION, FACT_USER, FACT_USER_DOMAIN, FACT_ECS_DOMAIN, FACT_IMAGE,
    FACT_COMMAND_LINE, FACT_PROCESS_GUID, FACT_PROCESS_ID, FACT_NEW_PROCESS_ID, FACT_PARENT_GUID, FACT_PARENT_ID,
    FACT_PARENT_IMAGE, FACT_PARENT_COMMAND_LINE, FACT_HASHES, FACT_ORIGINAL_NAME, FACT_COMPANY, FACT_PRODUCT,
    FACT_DESCRIPTION, FACT_SIGNER, FACT_SIGNED, FACT_SOURCE_IP, FACT_DESTINATION_IP, FACT_DESTINATION_HOST,
    FACT_QUERY_NAME, FACT_TARGET_FILE, FACT_TARGET_OBJECT, FACT_SCRIPT_TEXT, FACT_IMAGE_LOADED,
    FACT_OWN_NAME, FACT_OWN_HOSTNAME, FACT_OWN_IP, FACT_OWN_OS_NAME, FACT_OWN_OS_VERSION, FACT_OWN_OS_BUILD,
    FACT_OWN_OS_TYPE, FACT_DEVICE_IP, FACT_DEVICE_INTERFACE_IP, FACT_DEVICE_OS_NAME, FACT_DEVICE_OS_VERSION,
    FACT_DEVICE_OS_BUILD, FACT_DEVICE_OS_TYPE, FACT_COUNT
};

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
    uint16_t hashes_field, hash_fields[HASH_COUNT], fact_fields[FACT_COUNT];
    struct source_map *map;
    struct view views[VIEW_COUNT];
    uint16_t *view_slots;
    struct witnesses *witnesses;         /* of each rule */
    struct witnesses *routed_witnesses;  /* the same where the event id is already known */
    struct name_index *channels;         /* folded names of event logs */
    struct name_index *words;            /* every product, category and service of a rule or table, folded */
    struct lane_key *lane_keys;
    size_t lane_key_mask, lane_key_count;
    struct lane_key *open_key;
    struct lane_works *lane_works;
    uint16_t *mark_slots; /* of taxonomy_marks */
    uint16_t origin_slots[ORIGIN_PLACE_COUNT][ORIGIN_PATHS_MAX]; /* SOURCE_NONE behind the last */
    uint32_t other_channel;                                      /* Windows logs the table does not know */
    uint16_t event_type_field;
    struct known_regex *regexes;
    size_t largest_fired, regex_count, regex_room;
};

/* ---- building, in this order ---- */

uint16_t engine_field(struct engine *e, struct str name);
void engine_build_facts(struct engine *e);
void engine_build_witnesses(struct engine *e);
void engine_build_programs(struct engine *e);
void engine_build_places(struct engine *e); /* no new field after this */
void engine_build_lanes(struct engine *e);

/* The kind of an event of a numbered source; NULL when the number has none. */
struct lane_key *engine_lane_key(const struct engine *e, uint32_t channel, int64_t event_id, enum variant variant);
/* Its lane, made now if need be. */
const struct lane *engine_lane(const struct engine *e, struct lane_key *key);
size_t engine_memory(const struct engine *e);
struct str lane_name_of_hints(struct arena *a, struct str product, struct str category, struct str service);

/* The same expression is compiled once. */
const struct regex *engine_regex(struct engine *e, struct str source, unsigned flags);
const struct regex *engine_find_regex(const struct engine *e, struct str source, unsigned flags);

/* ---- running ---- */

struct field_state {
    uint32_t stamp;   /* of the event whose values these are */
    uint16_t sought;  /* literals inside of them so far */
    bool is_sketched; /* so many that the sketch was made of them */
    const struct event_values *values;
    struct sketch *sketch; /* NULL: nothing was sought in this field yet */
};

struct rule_state { /* beside each other: which rules are asked is a matter of chance, and so is what is in the cache */
    uint32_t stamp; /* of the event for which the rule became a candidate */
    uint32_t root;  /* as engine.roots */
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
    struct event_values anywhere, joined; /* values that are no place of the event: all, hashes as one text */
    struct hits hits;
    struct rule_state *rules;
    uint32_t *candidates, *matched;
    size_t candidate_count, matched_count;
    struct regex_scratch *regex;
    char kind[FACT_KIND_MAX], user[FACT_USER_MAX]; /* facts made of two parts */
};

extern const char *const hash_names[HASH_COUNT]; /* as Sysmon's Hashes calls them */
extern const char *const origin_paths[ORIGIN_PLACE_COUNT][ORIGIN_PATHS_MAX];

/* Finds the origin and lane of what was read. */
void matcher_route(struct matcher *m);
const struct event_values *matcher_find_values(struct matcher *m, uint16_t field);

/* Each field is looked for once for an event. */
static inline const struct event_values *
matcher_values(struct matcher *m, uint16_t field)
{
    const struct field_state *state = &m->fields[field];
    return state->stamp == m->stamp ? state->values : matcher_find_values(m, field);
}

bool matcher_evaluate(struct matcher *m, uint32_t step);
bool oracle_holds(struct matcher *m, const struct expr *e);
/* Plainly; `value` is one that fits, or some value of the field. */
bool matcher_test_holds(struct matcher *m, const struct test *t, struct str *value);

#endif
