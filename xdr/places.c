/* places: for every shape and dialect, the slots in which each field may stand, in the order of preference. */
#include "xdr/engine_parts.h"

const char *const origin_paths[ORIGIN_PLACE_COUNT][ORIGIN_PATHS_MAX] = {
    [SAYS_PRODUCT] = { "product", "logsource/product" },
    [SAYS_CATEGORY] = { "category", "logsource/category" },
    [SAYS_SERVICE] = { "service", "logsource/service" },
    [SAYS_CLASS] = { "class_uid" },
    [SAYS_ACTIVITY] = { "activity_id" },
    [SAYS_DEVICE_OS] = { "device/os/type" },
    [SAYS_DEVICE_OS_NAME] = { "device/os/name" },
    [SAYS_ECS_CATEGORY] = { "event/category", "event.category" },
    [SAYS_ECS_TYPE] = { "event/type", "event.type" },
    [SAYS_ECS_ACTION] = { "event/action", "event.action" },
    [SAYS_ECS_OS] = { "host/os/type", "host/os/family", "host.os.type" },
    [SAYS_AUDIT_TYPE] = { "type" },
    [SAYS_AUDIT_SYSCALL] = { "syscall", "SYSCALL" },
    [SAYS_CLOUD_SOURCE] = { "eventSource" },
    [SAYS_CLOUD_NAME] = { "eventName" },
};

static uint16_t
slot_of_path(struct engine *e, const char *path)
{
    struct place place = place_of_path(e->arena, str_of(path), '/');
    return source_map_slot(e->map, place.path, place.count);
}

static void
build_marks(struct engine *e)
{
    e->mark_slots = arena_array_of(e->arena, taxonomy_mark_count, uint16_t);
    for (size_t i = 0; i < taxonomy_mark_count; i++)
        e->mark_slots[i] = slot_of_path(e, taxonomy_marks[i].path);
    for (size_t i = 0; i < ORIGIN_PLACE_COUNT; i++)
        for (size_t j = 0; j < ORIGIN_PATHS_MAX; j++)
            e->origin_slots[i][j] = origin_paths[i][j] ? slot_of_path(e, origin_paths[i][j]) : SOURCE_NONE;
}

struct slots {
    uint16_t *items;
    size_t count, room;
};

static void
add_slot(struct arena *a, struct slots *s, uint16_t slot)
{
    if (s->count == s->room) {
        s->room = s->room ? s->room * 2 : 8192;
        uint16_t *items = arena_array_of(a, s->room, uint16_t);
        if (s->count)
            memcpy(items, s->items, s->count * sizeof *items);
        s->items = items;
    }
    s->items[s->count++] = slot;
}

static void
build_field_places(struct engine *e, struct slots *slots, size_t view, uint16_t field)
{
    struct place places[PLACES_MAX];
    enum shape shape = (enum shape)(view / DIALECT_COUNT);
    enum dialect dialect = (enum dialect)(view % DIALECT_COUNT);
    struct str name = e->field_names[field];
    struct view *v = &e->views[view];
    const struct view *plain = &e->views[view - dialect];
    if (dialect != DIALECT_PLAIN && !taxonomy_has_dialect_name(dialect, name)) {
        v->fields[field] = plain->fields[field];
        return;
    }
    size_t count = taxonomy_places(e->arena, shape, dialect, name, places);
    v->fields[field].first = (uint32_t)slots->count;
    for (size_t i = 0; i < count; i++) {
        uint16_t slot = source_map_slot(e->map, places[i].path, places[i].count);
        if (slot != SOURCE_NONE)
            add_slot(e->arena, slots, slot);
    }
    v->fields[field].count = (uint16_t)(slots->count - v->fields[field].first);
}

void
engine_build_places(struct engine *e)
{
    struct slots slots = { 0 };
    build_marks(e);
    for (size_t view = 0; view < VIEW_COUNT; view++) {
        e->views[view].fields = arena_array(e->arena, e->field_count, sizeof *e->views[view].fields);
        for (size_t field = 1; field < e->field_count; field++)
            build_field_places(e, &slots, view, (uint16_t)field);
    }
    e->view_slots = slots.items;
}
