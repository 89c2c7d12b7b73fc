/* incident_graph: computers, accounts, processes, files and addresses of an incident, and how they hang together. Each
 * node and edge names the detections it comes from, so that a timeline beside it can point at them. */
#ifndef YAGURA_WORKFLOWS_INCIDENT_GRAPH_H
#define YAGURA_WORKFLOWS_INCIDENT_GRAPH_H

#include "model/incident_view.h"

struct graph_node {
    struct str id; /* the same each time: "process:{guid}" */
    struct str kind, label, detail, verdict;
    struct uuid object_id; /* of the computer or executable */
    int64_t score;         /* of the worst detection it is part of */
    struct uuids detection_ids;
};
struct graph_edge {
    struct str source, target, kind; /* ran, started, as, is, reached */
    struct uuids detection_ids;
};
struct incident_graph {
    struct rows nodes, edges;
    struct json layout;
    int64_t detections, shown; /* shown: the worst, when there are very many */
};
extern const struct shape incident_graph_shape;
must_check bool incident_graph_read(struct scope *s, struct uuid id, struct incident_graph *out);

#endif
