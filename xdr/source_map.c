#include "xdr/source_map.h"

#include "xdr/hash.h"

enum { FIRST_ROOM = 256, SLOTS_MAX = 60 * 1000 };

struct source_map *
source_map_new(struct arena *a)
{
    struct source_map *map = arena_new_of(a, struct source_map);
    *map = (struct source_map){ .arena = a, .room = FIRST_ROOM, .node_count = 1,
                                .edges = arena_array_of(a, FIRST_ROOM, struct source_edge) };
    return map;
}

static struct source_edge *
place_of(const struct source_map *map, uint16_t from, struct str key, uint64_t hash)
{
    size_t i = hash >> 20 & (map->room - 1);
    for (;; i = (i + 1) & (map->room - 1)) {
        struct source_edge *e = &map->edges[i];
        if (!e->key.at || (e->hash == hash && e->from == from && str_eq(e->key, key)))
            return e;
    }
}

const struct source_edge *
source_map_find(const struct source_map *map, uint16_t from, struct str key, uint64_t key_hash)
{
    const struct source_edge *e = place_of(map, from, key, source_hash(key_hash, from));
    return e->key.at ? e : NULL;
}

static void
widen(struct source_map *map)
{
    struct source_map wider = *map;
    wider.room = map->room * 2;
    wider.edges = arena_array_of(map->arena, wider.room, struct source_edge);
    for (size_t i = 0; i < map->room; i++)
        if (map->edges[i].key.at)
            *place_of(&wider, map->edges[i].from, map->edges[i].key, map->edges[i].hash) = map->edges[i];
    *map = wider;
}

static struct source_edge *
edge_of(struct source_map *map, uint16_t from, struct str key)
{
    if (map->edge_count * 4 >= map->room)
        widen(map);
    uint64_t hash = source_hash(hash_bytes(key.at, key.len), from);
    struct source_edge *e = place_of(map, from, key, hash);
    if (!e->key.at) {
        *e = (struct source_edge){ key, hash, from, SOURCE_NONE, SOURCE_NONE };
        map->edge_count++;
    }
    return e;
}

uint16_t
source_map_slot(struct source_map *map, const struct str *path, size_t count)
{
    uint16_t node = 0;
    for (size_t i = 0;; i++) {
        struct source_edge *e = edge_of(map, node, path[i]);
        map->full = map->full || map->slot_count >= SLOTS_MAX || map->node_count >= SLOTS_MAX;
        if (map->full)
            return SOURCE_NONE;
        if (i + 1 == count) {
            if (e->slot == SOURCE_NONE)
                e->slot = map->slot_count++;
            return e->slot;
        }
        if (e->child == SOURCE_NONE)
            e->child = map->node_count++;
        node = e->child;
    }
}
