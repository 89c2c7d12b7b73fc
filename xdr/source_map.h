/* source_map: which places of an event anybody will ever ask for.
 *
 * A place is a path of keys ("Event", "EventData", "Image"); `*` stands for any key, a number for an element of an
 * array. Every path becomes a slot. The paths share a tree, and one hash table answers "this key below that node",
 * so the walk over an event costs one probe for each key and skips what nobody wants.
 */
#ifndef YAGURA_XDR_SOURCE_MAP_H
#define YAGURA_XDR_SOURCE_MAP_H

#include "core/base/arena.h"
#include "core/base/str.h"

enum { SOURCE_NONE = 0xFFFF, SOURCE_PATH_MAX = 12 };

struct source_edge { /* key below node `from` */
    struct str key;
    uint64_t hash;
    uint16_t from;
    uint16_t slot;  /* SOURCE_NONE: only on the way to others */
    uint16_t child; /* SOURCE_NONE: nothing wanted below */
};

struct source_map {
    struct arena *arena;
    struct source_edge *edges; /* open addressing, a power of two; an absent key is a free place */
    size_t room, edge_count;
    uint16_t slot_count, node_count; /* node 0 is the event itself */
    bool full;
};

struct source_map *source_map_new(struct arena *a);

/* The slot of a path; the same for the same path. SOURCE_NONE when the map is full. */
uint16_t source_map_slot(struct source_map *map, const struct str *path, size_t count);

static inline uint64_t
source_hash(uint64_t key_hash, uint16_t from)
{
    return key_hash + from * 0x9E3779B97F4A7C15ull;
}

/* NULL when nobody wants this key here. */
const struct source_edge *source_map_find(const struct source_map *map, uint16_t from, struct str key,
                                          uint64_t key_hash);

#endif
