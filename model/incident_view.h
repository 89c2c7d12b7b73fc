/* incident_view: an incident as it is looked at: its timeline, in which detections and entries stand together, and what
 * its graph is drawn from. */
#ifndef YAGURA_MODEL_INCIDENT_VIEW_H
#define YAGURA_MODEL_INCIDENT_VIEW_H

#include "model/incident.h"

struct timeline_row {
    struct uuid id;
    struct str kind; /* detection, or the kind of the entry */
    struct instant at, last_at;
    struct str title, body, author_name;
    bool internal, by_staff;
    struct json sections, detail;
    int64_t score, occurrences;
    struct str status, computer_name, user_name, process_name, command_line;
    struct strs techniques;
};
extern const struct shape timeline_row_shape;
extern const struct listing incident_timeline;

/* A detection, as far as the graph needs it. */
struct graph_detection {
    struct uuid id, computer_id, executable_id;
    struct str title, computer_name, user_name, process_name, process_path, process_guid, parent_path, parent_guid,
        command_line, hash, verdict;
    struct strs addresses;
    int64_t score;
    bool resolved;
    struct instant first_at;
};
extern const struct query graph_detections; /* the worst of it, oldest first */
struct graph_layout {
    struct json layout;
    int64_t detections;
};
extern const struct query graph_layout;

#endif
