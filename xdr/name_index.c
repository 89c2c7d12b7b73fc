#include "xdr/name_index.h"

#include "xdr/hash.h"

struct name_entry {
    struct str name;
    uint64_t hash;
    uint32_t number;
};

struct name_index {
    struct arena *arena;
    struct name_entry *entries; /* open addressing; an absent name is a free place */
    size_t room, count;
};

struct name_index *
name_index_new(struct arena *a)
{
    struct name_index *index = arena_new_of(a, struct name_index);
    *index = (struct name_index){ .arena = a, .room = 64, .entries = arena_array_of(a, 64, struct name_entry) };
    return index;
}

static struct name_entry *
place_of(const struct name_index *index, struct str name, uint64_t hash)
{
    size_t i = hash & (index->room - 1);
    while (index->entries[i].name.at && !(index->entries[i].hash == hash && str_eq(index->entries[i].name, name)))
        i = (i + 1) & (index->room - 1);
    return &index->entries[i];
}

static void
widen(struct name_index *index)
{
    struct name_index wider = *index;
    wider.room = index->room * 2;
    wider.entries = arena_array_of(index->arena, wider.room, struct name_entry);
    for (size_t i = 0; i < index->room; i++)
        if (index->entries[i].name.at)
            *place_of(&wider, index->entries[i].name, index->entries[i].hash) = index->entries[i];
    *index = wider;
}

void
name_index_add(struct name_index *index, struct str name, uint32_t number)
{
    if (index->count * 2 >= index->room)
        widen(index);
    uint64_t hash = hash_bytes(name.at, name.len);
    struct name_entry *place = place_of(index, name, hash);
    if (place->name.at)
        return;
    *place = (struct name_entry){ name.at ? name : STR(""), hash, number };
    index->count++;
}

bool
name_index_find(const struct name_index *index, struct str name, uint32_t *number)
{
    const struct name_entry *place = place_of(index, name, hash_bytes(name.at, name.len));
    if (!place->name.at)
        return false;
    *number = place->number;
    return true;
}

uint32_t
name_index_take(struct name_index *index, struct str name)
{
    uint32_t number;
    if (!name_index_find(index, name, &number)) {
        number = (uint32_t)index->count;
        name_index_add(index, name, number);
    }
    return number;
}

size_t
name_index_count(const struct name_index *index)
{
    return index->count;
}
