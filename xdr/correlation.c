#include "xdr/correlation.h"

#include "xdr/correlation_parts.h"
#include "xdr/hash.h"
#include "xdr/number.h"

enum {
    GROUPS_MAX = 64 * 1024,        /* of all correlations together; FIRST_GROUPS times a power of two */
    ENTRIES_MAX = 2 * 1000 * 1000, /* of all groups together */
    GROUP_ENTRIES_MAX = 10 * 1000,
    ROOM_SIZES = 20,
    FIRST_ENTRIES = 8,
    FIRST_GROUPS = 64,
    NOBODY = -1,
};

struct entry {
    int64_t unix_ms;
    uint64_t value; /* hash of what value_count counts, 0 for nothing */
    long double number;
    uint32_t member;
    bool has_number;
};

/* How often each value stands in the entries of a group: open addressing, value 0 is a free place. */
struct tally {
    struct {
        uint64_t value;
        uint32_t count;
    } * places;
    size_t mask, different;
};

struct group {
    uint64_t hash;
    uint32_t correlation;
    struct str key;
    size_t key_room;
    struct entry *entries; /* by time */
    size_t count, room;
    struct tally tally;     /* of value_count only */
    int32_t chain;          /* the next group in the same place of the table */
    int32_t older, younger; /* by the last touch */
};

/* Rooms of doubling size are never given back to the system, only to whoever asks for that size next. */
struct room {
    struct room *next;
};

struct correlator {
    struct arena *arena;
    const struct engine *engine;
    struct group *groups;
    int32_t *table;
    size_t table_mask, group_count, group_room, entry_count, dropped;
    int32_t oldest, youngest, unused; /* unused: places of evicted groups, by their chain */
    struct room *free_rooms[ROOM_SIZES];
    int64_t latest_ms;
    long double *sorting; /* numbers of a window for a percentile, values for a count */
    size_t sorting_room;
};

/* Twice as many places in the table as groups; what was given out before stays in the arena. */
static void
widen_groups(struct correlator *c)
{
    size_t room = c->group_room ? c->group_room * 2 : FIRST_GROUPS;
    struct group *groups = arena_array_of(c->arena, room, struct group);
    if (c->group_count)
        memcpy(groups, c->groups, c->group_count * sizeof *groups);
    c->groups = groups;
    c->group_room = room;
    c->table_mask = room * 2 - 1;
    c->table = arena_array_of(c->arena, room * 2, int32_t);
    for (size_t i = 0; i < room * 2; i++)
        c->table[i] = NOBODY;
    for (size_t i = 0; i < c->group_count; i++) { /* none is unused: only then is more room asked for */
        int32_t *place = &c->table[groups[i].hash & c->table_mask];
        groups[i].chain = *place;
        *place = (int32_t)i;
    }
}

struct correlator *
correlator_new(struct arena *a, const struct engine *e)
{
    struct correlator *c = arena_new_of(a, struct correlator);
    *c = (struct correlator){ .arena = a, .engine = e, .oldest = NOBODY, .youngest = NOBODY, .unused = NOBODY };
    widen_groups(c);
    return c;
}

struct correlator_stats
correlator_stats(const struct correlator *c)
{
    return (struct correlator_stats){ c->group_count, c->entry_count, c->dropped };
}

/* ---- rooms ---- */

static size_t
size_class(size_t count)
{
    size_t class = 0;
    while (((size_t)FIRST_ENTRIES << class) < count)
        class++;
    return class;
}

static struct entry *
take_room(struct correlator *c, size_t count)
{
    size_t class = size_class(count);
    struct room *room = c->free_rooms[class];
    if (room) {
        c->free_rooms[class] = room->next;
        return (struct entry *)room;
    }
    return arena_array_of(c->arena, (size_t)FIRST_ENTRIES << class, struct entry);
}

static void
give_room(struct correlator *c, struct entry *entries, size_t count)
{
    if (!entries)
        return;
    struct room *room = (struct room *)entries;
    size_t class = size_class(count);
    room->next = c->free_rooms[class];
    c->free_rooms[class] = room;
}

/* ---- different values, kept up to date so that a long window costs no more than a short one ---- */

enum { FIRST_VALUES = 16 };

static size_t
place_of_value(const struct tally *t, uint64_t value)
{
    size_t i = value * HASH_FACTOR >> 32 & t->mask;
    while (t->places[i].value && t->places[i].value != value)
        i = (i + 1) & t->mask;
    return i;
}

static void
widen_tally(struct correlator *c, struct tally *t)
{
    struct tally wider = { .mask = t->places ? t->mask * 2 + 1 : FIRST_VALUES - 1, .different = t->different };
    wider.places = arena_array(c->arena, wider.mask + 1, sizeof *wider.places);
    for (size_t i = 0; t->places && i <= t->mask; i++)
        if (t->places[i].value) {
            size_t at = place_of_value(&wider, t->places[i].value);
            wider.places[at].value = t->places[i].value;
            wider.places[at].count = t->places[i].count;
        }
    *t = wider;
}

static void
tally_add(struct correlator *c, struct tally *t, uint64_t value)
{
    if (!t->places || t->different * 2 > t->mask)
        widen_tally(c, t);
    size_t at = place_of_value(t, value);
    t->different += t->places[at].value == 0;
    t->places[at].value = value;
    t->places[at].count++;
}

/* What stands behind a place that becomes free moves up, so that every search still finds its end. */
static void
tally_remove(struct tally *t, uint64_t value)
{
    size_t gap = place_of_value(t, value);
    if (t->places[gap].value == 0 || --t->places[gap].count)
        return;
    t->places[gap].value = 0;
    t->different--;
    for (size_t i = (gap + 1) & t->mask; t->places[i].value; i = (i + 1) & t->mask) {
        uint64_t moved = t->places[i].value;
        uint32_t count = t->places[i].count;
        t->places[i].value = 0;
        t->places[i].count = 0;
        size_t at = place_of_value(t, moved);
        t->places[at].value = moved;
        t->places[at].count = count;
    }
}

static void
tally_clear(struct tally *t)
{
    if (t->places)
        memset(t->places, 0, (t->mask + 1) * sizeof *t->places);
    t->different = 0;
}

/* ---- groups ---- */

static void
unlink_group(struct correlator *c, int32_t at)
{
    struct group *g = &c->groups[at];
    if (g->older != NOBODY)
        c->groups[g->older].younger = g->younger;
    else
        c->oldest = g->younger;
    if (g->younger != NOBODY)
        c->groups[g->younger].older = g->older;
    else
        c->youngest = g->older;
}

static void
link_youngest(struct correlator *c, int32_t at)
{
    struct group *g = &c->groups[at];
    g->older = c->youngest;
    g->younger = NOBODY;
    if (c->youngest != NOBODY)
        c->groups[c->youngest].younger = at;
    else
        c->oldest = at;
    c->youngest = at;
}

/* Takes the group untouched for longest out of the table. */
static void
evict_oldest(struct correlator *c)
{
    int32_t at = c->oldest;
    struct group *g = &c->groups[at];
    int32_t *link = &c->table[g->hash & c->table_mask];
    while (*link != at)
        link = &c->groups[*link].chain;
    *link = g->chain;
    unlink_group(c, at);
    c->entry_count -= g->count;
    c->dropped += g->count;
    give_room(c, g->entries, g->room);
    g->entries = NULL;
    g->count = g->room = 0;
    tally_clear(&g->tally);
    g->chain = c->unused;
    c->unused = at;
}

static int32_t
unused_group(struct correlator *c)
{
    if (c->unused == NOBODY && c->group_count == c->group_room && c->group_room < GROUPS_MAX)
        widen_groups(c);
    if (c->unused == NOBODY && c->group_count < c->group_room)
        return (int32_t)c->group_count++;
    if (c->unused == NOBODY)
        evict_oldest(c);
    int32_t at = c->unused;
    c->unused = c->groups[at].chain;
    return at;
}

static void
set_key(struct correlator *c, struct group *g, struct str key)
{
    if (key.len > g->key_room) {
        g->key_room = key.len * 2;
        g->key.at = arena_alloc(c->arena, g->key_room);
    }
    g->key.len = key.len;
    if (key.len)
        memcpy((char *)(uintptr_t)g->key.at, key.at, key.len);
}

static int32_t
group_of(struct correlator *c, const struct observation *o)
{
    uint64_t hash = hash_mix(hash_bytes(o->group.at, o->group.len), o->correlation);
    int32_t *place = &c->table[hash & c->table_mask], at = *place;
    while (at != NOBODY && (c->groups[at].hash != hash || c->groups[at].correlation != o->correlation
                            || !str_eq(c->groups[at].key, o->group)))
        at = c->groups[at].chain;
    if (at != NOBODY) {
        unlink_group(c, at);
    } else {
        at = unused_group(c);
        place = &c->table[hash & c->table_mask];
        struct group *g = &c->groups[at];
        g->hash = hash;
        g->correlation = o->correlation;
        g->chain = *place;
        *place = at;
        set_key(c, g, o->group);
    }
    link_youngest(c, at);
    return at;
}

/* ---- windows ---- */

static void
forget_before(struct correlator *c, struct group *g, int64_t unix_ms)
{
    size_t old = 0;
    while (old < g->count && g->entries[old].unix_ms < unix_ms)
        old++;
    if (old == 0 && g->count == GROUP_ENTRIES_MAX) {
        old = 1;
        c->dropped++;
    }
    for (size_t i = 0; i < old; i++)
        if (g->entries[i].value)
            tally_remove(&g->tally, g->entries[i].value);
    g->count -= old;
    c->entry_count -= old;
    if (old)
        memmove(g->entries, g->entries + old, g->count * sizeof *g->entries);
}

/* Keeps the order of time; the place of the new entry is returned. */
static size_t
insert(struct correlator *c, struct group *g, struct entry entry)
{
    if (g->count == g->room) {
        size_t room = g->room ? g->room * 2 : FIRST_ENTRIES;
        struct entry *wider = take_room(c, room);
        if (g->count)
            memcpy(wider, g->entries, g->count * sizeof *wider);
        give_room(c, g->entries, g->room);
        g->entries = wider;
        g->room = room;
    }
    if (entry.value)
        tally_add(c, &g->tally, entry.value);
    size_t at = g->count;
    while (at > 0 && g->entries[at - 1].unix_ms > entry.unix_ms)
        at--;
    memmove(g->entries + at + 1, g->entries + at, (g->count - at) * sizeof *g->entries);
    g->entries[at] = entry;
    g->count++;
    c->entry_count++;
    return at;
}

struct window {
    const struct entry *entries;
    size_t count;
    const struct tally *tally; /* when the window is all there is; NULL for an event that came late */
};

/* ---- what a window says ---- */

static int
ascending(const void *a, const void *b)
{
    long double x = *(const long double *)a, y = *(const long double *)b;
    return (x > y) - (x < y);
}

static void
make_sorting_room(struct correlator *c, size_t count)
{
    if (count <= c->sorting_room)
        return;
    c->sorting_room = count * 2;
    c->sorting = arena_array_of(c->arena, c->sorting_room, long double);
}

/* Hashes of 64 bits are exact as long doubles, so one array serves for both kinds of sorting. */
static size_t
different_values(struct correlator *c, struct window w)
{
    size_t count = 0, different = 0;
    if (w.tally)
        return w.tally->different;
    make_sorting_room(c, w.count);
    for (size_t i = 0; i < w.count; i++)
        if (w.entries[i].value)
            c->sorting[count++] = w.entries[i].value;
    qsort(c->sorting, count, sizeof *c->sorting, ascending);
    for (size_t i = 0; i < count; i++)
        different += i == 0 || c->sorting[i] != c->sorting[i - 1];
    return different;
}

static size_t
different_members(struct window w, size_t members)
{
    size_t different = 0;
    for (size_t member = 0; member < members; member++)
        for (size_t i = 0; i < w.count; i++)
            if (w.entries[i].member == member) {
                different++;
                break;
            }
    return different;
}

/* Members 0, 1, 2 ... found one after the other; how many of them. */
static size_t
ordered_members(struct window w, size_t members)
{
    size_t next = 0;
    for (size_t i = 0; i < w.count && next < members; i++)
        next += w.entries[i].member == next;
    return next;
}

static size_t
numbers_of(struct correlator *c, struct window w, long double *sum)
{
    size_t count = 0;
    *sum = 0;
    make_sorting_room(c, w.count);
    for (size_t i = 0; i < w.count; i++)
        if (w.entries[i].has_number) {
            c->sorting[count++] = w.entries[i].number;
            *sum += w.entries[i].number;
        }
    return count;
}

/* The nearest rank: the smallest number that so many percent do not exceed. */
static long double
percentile_of(struct correlator *c, size_t count, int percentile)
{
    qsort(c->sorting, count, sizeof *c->sorting, ascending);
    size_t rank = ((size_t)percentile * count + 99) / 100;
    return c->sorting[rank ? rank - 1 : 0];
}

/* False when the window holds nothing to measure. */
static bool
measure(struct correlator *c, const struct correlation *rule, struct window w, long double *out)
{
    long double sum = 0;
    bool is_of_numbers = rule->kind == CORRELATE_VALUE_SUM || rule->kind == CORRELATE_VALUE_AVG
        || rule->kind == CORRELATE_VALUE_PERCENTILE;
    size_t numbers = is_of_numbers ? numbers_of(c, w, &sum) : 0;
    switch (rule->kind) {
    case CORRELATE_EVENT_COUNT:
        *out = w.count;
        return true;
    case CORRELATE_VALUE_COUNT:
        *out = different_values(c, w);
        return true;
    case CORRELATE_TEMPORAL:
        *out = different_members(w, rule->member_count);
        return true;
    case CORRELATE_TEMPORAL_ORDERED:
        *out = ordered_members(w, rule->member_count);
        return true;
    case CORRELATE_VALUE_SUM:
        *out = sum;
        return numbers > 0;
    case CORRELATE_VALUE_AVG:
        *out = numbers ? sum / numbers : 0;
        return numbers > 0;
    case CORRELATE_VALUE_PERCENTILE:
        *out = numbers ? percentile_of(c, numbers, rule->percentile) : 0;
        return numbers > 0;
    }
    return false;
}

static bool
window_fires(struct correlator *c, const struct correlation *rule, struct window w)
{
    long double measured;
    if (!measure(c, rule, w, &measured))
        return false;
    for (size_t i = 0; i < rule->bound_count; i++)
        if (!number_stands(measured, rule->bounds[i].relation, rule->bounds[i].number))
            return false;
    return rule->bound_count || measured >= rule->member_count;
}

/* The window that ends with the new entry, and for one that came late those that end with a later one. */
static bool
fires(struct correlator *c, const struct correlation *rule, const struct group *g, size_t at)
{
    int64_t new_ms = g->entries[at].unix_ms;
    size_t first = 0;
    for (size_t end = at; end < g->count && g->entries[end].unix_ms - rule->timespan_ms <= new_ms; end++) {
        while (g->entries[first].unix_ms < g->entries[end].unix_ms - rule->timespan_ms)
            first++;
        const struct tally *all = first == 0 && end + 1 == g->count ? &g->tally : NULL;
        if (window_fires(c, rule, (struct window){ g->entries + first, end - first + 1, all }))
            return true;
    }
    return false;
}

/* ---- taking observations ---- */

struct listener {
    void (*fired)(void *to, const struct correlation *c, uint64_t event);
    void *to;
};

static bool
tells_nothing(const struct correlation *rule, const struct observation *o)
{
    if (rule->kind == CORRELATE_VALUE_COUNT)
        return !o->value.at;
    bool needs_number = rule->kind == CORRELATE_VALUE_SUM || rule->kind == CORRELATE_VALUE_AVG
        || rule->kind == CORRELATE_VALUE_PERCENTILE;
    return needs_number && !o->has_number;
}

static void
take_observation(struct correlator *c, const struct observation *o, const struct listener *listener)
{
    const struct correlation *rule = &engine_rules(c->engine)->correlations[o->correlation];
    int64_t unix_ms = o->has_time ? o->unix_ms : c->latest_ms;
    c->latest_ms = unix_ms > c->latest_ms ? unix_ms : c->latest_ms;
    if (tells_nothing(rule, o))
        return;
    while (c->entry_count >= ENTRIES_MAX && c->oldest != c->youngest)
        evict_oldest(c);
    int32_t place = group_of(c, o); /* may move the groups */
    struct group *g = &c->groups[place];
    forget_before(c, g, unix_ms - rule->timespan_ms);
    bool counts_values = rule->kind == CORRELATE_VALUE_COUNT && o->value.at;
    uint64_t value = counts_values ? hash_bytes(o->value.at, o->value.len) | 1 : 0;
    size_t at = insert(c, g, (struct entry){ unix_ms, value, o->number, o->member, o->has_number });
    if (!fires(c, rule, g, at))
        return;
    if (!rule->about.feeds_only)
        listener->fired(listener->to, rule, o->event);
    for (size_t i = 0; i < o->upward_count; i++)
        take_observation(c, &o->upward[i], listener);
}

void
correlator_take(struct correlator *c, struct observations *o,
                void (*fired)(void *to, const struct correlation *c, uint64_t event), void *to)
{
    struct listener listener = { fired, to };
    for (size_t i = 0; i < o->count; i++)
        take_observation(c, o->items[i], &listener);
    arena_reset(o->arena);
    o->items = NULL;
    o->count = o->room = 0;
}
