#include "workflows/inventory.h"

#include <ctype.h>

#include "core/base/crypto.h"
#include "core/db/change.h"
#include "workflows/inventory_parts.h"
#include "workflows/service.h"

#define ITEMS(list, type) ((struct type *)(void *)(list)->items)

static struct inventory_memory *
memory(const struct scope *s)
{
    return s->service ? s->service->inventory : NULL;
}

/* ---- computers ---- */

static struct rows
computers_to_write(struct scope *s, struct uuid tenant_id, struct sightings *w)
{
    struct host_sight *hosts = ITEMS(&w->hosts, host_sight);
    struct computer_seen *rows = arena_array_of(s->arena, w->hosts.count + 1, struct computer_seen);
    size_t count = 0;
    for (size_t i = 0; i < w->hosts.count; i++) {
        struct host_sight *h = &hosts[i];
        h->memory = memory_key_of(s->arena, tenant_id, 'c', h->sight.key, STR_NONE);
        h->wanted = !memory_has(memory(s), &h->memory, s->now, &h->id);
        if (!h->wanted)
            continue;
        h->row.id = uuid_new(s->now);
        h->row.at = s->now;
        h->row.clock_skew_ms = h->last_ms ? s->now.us / 1000 - h->last_ms : INT_NONE;
        rows[count++] = h->row;
    }
    return (struct rows){ rows, count };
}

static int
by_name(const void *a, const void *b)
{
    return str_compare(((const struct inventory_name *)a)->key, ((const struct inventory_name *)b)->key);
}

static const struct inventory_name *
find_name(const struct inventory_names *names, struct str key)
{
    const struct inventory_name wanted = { .key = key };
    return names->count ? bsearch(&wanted, names->items, names->count, sizeof wanted, by_name) : NULL;
}

/* What the database answered, and what is remembered, in the order of names. A host that is new has the id it was
 * given here; then it is announced. */
static bool
take_ids(struct scope *s, struct uuid tenant_id, struct sightings *w, const struct rows *known,
         struct inventory_names *out)
{
    struct host_sight *hosts = ITEMS(&w->hosts, host_sight);
    const struct computer_known *rows = known->items;
    struct inventory_name *names = arena_array_of(s->arena, w->hosts.count + 1, struct inventory_name);
    struct inventory_names written = { names, known->count };
    for (size_t i = 0; i < known->count; i++)
        names[i] = (struct inventory_name){ rows[i].name_key, rows[i].id };
    qsort(names, known->count, sizeof *names, by_name);
    for (size_t i = 0; i < w->hosts.count; i++) {
        if (!hosts[i].wanted)
            continue;
        const struct inventory_name *n = find_name(&written, hosts[i].sight.key);
        if (!n)
            return fail(s, &problem_internal, "a computer that was written is not there");
        hosts[i].id = n->id;
        if (uuid_eq(n->id, hosts[i].row.id)
            && !change_record(s, tenant_id, "computer", hosts[i].id, "appeared"))
            return false;
    }
    struct inventory_name *all = arena_array_of(s->arena, w->hosts.count + 1, struct inventory_name);
    for (size_t i = 0; i < w->hosts.count; i++)
        all[i] = (struct inventory_name){ hosts[i].sight.key, hosts[i].id };
    qsort(all, w->hosts.count, sizeof *all, by_name);
    *out = (struct inventory_names){ all, w->hosts.count };
    return true;
}

static bool
settle_computers(struct scope *s, struct uuid tenant_id, struct sightings *w, struct inventory_names *out)
{
    struct computers_seen_args args = { tenant_id, computers_to_write(s, tenant_id, w), s->now };
    struct rows known = { NULL, 0 };
    if (args.computers.count && !db_list(s, &computers_seen, &args, &known))
        return false;
    return take_ids(s, tenant_id, w, &known, out);
}

/* ---- what hangs on them ---- */

/* A place that nobody remembers wants the thing itself to be told of, too: its row must be held before it counts. */
static size_t
want_places(struct scope *s, struct uuid tenant_id, struct sightings *w, struct list *places, const struct list *things,
            char kind)
{
    struct place_sight *items = ITEMS(places, place_sight);
    size_t count = 0;
    struct uuid none;
    for (size_t i = 0; i < places->count; i++) {
        const struct sight *thing = (const void *)(things->items + items[i].what * things->bytes);
        struct str where = ITEMS(&w->hosts, host_sight)[items[i].host].sight.key;
        items[i].memory = memory_key_of(s->arena, tenant_id, kind, thing->key, where);
        items[i].wanted = !memory_has(memory(s), &items[i].memory, s->now, &none);
        count += items[i].wanted;
    }
    return count;
}

/* Writes the things, and tells by which ids they are known. */
static bool
write_things(struct scope *s, const struct query *seen, const struct files_seen_args *args, struct inventory_names *out)
{
    struct rows known;
    if (!db_list(s, seen, args, &known))
        return false;
    struct inventory_name *names = arena_array_of(s->arena, known.count + 1, struct inventory_name);
    for (size_t i = 0; i < known.count; i++) {
        const struct thing_known *thing = (const struct thing_known *)known.items + i;
        names[i] = (struct inventory_name){ thing->key, thing->id };
    }
    qsort(names, known.count, sizeof *names, by_name);
    *out = (struct inventory_names){ names, known.count };
    return true;
}

static bool
known_id(struct scope *s, const struct inventory_names *names, struct str key, struct uuid *out)
{
    const struct inventory_name *n = find_name(names, key);
    if (!n)
        return fail(s, &problem_internal, "what was written is not there");
    *out = n->id;
    return true;
}

static struct rows
files_to_write(struct scope *s, struct sightings *w)
{
    struct file_sight *files = ITEMS(&w->files, file_sight);
    struct executable_seen *rows = arena_array_of(s->arena, w->files.count + 1, struct executable_seen);
    size_t count = 0;
    for (size_t i = 0; i < w->file_places.count; i++) {
        const struct place_sight *p = &ITEMS(&w->file_places, place_sight)[i];
        files[p->what].wanted = files[p->what].wanted || p->wanted;
    }
    for (size_t i = 0; i < w->files.count; i++)
        if (files[i].wanted) {
            rows[count] = files[i].row;
            rows[count].id = uuid_new(s->now);
            rows[count++].at = s->now;
        }
    return (struct rows){ rows, count };
}

static bool
settle_files(struct scope *s, struct uuid tenant_id, struct sightings *w)
{
    const struct file_sight *files = ITEMS(&w->files, file_sight);
    size_t places = want_places(s, tenant_id, w, &w->file_places, &w->files, 'f'), nth = 0;
    struct place_seen *there = arena_array_of(s->arena, places + 1, struct place_seen);
    struct files_seen_args args = { tenant_id, files_to_write(s, w), { there, places } };
    struct inventory_names names;
    if (!places)
        return true;
    if (!write_things(s, &executables_seen, &args, &names))
        return false;
    for (size_t i = 0; i < w->file_places.count; i++) {
        const struct place_sight *p = &ITEMS(&w->file_places, place_sight)[i];
        if (!p->wanted)
            continue;
        there[nth] = (struct place_seen){ .computer_id = ITEMS(&w->hosts, host_sight)[p->host].id, .path = p->path,
                                          .at = s->now };
        if (!known_id(s, &names, files[p->what].row.hash, &there[nth++].executable_id))
            return false;
    }
    return db_run(s, &executable_places_seen, &args, NULL);
}

/* Runs are counted, so every batch that runs one writes it. */
static bool
settle_scripts(struct scope *s, struct uuid tenant_id, struct sightings *w)
{
    struct script_sight *scripts = ITEMS(&w->scripts, script_sight);
    struct script_seen *rows = arena_array_of(s->arena, w->scripts.count + 1, struct script_seen);
    struct script_place_seen *there = arena_array_of(s->arena, w->script_places.count + 1, struct script_place_seen);
    for (size_t i = 0; i < w->scripts.count; i++) {
        struct script_seen *row = &scripts[i].row;
        struct str text = str_printf(s->arena, STR_FMT "\n" STR_FMT "\n" STR_FMT, STR_ARG(row->kind),
                                     STR_ARG(row->host), STR_ARG(scripts[i].sight.key));
        row->key = hex_of(s->arena, sha256_of(s->arena, text));
        row->id = uuid_new(s->now);
        row->at = s->now;
        rows[i] = *row;
    }
    const struct files_seen_args args = { tenant_id, { rows, w->scripts.count }, { there, w->script_places.count } };
    struct inventory_names names;
    if (!w->scripts.count)
        return true;
    if (!write_things(s, &scripts_seen, &args, &names))
        return false;
    for (size_t i = 0; i < w->script_places.count; i++) {
        const struct place_sight *p = &ITEMS(&w->script_places, place_sight)[i];
        there[i] = (struct script_place_seen){ .computer_id = ITEMS(&w->hosts, host_sight)[p->host].id,
                                               .runs = p->runs, .at = s->now };
        if (!known_id(s, &names, scripts[p->what].row.key, &there[i].script_id))
            return false;
    }
    return db_run(s, &script_places_seen, &args, NULL);
}

static bool
settle_users(struct scope *s, struct uuid tenant_id, struct sightings *w)
{
    size_t count = want_places(s, tenant_id, w, &w->user_places, &w->users, 'u'), nth = 0;
    struct user_seen *rows = arena_array_of(s->arena, count + 1, struct user_seen);
    for (size_t i = 0; i < w->user_places.count; i++) {
        const struct place_sight *p = &ITEMS(&w->user_places, place_sight)[i];
        if (p->wanted)
            rows[nth++] = (struct user_seen){ uuid_new(s->now), ITEMS(&w->hosts, host_sight)[p->host].id,
                                              ITEMS(&w->users, user_sight)[p->what].sight.key, s->now };
    }
    const struct users_seen_args args = { tenant_id, { rows, nth } };
    return !nth || db_run(s, &computer_users_seen, &args, NULL);
}

bool
inventory_settle(struct scope *s, struct uuid tenant_id, struct sightings *w, struct inventory_names *out)
{
    return settle_computers(s, tenant_id, w, out)
        && settle_files(s, tenant_id, w)
        && settle_scripts(s, tenant_id, w)
        && settle_users(s, tenant_id, w);
}

static void
remember_places(struct scope *s, const struct list *places)
{
    for (size_t i = 0; i < places->count; i++) {
        const struct place_sight *p = &ITEMS(places, place_sight)[i];
        if (p->wanted)
            memory_put(memory(s), &p->memory, s->now, (struct uuid){ { 0 } });
    }
}

void
inventory_remember(struct scope *s, const struct sightings *w)
{
    for (size_t i = 0; i < w->hosts.count; i++) {
        const struct host_sight *h = &ITEMS(&w->hosts, host_sight)[i];
        if (h->wanted)
            memory_put(memory(s), &h->memory, s->now, h->id);
    }
    remember_places(s, &w->file_places);
    remember_places(s, &w->user_places);
}

struct uuid
inventory_computer(const struct inventory_names *names, struct str host)
{
    char room[256];
    struct str spelled = str_trim(host);
    if (!spelled.len || spelled.len > sizeof room)
        return (struct uuid){ { 0 } };
    for (size_t i = 0; i < spelled.len; i++)
        room[i] = (char)tolower((unsigned char)spelled.at[i]);
    struct str key = computer_name_head((struct str){ room, spelled.len });
    const struct inventory_name *n = find_name(names, key);
    return n ? n->id : (struct uuid){ { 0 } };
}

bool
inventory_recount(struct scope *s, struct uuid tenant_id, struct uuids computer_ids)
{
    struct rows held;
    const struct computer_recount_args args = { tenant_id, computer_ids };
    int64_t changed = 0;
    if (!computer_ids.count)
        return true;
    return db_list(s, &computers_hold, &args, &held)
        && db_run(s, &computers_recount, &args, &changed)
        && (!changed || change_record(s, tenant_id, "computer", (struct uuid){ { 0 } }, "scored"));
}
