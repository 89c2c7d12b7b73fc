#include "xdr/sigma/yaml.h"

#include <yaml.h>

enum {
    DEPTH_MAX = 32,
    NODES_MAX = 200 * 1000,
    DOCUMENTS_MAX = 10 * 1000,
    MAP_KEYS_MAX = 2000,
    TEXT_BYTES_MAX = 16 << 20,
};

struct anchor {
    struct str name;
    const struct yaml *node;
    size_t nodes;
    struct anchor *next;
};

struct reader {
    struct arena *arena;
    yaml_parser_t *parser;
    struct anchor *anchors;
    size_t nodes;
    struct yaml_problem problem;
};

static bool
refuse(struct reader *r, int line, const char *reason)
{
    if (!r->problem.reason.at)
        r->problem = (struct yaml_problem){ line, str_printf(r->arena, "YAML: %s", reason) };
    return false;
}

static int
line_of(const yaml_event_t *event)
{
    return (int)event->start_mark.line + 1;
}

static bool
next_event(struct reader *r, yaml_event_t *event)
{
    if (yaml_parser_parse(r->parser, event))
        return true;
    const char *problem = r->parser->problem ? r->parser->problem : "not readable as YAML";
    return refuse(r, (int)r->parser->problem_mark.line + 1, problem);
}

static struct str
text_of(struct reader *r, const yaml_char_t *at, size_t len)
{
    return str_copy(r->arena, (struct str){ (const char *)at, len });
}

/* Entries of one list or map while it is read: the room doubles in the arena. */
struct entries {
    struct yaml_entry *items;
    size_t count, room;
};

static void
entries_add(struct arena *a, struct entries *list, struct yaml_entry entry)
{
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 4;
        struct yaml_entry *items = arena_array_of(a, room, struct yaml_entry);
        if (list->count)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = entry;
}

/* Maps of rules are small, so a linear look is enough; MAP_KEYS_MAX keeps hostile ones from being quadratic. */
static bool
is_known_key(const struct entries *list, struct str key)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->items[i].key, key))
            return true;
    return false;
}

static void
remember_anchor(struct reader *r, const yaml_char_t *name, const struct yaml *node, size_t nodes)
{
    if (!name)
        return;
    struct anchor *anchor = arena_new_of(r->arena, struct anchor);
    *anchor = (struct anchor){ str_copy(r->arena, str_of((const char *)name)), node, nodes, r->anchors };
    r->anchors = anchor;
}

/* An alias shares the node it names but is charged for a copy, so that nested aliases run out of budget. */
static const struct yaml *
read_alias(struct reader *r, const yaml_event_t *event)
{
    struct str name = str_of((const char *)event->data.alias.anchor);
    for (const struct anchor *anchor = r->anchors; anchor; anchor = anchor->next)
        if (str_eq(anchor->name, name)) {
            r->nodes += anchor->nodes;
            if (r->nodes > NODES_MAX)
                refuse(r, line_of(event), "too many nodes: aliases multiply the document");
            return r->nodes > NODES_MAX ? NULL : anchor->node;
        }
    refuse(r, line_of(event), str_printf(r->arena, "no anchor \"" STR_FMT "\" stands before this alias",
                                         STR_ARG(name)).at);
    return NULL;
}

static const struct yaml *read_node(struct reader *r, const yaml_event_t *event, int depth);

static const struct yaml *
read_scalar(struct reader *r, const yaml_event_t *event)
{
    struct yaml *node = arena_new_of(r->arena, struct yaml);
    *node = (struct yaml){
        .kind = YAML_SCALAR,
        .line = line_of(event),
        .plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE,
        .text = text_of(r, event->data.scalar.value, event->data.scalar.length),
    };
    remember_anchor(r, event->data.scalar.anchor, node, 1);
    return node;
}

static bool
read_list_item(struct reader *r, const yaml_event_t *event, int depth, struct entries *entries)
{
    struct yaml_entry entry = { .value = read_node(r, event, depth + 1) };
    entries_add(r->arena, entries, entry);
    return entry.value != NULL;
}

static bool
read_pair(struct reader *r, const yaml_event_t *event, int depth, struct entries *entries)
{
    if (event->type != YAML_SCALAR_EVENT)
        return refuse(r, line_of(event), "a key must be a plain word");
    struct yaml_entry entry = { .key = text_of(r, event->data.scalar.value, event->data.scalar.length) };
    if (is_known_key(entries, entry.key))
        return refuse(r, line_of(event), str_printf(r->arena, "the key \"" STR_FMT "\" stands twice in one map",
                                                    STR_ARG(str_head(entry.key, 100))).at);
    if (entries->count == MAP_KEYS_MAX)
        return refuse(r, line_of(event), "too many keys in one map");
    yaml_event_t value;
    if (!next_event(r, &value))
        return false;
    entry.value = read_node(r, &value, depth + 1);
    yaml_event_delete(&value);
    entries_add(r->arena, entries, entry);
    return entry.value != NULL;
}

static const struct yaml *
read_collection(struct reader *r, const yaml_event_t *start, int depth)
{
    bool is_map = start->type == YAML_MAPPING_START_EVENT;
    struct yaml *node = arena_new_of(r->arena, struct yaml);
    struct entries entries = { 0 };
    size_t nodes_before = r->nodes;
    for (;;) {
        yaml_event_t event;
        if (!next_event(r, &event))
            return NULL;
        bool at_end = event.type == YAML_MAPPING_END_EVENT || event.type == YAML_SEQUENCE_END_EVENT;
        bool ok = at_end || (is_map ? read_pair(r, &event, depth, &entries)
                                    : read_list_item(r, &event, depth, &entries));
        yaml_event_delete(&event);
        if (!ok)
            return NULL;
        if (at_end)
            break;
    }
    *node = (struct yaml){ .kind = is_map ? YAML_MAP : YAML_LIST, .line = line_of(start),
                           .entries = entries.items, .count = entries.count };
    const yaml_char_t *name = is_map ? start->data.mapping_start.anchor : start->data.sequence_start.anchor;
    remember_anchor(r, name, node, r->nodes - nodes_before + 1);
    return node;
}

static const struct yaml *
read_node(struct reader *r, const yaml_event_t *event, int depth)
{
    if (depth > DEPTH_MAX) {
        refuse(r, line_of(event), "nested too deeply");
        return NULL;
    }
    if (++r->nodes > NODES_MAX) {
        refuse(r, line_of(event), "too many nodes");
        return NULL;
    }
    switch (event->type) {
    case YAML_ALIAS_EVENT:
        return read_alias(r, event);
    case YAML_SCALAR_EVENT:
        return read_scalar(r, event);
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return read_collection(r, event, depth);
    default:
        refuse(r, line_of(event), "unexpected end of the document");
        return NULL;
    }
}

static void
documents_add(struct arena *a, struct yaml_documents *out, size_t *room, const struct yaml *node)
{
    if (out->count == *room) {
        *room = *room ? *room * 2 : 2;
        const struct yaml **items = arena_array_of(a, *room, const struct yaml *);
        for (size_t i = 0; i < out->count; i++)
            items[i] = out->items[i];
        out->items = items;
    }
    ((const struct yaml **)(uintptr_t)out->items)[out->count++] = node;
}

/* One step of the stream: false at its end or when it broke. */
static bool
read_document(struct reader *r, struct yaml_documents *out, size_t *room)
{
    yaml_event_t event;
    if (!next_event(r, &event))
        return false;
    bool more = event.type != YAML_STREAM_END_EVENT;
    bool is_marker = event.type == YAML_STREAM_START_EVENT || event.type == YAML_DOCUMENT_START_EVENT
        || event.type == YAML_DOCUMENT_END_EVENT;
    if (event.type == YAML_DOCUMENT_START_EVENT)
        r->anchors = NULL;
    if (more && !is_marker) {
        const struct yaml *node = read_node(r, &event, 0);
        more = node != NULL && (out->count < DOCUMENTS_MAX || refuse(r, line_of(&event), "too many documents"));
        if (more)
            documents_add(r->arena, out, room, node);
    }
    yaml_event_delete(&event);
    return more;
}

struct yaml_documents
yaml_read(struct arena *a, struct str text)
{
    struct yaml_documents out = { 0 };
    yaml_parser_t parser;
    if (text.len > TEXT_BYTES_MAX || !yaml_parser_initialize(&parser)) {
        out.broken = true;
        out.problem = (struct yaml_problem){ 1, STR("the text is too long") };
        return out;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)(text.at ? text.at : ""), text.len);
    struct reader reader = { .arena = a, .parser = &parser };
    size_t room = 0;
    while (read_document(&reader, &out, &room))
        ;
    out.problem = reader.problem;
    out.broken = reader.problem.reason.at != NULL;
    yaml_parser_delete(&parser);
    return out;
}

const struct yaml *
yaml_get(const struct yaml *map, const char *key)
{
    for (size_t i = 0; map && map->kind == YAML_MAP && i < map->count; i++)
        if (str_is(map->entries[i].key, key))
            return map->entries[i].value;
    return NULL;
}

struct str
yaml_text(const struct yaml *map, const char *key)
{
    const struct yaml *node = yaml_get(map, key);
    return node && node->kind == YAML_SCALAR && !yaml_is_null(node) ? node->text : STR_NONE;
}

bool
yaml_is_null(const struct yaml *node)
{
    return node->kind == YAML_SCALAR && node->plain
        && (node->text.len == 0 || str_is(node->text, "~") || str_eq_nocase(node->text, STR("null")));
}

bool
yaml_is_bool(const struct yaml *node, bool *value)
{
    if (node->kind != YAML_SCALAR)
        return false;
    *value = str_eq_nocase(node->text, STR("true")) || str_eq_nocase(node->text, STR("yes"));
    return *value || str_eq_nocase(node->text, STR("false")) || str_eq_nocase(node->text, STR("no"));
}
