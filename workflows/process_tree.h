/* process_tree: where a process came from and what it did, read out of stored events.
 *
 * From one process upwards to its ancestors and downwards to what it started, a generation at a time: each generation
 * is one look for the identities of its processes, which filters answer almost alone. What a process did besides
 * starting others is told with it. Bounded in generations and in processes; `cut` says that there was more.
 */
#ifndef YAGURA_WORKFLOWS_PROCESS_TREE_H
#define YAGURA_WORKFLOWS_PROCESS_TREE_H

#include "core/db/query.h"

enum { TREE_PROCESSES_MAX = 200, TREE_ANCESTORS_MAX = 8, TREE_DESCENDANTS_MAX = 4, TREE_ACTIONS_MAX = 300 };

struct process_node {
    struct str guid, parent_guid;
    int64_t process_id;
    struct str image, command_line, user, sha256, signer;
    struct instant started_at, ended_at;
    int64_t actions;              /* that it did, of every kind */
    bool is_subject, is_ancestor;
    bool is_known;                /* its own start is stored; else only others tell of it */
};

struct process_action {
    struct str guid, kind, summary;
    struct instant at;
};

struct process_tree {
    struct rows nodes;   /* struct process_node; parents before their children */
    struct rows actions; /* struct process_action, in order of time */
    bool cut;
};

struct process_tree_ask {
    struct uuid tenant_id;
    struct str host, process_guid;
    struct instant at;
};

/* The same computer's events around a time, of any process. */
struct host_event {
    struct uuid segment_id;
    struct instant at;
    struct str kind, user, image, process_guid, summary, event;
};
struct host_events_ask {
    struct uuid tenant_id;
    struct str host;
    struct instant from_at, until_at;
    struct strs kinds;
};
struct host_events {
    struct rows items; /* struct host_event, in order of time */
    bool cut;
};

extern const struct shape process_tree_shape, process_tree_ask_shape, host_events_shape, host_events_ask_shape;

must_check bool process_tree_read(struct scope *s, const struct process_tree_ask *in, struct process_tree *out);
must_check bool host_events_read(struct scope *s, const struct host_events_ask *in, struct host_events *out);

#endif
