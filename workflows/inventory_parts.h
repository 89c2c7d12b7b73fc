/* inventory, inside: what a batch told, and what the process remembers of earlier ones.
 *
 * A thing is known by the first half of a SHA-256 over customer, kind and name: names come from outside, and nobody
 * must be able to make two of them fall together. Inside one batch a quick hash and a comparison do.
 */
#ifndef YAGURA_WORKFLOWS_INVENTORY_PARTS_H
#define YAGURA_WORKFLOWS_INVENTORY_PARTS_H

#include "model/executable.h"
#include "workflows/inventory.h"

enum { HOSTS_MAX = 50000, FILES_MAX = 20000, PLACES_MAX = 50000, SCRIPTS_MAX = 20000, USERS_MAX = 20000,
       COMMAND_LINE_MAX = 8000, SCRIPT_BODY_MAX = 20000 };

struct memory_key {
    uint64_t words[2];
};

/* What every item of a list begins with: by what it is found again. */
struct sight {
    uint64_t hash, pair; /* pair: of two indexes, where it is something on a computer */
    struct str key;
};

struct host_sight {
    struct sight sight; /* key: the folded name */
    struct computer_seen row;
    int64_t last_ms; /* the newest time an event told; 0: none */
    int asked;       /* so many events were asked about the computer itself */
    struct memory_key memory;
    struct uuid id;  /* once it is settled */
    bool wanted;
};

struct file_sight {
    struct sight sight; /* key: the longest hash */
    struct executable_seen row;
    struct memory_key memory;
    bool wanted;
};

struct script_sight {
    struct sight sight; /* key: kind, host and text */
    struct script_seen row;
};

struct user_sight {
    struct sight sight;
};

struct place_sight { /* a file, a script or an account on a computer: indexes of both lists */
    struct sight sight;
    size_t what, host;
    struct str path;
    int64_t runs;
    struct memory_key memory;
    bool wanted;
};

/* Items in the order they were met, and an open table that finds them by their hash. */
struct list {
    char *items;
    size_t bytes, count, room, most;
    uint32_t *slots; /* index + 1 */
};

struct sightings {
    struct arena *arena;
    struct list hosts, files, scripts, users;
    struct list file_places, script_places, user_places;
    size_t last_host; /* index + 1 of the host before, and its spelling: events come in runs */
    struct str last_spelling;
    int64_t dropped;  /* beyond what one batch may bring anew */
};

/* What ran, if it was a script or somebody who runs scripts; SCRIPT_KIND_NONE: neither. */
enum script_kind script_kind_of(struct str image, struct str command_line);
struct str computer_name_head(struct str host); /* without its domain; an address as it is */
struct str file_name_of(struct str path); /* behind the last slash of either kind */

/* Its addresses and system, where the event tells of them and none before it did. */
void sighting_take_own(struct arena *a, const struct event_facts *f, struct host_sight *h);

struct memory_key memory_key_of(struct arena *a, struct uuid tenant_id, char kind, struct str what, struct str more);
/* True: it was written within the last minute; `id` is what was remembered with it. */
bool memory_has(struct inventory_memory *m, const struct memory_key *key, struct instant now, struct uuid *id);
void memory_put(struct inventory_memory *m, const struct memory_key *key, struct instant now, struct uuid id);

#endif
