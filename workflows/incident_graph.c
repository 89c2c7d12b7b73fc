#include "workflows/incident_graph.h"

enum { NODES_MAX = 400, EDGES_MAX = 1200, IDS_MAX = 50, LABEL_BYTES = 120 };

static const struct shape node_shape = SHAPE(graph_node,
    FIELD(graph_node, id, "The same each time", .required = true),
    FIELD(graph_node, kind, "computer, user, process, executable, address or domain", .required = true),
    FIELD(graph_node, label, "What people call it", .required = true),
    FIELD(graph_node, detail, "A command line, a path"),
    FIELD(graph_node, verdict, "The reputation of a file"),
    FIELD(graph_node, object_id, "Of the computer or executable it is"),
    FIELD(graph_node, score, "Of the worst detection it is part of"),
    FIELD(graph_node, detection_ids, "The detections it comes from", .required = true));
static const struct shape edge_shape = SHAPE(graph_edge,
    FIELD(graph_edge, source, "From this node", .required = true),
    FIELD(graph_edge, target, "To that one", .required = true),
    FIELD(graph_edge, kind, "ran, started, as, is or reached", .required = true),
    FIELD(graph_edge, detection_ids, "The detections it comes from", .required = true));
const struct shape incident_graph_shape = SHAPE(incident_graph,
    FIELD(incident_graph, nodes, "What there is", .items = &node_shape, .required = true),
    FIELD(incident_graph, edges, "How it hangs together", .items = &edge_shape, .required = true),
    FIELD(incident_graph, layout, "Where people moved nodes: {node: [x, y]}"),
    FIELD(incident_graph, detections, "How many detections the incident has"),
    FIELD(incident_graph, shown, "How many of them are drawn: the worst"));

struct drawing {
    struct arena *arena;
    struct graph_node *nodes;
    struct graph_edge *edges;
    size_t node_count, edge_count;
};

static void
note(struct arena *a, struct uuids *ids, struct uuid id)
{
    if (!ids->items)
        ids->items = arena_array_of(a, IDS_MAX, struct uuid);
    if (ids->count < IDS_MAX && !(ids->count && uuid_eq(ids->items[ids->count - 1], id)))
        ids->items[ids->count++] = id;
}

static struct str
cut(struct str text)
{
    size_t end = LABEL_BYTES;
    if (text.len <= end)
        return text;
    while (end > 0 && ((unsigned char)text.at[end] & 0xC0) == 0x80)
        end--;
    return str_head(text, end);
}

/* The node of a thing; NULL when the drawing is full or there is no such thing. */
static struct graph_node *
node(struct drawing *g, const char *kind, struct str key, struct str label, const struct graph_detection *d, bool own)
{
    if (!key.len)
        return NULL;
    struct str id = str_printf(g->arena, "%s:" STR_FMT, kind, STR_ARG(str_lower(g->arena, key)));
    struct graph_node *n = NULL;
    for (size_t i = 0; i < g->node_count && !n; i++)
        if (str_eq(g->nodes[i].id, id))
            n = &g->nodes[i];
    if (!n) {
        if (g->node_count == NODES_MAX)
            return NULL;
        n = &g->nodes[g->node_count++];
        *n = (struct graph_node){ .id = id, .kind = str_of(kind), .label = cut(label) };
    }
    if (own && d->score > n->score)
        n->score = d->score;
    note(g->arena, &n->detection_ids, d->id);
    return n;
}

static void
edge(struct drawing *g, const struct graph_node *from, const struct graph_node *to, const char *kind,
     const struct graph_detection *d)
{
    if (!from || !to || from == to)
        return;
    for (size_t i = 0; i < g->edge_count; i++)
        if (str_eq(g->edges[i].source, from->id) && str_eq(g->edges[i].target, to->id)
            && str_is(g->edges[i].kind, kind)) {
            note(g->arena, &g->edges[i].detection_ids, d->id);
            return;
        }
    if (g->edge_count == EDGES_MAX)
        return;
    struct graph_edge *e = &g->edges[g->edge_count++];
    *e = (struct graph_edge){ .source = from->id, .target = to->id, .kind = str_of(kind) };
    note(g->arena, &e->detection_ids, d->id);
}

static struct str
file_of(struct str path)
{
    size_t from = path.len;
    while (from > 0 && path.at[from - 1] != '\\' && path.at[from - 1] != '/')
        from--;
    return str_skip(path, from);
}

/* A process is known by its guid; where none was told, by its file on that computer. */
static struct str
process_key(struct drawing *g, struct str guid, struct str path, struct str computer)
{
    if (guid.len || !path.len)
        return guid;
    return str_printf(g->arena, STR_FMT "@" STR_FMT, STR_ARG(path), STR_ARG(computer));
}

static void
draw(struct drawing *g, const struct graph_detection *d)
{
    struct str name = d->process_name.len ? d->process_name : file_of(d->process_path);
    struct graph_node *computer = node(g, "computer", d->computer_name, d->computer_name, d, true);
    struct graph_node *parent = node(g, "process", process_key(g, d->parent_guid, d->parent_path, d->computer_name),
                                     file_of(d->parent_path).len ? file_of(d->parent_path) : d->parent_guid, d, false);
    struct graph_node *process = node(g, "process", process_key(g, d->process_guid, d->process_path, d->computer_name),
                                      name.len ? name : d->process_guid, d, true);
    struct graph_node *user = node(g, "user", d->user_name, d->user_name, d, false);
    struct graph_node *file = node(g, "executable", d->hash, name.len ? name : d->hash, d, false);
    if (computer)
        computer->object_id = d->computer_id;
    if (process && d->command_line.len)
        process->detail = d->command_line;
    if (file) {
        file->detail = d->process_path;
        file->verdict = d->verdict;
        file->object_id = d->executable_id;
    }
    edge(g, computer, parent ? parent : process, "ran", d);
    edge(g, parent, process, "started", d);
    edge(g, user, process ? process : computer, "as", d);
    edge(g, process, file, "is", d);
    for (size_t i = 0; i < d->addresses.count; i++) {
        struct str address = d->addresses.items[i];
        bool is_name = false;
        for (size_t k = 0; k < address.len && !is_name; k++)
            is_name = (address.at[k] >= 'g' && address.at[k] <= 'z') || (address.at[k] >= 'G' && address.at[k] <= 'Z');
        edge(g, process ? process : computer, node(g, is_name ? "domain" : "address", address, address, d, false),
             "reached", d);
    }
}

bool
incident_graph_read(struct scope *s, struct uuid id, struct incident_graph *out)
{
    struct rows rows;
    struct graph_layout layout;
    struct drawing g = { .arena = s->arena, .nodes = arena_array_of(s->arena, NODES_MAX, struct graph_node),
                         .edges = arena_array_of(s->arena, EDGES_MAX, struct graph_edge) };
    if (!db_one(s, &graph_layout, &(struct id_args){ id }, &layout)
        || !db_list(s, &graph_detections, &(struct id_args){ id }, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        draw(&g, (const struct graph_detection *)rows.items + i);
    *out = (struct incident_graph){ .nodes = { g.nodes, g.node_count }, .edges = { g.edges, g.edge_count },
                                    .layout = layout.layout, .detections = layout.detections,
                                    .shown = (int64_t)rows.count };
    return true;
}
