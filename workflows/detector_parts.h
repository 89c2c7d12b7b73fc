/* detector_parts: what the files of the detector share.
 *
 * A world is held by whoever uses it: the detector itself, and every batch under way. The last one to let go frees it
 * with the matchers that wait in its pool.
 */
#ifndef YAGURA_WORKFLOWS_DETECTOR_PARTS_H
#define YAGURA_WORKFLOWS_DETECTOR_PARTS_H

#include "workflows/detector.h"
#include "workflows/rule_world.h"

struct held_world {
    struct rule_world *world;
    struct detecting *pool; /* done, to be used again; under the detector's lock, as `holders` is */
    size_t pooled;
    int64_t holders;
};

/* NULL while there is none. */
struct held_world *detector_hold(struct detector *d);
void detector_let_go(struct detector *d, struct held_world *h);

enum { FOUND_EVENTS_KEPT = 1000 };

struct found_event {
    uint32_t index;
    struct instant at;
    struct str process_guid;
};

struct found { /* one thing, however often the batch tells of it */
    struct found *next, *chain;
    struct bytes key; /* 32 bytes */
    uint32_t rule;    /* of the engine; of a correlation its number there */
    bool correlation;
    const struct rule_world_row *row;
    int64_t score;
    struct strs techniques, tactics;
    struct event_facts facts; /* copied */
    struct str host;          /* folded, without the domain */
    struct str event, matched;
    uint32_t index;
    struct uuid batch_id;     /* none: the batch being settled */
    struct instant first_at, last_at;
    int64_t occurrences;
    struct found_event *events;
    size_t event_count, event_room;
    struct uuid id; /* while settling */
    bool is_new;
};

struct match_tally {
    struct uuid rule_id, exclusion_id; /* the latter none: seen */
    int64_t matches;
};

struct seen_event { /* for correlations */
    struct seen_event *next;
    const struct rule_world_row *row;
    struct str part, host, fields; /* fields: JSON */
    uint32_t index;
    struct instant at;
};

enum { FOUND_PLACES = 4096, UNDO_MAX = 64 };

/* What the last event did, so that it can be taken back. */
struct undo {
    struct found *found[UNDO_MAX];
    struct instant first_at[UNDO_MAX], last_at[UNDO_MAX];
    size_t found_count, tallied[UNDO_MAX], tally_count;
    struct seen_event **seen_last;
    struct detect_counts counts;
};

struct detecting {
    struct detecting *next; /* in the pool */
    struct detector *detector;
    struct held_world *held;
    struct matcher *matcher;
    struct arena *home;  /* this struct's own */
    struct arena *arena; /* of the batch */
    struct uuid tenant_id;
    struct found *places[FOUND_PLACES]; /* by key */
    struct found *first, **last;
    struct match_tally *tallies;
    size_t tally_count, tally_room;
    struct seen_event *seen, **seen_last;
    struct detect_counts counts;
    struct undo undo;
};

/* Collects an occurrence; the thing's first brings its facts. */
struct found *detecting_find(struct detecting *g, struct bytes key);
void detecting_add(struct detecting *g, struct found *f, const struct found_event *event);
struct str folded_host(struct arena *a, struct str name); /* "PC-1.corp.example" and "pc-1" are "pc-1" */
struct str sound_text(struct arena *a, struct str text, size_t most); /* a copy that PostgreSQL takes */

/* Writes what was collected; of batches and of correlations. */
must_check bool detecting_write(struct scope *s, struct detecting *g, struct uuid batch_id);

#endif
