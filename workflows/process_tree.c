#include "workflows/process_tree.h"

#include <stdlib.h>

#include "core/base/text.h"
#include "workflows/event_look.h"

enum { QUESTION_MAX = 64 << 10, EVENTS_SHOWN = 1000, HOURS_SHOWN_MAX = 24 };

static const struct shape node_shape = SHAPE(process_node,
    FIELD(process_node, guid, "Its identity on that computer", .required = true),
    FIELD(process_node, parent_guid, "Who started it"),
    FIELD(process_node, process_id, "Its number while it ran"),
    FIELD(process_node, image, "The program"), FIELD(process_node, command_line, "How it was called"),
    FIELD(process_node, user, "Whose account"), FIELD(process_node, sha256, "Hash of the program"),
    FIELD(process_node, signer, "Who signed or made it"),
    FIELD(process_node, started_at, "When it began"), FIELD(process_node, ended_at, "When it ended"),
    FIELD(process_node, actions, "Events it caused"),
    FIELD(process_node, is_subject, "The one that was asked for"),
    FIELD(process_node, is_ancestor, "It led to the one that was asked for"),
    FIELD(process_node, is_known, "Its own start is stored"));
static const struct shape action_shape = SHAPE(process_action,
    FIELD(process_action, guid, "Which process", .required = true), FIELD(process_action, kind, "What kind of event"),
    FIELD(process_action, summary, "What it was about"), FIELD(process_action, at, "When", .required = true));
const struct shape process_tree_shape = SHAPE(process_tree,
    FIELD(process_tree, nodes, "Parents before their children", .items = &node_shape),
    FIELD(process_tree, actions, "What they did, in order of time", .items = &action_shape),
    FIELD(process_tree, cut, "There was more than is told"));
const struct shape process_tree_ask_shape = SHAPE(process_tree_ask,
    FIELD(process_tree_ask, tenant_id, "Whose computer", .required = true),
    FIELD(process_tree_ask, host, "Which computer", .max = 255, .required = true),
    FIELD(process_tree_ask, process_guid, "Which process", .max = 100, .required = true),
    FIELD(process_tree_ask, at, "When it was at work", .required = true));

static const struct shape event_shape = SHAPE(host_event,
    FIELD(host_event, segment_id, "The stored block", .required = true),
    FIELD(host_event, at, "When", .required = true),
    FIELD(host_event, kind, "What kind of event"), FIELD(host_event, user, "Whose account"),
    FIELD(host_event, image, "Which program"), FIELD(host_event, process_guid, "Which process"),
    FIELD(host_event, summary, "What it was about"), FIELD(host_event, event, "As it arrived", .required = true));
const struct shape host_events_shape = SHAPE(host_events,
    FIELD(host_events, items, "In order of time", .items = &event_shape),
    FIELD(host_events, cut, "There was more than is told"));
const struct shape host_events_ask_shape = SHAPE(host_events_ask,
    FIELD(host_events_ask, tenant_id, "Whose computer", .required = true),
    FIELD(host_events_ask, host, "Which computer", .max = 255, .required = true),
    FIELD(host_events_ask, from_at, "From", .required = true),
    FIELD(host_events_ask, until_at, "to before; a day at most", .required = true),
    FIELD(host_events_ask, kinds, "Only these kinds of events", .max = 20));

/* ---- growing ---- */

struct growing {
    struct scope *s;
    const struct process_tree_ask *ask;
    struct process_node *nodes;
    struct process_action *actions;
    size_t node_count, action_count;
    bool cut;
};

static struct process_node *
find_node(struct growing *g, struct str guid)
{
    for (size_t i = 0; i < g->node_count; i++)
        if (str_eq_nocase(g->nodes[i].guid, guid))
            return &g->nodes[i];
    return NULL;
}

static struct process_node *
node_of(struct growing *g, struct str guid)
{
    struct process_node *known = find_node(g, guid);
    if (known || !guid.len || str_is(guid, "-"))
        return known;
    if (g->node_count == TREE_PROCESSES_MAX) {
        g->cut = true;
        return NULL;
    }
    struct process_node *n = &g->nodes[g->node_count++];
    *n = (struct process_node){ .guid = str_copy(g->s->arena, guid) };
    return n;
}

static struct str
kept(const struct growing *g, struct str text)
{
    return text.len && !str_is(text, "-") ? str_copy(g->s->arena, text) : STR_NONE;
}

static void
note_start(struct growing *g, const struct event_found *found)
{
    const struct event_facts *f = found->facts;
    struct process_node *n = node_of(g, f->process_guid);
    if (!n || n->is_known)
        return;
    n->is_known = true;
    n->parent_guid = kept(g, f->parent_guid);
    n->process_id = f->process_id;
    n->image = kept(g, f->image);
    n->command_line = kept(g, f->command_line);
    n->user = kept(g, f->user);
    n->sha256 = kept(g, f->sha256);
    n->signer = kept(g, f->signer.len ? f->signer : f->company);
    n->started_at = found->at;
    struct process_node *parent = node_of(g, f->parent_guid);
    if (parent && !parent->image.at) {
        parent->image = kept(g, f->parent_image);
        parent->command_line = kept(g, f->parent_command_line);
        parent->process_id = f->parent_id;
    }
}

static void
note_action(struct growing *g, const struct event_found *found)
{
    struct process_node *n = find_node(g, found->facts->process_guid);
    if (!n)
        return;
    n->actions++;
    if (g->action_count == TREE_ACTIONS_MAX) {
        g->cut = true;
        return;
    }
    g->actions[g->action_count++] = (struct process_action){
        n->guid, str_copy(g->s->arena, found->facts->kind), kept(g, event_summary(found->facts)), found->at };
}

static bool
hear(void *to, const struct event_found *found)
{
    struct growing *g = to;
    struct str kind = found->facts->kind;
    struct process_node *n = find_node(g, found->facts->process_guid);
    if (str_is(kind, "process_creation"))
        note_start(g, found);
    else if (str_is(kind, "process_termination") && n)
        n->ended_at = found->at;
    else
        note_action(g, found);
    return true;
}

/* Events that name one of these processes, as themselves or as the one that started them. */
static bool
look_for(struct growing *g, const struct str *guids, size_t count)
{
    struct text t = text_new(g->s->arena, QUESTION_MAX), list = text_new(g->s->arena, QUESTION_MAX);
    struct question q;
    for (size_t i = 0; i < count; i++) {
        text_add_c(&list, i ? "," : "");
        json_write_str(&list, guids[i]);
    }
    struct str words = text_str(&list);
    text_addf(&t, "{\"title\":\"Processes\","
              "\"logsource\":{\"service\":\"any\"},\"detection\":{\"self\":{\"ProcessGuid\":["
              STR_FMT "]},\"child\":{\"ParentProcessGuid\":[" STR_FMT "]},\"condition\":\"self or child\"}}",
              STR_ARG(words), STR_ARG(words));
    if (!question_of_text(g->s, HUNT_CONDITIONS, text_str(&t), &q))
        return false;
    struct event_look look = { .tenant_id = g->ask->tenant_id, .host = g->ask->host,
                               .from_at = instant_plus(g->ask->at, -DAYS(1)),
                               .until_at = instant_plus(g->ask->at, HOURS(6)), .question = &q, .hear = hear, .to = g };
    bool looked = event_look(g->s, &look);
    g->cut = g->cut || look.cut;
    return looked;
}

/* From the subject upwards, as long as somebody says who started whom. */
static bool
climb(struct growing *g)
{
    struct str guid = g->ask->process_guid;
    for (int i = 0; i < TREE_ANCESTORS_MAX; i++) {
        if (!look_for(g, &guid, 1))
            return false;
        struct process_node *n = find_node(g, guid);
        if (!n || !n->parent_guid.at)
            return true;
        struct process_node *parent = node_of(g, n->parent_guid);
        if (!parent || parent->is_ancestor)
            return true;
        parent->is_ancestor = true;
        guid = parent->guid;
    }
    return true;
}

static bool
is_below(struct growing *g, const struct process_node *n)
{
    for (int i = 0; n && i <= TREE_DESCENDANTS_MAX; i++) {
        if (n->is_subject)
            return true;
        n = n->parent_guid.at ? find_node(g, n->parent_guid) : NULL;
    }
    return false;
}

/* What the subject started, and what that started: each generation that came up is asked once. */
static bool
descend(struct growing *g)
{
    size_t asked = 0;
    for (int generation = 0; generation < TREE_DESCENDANTS_MAX; generation++) {
        struct str guids[TREE_PROCESSES_MAX];
        size_t count = 0, until = g->node_count;
        for (size_t i = asked; i < until; i++)
            if (!g->nodes[i].is_subject && !g->nodes[i].is_ancestor && is_below(g, &g->nodes[i]))
                guids[count++] = g->nodes[i].guid;
        asked = until;
        if (count == 0)
            return true;
        if (!look_for(g, guids, count))
            return false;
    }
    return true;
}

/* ---- telling ---- */

static int
actions_in_order(const void *a, const void *b)
{
    const struct process_action *x = a, *y = b;
    return x->at.us < y->at.us ? -1 : x->at.us > y->at.us;
}

static void
put_below(struct growing *g, struct str parent, struct process_node *out, size_t *count, int depth)
{
    for (size_t i = 0; i < g->node_count && depth < 64; i++) {
        struct process_node *n = &g->nodes[i];
        bool below = parent.at ? str_eq_nocase(n->parent_guid, parent)
                               : !n->parent_guid.at || !find_node(g, n->parent_guid);
        if (!below || n->actions < 0)
            continue;
        struct process_node told = *n;
        n->actions = -1; /* told: a circle ends here */
        out[(*count)++] = told;
        put_below(g, told.guid, out, count, depth + 1);
    }
}

bool
process_tree_read(struct scope *s, const struct process_tree_ask *in, struct process_tree *out)
{
    struct growing g = { .s = s, .ask = in,
                         .nodes = arena_array_of(s->arena, TREE_PROCESSES_MAX, struct process_node),
                         .actions = arena_array_of(s->arena, TREE_ACTIONS_MAX, struct process_action) };
    if (!principal_sees(s->who, in->tenant_id))
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    struct process_node *subject = node_of(&g, in->process_guid);
    if (!subject)
        return fail_field(s, "/process_guid", FAULT_REQUIRED, NULL);
    subject->is_subject = true;
    if (!climb(&g) || !descend(&g))
        return false;
    struct process_node *nodes = arena_array_of(s->arena, TREE_PROCESSES_MAX, struct process_node);
    size_t count = 0;
    put_below(&g, STR_NONE, nodes, &count, 0);
    if (g.action_count)
        qsort(g.actions, g.action_count, sizeof *g.actions, actions_in_order);
    *out = (struct process_tree){ { nodes, count }, { g.actions, g.action_count }, g.cut };
    return true;
}

/* ---- all of a computer's events ---- */

struct gathering {
    struct scope *s;
    const struct host_events_ask *ask;
    struct host_event *events;
    size_t count;
};

static bool
gather(void *to, const struct event_found *found)
{
    struct gathering *g = to;
    struct arena *a = g->s->arena;
    const struct event_facts *f = found->facts;
    bool wanted = g->ask->kinds.count == 0;
    for (size_t i = 0; i < g->ask->kinds.count; i++)
        wanted = wanted || str_eq(f->kind, g->ask->kinds.items[i]);
    if (!wanted)
        return true;
    g->events[g->count++] = (struct host_event){
        .segment_id = found->segment_id, .at = found->at, .kind = str_copy(a, f->kind), .user = str_copy(a, f->user),
        .image = str_copy(a, f->image), .process_guid = str_copy(a, f->process_guid),
        .summary = str_copy(a, event_summary(f)), .event = str_copy(a, found->event->line) };
    return g->count < EVENTS_SHOWN;
}

static int
events_in_order(const void *a, const void *b)
{
    const struct host_event *x = a, *y = b;
    return x->at.us < y->at.us ? -1 : x->at.us > y->at.us;
}

bool
host_events_read(struct scope *s, const struct host_events_ask *in, struct host_events *out)
{
    struct gathering g = { s, in, arena_array_of(s->arena, EVENTS_SHOWN, struct host_event), 0 };
    struct question q;
    if (!principal_sees(s->who, in->tenant_id))
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    if (in->until_at.us <= in->from_at.us || in->until_at.us - in->from_at.us > HOURS(HOURS_SHOWN_MAX))
        return fail_field(s, "/until_at", FAULT_TOO_LARGE, "24 h");
    /* Any event: it has some field that is not there. */
    struct str any = STR("{\"title\":\"Events\",\"logsource\":{\"service\":\"any\"},\"detection\":{\"none\":"
                         "{\"yagura_no_such_field|exists\":true},\"condition\":\"not none\"}}");
    struct event_look look = { .tenant_id = in->tenant_id, .host = in->host, .from_at = in->from_at,
                               .until_at = in->until_at, .question = &q, .hear = gather, .to = &g };
    if (!question_of_text(s, HUNT_CONDITIONS, any, &q) || !event_look(s, &look))
        return false;
    if (g.count)
        qsort(g.events, g.count, sizeof *g.events, events_in_order);
    *out = (struct host_events){ { g.events, g.count }, look.cut };
    return true;
}
